import { type AppProcess, startAppProcess } from './app-process.js';

type Settings = Readonly<Record<string, string>>;

export interface RestartableApp extends AppProcess {
  /**
   * Stops the app and starts it with what `next` returns. If it doesn't start, it's started with what `before` returns,
   * and the answer says why.
   */
  restart(next: () => Settings, before: () => Settings): Promise<{ readonly problem?: string }>;
  readonly restarting: boolean;
}

/** The app said why it ended by itself. */
export class AppEnded extends Error {
  override readonly name = 'AppEnded';
}

/** The exit code for wrong settings. What the app writes then is meant for the person who set them. */
const EXIT_CONFIG = 78;

/**
 * Starts the app and resolves when `isReady` does. Rejects with {@link AppEnded} if the app ends before.
 * @param deps.isReady resolves when the app that was just started is connected
 */
export async function startRestartableApp(
  deps: {
    readonly program: string;
    readonly isReady: (settings: Settings) => Promise<unknown>;
    /** Resolves when nothing of the stopped app is left. */
    readonly isGone: () => Promise<unknown>;
    readonly changed: () => void;
  },
  first: Settings,
): Promise<RestartableApp> {
  let settings = first;
  let app = startAppProcess(deps.program, settings);
  let queue: Promise<unknown> = Promise.resolve();
  let restarting = false;
  let stopped = false;
  let endedByItself: (code: number | null) => void = () => {};
  const ended = new Promise<number | null>((resolve) => {
    endedByItself = resolve;
  });
  const watch = (watched: AppProcess) =>
    void watched.ended.then((code) => {
      if (watched === app && (stopped || !restarting)) endedByItself(code);
    });

  async function ready(): Promise<void> {
    const current = app;
    const end = current.ended.then((code) => {
      throw new AppEnded(whyEnded(code, current.output()));
    });
    await Promise.race([deps.isReady(settings), end]);
  }

  async function replace(next: () => Settings): Promise<void> {
    await app.stop();
    await deps.isGone();
    if (stopped) throw new AppEnded('The sandbox is stopping.');
    settings = next();
    app = startAppProcess(deps.program, settings);
    await ready();
  }

  async function restart(
    next: () => Settings,
    before: () => Settings,
  ): Promise<{ readonly problem?: string }> {
    restarting = true;
    deps.changed();
    try {
      await replace(next);
      return {};
    } catch (error) {
      if (!(error instanceof AppEnded)) throw error;
      await replace(before);
      return { problem: error.message };
    } finally {
      restarting = false;
      watch(app);
      deps.changed();
    }
  }

  try {
    await ready();
  } catch (error) {
    await app.stop();
    throw error;
  }
  watch(app);
  return {
    ended,
    output: () => app.output(),
    async stop() {
      stopped = true;
      const code = await app.stop();
      await queue;
      return code;
    },
    restart(next, before) {
      const done = queue.then(() => restart(next, before));
      queue = done.catch(() => undefined);
      return done;
    },
    get restarting() {
      return restarting;
    },
  };
}

function whyEnded(code: number | null, output: string): string {
  if (code === EXIT_CONFIG) return output.trim();
  return `The app exited by itself with code ${code}. It wrote:\n${output}`;
}

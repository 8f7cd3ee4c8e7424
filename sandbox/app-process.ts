import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface AppProcess {
  /** Asks the app to stop, as a supervisor does, and resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Resolves with the exit code if the app ends by itself. */
  readonly ended: Promise<number | null>;
  /** Returns the end of what the app has written to both streams. */
  output(): string;
}

/** How many characters of the app's output are kept. */
const OUTPUT_KEPT = 100_000;

/**
 * Starts the production program with only these settings in its environment. It doesn't get the terminal's Ctrl-C,
 * because a second signal would interrupt its shutdown. It ends with this process, unless SIGKILL ends this one: the
 * programs that call this turn every other signal into an exit.
 */
export function startAppProcess(program: string, settings: Readonly<Record<string, string>>): AppProcess {
  const app: ChildProcess = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let written = '';
  const keep = (chunk: Buffer) => {
    written = (written + chunk.toString('utf8')).slice(-OUTPUT_KEPT);
  };
  app.stdout?.on('data', keep);
  app.stderr?.on('data', keep);
  const kill = () => app.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(app, 'exit').then(([code]) => {
    process.off('exit', kill);
    return code as number | null;
  });
  return {
    ended,
    output: () => written,
    stop() {
      app.kill('SIGTERM');
      return ended;
    },
  };
}

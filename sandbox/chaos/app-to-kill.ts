import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** An app that is killed again and again, and a supervisor that restarts it on the same database. */
export interface AppToKill {
  readonly alive: boolean;
  /** Sends SIGKILL now and restarts the app after `restartAfterMs`. */
  kill(restartAfterMs: number): void;
  /** The exit codes of unexpected exits. */
  readonly fell: readonly (number | null)[];
  readonly starts: number;
  /** What all the processes have written. */
  output(): string;
  /** Asks the app to stop as a supervisor does, and returns the exit code. */
  stop(): Promise<number | null>;
}

/** How long a process may ignore SIGTERM. */
const STOP_WITHIN_MS = 12_000;

export function startAppToKill(given: {
  readonly program: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly onStart: () => void;
}): AppToKill {
  const written: string[] = [];
  const fell: (number | null)[] = [];
  let starts = 0;
  let restartAfterMs: number | undefined;
  let stopping = false;
  let restart: NodeJS.Timeout | undefined;
  let child: ChildProcess = start();

  function start(): ChildProcess {
    starts += 1;
    restartAfterMs = undefined;
    given.onStart();
    const started = spawn(process.execPath, [given.program], {
      env: { PATH: process.env.PATH, ...given.settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    written.push(`--- process ${starts} begins\n`);
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => written.push(chunk.toString('utf8')));
    }
    started.once('exit', (code, signal) => {
      written.push(`--- ended: ${signal ?? code}\n`);
      if (stopping) return;
      if (signal !== 'SIGKILL') fell.push(code);
      restart = setTimeout(() => {
        child = start();
      }, restartAfterMs ?? 100);
    });
    return started;
  }

  const alive = () => child.exitCode === null && child.signalCode === null && !child.killed;
  return {
    get alive() {
      return alive();
    },
    get starts() {
      return starts;
    },
    fell,
    kill(after) {
      restartAfterMs = after;
      child.kill('SIGKILL');
    },
    output: () => written.join(''),
    async stop() {
      stopping = true;
      clearTimeout(restart);
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      if (!child.killed) child.kill('SIGTERM');
      const tooLong = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      const [code] = (await ended) as [number | null];
      clearTimeout(tooLong);
      return code;
    },
  };
}

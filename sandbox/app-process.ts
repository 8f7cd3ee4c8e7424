import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface AppProcess {
  /** Asks the app to stop, as a supervisor would, and resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Resolves with the exit code should the app end by itself. */
  readonly ended: Promise<number | null>;
  /** The end of what the app wrote so far, both streams. */
  output(): string;
}

/** How much of the app's output is remembered, in characters. */
const OUTPUT_KEPT = 100_000;

/**
 * Starts the production program with nothing in its environment but these settings. It does not share our terminal's
 * Ctrl-C, because a second signal would cut its orderly end short; but it never outlives us.
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

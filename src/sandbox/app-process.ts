import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface AppProcess {
  /** Asks the app to stop, as a supervisor would, and resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Resolves with the exit code should the app end by itself. */
  readonly ended: Promise<number | null>;
  /** What the app wrote so far, both streams. */
  output(): string;
}

/** Starts the production program with nothing in its environment but these settings. */
export function startAppProcess(program: string, settings: Readonly<Record<string, string>>): AppProcess {
  const app: ChildProcess = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written: string[] = [];
  app.stdout?.on('data', (chunk: Buffer) => written.push(chunk.toString('utf8')));
  app.stderr?.on('data', (chunk: Buffer) => written.push(chunk.toString('utf8')));
  const ended = once(app, 'exit').then(([code]) => code as number | null);
  return {
    ended,
    output: () => written.join(''),
    stop() {
      app.kill('SIGTERM');
      return ended;
    },
  };
}

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { compileSource } from './compiled.js';
import { temporaryFolder } from './folder.js';

export type KillableApp = ReturnType<typeof makeKillableApp>;

/** Runs the app in a process of its own, one at a time, until it is killed with nothing flushed. */
export function makeKillableApp(placeWithinMs: number) {
  const folder = temporaryFolder();
  const compiled = join(folder.path, 'app');
  compileSource(compiled);
  let running: ChildProcess | undefined;
  let aheadMs = 0;

  async function kill(): Promise<void> {
    const app = running;
    running = undefined;
    if (app === undefined) return;
    const ended = once(app, 'exit');
    app.kill('SIGKILL');
    await ended;
  }

  return {
    /** For `startWorld`; resolves when Slack can reach the app. */
    async run(settings: Readonly<Record<string, string>>): Promise<{ stop(): Promise<void> }> {
      const app = fork('test/support/app-to-kill.mjs', [compiled, String(placeWithinMs), String(aheadMs)], {
        env: { PATH: process.env.PATH, ...settings },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: [],
      });
      running = app;
      const ended = once(app, 'exit').then(() => {
        throw new Error('the app ended before it had started');
      });
      await Promise.race([once(app, 'message'), ended]);
      ended.catch(() => {});
      return { stop: kill };
    },
    /** kill -9. */
    kill,
    /** Moves the clock by this much before the app is started again, as far as the app can tell. */
    goesBy(ms: number): void {
      aheadMs += ms;
    },
    remove: () => folder.remove(),
  };
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The app as `npm run build` makes it, in a folder of its own. */
export function buildTheApp(): { readonly folder: string; readonly program: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'numbers-build-'));
  cpSync('package.json', join(folder, 'package.json'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const outDir = join(folder, 'dist');
  const built = spawnSync('npx', ['tsc', '-p', 'tsconfig.build.json', '--outDir', outDir], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
  return {
    folder,
    program: join(outDir, 'main.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface RunningApp {
  /** What has been written so far. */
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  signal(signal: NodeJS.Signals): void;
  /** Waits until the log says this. */
  logs(words: string | RegExp, timeoutMs?: number): Promise<void>;
}

export function runApp(program: string, settings: Readonly<Record<string, string>>): RunningApp {
  const child: ChildProcess = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
    });
  }
  // Only 'close' comes after the last output.
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  return {
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    pid: child.pid ?? 0,
    ended,
    signal: (signal) => void child.kill(signal),
    async logs(words, timeoutMs = 45_000) {
      const until = Date.now() + timeoutMs;
      while (written.stdout.search(words) < 0) {
        if (child.exitCode !== null || Date.now() > until) {
          throw new Error(`the app never logged “${words}”:\n${written.stdout}\n${written.stderr}`);
        }
        await new Promise((done) => setTimeout(done, 10));
      }
    },
  };
}

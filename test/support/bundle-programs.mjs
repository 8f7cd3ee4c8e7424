import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** The programs that tests start as a process, or import in one that they start. */
const PROGRAMS = [
  'src/main.ts',
  ...['audit-verify', 'backup', 'callbacks', 'doctor', 'setup', 'store-copy'].map(
    (name) => `src/cli/${name}.ts`,
  ),
  'sandbox/sandbox.ts',
  'sandbox/tour/tour.ts',
  'sandbox/chaos/chaos.ts',
  'sandbox/chaos/app-under-test.ts',
  // For app-to-kill.mjs and order-writer.mjs.
  'src/app.ts',
  'src/config/config.ts',
  'src/log.ts',
  'src/orders/domain/transitions.ts',
  'src/store/open-store.ts',
];

/** Native, or needed by none of these programs. */
const NOT_BUNDLED = ['libsql', 'pg-native', 'pino', 'playwright-core'];

/**
 * Bundles the programs with their packages, once for all test files, without checking types. The tests start some
 * hundred processes, and a bundle starts in less than half the time; `main.test.ts` starts what `npm run build` makes.
 */
export default function bundlePrograms() {
  const folder = mkdtempSync(join(tmpdir(), 'numbers-programs-'));
  // Some tests run a copy as another user.
  chmodSync(folder, 0o755);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  buildSync({
    entryPoints: PROGRAMS,
    outbase: '.',
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: NOT_BUNDLED,
    keepNames: true,
    logLevel: 'error',
    // Packages that are CommonJS require Node's own modules.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
  cpSync('sandbox/page/assets', join(folder, 'sandbox', 'page', 'assets'), { recursive: true });
  process.env.TEST_PROGRAMS = folder;
}

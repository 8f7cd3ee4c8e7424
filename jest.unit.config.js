import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import everything from './jest.config.js';

/*
 * `npm run test:unit` runs the tests that start no process, browser or server and wait for no real timer. What a test
 * and its helpers say decides that, so there is no list to keep: one that begins to sleep or to listen drops out.
 *
 * It has to be quick, so of the cases that `npm test` runs exhaustively it runs a sample: one in 47. That is a prime, so a
 * sample of all combinations of some options doesn't have the same option in each.
 */
process.env.TEST_ONE_IN ??= '47';

// Where the tests put their databases. Most of what SQLite does is waiting for a disk, which shows nothing here.
if (existsSync('/dev/shm')) process.env.TEST_FOLDER ??= '/dev/shm';

// For the workers: most objects of these tests die young, and a larger nursery has them collected less often.
process.env.NODE_OPTIONS ??= '--max-semi-space-size=64';

const REAL =
  /from '(?:node:(?:child_process|net|http|timers\/promises)|playwright-core|ts-json-schema-generator|ws)'|(?<!jest\.)\bset(?:Timeout|Interval)\(/;

const helpers = [join('test', ''), join('sandbox', '')];
const isReal = new Map();

/** Whether this file, or a helper that it imports, starts something or waits for a real timer. */
function reachesReality(file) {
  const known = isReal.get(file);
  if (known !== undefined) return known;
  isReal.set(file, false);
  const source = readFileSync(file, 'utf8');
  const imported = [...source.matchAll(/\bfrom '(\.{1,2}\/[^']+)\.js'/g)]
    .map(([, path]) => `${join(dirname(file), path)}.ts`)
    .filter((path) => helpers.some((folder) => path.startsWith(folder)) && existsSync(path));
  const real = REAL.test(source) || imported.some(reachesReality);
  isReal.set(file, real);
  return real;
}

const tests = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join('test', path));

export default {
  ...everything,
  testMatch: tests.filter((file) => !reachesReality(file)).map((file) => `<rootDir>/${file}`),
  globalSetup: undefined,
  testSequencer: undefined,
  maxWorkers: 2,
  // A new worker would have to compile everything again, and these tests leave little behind.
  workerIdleMemoryLimit: undefined,
};

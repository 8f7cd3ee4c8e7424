import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { compileBench } from './support/compiled.js';
import { temporaryFolder } from './support/folder.js';

// Each measures several apps, one after the other.
jest.setTimeout(300_000);

/** Starts many apps, one after the other. */
const testSlowly = (name: string, play: () => Promise<void>) =>
  process.env.TEST_EVERY_STEP === undefined
    ? test.skip(`${name} (skipped: takes a minute; TEST_EVERY_STEP=1 plays it)`, play)
    : test(name, play);

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
  compileBench(folder.path);
});
afterAll(() => folder.remove());

/** What `npm run bench` prints, where the libraries to compare with are not installed and no database but SQLite is named. */
async function bench(...words: readonly string[]) {
  const program = spawn(process.execPath, ['dist/dev/bench/run.js', ...words], {
    cwd: folder.path,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 280_000,
  });
  const ended = new Promise<number | null>((resolve) => program.on('close', resolve));
  const lines = (await text(program.stdout)).split('\n').filter((line) => line.startsWith('| '));
  return { rows: lines.map((line) => line.slice(2, -2).split(' | ')), code: await ended };
}

/** Whether goals are met is not asked: other tests run meanwhile. */
test('The benchmarks still measure a search, a file and the way to the card, and say which other libraries are missing', async () => {
  const { rows, code } = await bench(
    ...['search', 'ranking', 'csv', 'card'].flatMap((row) => ['--row', row]),
    '--smoke',
  );
  const [head, , ...measured] = rows;
  expect(head?.slice(0, 4)).toEqual(['what', 'median', 'p99', 'floor']);
  expect(rows.flat().join('\n')).not.toContain('could not be measured');
  const figure = expect.stringMatching(/^[\d.,]+ (ms|s|\/s)$/);
  const nothing = '';
  expect(measured.map(([what, median, , floor]) => ({ what, median, floor }))).toEqual([
    { what: 'search, 100 numbers', median: figure, floor: figure },
    { what: 'search, 100 numbers: longest block', median: figure, floor: figure },
    { what: 'ranking 100 numbers, easy to remember', median: figure, floor: figure },
    { what: 'ranking 100 numbers, easy to remember: longest block', median: figure, floor: nothing },
    { what: 'ranking 100 numbers, in a row', median: figure, floor: figure },
    { what: 'ranking 100 numbers, in a row: longest block', median: figure, floor: nothing },
    { what: 'reading a CSV file of 100 places to order in', median: figure, floor: figure },
    { what: 'reading a CSV file of 100 numbers to disconnect', median: figure, floor: figure },
    { what: 'carrier done → card, polling', median: figure, floor: figure },
    { what: 'carrier done → card, callback', median: figure, floor: figure },
  ]);
  expect(rows.flat().join('\n')).toContain('@bandwidth/numbers on the same bytes: not installed');
  expect(code).toBe(0);
});

testSlowly('The bench still measures the start and how orders are placed', async () => {
  const { rows, code } = await bench('--row', 'start', '--row', 'placing', '--smoke');
  const [, , ...measured] = rows;
  const figure = expect.stringMatching(/^[\d.,]+ (ms|s|\/s)$/);
  const nothing = '';
  expect(measured.map(([what, median, , floor]) => ({ what, median, floor }))).toEqual([
    { what: 'start to ready', median: figure, floor: figure },
    { what: 'orders placed, SQLite, 1 at once', median: figure, floor: figure },
    { what: 'orders placed, SQLite, 16 at once', median: figure, floor: figure },
    { what: 'orders placed, PostgreSQL', median: nothing, floor: nothing },
    { what: 'orders placed, Redis', median: nothing, floor: nothing },
  ]);
  expect(code).toBe(0);
});

testSlowly('The bench still measures how the account is read and listed', async () => {
  const { rows, code } = await bench('--row', 'inventory', '--row', 'list', '--smoke');
  const [, , ...measured] = rows;
  const figure = expect.stringMatching(/^\d/);
  expect(measured.map(([what, median, , floor]) => ({ what, median, floor }))).toEqual([
    { what: 'walk of 1,000 numbers: calls', median: figure, floor: '' },
    { what: 'walk of 1,000 numbers: CPU time', median: figure, floor: figure },
    { what: 'walk of 1,000 numbers: longest block', median: figure, floor: '' },
    { what: 'list 910 among 1,000 numbers', median: figure, floor: figure },
  ]);
  expect(code).toBe(0);
});

test('The benchmarks still measure the list of orders, and say which databases are missing', async () => {
  const { rows } = await bench('--row', 'orders', '--smoke');
  const [, , ...measured] = rows;
  const figure = expect.stringMatching(/^[\d.,]+ ms$/);
  const nothing = '';
  expect(measured.map(([what, median, , floor]) => ({ what, median, floor }))).toEqual([
    { what: 'first page of 100 finished orders, SQLite', median: figure, floor: figure },
    { what: 'orders of a number among 100, SQLite', median: figure, floor: figure },
    {
      what: 'memory added by 100 finished orders, SQLite',
      median: expect.stringMatching(/^-?[\d.,]+ MB$/),
      floor: nothing,
    },
    { what: 'first page of finished orders, PostgreSQL', median: nothing, floor: nothing },
    { what: 'first page of finished orders, Redis', median: nothing, floor: nothing },
  ]);
});

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compileBench } from './support/compiled.js';
import { temporaryFolder } from './support/folder.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
  compileBench(folder.path);
});
afterAll(() => folder.remove());

/** What `npm run bench` prints, where its rivals are not installed and no database but SQLite is named. */
async function bench(...words: readonly string[]) {
  const program = spawn(process.execPath, ['dist/dev/bench/run.js', ...words], {
    cwd: folder.path,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 100_000,
  });
  const ended = new Promise<number | null>((resolve) => program.on('close', resolve));
  const lines = (await text(program.stdout)).split('\n').filter((line) => line.startsWith('| '));
  return { rows: lines.map((line) => line.slice(2, -2).split(' | ')), code: await ended };
}

/** Whether goals are met is not asked: other tests run meanwhile. */
test('The bench still measures the app from its start to the card, and says which rivals are not there', async () => {
  const { rows, code } = await bench(
    ...['search', 'card', 'start', 'placing'].flatMap((row) => ['--row', row]),
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
    { what: 'carrier done → card, polling', median: figure, floor: figure },
    { what: 'carrier done → card, callback', median: figure, floor: figure },
    { what: 'start to ready', median: figure, floor: figure },
    { what: 'orders placed, SQLite, 1 at once', median: figure, floor: figure },
    { what: 'orders placed, SQLite, 16 at once', median: figure, floor: figure },
    { what: 'orders placed, PostgreSQL', median: nothing, floor: nothing },
    { what: 'orders placed, Redis', median: nothing, floor: nothing },
  ]);
  expect(rows.flat().join('\n')).toContain('@bandwidth/numbers on the same bytes: not installed');
  expect(code).toBe(0);
});

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compileSource } from '../../support/compiled.js';
import { temporaryFolder } from '../../support/folder.js';

/** With the two failures the app looks for an order for half a minute. */
const TIMEOUT_MS = 150_000;

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
  compileSource(join(folder.path, 'app'));
});
afterAll(() => folder.remove());

async function tour(...words: readonly string[]) {
  const program = join(folder.path, 'app', 'sandbox', 'tour', 'tour.js');
  const played = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: TIMEOUT_MS - 10_000,
  });
  const ended = new Promise<number | null>((resolve) => played.on('close', resolve));
  return { output: (await text(played.stdout)).split('\n'), code: await ended };
}

/** The scenes in which the output says this. */
const scenesOf = (output: readonly string[], words: string): readonly string[] => {
  let scene = '';
  return output.flatMap((line) => {
    if (line.startsWith('── ')) scene = line.slice(3);
    return line.includes(words) ? [scene] : [];
  });
};

const FAILURES = '── Failure 1';

test(
  'The tour with two failures ends well, each reply is in its scene, and the part before them fits on two screens',
  async () => {
    const { output, code } = await tour('--faults');
    expect(output.at(-2)).toBe('The card, the database and Bandwidth agree: complete. ✓');
    expect(code).toBe(0);
    expect(scenesOf(output, '│ Undone by @ana')).toEqual(['Ana changes her mind, in time to undo it.']);
    expect(scenesOf(output, '@ben presses  [Order again]')).toEqual([
      'Repeating a search could buy a second number, so the card asks an approver.',
    ]);
    const plain = output.findIndex((line) => line.startsWith(FAILURES));
    expect(plain).toBeGreaterThan(50);
    expect(plain).toBeLessThan(120);
    expect(output.filter((line) => line.includes('[Approve & disconnect]'))).toHaveLength(3);
  },
  TIMEOUT_MS,
);

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keepState, readState } from '../../sandbox/keep-state.js';
import { temporaryFolder } from '../support/folder.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

test('what changed is saved when it is closed, and nothing is written after that', () => {
  const file = join(folder.path, 'deep', 'state.json');
  expect(readState(file)).toBeUndefined();
  let count = 1;
  const keeping = keepState(file, () => ({ count }));
  keeping.changed();
  keeping.close();
  count = 2;
  keeping.changed();
  keeping.close();
  expect(readState(file)).toEqual({ count: 1 });
});

test('a damaged file is named, with a way to fix it, and left alone', () => {
  const file = join(folder.path, 'state.json');
  writeFileSync(file, '{"slack":');
  expect(() => readState(file)).toThrow(`${file} is damaged; start with --fresh to discard it`);
  expect(readFileSync(file, 'utf8')).toBe('{"slack":');
});

import { expect, test } from '@jest/globals';
import { readCopyArguments } from '../../src/cli/copy-arguments.js';

const URL = 'postgres://ana:topsecret@db/numbers';
const files: Readonly<Record<string, string>> = { '/run/secrets/new': `${URL}\n` };
const read = (words: string, environment: Readonly<Record<string, string>> = {}) =>
  readCopyArguments(words.split(' ').filter(Boolean), environment, (path) => {
    const content = files[path];
    if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return content;
  });

test('Both addresses can be given as they are, or by the name of a variable or file that contains them', () => {
  const expected = { from: 'sqlite:numbers.db', to: URL };
  expect(read(`--from sqlite:numbers.db --to ${URL}`)).toEqual(expected);
  expect(read(`--to=${URL} --from=sqlite:numbers.db`)).toEqual(expected);
  expect(read('--from OLD --to NEW', { OLD: ' sqlite:numbers.db ', NEW: URL })).toEqual(expected);
  expect(read('--from OLD --to NEW', { OLD: 'sqlite:numbers.db', NEW_FILE: '/run/secrets/new' })).toEqual(
    expected,
  );
});

test('Anyone who asks for help gets it, whatever else was typed', () => {
  expect(read('--help')).toEqual({ help: true });
  expect(read('--from x --help')).toEqual({ help: true });
});

test.each([
  '',
  '--from sqlite:x',
  `--to ${URL}`,
  URL,
  `--from sqlite:x --to sqlite:y ${URL}`,
  '--from',
  '-x',
])('Arguments that make no sense (%j) are wrong usage', (words) => {
  expect(read(words)).toEqual({ wrong: 'usage' });
});

test('A wrong address is named by its flag or variable, never repeated', () => {
  const problem = (words: string, environment?: Readonly<Record<string, string>>) => {
    const found = read(words, environment);
    return 'problem' in found ? found.problem : found;
  };
  expect(problem('--from mysql://ana:topsecret@db --to sqlite:x')).toMatch(/^--from begins with mysql:/);
  expect(problem('--from sqlite:x --to NEW', { NEW: 'mysql://ana:topsecret@db' })).toMatch(
    /^NEW begins with mysql:/,
  );
  expect(problem('--from sqlite:x --to NEW')).toBe('--to names NEW, but neither NEW nor NEW_FILE is set.');
  expect(problem('--from sqlite:x --to NEW', { NEW_FILE: '/gone' })).toBe(
    "NEW_FILE names a file that can't be read (ENOENT).",
  );
});

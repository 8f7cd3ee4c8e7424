import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loggedStates, STATE_CHANGED } from '../src/orders/engine/log-changes.js';

const operations = readFileSync(join('docs', 'operations.md'), 'utf8');
const chapter = operations.slice(
  operations.indexOf('\n## Log\n'),
  operations.indexOf('\n## Health checks\n'),
);
const tables = chapter.split('\n').filter((line) => line.startsWith('| `'));
/** What stands in the first column of every table. */
const named = tables.flatMap((row) =>
  [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
);

/** The messages of every `log.error` in the source, `…` for what varies. */
const errors = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .flatMap((path) => {
    const source = readFileSync(join('src', path), 'utf8');
    return [...source.matchAll(/\blog\??\.error\(/g)].flatMap(({ index }) =>
      messagesIn(callAt(source, index)),
    );
  });

/** The text of a call that begins here. */
function callAt(source: string, start: number): string {
  let depth = 0;
  for (let at = source.indexOf('(', start); at < source.length; at += 1) {
    if (source[at] === '(') depth += 1;
    if (source[at] === ')') depth -= 1;
    if (depth === 0) return source.slice(start, at);
  }
  return source.slice(start);
}

/** Field names and the like have no space. */
function messagesIn(call: string): readonly string[] {
  const texts = [...call.matchAll(/'([^'\n]+)'|`([^`]+)`/g)].map(([, plain, drawn]) => plain ?? drawn ?? '');
  return texts.map((text) => text.replace(/\$\{[^}]*\}/g, '…')).filter((text) => text.includes(' '));
}

test('the table of states in docs/operations.md has every state that the log can name', () => {
  expect(chapter).toContain(`"msg":"${STATE_CHANGED}"`);
  expect(loggedStates.filter((state) => !named.includes(state))).toEqual([]);
});

test('the table of errors in docs/operations.md has every message that the app logs at this level, and no other', () => {
  expect(errors.length).toBeGreaterThan(25);
  expect([...new Set(errors)].filter((message) => !named.includes(message))).toEqual([]);
  const isMessage = (name: string) => name.includes(' ') && name !== STATE_CHANGED;
  expect(named.filter((name) => isMessage(name) && !errors.includes(name))).toEqual([]);
});

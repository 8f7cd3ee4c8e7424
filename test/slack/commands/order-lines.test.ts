import { describe, expect, test } from '@jest/globals';
import { askedQuantity, type WantedLine } from '../../../src/orders/domain/request.js';
import { printLines, readRows, readWholeOrder } from '../../../src/slack/commands/order-lines.js';
import { anyLines } from '../../support/arbitrary-orders.js';
import { purchase } from '../../support/orders/people.js';
import { fc, runs } from '../../support/properties.js';

/** What the words ask for, in our own spelling; or why not. */
function read(words: string): string {
  const found = readWholeOrder(words);
  if ('problem' in found) return `${JSON.stringify(found.problem.why)} ${found.problem.typed}`;
  return 'lines' in found ? printLines(found.lines) : 'one line';
}

describe('Ana orders numbers in several places', () => {
  test.each([
    ['1 each in 910, 919, 704', '910 x1, 919 x1, 704 x1'],
    ['1 each in 910 919 704', '910 x1, 919 x1, 704 x1'],
    ['2 each of 910 and 919', '910 x2, 919 x2'],
    ['one each: 910, Raleigh, NC', '910 x1, Raleigh, NC x1'],
    [
      '3 numbers each in 910, Raleigh, NC, Durham, NC and 704',
      '910 x3, Raleigh, NC x3, Durham, NC x3, 704 x3',
    ],
    ['1 in each of 910, 919', '910 x1, 919 x1'],
    ['910 x2, 919 x3, Raleigh, NC x1', '910 x2, 919 x3, Raleigh, NC x1'],
    ['910 x2; 919 x3', '910 x2, 919 x3'],
    ['910 x2 and 919 x3', '910 x2, 919 x3'],
    ['910 x2\n919 x3', '910 x2, 919 x3'],
    ['910-241 x2, zip 27601 x3', '910-241 x2, 27601 x3'],
    ['1 each in 910', '910 x1'],
  ])('%s', (words, lines) => {
    expect(read(words)).toBe(lines);
  });

  test.each(['910 x2', 'Raleigh, NC x5', '910, NC x5', '910-241-4365, 910-241-4366', '910 x2 x3'])(
    '%s is what it was',
    (words) => {
      expect(readWholeOrder(words)).not.toHaveProperty('lines');
    },
  );

  test.each([
    ['91O x2, 919 x3', '910 x2, 919 x3'],
    ['910 x2, Ralegh, NC x3', 'Ralegh'],
  ])('%s has one wrong line, and what would work has all of them', (words, expected) => {
    const found = readWholeOrder(words);
    const suggestions = 'problem' in found ? found.problem.suggestions : [];
    if (expected === 'Ralegh') expect(found).toHaveProperty('lines');
    else expect(suggestions).toContain(expected);
  });

  test('a hundred lines are the most, and five thousand numbers', () => {
    const many = (count: number, quantity: number) =>
      Array.from({ length: count }, () => `910 x${quantity}`).join(', ');
    expect(read(many(101, 1))).toBe('"too-many-lines" 101');
    expect(read(many(100, 51))).toBe('"too-many-numbers" 5100');
    expect(read(many(100, 50))).toBe(many(100, 50));
  });

  test('no number is in two lines', () => {
    expect(readRows('910-241-4365, 910-241-4366\n919 x2\n910-241-4365')).toMatchObject({
      problem: { why: 'number-twice', typed: '910-241-4365' },
    });
  });
});

test('what is printed in the rows of a form is read as the same lines', () => {
  fc.assert(
    fc.property(anyLines, (all) => {
      // Not everything that can be searched for can be ordered.
      const lines = all.filter((line) => !('problem' in readWholeOrder(plain(line))));
      fc.pre(lines.length > 0);
      const numbers = lines.flatMap((line) => (line.by === 'numbers' ? line.numbers : []));
      const quantity = askedQuantity(purchase({ wanted: { by: 'lines', lines } }));
      fc.pre(new Set(numbers).size === numbers.length && quantity <= 5_000);
      const rows = lines.map((line) => printLines([line])).join('\n');
      const found = readRows(rows);
      expect('lines' in found && found.lines.map(plain)).toEqual(lines.map(plain));
    }),
    { numRuns: runs(60) },
  );
});

/** Any words at all are answered. */
test('nothing that is typed breaks the reader', () => {
  const piece = fc.constantFrom(
    '910',
    'x2',
    ',',
    ' ',
    'each',
    '1',
    'in',
    'and',
    'Raleigh',
    'NC',
    '\n',
    ';',
    '"',
    'x',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      expect(readWholeOrder(pieces.join(' '))).toBeDefined();
    }),
    { numRuns: runs(300) },
  );
});

const plain = (line: WantedLine): string => printLines([line]);

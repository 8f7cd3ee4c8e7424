import { describe, expect, test } from '@jest/globals';
import { type LineOfSeveral, requestedQuantity } from '../../../src/orders/domain/request.js';
import {
  printDestination,
  printLine,
  printLines,
  readRows,
  readWholeOrder,
} from '../../../src/slack/commands/order-lines.js';
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
    ['910x2,919x3', '910 x2, 919 x3'],
    ['910×2 & 919×3', '910 x2, 919 x3'],
    ['910 x2, 919 x3.', '910 x2, 919 x3'],
    ['“910 x2, 919 x3”', '910 x2, 919 x3'],
    ['910 x1,000, 919 x3', '910 x1000, 919 x3'],
    ['910-241-4365, 919 x2, 704 x1', '910-241-4365, 919 x2, 704 x1'],
    ['<tel:9102414365|910-241-4365> x1, 919 x2', '910-241-4365, 919 x2'],
    ['919 x2, 910-241-4365 and 910-241-4366', '919 x2, 910-241-4365, 910-241-4366'],
    ['two each in 910 and 919', '910 x2, 919 x2'],
    ['1 each in 910, 919, 704.', '910 x1, 919 x1, 704 x1'],
    ['1 each in these area codes: 910, 919', '910 x1, 919 x1'],
    ['1 each in lata 426, 949', 'lata 426 x1, lata 949 x1'],
    ['1 each in 910, 919 x3', '910 x1, 919 x3'],
    ['1 each in 910-241-4365, 919', '910-241-4365, 919 x1'],
    ['910, 919, 704: 1 each', '910 x1, 919 x1, 704 x1'],
    ['Raleigh, NC and 910 x2 each', 'Raleigh, NC x2, 910 x2'],
  ])('%s', (words, lines) => {
    expect(read(words)).toBe(lines);
  });

  test.each([
    ['910, 919, 704', '910 x1, 919 x1, 704 x1'],
    ['910 919 704', '910 x1, 919 x1, 704 x1'],
    ['910 x2, 919', '910 x2, 919 x1'],
    ['910 x2 919 x3', '910 x2, 919 x3'],
    ['2 in 910, 3 in 919', '910 x2, 919 x3'],
    ['I need two in 910 and three in Raleigh, NC please', '910 x2, Raleigh, NC x3'],
    ['2x 910, 3x 919', '910 x2, 919 x3'],
    ['2 each in 910 and 3 each in 919', '910 x2, 919 x3'],
    ['910: 2, 919: 3', '910 x2, 919 x3'],
    ['910 (2), 919 (3)', '910 x2, 919 x3'],
    ['910\t2\n919\t3', '910 x2, 919 x3'],
    ['• 910 x2, • 919 x3', '910 x2, 919 x3'],
    ['910 x2 + 919 x3', '910 x2, 919 x3'],
    ['910 qty 2, 919 qty 3', '910 x2, 919 x3'],
    ['order 1 each in 910, 919', '910 x1, 919 x1'],
    ['910 x2, 919 x3 please', '910 x2, 919 x3'],
    ['can I get 2 each in 910 and 919 please', '910 x2, 919 x2'],
    ['1 each in 910, 919 and 2 each in 704', '910 x1, 919 x1, 704 x2'],
    ['each in 910, 919', '910 x1, 919 x1'],
  ])('%s is not guessed at, but offered as a command to copy', (words, meant) => {
    expect(readWholeOrder(words)).toMatchObject({
      problem: { why: 'quantity-for-each', suggestions: expect.arrayContaining([meant]) },
    });
  });

  test.each(['910 x-1, 919 x3, 704 x1', '910 x2.5, 919 x3, 704 x1', '911 x1, 919 x3, 704 x1'])(
    '%s has one wrong line: the suggestion leaves out no other',
    (words) => {
      const found = readWholeOrder(words);
      const suggestions = 'problem' in found ? found.problem.suggestions : [];
      expect(suggestions).not.toEqual([]);
      for (const each of suggestions) expect(each).toMatch(/^\d{3} x1, 919 x3, 704 x1$/);
    },
  );

  test.each([
    ['5000 each in 910, 919', 'too-many-numbers'],
    ['910 x2 from NC, 919 x1', 'twice'],
    ['910 x2 in Raleigh, NC, 919 x1', 'twice'],
  ])('%s is not mistaken for something else', (words, why) => {
    expect(readWholeOrder(words)).toMatchObject({ problem: { why } });
  });

  test('a thousand may have its comma', () => {
    expect(readWholeOrder('910 x5,000')).toMatchObject({ draft: { quantity: 5_000 } });
  });

  test('no suggestion comes twice', () => {
    const found = readWholeOrder('1 each in 910, 91O');
    expect(found).toMatchObject({ problem: { suggestions: ['910 x1, 910 x1'] } });
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
  ])('%s has one wrong line, and the suggestion has all of them', (words, expected) => {
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
      const quantity = requestedQuantity(purchase({ wanted: { by: 'lines', lines } }));
      fc.pre(new Set(numbers).size === numbers.length && quantity <= 5_000);
      const found = readRows(lines.map(printLine).join('\n'));
      expect('lines' in found && found.lines.map(({ to, ...line }) => [plain(line), to])).toEqual(
        lines.map((line) => [plain(line), line.to && printDestination(line.to).trim()]),
      );
    }),
    { numRuns: runs(60) },
  );
});

/** Any words at all are answered. */
test('no input breaks the reader', () => {
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

test.each(['1 ', '1 each in ', '910 x1, ', '(', '910-241-4365 and ', 'Raleigh, '])(
  'nor does %j, as often as Slack lets people type it',
  (words) => {
    expect(readWholeOrder(words.repeat(4_000 / words.length))).toBeDefined();
  },
);

const plain = ({ to: _, ...line }: LineOfSeveral): string => printLine(line);

import { describe, expect, test } from '@jest/globals';
import {
  ignoredColumns,
  importFaultSentence,
  wrongRowLine,
} from '../../../src/slack/blocks/answers/import-words.js';
import { MAX_FILE_BYTES } from '../../../src/slack/import/csv-table.js';
import { readImport } from '../../../src/slack/import/read-import.js';
import { fc, runs } from '../../support/properties.js';
import { numbers } from '../../support/sample-orders.js';

const read = (text: string) => readImport(Buffer.from(text));

/** What a file asks for: each right row, and a sentence for each wrong one. */
function asked(text: string) {
  const found = read(text);
  if ('fault' in found) return importFaultSentence(found.fault);
  if (found.kind === 'disconnect') return { disconnect: found.numbers, wrong: found.wrong.map(wrongRowLine) };
  return {
    rows: found.rows.map(({ wanted, site, location, name, reason }) =>
      [
        wanted.by === 'numbers'
          ? wanted.numbers.join(' ')
          : [`${wanted.search.quantity} in`, ...Object.values(wanted.search.criteria)].join(' '),
        site,
        location,
        name,
        reason,
      ]
        .filter((part) => part !== '')
        .join(' | '),
    ),
    wrong: found.wrong.map(wrongRowLine),
  };
}
const rowsOf = (text: string) => ({ rows: ([] as string[]).concat(text.split('\n')), wrong: [] });

describe('A file of places to order in', () => {
  test('has its columns in any order, and says how many, for which sub-account and why', () => {
    expect(
      asked(
        [
          'Reason,Qty,Area Code,Sub-Account,Location,Name',
          'Sales in Raleigh,2,919,Raleigh office,Main SIP trunk,Sales',
          ',,910,,,',
        ].join('\n'),
      ),
    ).toEqual(rowsOf('2 in 919 | Raleigh office | Main SIP trunk | Sales | Sales in Raleigh\n1 in 910'));
  });

  test.each([
    ['area code\n910', '1 in 910'],
    ['NPA\n910', '1 in 910'],
    ['areacode;qty\n910;3', '3 in 910'],
    ['"AREA_CODE"\t"How many?"\n910\tx3', '3 in 910'],
    ['area code\n833', '1 in 833'],
    ['area code\n83*', '1 in 83*'],
    ['prefix\n910-241', '1 in 910241'],
    ['NPA-NXX\n(910) 241', '1 in 910241'],
    ['prefix\n9102414', '1 in 9102414'],
    ['npa,nxx\n910,241', '1 in 910241'],
    ['area code,prefix\n910,910-241', '1 in 910241'],
    ['city,state\nRaleigh,NC', '1 in Raleigh NC'],
    ['City,State/Province\nRaleigh,North Carolina', '1 in Raleigh NC'],
    ['city\n"Raleigh, NC"', '1 in Raleigh NC'],
    ['state\nnc', '1 in NC'],
    ['rate centre,state\nFayettevl,NC', '1 in NC FAYETTEVL'],
    ['ZIP code\n27601', '1 in 27601'],
    ['zip\n02134', '1 in 02134'],
    ['lata,qty\n426,10', '10 in 426'],
    ['area code,quantity\n910.0,2.0', '2 in 910'],
    ['area code,zip\n910,27601', '1 in 910 27601'],
    ['number,reason\n910-241-4365,A line', '+19102414365 | A line'],
    ['phone number,quantity\n+1 (910) 241-4365,1', '+19102414365'],
    ['DID,why\n"9102414365; 9103174992",Two', '+19102414365 +19103174992 | Two'],
    ['\uFEFFarea code\r\n910\r\n', '1 in 910'],
    ['sep=;\narea code;quantity\n910;2', '2 in 910'],
    ['area code,reason\n910,"a line\nfor ""sales"", soon"', '1 in 910 | a line\nfor "sales", soon'],
    ['area code , quantity\n 910 , "2" ', '2 in 910'],
    ['area code\r910', '1 in 910'],
    ['area code,,\n910,,\n,,\n', '1 in 910'],
    ['area code\n９１０', '1 in 910'],
    ["area code,reason\n'910,'-5 lines", '1 in 910 | -5 lines'],
    ['area code,quantity\n910.00,2.00', '2 in 910'],
  ])('is read from %j', (text, row) => {
    expect(asked(text)).toEqual({ rows: [row], wrong: [] });
  });

  test.each([
    ['area code\n91O', 'Row 2: “91O” has a letter where a digit belongs. Did you mean 910?'],
    ['lata\n42O', 'Row 2: “42O” has a letter where a digit belongs. Did you mean 420?'],
    ['zip\n2760l', 'Row 2: “2760l” has a letter where a digit belongs. Did you mean 27601?'],
    ['area code\n911', "Row 2: 911 isn't an area code: it is a service number. Example: 910."],
    ['area code,quantity\n910,many', 'Row 2: The quantity must be a whole number from 1 to 5,000, not many.'],
    ['area code,quantity\n910,0', 'Row 2: The quantity must be a whole number from 1 to 5,000, not 0.'],
    ['area code,quantity\n910,"1,000"', 'Row 2: The quantity must be a whole number from 1 to 5,000'],
    ['area code,quantity\n910,2.5', 'Row 2: The quantity must be a whole number from 1 to 5,000, not 2.5.'],
    ['area code,quantity\n,2', 'Row 2: Say where the numbers should be'],
    ['city,quantity\nRaleigh,2', 'Row 2: Which state? A city needs its state, as in Raleigh, NC.'],
    ['city,state\nRaleigh,XY', "Row 2: XY isn't a US state or Canadian province"],
    ['zip\n2134', 'Row 2: A ZIP code has five digits. Excel may have dropped the zero of 02134'],
    ['area code,zip\n833,27601', "Row 2: A ZIP code can't be combined with a toll-free prefix"],
    ['area code,prefix\n910,919-241', "Row 2: An NPA-NXX can't be combined with an area code"],
    ['number,reason\n9.10241E+09,A line', 'Row 2: Excel shortened “9.10241E+09”, and its digits are lost.'],
    ['area code,number\n,"9,10241E9"', 'Row 2: Excel shortened “9,10241E9”'],
    ['number,reason\n910241,x', 'Row 2: “910241” is only part of a number: I need all ten digits of each.'],
    ['number,city\n9102414365,Raleigh', 'Row 2: This row has a number and a place. Keep one of them.'],
    ['number,quantity\n9102414365,2', "Row 2: The quantity doesn't match the numbers in this row."],
    ['number,qty\n9102414365,1\n9102414365,1', 'Row 3: (910) 241-4365 is already in row 2.'],
    [`area code,name\n910,${'n'.repeat(51)}`, 'Row 2: A name has at most 50 characters.'],
    [`area code,reason\n910,${'n'.repeat(3001)}`, 'Row 2: A reason has at most 3,000 characters.'],
    ['area code,location\n910,Main', 'Row 2: Which sub-account is “Main” in?'],
    ['area code\n\n\n"a\nb"', "Row 4: a b isn't an area code: an area code has three digits."],
    ['area code,qty\n910,1\nArea Code,Qty', 'Row 3: This row repeats the column names. Delete it.'],
    ['number,reason\n9102414365,x\nnumber,reason', 'Row 3: This row repeats the column names.'],
  ])('has an invalid row in %j, which is named with its reason', (text, sentence) => {
    const found = asked(text);
    const [line = 'none'] = typeof found === 'string' ? [found] : found.wrong.slice(-1);
    expect(line.replaceAll("'", '’')).toContain(sentence.replaceAll("'", '’'));
  });

  test('can end in any number of blank rows, as spreadsheets write them', () => {
    const blank = `${',,\n'.repeat(6_000)}\n\n`;
    expect(asked(`area code,quantity,reason\n${'910,1,x\n'.repeat(4_000)}${blank}`)).toMatchObject({
      wrong: [],
    });
    expect(asked(`${'area code\n910\n'}${'\n910'.repeat(5_000)}`)).toBe(
      'This file has too many rows: I read up to 5,000.',
    );
  });

  test('counts rows as a spreadsheet does, whatever is quoted or blank above', () => {
    expect(asked('area code,reason\n910,"two\nlines"\n\n,\n911,\n919,')).toMatchObject({
      rows: ['1 in 910 | two\nlines', '1 in 919'],
      wrong: [expect.stringContaining('Row 5: 911')],
    });
  });

  test('means the same with its columns in another order, other separators and other line ends', () => {
    const columns = ['area code', 'quantity', 'sub-account', 'reason'] as const;
    const word = fc
      .string({ unit: 'grapheme-ascii', maxLength: 12 })
      .map((text) => text.trim())
      .filter((text) => !/^['<]/.test(text));
    const row = fc.record({
      'area code': fc.constantFrom('910', '919', '704'),
      quantity: fc.integer({ min: 1, max: 50 }).map(String),
      'sub-account': word,
      reason: fc
        .tuple(word, fc.constantFrom('', '\n', '"', ';', ','), word)
        .map((parts) => parts.join('').trim()),
    });
    const form = fc.record({
      order: fc.shuffledSubarray([...columns], { minLength: columns.length }),
      delimiter: fc.constantFrom(',', ';', '\t'),
      end: fc.constantFrom('\n', '\r\n', '\r'),
      mark: fc.constantFrom('', '\uFEFF'),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 5 }),
        form,
        (rows, { order, delimiter, end, mark }) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const lines = [order.map(quoted), ...rows.map((each) => order.map((name) => quoted(each[name])))];
          const found = read(mark + lines.map((cells) => cells.join(delimiter)).join(end));
          expect(found).toMatchObject({
            rows: rows.map((each) => ({
              wanted: {
                search: { criteria: { areaCode: each['area code'] }, quantity: Number(each.quantity) },
              },
              site: each['sub-account'],
              reason: each.reason,
            })),
            wrong: [],
          });
        },
      ),
      { numRuns: runs(300) },
    );
  });

  test('can have columns that mean nothing here, which are named', () => {
    const found = read('Ticket,area code,Customer\n17,910,Bob');
    expect(found).toMatchObject({ kind: 'order', ignored: ['Ticket', 'Customer'] });
    expect(ignoredColumns('ignored' in found ? found.ignored : [])).toBe(
      "I didn't use the columns “Ticket”, “Customer”.",
    );
  });
});

describe('A file with nothing but numbers', () => {
  const two = numbers('9102414365', '9103174992');
  test.each([
    'number\n910-241-4365\n+19103174992\n',
    'Phone Number\n"(910) 241-4365"\n910.317.4992',
    '9102414365\n9103174992\n',
    'TN\r\n9102414365\r\n\r\n9103174992\r\n9102414365\r\n',
    '\uFEFFdids\n9102414365.0\n9103174992.0',
    'number,notes\n9102414365,first\n9103174992,second',
  ])('is a list to disconnect: %j', (text) => {
    expect(asked(text)).toEqual({ disconnect: two, wrong: [] });
  });

  test('names each row that isn’t a number', () => {
    expect(asked('number\n9102414365\n9.1E+09\n910\nfront desk')).toEqual({
      disconnect: two.slice(0, 1),
      wrong: [
        'Row 3: Excel shortened “9.1E+09”, and its digits are lost. Format the column as text and enter it again.',
        'Row 4: “910” is only part of a number: I need all ten digits of each.',
        "Row 5: “front desk” isn't a phone number.",
      ],
    });
    expect(asked('9.10241E+09\n9102414365')).toMatchObject({
      disconnect: two.slice(0, 1),
      wrong: [expect.stringContaining('Row 1: Excel shortened')],
    });
    expect(asked('number\n9102414365\nNumber')).toMatchObject({
      wrong: ['Row 3: This row repeats the column names. Delete it.'],
    });
  });
});

describe('A file that isn’t a table is recognized:', () => {
  const bytes = (...given: readonly number[]) => Uint8Array.from(given);
  const utf16 = Buffer.from('area code,quantity\n910,2\n', 'utf16le');
  test.each([
    ['nothing', bytes(), 'This file is empty.'],
    ['blank lines', Buffer.from('\n\n , \n'), 'This file is empty.'],
    ['only a head', Buffer.from('area code,quantity\n'), 'only a row of column names'],
    ['UTF-16 with a mark', Buffer.concat([bytes(0xff, 0xfe), utf16]), 'encoded in UTF-16'],
    ['UTF-16 without one', utf16, 'encoded in UTF-16'],
    ['UTF-16, high byte first', Buffer.from(utf16).swap16(), 'encoded in UTF-16'],
    ['Latin-1', Buffer.from('city,state\nMontréal,QC\n', 'latin1'), "isn't encoded in UTF-8"],
    ['a workbook', Buffer.concat([bytes(0x50, 0x4b, 0x03, 0x04), utf16]), 'a workbook'],
    ['an old workbook', bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1), 'a workbook'],
    ['something binary', Buffer.from('%PDF-1.7\n\u0000\u0001'), "isn't a text file"],
    ['a login page', Buffer.from('\n<!DOCTYPE html><html><title>Sign in'), 'a web page'],
    ['too much', Buffer.alloc(MAX_FILE_BYTES + 1, 'area code\n910\n'), 'too large: I read up to 512 kB'],
    ['an open quote', Buffer.from('area code\n910\n"919\n704\n'), 'Row 3 has a quotation mark'],
    ['a stray quote', Buffer.from('area code,reason\n910,5" pipe\n'), 'Row 2 has a quotation mark'],
    ['unnamed columns', Buffer.from('910,2\n919,3\n'), "can't tell what is in the columns"],
    ['only a quantity', Buffer.from('quantity\n2\n'), "can't tell what is in the columns"],
    ['one column twice', Buffer.from('qty,area code,count\n1,910,2'), '“qty” and “count” mean the same'],
    ['a misspelled column', Buffer.from('area code,quantitty\n910,2'), 'Did you mean “quantity”?'],
    ['too many rows', Buffer.from(`area code\n${'910\n'.repeat(5_001)}`), 'up to 5,000'],
    ['too many numbers', Buffer.from('area code,qty\n910,5000\n919,1'), 'asks for 5,001 numbers'],
  ])('%s', (_, given, sentence) => {
    const found = readImport(given);
    expect('fault' in found ? importFaultSentence(found.fault) : 'a table').toContain(sentence);
  });

  test('whatever is in it, it is read or refused in a sentence', () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '910',
        '9102414365',
        'Raleigh',
        'NC',
        '2',
        '9.1E+09',
        '"',
        ';',
        '\t',
        'area code',
        'qty',
      ),
      fc.string({ unit: 'grapheme' }),
    );
    const rows = fc
      .array(fc.array(cell, { maxLength: 4 }), { maxLength: 6 })
      .map((table) => table.map((row) => row.join(',')).join('\n'));
    const file: fc.Arbitrary<Uint8Array> = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      rows.map((text) => Buffer.from(text)),
      rows.map((text) => Buffer.from(`area code,quantity\n${text}`)),
    );
    fc.assert(
      fc.property(file, (given) => {
        const found = readImport(given);
        const said = 'fault' in found ? [importFaultSentence(found.fault)] : found.wrong.map(wrongRowLine);
        for (const sentence of said) expect(sentence).toMatch(/[.?]$/);
      }),
      { numRuns: runs(500) },
    );
  });
});

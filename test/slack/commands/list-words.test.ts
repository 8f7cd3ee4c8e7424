import { describe, expect, test } from '@jest/globals';
import { readCommand } from '../../../src/slack/commands/command.js';
import { printFilter, readListWords } from '../../../src/slack/commands/list-words.js';
import { anyCharacter } from '../../support/any-character.js';
import { fc } from '../../support/properties.js';

describe('a person who wants to see numbers types', () => {
  test.each<[typed: string, command: object]>([
    ['list', { verb: 'list', words: { filter: { by: 'all' }, file: false } }],
    ['list 910', { verb: 'list', words: { filter: { by: 'prefix', digits: '910' }, file: false } }],
    ['list numbers in (910) 555', { verb: 'list', words: { filter: { by: 'prefix', digits: '910555' } } }],
    ['list +1 910-241-4365', { verb: 'list', words: { filter: { by: 'prefix', digits: '9102414365' } } }],
    ['list +1', { verb: 'list', words: { filter: { by: 'all' } } }],
    ['list 1-910', { verb: 'list', words: { filter: { by: 'prefix', digits: '910' } } }],
    ['list NC', { verb: 'list', words: { filter: { by: 'place', state: 'NC' } } }],
    ['list raleigh, nc', { verb: 'list', words: { filter: { by: 'place', state: 'NC', city: 'raleigh' } } }],
    ['list Raleigh office', { verb: 'list', words: { filter: { by: 'name', name: 'Raleigh office' } } }],
    ['list sub-account 461', { verb: 'list', words: { filter: { by: 'name', name: '461' } } }],
    ['list 743', { verb: 'list', words: { filter: { by: 'prefix', digits: '743' } } }],
    ['list 12345', { verb: 'list', words: { filter: { by: 'name', name: '12345' } } }],
    ['list <@U0ANA|ana>', { verb: 'list', words: { filter: { by: 'requester', userId: 'U0ANA' } } }],
    ['list me', { verb: 'list', words: { filter: { by: 'me' } } }],
    ['list unexplained as csv', { verb: 'list', words: { filter: { by: 'unexplained' }, file: true } }],
    ['list csv', { verb: 'list', words: { filter: { by: 'all' }, file: true } }],
    ['list @nobody', { verb: 'list', words: { fault: { why: 'no-such-person', typed: '@nobody' } } }],
    [
      'list 91O',
      { verb: 'list', words: { fault: { why: 'not-a-prefix', typed: '91O', didYouMean: '910' } } },
    ],
    ['list 910-241-43651', { verb: 'list', words: { fault: { why: 'too-many-digits' } } }],
    ['list Raleigh, XX', { verb: 'list', words: { fault: { why: 'no-such-state', typed: 'XX' } } }],
    ['inventory', { verb: 'unknown', didYouMean: 'list' }],
    ['numbers 910', { verb: 'unknown', didYouMean: 'list 910' }],
    ['export Raleigh, NC', { verb: 'unknown', didYouMean: 'list Raleigh, NC' }],
  ])('%j', (typed, command) => {
    expect(readCommand(typed)).toMatchObject(command);
  });

  test('anything, and what is understood can be typed again and means the same', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: anyCharacter }),
          fc.stringMatching(/^[0-9()+ .-]{1,14}$/),
          fc.constantFrom(
            'new york',
            'Winston-Salem, NC',
            'O’Fallon MO',
            'location 651681',
            'all',
            'orphans?',
          ),
        ),
        (typed) => {
          const read = readListWords(typed);
          if ('fault' in read || read.filter.by === 'name') return;
          expect(readListWords(printFilter(read.filter))).toEqual({ filter: read.filter, file: false });
        },
      ),
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { readCommand } from '../../../src/slack/commands/command.js';
import { anyCharacter } from '../../support/any-character.js';
import { fc, runs } from '../../support/properties.js';

describe('after /numbers a person types', () => {
  test.each([
    ['', { verb: 'help' }],
    ['   ', { verb: 'help' }],
    ['help', { verb: 'help' }],
    ['HELP', { verb: 'help' }],
    ['?', { verb: 'help' }],
    ['help search', { verb: 'help', topic: 'search' }],
    ['help disconnect', { verb: 'help', topic: 'order' }],
    ['help policy', { verb: 'help', topic: 'records' }],
    ['help me', { verb: 'help' }],
    ['search', { verb: 'search-form' }],
    ['search  ', { verb: 'search-form' }],
    ['order', { verb: 'order-form' }],
    ['search 910', { verb: 'search', words: { draft: { criteria: { areaCode: '910' } } } }],
    ['Search: 910', { verb: 'search', words: { draft: { criteria: { areaCode: '910' } } } }],
    ['search\n910', { verb: 'search', words: { draft: { criteria: { areaCode: '910' } } } }],
    ['910', { verb: 'search', words: { draft: { criteria: { areaCode: '910' } } } }],
    ['(910) 555', { verb: 'search', words: { draft: { criteria: { npaNxx: '910555' } } } }],
    ['toll free', { verb: 'search', words: { draft: { criteria: { tollFreeWildCardPattern: '8**' } } } }],
    ['order 910 x2', { verb: 'order', words: { draft: { criteria: { areaCode: '910' }, quantity: 2 } } }],
    ['disconnect', { verb: 'disconnect-form' }],
    [
      'disconnect 9102414365 +1 (703) 434-3704,',
      { verb: 'disconnect', words: { numbers: ['+19102414365', '+17034343704'], wrong: [] } },
    ],
    ['disconnect 910', { verb: 'disconnect', words: { numbers: [], wrong: ['910'] } }],
    ['who', { verb: 'who', words: { numbers: [], wrong: [] } }],
    ['who 910-241-4365', { verb: 'who', words: { numbers: ['+19102414365'], wrong: [] } }],
    ['who has (910) 241-4365?', { verb: 'who', words: { numbers: ['+19102414365'], wrong: [] } }],
    ['who 910', { verb: 'who', words: { numbers: [], wrong: ['910'] } }],
    [
      '910-241-4365',
      {
        verb: 'whole-numbers',
        numbers: ['+19102414365'],
        problem: { why: 'whole-number', typed: '(910) 241-4365', suggestions: ['910-241', '910'] },
      },
    ],
    ['audit', { verb: 'audit', words: { which: { monthsAgo: 0 } } }],
    ['audit last month', { verb: 'audit', words: { which: { monthsAgo: 1 } } }],
    ['audit 2026-11', { verb: 'audit', words: { which: { year: 2026, month: 11 } } }],
    ['audit 2026/3', { verb: 'audit', words: { which: { year: 2026, month: 3 } } }],
    ['audit 11/2026', { verb: 'audit', words: { which: { year: 2026, month: 11 } } }],
    ['Audit: November 2026', { verb: 'audit', words: { which: { year: 2026, month: 11 } } }],
    ['audit Sept. 2026', { verb: 'audit', words: { which: { year: 2026, month: 9 } } }],
    ['audit 2026-13', { verb: 'audit', words: { wrong: '2026-13' } }],
    ['audit 2026', { verb: 'audit', words: { wrong: '2026' } }],
    ['audit Smarch 2026', { verb: 'audit', words: { wrong: 'Smarch 2026' } }],
    ['order 910-241-4365', { verb: 'order', words: { numbers: ['+19102414365'] } }],
    ['orders', { verb: 'orders', words: { orders: {} } }],
    ['orders all', { verb: 'orders', words: { orders: {} } }],
    ['orders Pending', { verb: 'orders', words: { orders: { state: 'waiting' } } }],
    ['orders mine open', { verb: 'orders', words: { orders: { state: 'open', requestedBy: 'me' } } }],
    ['orders of <@U0ANA|ana>', { verb: 'orders', words: { orders: { requestedBy: 'U0ANA' } } }],
    ['orders 910-241-4365', { verb: 'orders', words: { orders: { about: '910-241-4365' } } }],
    ['orders in Raleigh, NC', { verb: 'orders', words: { orders: { about: 'Raleigh NC' } } }],
    ['orders <tel:9102414365|910-241-4365>', { verb: 'orders', words: { orders: { about: '9102414365' } } }],
    ['orders #numbers', { verb: 'orders', words: { fault: { why: 'channel', typed: '#numbers' } } }],
  ])('%j', (text, command) => {
    expect(readCommand(text)).toEqual(command);
  });

  test('a search with a mistake, and is told about the mistake', () => {
    expect(readCommand('search 91O')).toMatchObject({ verb: 'search', words: { problem: { typed: '91O' } } });
    expect(readCommand('91O')).toMatchObject({
      verb: 'search',
      words: { problem: { suggestions: ['910'] } },
    });
  });

  test.each([
    ['serach 910', 'search 910'],
    ['serach', 'search'],
    ['Saerch Raleigh NC', 'search Raleigh, NC'],
    ['search910', 'search 910'],
    ['oder 910', 'order 910 x1'],
    ['pending', 'orders waiting'],
    ['my requests', 'orders waiting mine'],
    ['health', 'status'],
    ['status 910', 'orders 910'],
    ['ordres mine', 'orders mine'],
    ['buy 9102414365', 'order 910-241-4365'],
    ['find 91O', 'search 910'],
    ['hlep', 'help'],
    ['release 9102414365', 'disconnect 910-241-4365'],
    ['delete 9102414365', 'disconnect 910-241-4365'],
    ['release', 'disconnect'],
    ['return 9102414365', 'disconnect 910-241-4365'],
    ['disconect 9102414365', 'disconnect 910-241-4365'],
    ['whois 9102414365', 'who 910-241-4365'],
    ['owner', 'who'],
    ['info 910-241-4365', 'who 910-241-4365'],
    ['how', 'help'],
    ['disconnect9102414365', 'disconnect 910-241-4365'],
    ['Raleigh, NC', 'search Raleigh, NC'],
    ['vanity PIZZA in 910', 'search vanity PIZZA in 910'],
    ['aduit 2026/11', 'audit 2026-11'],
    ['history', 'audit'],
    ['audti last month', 'audit last month'],
    ['log 2026-99', 'audit'],
    ['serach King &amp; Queen, VA', 'search King & Queen, VA'],
  ])('%s, and is asked: did you mean %s?', (text, didYouMean) => {
    expect(readCommand(text)).toMatchObject({ verb: 'unknown', didYouMean });
  });

  test.each([
    ['cancel', 'cancel'],
    ['Cancel!', 'cancel'],
    ['cancel 910-241-4365', 'cancel'],
    ['cancel my order', 'cancel'],
    ['stop', 'cancel'],
    ['undo', 'undo'],
    ['approve', 'approve'],
    ['decline 5', 'decline'],
    ['edit', 'edit'],
    ['retry', 'ask-again'],
    ['price', 'price'],
    ['price 910', 'price'],
    ['delete', 'delete'],
    ['delete 910', 'delete'],
    ['remove my order', 'delete'],
  ])('%s, and is told where that is done: %s', (text, where) => {
    expect(readCommand(text)).toMatchObject({ verb: 'elsewhere', where });
  });

  test.each([
    ['buy', 'order'],
    ['find', 'search'],
    ['pending', 'orders waiting'],
    ['inbox', 'orders waiting'],
    ['mine', 'orders mine'],
    ['health', 'status'],
    ['status 910', 'orders 910'],
    ['export', 'list'],
    ['find 910', 'search 910'],
    ['release', 'disconnect'],
    ['Price, UT', 'search Price, UT'],
  ])('%s, and is asked only: did you mean %s?', (text, didYouMean) => {
    expect(readCommand(text)).toMatchObject({ verb: 'unknown', didYouMean });
  });

  test('something else altogether, which comes back as typed', () => {
    expect(readCommand('sing &lt;!channel&gt;')).toEqual({ verb: 'unknown', typed: 'sing <!channel>' });
    expect(readCommand('constructor')).toEqual({ verb: 'unknown', typed: 'constructor' });
  });
});

test('no command throws, and whatever is suggested is understood', () => {
  const verb = fc.constantFrom(
    'search',
    'serach',
    'order',
    'disconnect',
    'release',
    'oder',
    'help',
    'find',
    '',
    '910',
    'toString',
  );
  const text = fc.tuple(verb, fc.string({ unit: 'grapheme', maxLength: 30 })).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: anyCharacter })), (typed) => {
      const command = readCommand(typed);
      if (command.verb !== 'unknown' || command.didYouMean === undefined) return;
      const meant = readCommand(command.didYouMean);
      expect(meant.verb).not.toBe('unknown');
      expect('words' in meant ? meant.words : {}).not.toHaveProperty('problem');
      if (meant.verb === 'disconnect') expect(meant.words.wrong).toEqual([]);
    }),
    { numRuns: runs(1000) },
  );
});

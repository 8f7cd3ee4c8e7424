import { describe, expect, test } from '@jest/globals';
import { printMessaging, readMessagingWords } from '../../../src/slack/commands/messaging-words.js';
import { anyCharacter } from '../../support/any-character.js';
import { fc, runs } from '../../support/properties.js';
import { numbers } from '../../support/sample-orders.js';

const one = numbers('9102414365');
const two = numbers('9102414365', '9102414366');

describe('After /numbers messaging, people type numbers and what to do', () => {
  test.each([
    ['910-241-4365 on', 'on'],
    ['910-241-4365 OFF', 'off'],
    ['on 910-241-4365', 'on'],
    ['off for 910-241-4365', 'off'],
    ['turn on 910-241-4365', 'on'],
    ['910-241-4365 turn off', 'off'],
    ['910-241-4365, off', 'off'],
    ['910-241-4365 campaign CB7T2QK', 'campaign CB7T2QK'],
    ['910-241-4365 campaign: CB7T2QK', 'campaign CB7T2QK'],
    ['910-241-4365 to campaign #CB7T2QK', 'campaign CB7T2QK'],
    ['campaign CB7T2QK 910-241-4365', 'campaign CB7T2QK'],
    ['910-241-4365 on campaign CB7T2QK', 'campaign CB7T2QK'],
  ])('%s', (typed, change) => {
    const words = readMessagingWords(typed);
    expect(words).toMatchObject({ numbers: one, wrong: [] });
    expect(words.change && printMessaging(words.change)).toBe(change);
  });

  test.each([
    '910-241-4365 910-241-4366 on',
    '910-241-4365 on 910-241-4366',
    '(910) 241-4365, on, 9102414366',
  ])('with several numbers: %s', (typed) => {
    expect(readMessagingWords(typed)).toEqual({ numbers: two, wrong: [], change: { to: 'on' } });
  });

  test.each([
    '910-241-4365',
    '910-241-4365 campaign',
    'campaign 910-241-4365',
    '910-241-4365 on off',
    '910-241-4365 off campaign CB7T2QK',
    '910-241-4365 campaign CB7T2QK campaign CA1B2C3',
  ])('which the form asks about if it isn’t clear: %s', (typed) => {
    expect(readMessagingWords(typed)).toEqual({ numbers: one, wrong: [] });
  });

  test.each(['910-241-4365 onward', '910-241-4365 please', '910-241-4365 campaign <!channel>'])(
    'and anything else isn’t ignored: %s',
    (typed) => {
      expect(readMessagingWords(typed).wrong).not.toEqual([]);
    },
  );

  test('or any text at all, without an error', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'on',
        'off',
        'campaign',
        'turn',
        'to',
        'for',
        ':',
        '#',
        ' ',
        ',',
        '9102414365',
        'CB7T2QK',
      ),
      fc.string({ unit: anyCharacter, maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.boolean(), (pieces, spaced) => {
        const read = readMessagingWords(pieces.join(spaced ? ' ' : ''));
        expect(read).toBeDefined();
        if (read.change?.to === 'campaign') expect(read.change.campaign.id).toMatch(/^[A-Za-z0-9-]+$/);
      }),
      { numRuns: runs(300) },
    );
  });
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mentionsIn } from '../../sandbox/local-slack/local-slack.js';
import { anyCharacter } from '../support/any-character.js';
import { fc } from '../support/properties.js';
import { failures } from '../support/search-steps.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

/** How long Slack waits for an acknowledgement. */
const SLACK_WAITS_MS = 3_000;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** What people type, and what nobody would. */
const word = fc.oneof(
  fc.constantFrom(
    ...[
      'search',
      'order',
      'help',
      'serach',
      'find',
      '910',
      '910-555',
      '91O',
      '110',
      '833',
      'NC',
      'XX',
      'Raleigh,',
    ],
    ...[
      'Raleigh',
      'rc',
      'lata',
      'vanity',
      'PIZZA',
      'ending',
      'tollfree',
      '83*',
      'x25',
      'x0',
      'lca',
      'by',
      'fullNumber',
    ],
    ...[
      'protected',
      'only',
      '27601',
      '910-241-4365',
      'in',
      ',',
      '"',
      '`',
      '*',
      '_',
      '~',
      '😀',
      '👩‍👩‍👧',
      '\u202E',
      '\u0000',
    ],
    ...[
      '<!channel>',
      '<!here>',
      '<@U0BEN>',
      '<#C0NUMBERS|numbers>',
      '<tel:9102414365|910-241-4365>',
      '&amp;',
      '&lt;',
      '<',
    ],
    ...[
      '<https://example.com|x>',
      '@ben',
      '#numbers',
      '@channel',
      ':tada:',
      '__proto__',
      'constructor',
      '%00',
      '$1',
      "'--",
    ],
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: anyCharacter, maxLength: 12 }),
);
const line = fc.oneof(
  fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
  fc.array(word, { maxLength: 5 }).map((words) => `search ${words.join(' ')}`),
  fc.array(word, { maxLength: 5 }).map((words) => `order ${words.join(' ')}`),
  fc.string({ unit: anyCharacter, minLength: 2000, maxLength: 4000 }),
);

test('whatever Ana types is answered: privately, by a form or by results, and nothing breaks', async () => {
  const { ana, slack } = world;
  await fc.assert(
    fc.asyncProperty(line, async (text) => {
      const answers = () => ana.ephemerals(CHANNEL).length + slack.messages(CHANNEL).length;
      const [before, pinged] = [answers(), ana.directMessages().length];
      const said = await ana.types(CHANNEL, `/numbers ${text}`);
      expect(said.error).toBeUndefined();
      await slack.until(() => answers() > before || ana.hasForm(), {
        describe: `an answer to ${JSON.stringify(text)}`,
      });
      while (ana.hasForm()) await (await ana.form()).close();
      expect(failures(world)).toEqual([]);
      expect(ana.directMessages()).toHaveLength(pinged);
      for (const { text, blocks, names } of [...ana.ephemerals(CHANNEL), ...slack.messages(CHANNEL)]) {
        for (const pinged of mentionsIn({ text, blocks, names })) expect(pinged).toBe(ana.id);
      }
    }),
    { numRuns: 100 },
  );
  expect(slack.deliveries.filter(({ ok, took }) => !ok || took >= SLACK_WAITS_MS)).toEqual([]);
});

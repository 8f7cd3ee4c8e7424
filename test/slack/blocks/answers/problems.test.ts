import { describe, expect, test } from '@jest/globals';
import type { SearchProblem } from '../../../../src/orders/domain/search/check-search.js';
import { beginnings, examples, helpAnswer } from '../../../../src/slack/blocks/answers/help.js';
import {
  elsewhereAnswer,
  problemSentence,
  unknownCommandAnswer,
  wordsProblemAnswer,
} from '../../../../src/slack/blocks/answers/problems.js';
import { type Command, readCommand } from '../../../../src/slack/commands/command.js';
import { helpTopics } from '../../../../src/slack/commands/help-topics.js';

describe('what is wrong with a search', () => {
  test.each<[SearchProblem, string]>([
    [
      { field: 'areaCode', code: 'bad-area-code', value: '911' },
      "911 isn't an area code: it is a service number. Example: 910.",
    ],
    [
      { field: 'zip', code: 'bad-zip', value: '2760' },
      "2760 isn't a ZIP code: five digits, or nine like 27601-1234.",
    ],
    [
      { field: 'state', code: 'state-missing', other: 'rateCenter' },
      'Which state? A rate center needs its state, as in Raleigh, NC.',
    ],
    [
      { field: 'npaNxx', code: 'does-not-combine', other: 'areaCode' },
      "An NPA-NXX can't be combined with an area code. Use one of them.",
    ],
    [
      { field: 'lca', code: 'option-not-here', other: 'orderBy' },
      "Results from the local calling area can't be sorted: leave out one of the two.",
    ],
    ...(['localVanity', 'tollFreeVanity'] as const).flatMap((field): [SearchProblem, string][] => [
      [
        { field, code: 'bad-vanity', value: 'CAB' },
        'CAB is too short: a vanity word has 4 to 7 letters or digits, such as PIZZA.',
      ],
      [
        { field, code: 'bad-vanity', value: 'FLOWERSHOP' },
        'FLOWERSHOP is too long: a vanity word has 4 to 7 letters or digits, such as PIZZA.',
      ],
      [
        { field, code: 'bad-vanity', value: 'CAFÉ' },
        "CAFÉ can't be spelled on a phone: use the letters A to Z and digits only.",
      ],
    ]),
  ])('%j is explained in a sentence', (problem, sentence) => {
    expect(problemSentence(problem)).toBe(sentence);
  });

  test('is explained briefly enough for a field, no matter how much was typed', () => {
    const value = 'x'.repeat(3000);
    const codes = [
      'bad-area-code',
      'bad-npa-nxx',
      'bad-npa-nxxx',
      'bad-text',
      'bad-vanity',
      'bad-quantity',
    ] as const;
    for (const code of codes)
      expect(problemSentence({ field: 'city', code, value }).length).toBeLessThan(180);
  });
});

describe('the private answer', () => {
  test('to words with a mistake says what would work', () => {
    const command = readCommand('search 91O');
    if (command.verb !== 'search' || !('problem' in command.words)) throw new Error('no problem');
    expect(wordsProblemAnswer(command.words.problem, 'search').text).toBe(
      '“91O” has a letter where a digit belongs. Try `/numbers search 910`',
    );
  });

  test('to a mistyped verb asks what was meant', () => {
    expect(
      unknownCommandAnswer({ verb: 'unknown', typed: 'serach 910', didYouMean: 'search 910' }).text,
    ).toBe("“serach 910” isn't a command. Did you mean `/numbers search 910`?");
    expect(unknownCommandAnswer({ verb: 'unknown', typed: 'sing' }).text).toBe(
      "“sing” isn't a command. See `/numbers help`",
    );
  });

  test.each(['cancel', 'stop', 'undo', 'approve', 'decline', 'edit', 'retry', 'price', 'delete'])(
    'to “%s” says where that is done, and suggests nothing that would do something else',
    (typed) => {
      const command = readCommand(typed);
      if (command.verb !== 'elsewhere') throw new Error('it is done here');
      const { text } = elsewhereAnswer(command);
      expect(text).toContain(`“${typed}” isn't a command. `);
      for (const [, suggested = ''] of text.matchAll(/`\/numbers ([^`]+)`/g)) {
        expect([
          'help',
          'orders',
          'policy',
          'search',
          ...(typed === 'delete' ? ['disconnect'] : []),
        ]).toContain(readCommand(suggested).verb);
      }
    },
  );

  test('to “cancel” names the button of the card', () => {
    const command = readCommand('cancel 910-241-4365');
    if (command.verb !== 'elsewhere') throw new Error('it is done here');
    expect(elsewhereAnswer(command).text).toBe(
      "“cancel 910-241-4365” isn't a command. To cancel an order, press Cancel on its card. Nothing was changed. See `/numbers help`",
    );
  });

  test('mentions no one', () => {
    const command = readCommand('&lt;!channel&gt; `*x*`');
    if (command.verb !== 'unknown') throw new Error('known');
    const { text, blocks } = unknownCommandAnswer(command);
    expect(text).not.toContain('<!channel>');
    expect(blocks[0]).toMatchObject({ text: { type: 'plain_text', emoji: false } });
  });
});

const works = (command: Command) =>
  command.verb !== 'unknown' &&
  command.verb !== 'elsewhere' &&
  !('words' in command && 'problem' in command.words);

describe('help', () => {
  test('shows only what works', () => {
    for (const [words] of examples) {
      expect([words, works(readCommand(words))]).toEqual([words, true]);
    }
  });

  test('shows only option spellings that work', () => {
    const mentioned = examples.flatMap(([, meaning]) =>
      [...meaning.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
    );
    expect(mentioned.length).toBeGreaterThan(8);
    for (const words of mentioned) {
      const variants = [
        words,
        `search ${words}`,
        `list ${words.replace('@ana', '<@U0ANA>')}`,
        `search 27601 ${words}`,
        `search 27601 by ${words}`,
        `search vanity PIZZA ${words}`,
      ];
      expect([words, variants.map(readCommand).some(works)]).toEqual([words, true]);
    }
  });

  test('is one screen with three topics as buttons, each a screen of its own', () => {
    const screens = [undefined, ...helpTopics].map((topic) => helpAnswer(topic));
    for (const { text, blocks } of screens) {
      expect(text.split('\n').length).toBeLessThanOrEqual(12);
      expect(blocks).toHaveLength(3);
    }
    expect(screens[0]?.text.split('\n').length).toBeLessThanOrEqual(5);
    const buttons = screens.map(({ blocks }) => blocks.find(({ type }) => type === 'actions'));
    expect(buttons.map((row) => row?.type === 'actions' && row.elements.length)).toEqual([3, 2, 2, 2]);
  });

  test('names every command in one of its topics, and begins with what works', () => {
    const topics = helpTopics.map((topic) => helpAnswer(topic).text).join('\n');
    for (const [words] of examples) expect(topics).toContain(`/numbers ${words}`);
    for (const [words] of beginnings) expect(readCommand(words)).toMatchObject({ words: {} });
  });
});

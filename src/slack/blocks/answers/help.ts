import { COMMAND } from '../../commands/command.js';
import { type HelpTopic, helpTopics, topicOf } from '../../commands/help-topics.js';
import { actions } from '../action-ids.js';
import { button, context, row, section } from '../elements.js';
import type { Answer } from './problems.js';

/** Commands and their meanings. Each line is an example that works. */
export const examples: readonly (readonly [words: string, meaning: string])[] = [
  ['search 910', 'numbers in an area code; `910-555` or `910-555-1` for a prefix, `833` for toll-free'],
  ['search Raleigh, NC x25', 'in a city, 25 at most; also `NC`, `27601`, `rc RALEIGH NC`, `lata 426`'],
  ['search 910 in Raleigh, NC', 'several criteria at once'],
  ['search vanity PIZZA in 910', 'numbers that spell a word; add `ending` if they must end in it'],
  ['search tollfree 83*', 'toll-free numbers; `tollfree vanity NEWCARS` for a word'],
  ['search 910-555 by fullNumber', 'sorted `by fullNumber`, `npaNxx`, `npaNxxx` or `areaCode`'],
  ['search 910-555 lca', 'also its local calling area; `protected only` or `protected mixed` go with any'],
  [
    'search 910 easy',
    'numbers that are easy to remember, the best first; `like 910-241-4444` for that pattern',
  ],
  ['search 910 in a row x5', 'consecutive numbers, five or more; also `5 in a row`'],
  [
    'search 910 starting 2 without 13 and 666',
    'digits after the area code; also `ending 00`. I filter what Bandwidth returns',
  ],
  ['order 1 each in 910, 919, 704', 'several places, one approval; also `order 910 x2, 919 x3`'],
  ['order Raleigh, NC x5', 'the first five that match, after approval; `order 910-241-4365` for this one'],
  [
    'picked',
    'what you added from several searches with *Add to order*; `order picked` opens the form with all of it',
  ],
  ['disconnect 910-241-4365, 910-241-4366', 'disconnect numbers, after approval'],
  ['move 910-241-4365 to Contact center', 'move numbers to another location, after approval'],
  [
    'messaging 910-241-4365 campaign CB7T2QK',
    'text messages under a 10DLC campaign, after approval; also `on` and `off`',
  ],
  [
    'import',
    'order from a CSV file, or disconnect a list of numbers; `import template` sends you both as templates',
  ],
  [
    'list 910',
    'your numbers and who ordered them; also `NC`, `Raleigh, NC`, a sub-account, `@ana`, `unexplained`',
  ],
  [
    'orders waiting',
    'orders and their cards; also `orders`, `orders mine`, `orders done`, `orders 910`, `orders Raleigh`',
  ],
  ['who 910-241-4365', 'everything about a number: who ordered it, where it is, E911 and messaging'],
  ['policy', 'what you can do; `policy test @ana order 25` says who would have to approve'],
  ['away until Friday @cleo', 'let someone approve for you; `away` shows it, `back` ends it'],
  ['audit 2026-11', 'everything requested, decided and done in a month, as files; for approvers'],
  ['drift', 'where the account and the orders disagree, and what is stuck'],
  ['status', "what works right now, what doesn't, and what is waiting"],
];

const INTRO =
  'Search, order and disconnect phone numbers. Orders wait for approval, unless your policy says otherwise; my Home tab shows what waits for yours.';
const FORMS = `\`${COMMAND} search\`, \`${COMMAND} order\` or \`${COMMAND} disconnect\` alone opens a form.`;

/** How people begin. Each works. */
export const beginnings: readonly (readonly [words: string, meaning: string])[] = [
  ['search 910', 'find numbers, tick some and order them'],
  ['orders waiting', 'what waits for approval'],
];

const topics: Readonly<
  Record<HelpTopic, { readonly title: string; readonly action: string; readonly end: string }>
> = {
  search: {
    title: 'Search',
    action: actions.helpSearch,
    end: 'Criteria and options go in any order. Put a name in quotes if it contains digits or words of the command: `rc "QUEENS 8" NY`.',
  },
  order: { title: 'Order & disconnect', action: actions.helpOrder, end: FORMS },
  records: {
    title: 'Look up',
    action: actions.helpRecords,
    end: 'Only you see the answers.',
  },
};

/** Without a topic, how to begin and the topics as buttons; with one, its commands. */
export function helpAnswer(topic?: HelpTopic): Answer {
  const title = topic === undefined ? INTRO : `*${topics[topic].title}*`;
  const shown = topic === undefined ? beginnings : examples.filter(([words]) => topicOf(words) === topic);
  const lines = shown.map(([words, meaning]) => `\`${COMMAND} ${words}\`  ${meaning}`);
  const end = topic === undefined ? FORMS : topics[topic].end;
  return {
    text: [title, ...lines, end].join('\n'),
    blocks: [section([title, ...lines].join('\n')), context(end), row(topicButtons(topic))],
  };
}

const topicButtons = (open: HelpTopic | undefined) =>
  helpTopics
    .filter((topic) => topic !== open)
    .map((topic) =>
      button({
        label: topics[topic].title,
        spoken: `Help with: ${topics[topic].title}`,
        action: topics[topic].action,
        value: topic,
      }),
    );

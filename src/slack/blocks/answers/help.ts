import type { KnownBlock } from '@slack/types';
import { COMMAND } from '../../commands/command.js';
import type { Answer } from './problems.js';

/** Commands and their meanings. Each line is an example that works. */
export const examples: readonly (readonly [words: string, meaning: string])[] = [
  ['search 910', 'numbers in an area code; `910-555` or `910-555-1` for a prefix, `833` for toll-free'],
  ['search Raleigh, NC x25', 'in a city, 25 at most; also `NC`, `27601`, `rc RALEIGH NC`, `lata 426`'],
  ['search 910 in Raleigh, NC', 'several criteria at once'],
  ['search vanity PIZZA in 910', 'numbers that spell a word; add `ending` if they must end in it'],
  ['search tollfree 83*', 'toll-free numbers; `tollfree vanity NEWCARS` for a word'],
  ['search 910-555 by fullNumber', 'in order: `by fullNumber`, `npaNxx`, `npaNxxx` or `areaCode`'],
  ['search 910-555 lca', 'also its local calling area; `protected only` or `protected mixed` go with any'],
  ['order Raleigh, NC x5', 'the first five that match, after approval; `order 910-241-4365` for this one'],
  ['disconnect 910-241-4365, 910-241-4366', 'disconnect numbers, after approval'],
  ['policy', 'what you may do; `policy test @ana order 25` says who would have to approve'],
  ['audit 2026-11', 'everything requested, decided and done in a month, as files; for approvers'],
];

const INTRO =
  'Search, order and disconnect phone numbers. An approver has to agree before anything is ordered or disconnected.';
const FORMS = `\`${COMMAND} search\`, \`${COMMAND} order\` or \`${COMMAND} disconnect\` alone opens a form.`;

export function helpAnswer(): Answer {
  const lines = examples.map(([words, meaning]) => `\`${COMMAND} ${words}\`  ${meaning}`);
  const blocks: KnownBlock[] = [
    { type: 'section', text: { type: 'mrkdwn', text: INTRO } },
    { type: 'section', text: { type: 'mrkdwn', text: lines.join('\n') } },
    { type: 'context', elements: [{ type: 'mrkdwn', text: FORMS }] },
  ];
  return { text: [INTRO, ...lines, FORMS].join('\n'), blocks };
}

import { COMMAND } from '../../commands/command.js';
import type { ListFault } from '../../commands/list-words.js';
import { codeSpan, cut } from '../../text/escape.js';
import { section } from '../elements.js';
import type { Answer } from './problems.js';

const faultSentences: Readonly<Record<ListFault['why'], (typed: string) => string>> = {
  'no-such-person': (typed) =>
    `I don't know ${typed}. Pick the person from the list that Slack shows after @.`,
  'several-people': () => 'I can list the numbers of one person at a time.',
  'too-many-digits': (typed) => `${typed} is longer than a phone number.`,
  'not-a-prefix': (typed) => `${typed} isn't the beginning of a phone number.`,
  'no-such-state': (typed) => `${typed} isn't a US state or Canadian province.`,
};

export function listFaultAnswer({ why, typed: words, didYouMean }: ListFault): Answer {
  const sentence = faultSentences[why](codeSpan(cut(words, 40)));
  const text =
    didYouMean === undefined
      ? `${sentence} Try ${codeSpan(`${COMMAND} list 910`)}, ${codeSpan(`${COMMAND} list Raleigh, NC`)} or ${codeSpan(`${COMMAND} list`)}.`
      : `${sentence} Did you mean ${codeSpan(`${COMMAND} list ${didYouMean}`)}?`;
  return { text, blocks: [section(text)] };
}

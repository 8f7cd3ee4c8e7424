import type { KnownBlock } from '@slack/types';
import {
  type InServiceRequest,
  MAX_LINES,
  namedNumbers,
  ORDER_NAME_MAX,
} from '../../../orders/domain/request.js';
import {
  type BrokenRule,
  isMalformed,
  isMalformedFilter,
  type SearchField,
  type SearchProblem,
} from '../../../orders/domain/search/check-search.js';
import { type Criterion, isCriterion } from '../../../orders/domain/search/criteria.js';
import { type Filter, isFilter } from '../../../orders/domain/search/filters.js';
import { MAX_QUANTITY } from '../../../orders/domain/search/search.js';
import { COMMAND, type Command, type Elsewhere } from '../../commands/command.js';
import { printMessaging } from '../../commands/messaging-words.js';
import { printNumbers } from '../../commands/print-search.js';
import type { LinesFault } from '../../commands/search-reading.js';
import type { WordsProblem } from '../../commands/search-words.js';
import type { FaultCode } from '../../criteria/search-fault.js';
import { criterionWords } from '../../criteria/table.js';
import { filterWords } from '../../filters/table.js';
import { codeSpan, cut, escapeText, plainText } from '../../text/escape.js';
import { capitalized, figure } from '../format.js';
import { wrongNumberSentence } from '../wrong-numbers.js';

/** A message. `text` says the same as the blocks, for notifications and screen readers. */
export interface Answer {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** Where a person was to be named. */
export const unknownPerson = (typed: string): string =>
  `I don't know ${typed}. Type @ and choose the person from Slack's list.`;

/** For a form that another version of the app opened. */
export const OUTDATED_FORM = 'This form is out of date. Close it and start again.';

export const NAME_TOO_LONG = `A name has at most ${ORDER_NAME_MAX} characters.`;

/** For a button, menu or form that another version of the app rendered. */
export const OUTDATED_ELEMENT = 'This button or menu is out of date. Start again with `/numbers`.';

/** Enough of the typed text to recognize it. */
const SHOWN = 40;

const optionNames: Readonly<Record<Exclude<SearchField, Criterion | Filter>, string>> = {
  endsIn: '“ending”',
  quantity: 'a quantity',
  lca: 'the local calling area',
  orderBy: 'a sort order',
  protected: 'protected',
};

/** With its article, as in a sentence. */
function fieldName(field: SearchField): string {
  if (isFilter(field)) return filterWords[field].noun;
  return isCriterion(field) ? criterionWords[field].noun : optionNames[field];
}

const searchSentences: Readonly<Record<BrokenRule, (problem: SearchProblem, value: string) => string>> = {
  'nothing-to-search': () =>
    'Say where the numbers should be: an area code such as 910, or a place such as Raleigh, NC.',
  'toll-free-area-code': (_, value) =>
    `${value.slice(0, 3)} is a toll-free prefix and has no exchanges to search in. Search for toll-free numbers instead.`,
  'state-missing': ({ other = 'city' }) =>
    `Which state? ${capitalized(fieldName(other))} needs its state, as in Raleigh, NC.`,
  'bad-quantity': (_, value) =>
    `The quantity must be a whole number from 1 to ${figure(MAX_QUANTITY)}, not ${value}.`,
  'does-not-combine': ({ field, other = 'areaCode' }) =>
    `${capitalized(fieldName(field))} can't be combined with ${fieldName(other)}. Use one of them.`,
  contradiction: ({ field, value, other = 'quantity', otherValue }) =>
    other === 'quantity'
      ? `${value} in a row is more than the limit of ${otherValue} (x${otherValue}).`
      : `No number matches both “${words(field, value)}” and “${words(other, otherValue)}”. Leave one of them out.`,
  'option-not-here': (problem) => optionSentence(problem),
  'not-in-an-order': ({ field }) =>
    `${capitalized(fieldName(field))} can be asked for in a search, not in an order. Search first and order what you pick.`,
  'area-code-missing': () => 'A vanity number can only be ordered within an area code, such as 910.',
};

/** What people type for this value. */
function words(field: SearchField, value = ''): string {
  if (isFilter(field)) return filterWords[field].print(value);
  if (isCriterion(field)) return criterionWords[field].print(value, { criteria: {}, quote: false });
  return field === 'quantity' ? `x${value}` : value;
}

function optionSentence({ field, other = 'areaCode' }: SearchProblem): string {
  if (field === 'lca') {
    return other === 'orderBy'
      ? "Results from the local calling area can't be sorted: leave out one of the two."
      : 'The local calling area can only be added to an NPA-NXX, an NPA-NXX-X or a rate center alone.';
  }
  if (field === 'orderBy') {
    return 'Only a search for an NPA-NXX, a rate center, a city, a ZIP code or toll-free numbers can be sorted.';
  }
  if (field === 'endsIn') {
    return '“ending” needs digits, as in ending 00, or a local vanity word, as in vanity PIZZA ending.';
  }
  return `${capitalized(fieldName(field))} can't be combined with ${fieldName(other)}. Leave it out.`;
}

/**
 * Returns one or two plain sentences, not escaped, for an error under a form field, where Slack renders no formatting.
 */
export function problemSentence(problem: SearchProblem): string {
  const shown = cut(problem.value ?? '', SHOWN);
  if (isMalformedFilter(problem)) {
    return filterWords[problem.field].malformed(shown, problem.value ?? '');
  }
  return isMalformed(problem)
    ? criterionWords[problem.field].malformed(shown, problem.value ?? '')
    : searchSentences[problem.code](problem, shown);
}

const wordsSentences: Readonly<Record<FaultCode | LinesFault, (typed: string, field?: Criterion) => string>> =
  {
    'nothing-typed': () => 'Say where the numbers should be.',
    'letter-for-digit': (typed) => `“${typed}” has a letter where a digit belongs.`,
    digits: (typed) => `“${typed}” has ${digitCount(typed)}. ${DIGITS}`,
    'not-a-number': (typed) => `“${typed}” isn't a complete US or Canadian number of ten digits.`,
    'missing-value': (typed) => `Something is missing after “${typed}”.`,
    'unknown-option': (typed) => `I don't understand “${typed}”.`,
    twice: (typed, field) =>
      field === undefined
        ? `I can't combine “${typed}” with the words before it. Leave one of them out.`
        : `I can search one ${criterionWords[field].noun.replace(/^an? /, '')} at a time. Leave out “${typed}” or the other.`,
    'unclear-name': (typed) => `I can't tell whether “${typed}” is one name. Put a name in quotes.`,
    'whole-number': (typed) =>
      `${typed} is a whole number. To order just that one: ${COMMAND} order ${typed}`,
    'too-many-lines': (typed) => `An order has at most ${MAX_LINES} lines, and this has ${typed}.`,
    'too-many-numbers': (typed) =>
      `An order has at most ${figure(MAX_QUANTITY)} numbers, and this has ${figure(Number(typed))}.`,
    'quantity-for-each': (typed) => `Put a quantity after each place in “${typed}”.`,
    'number-twice': (typed) => `${typed} is in two lines. Leave it in one.`,
    'not-understood': (typed) => `I don't understand “${typed}”.`,
  };

const DIGITS = 'An area code has 3, an NPA-NXX 6, an NPA-NXX-X 7, a ZIP code 5 or 9, a whole number 10.';

function digitCount(typed: string): string {
  const { length } = typed.replace(/\D/g, '');
  return length === 1 ? 'one digit' : `${length} digits`;
}

/** Plain, not escaped. */
export function wordsProblemSentence({ why, typed, field }: Omit<WordsProblem, 'suggestions'>): string {
  return typeof why === 'object' ? problemSentence(why) : wordsSentences[why](cut(typed, SHOWN), field);
}

/** The private answer to words that aren't understood: what is wrong, and what would work. */
export function wordsProblemAnswer(problem: WordsProblem, verb: 'search' | 'order'): Answer {
  const sentence = wordsProblemSentence(problem);
  return answer(
    sentence,
    'Try',
    problem.suggestions.map((words) => `${COMMAND} ${verb} ${words}`),
  );
}

/** The private answer to a verb with words that aren't whole numbers. `wrong` is empty if nothing was typed. */
export function wrongNumbersAnswer(
  wrong: readonly string[],
  verb: 'disconnect' | 'move' | 'messaging' = 'disconnect',
): Answer {
  const sentence =
    wrong.length === 0
      ? verb === 'messaging'
        ? 'Enter the numbers.'
        : `Enter the numbers to ${verb}.`
      : wrongNumberSentence(wrong);
  return answer(`${sentence} Nothing was done.`, 'For a form, type', [`${COMMAND} ${verb}`]);
}

/** Above the fields, when one request can't bring all numbers of an order back. Not escaped. */
export const fromElsewhere = (others: readonly InServiceRequest[]): string =>
  [
    'The other numbers of that order were somewhere else. Request them separately:',
    ...others.map((other) => {
      const to =
        other.kind === 'move'
          ? ` to ${other.location.id}`
          : other.kind === 'messaging'
            ? ` ${printMessaging(other.change)}`
            : '';
      return `${COMMAND} ${other.kind} ${printNumbers(namedNumbers(other).slice(0, NUMBERS_SHOWN))}${to}`;
    }),
  ].join('\n');

export const CAMPAIGN_NOT_OURS = "This isn't one of your account's campaigns. Choose one.";

const NUMBERS_SHOWN = 10;

/** Above the fields, when the location that was typed isn't clear. Not escaped. */
export const targetNotFound = (typed: string, found: number): string =>
  found === 0
    ? `No location or sub-account is called “${cut(typed, SHOWN)}”. Choose one.`
    : `${found} locations fit “${cut(typed, SHOWN)}”. Choose one.`;

/** The private answer to an unknown command. */
export function unknownCommandAnswer({ typed, didYouMean }: Extract<Command, { verb: 'unknown' }>): Answer {
  const sentence = `“${cut(typed, SHOWN)}” isn't a command.`;
  return didYouMean === undefined
    ? answer(sentence, 'See', [`${COMMAND} help`])
    : answer(sentence, 'Did you mean', [`${COMMAND} ${didYouMean}`]);
}

const elsewhereSentences: Readonly<Record<Elsewhere, string>> = {
  cancel: 'To cancel an order, press Cancel on its card. Nothing was changed.',
  undo: 'An approved disconnect can be undone for a short time: press Undo on its card. Nothing was changed.',
  approve: 'To approve an order, press the Approve button on its card. Nothing was changed.',
  decline: 'To decline an order, press Decline… on its card. Nothing was changed.',
  edit: 'To change an order that waits for approval, press Edit… on its card. Nothing was changed.',
  'ask-again':
    'To submit an expired order again, press Ask again… on its card. If Bandwidth has no record of an order, its card has buttons for that. Nothing was changed.',
  price: "Bandwidth's API has no prices, so I can't show any. Your Bandwidth contract has them.",
  delete:
    'To cancel an order, press Cancel on its card. To disconnect numbers, name them. Nothing was changed.',
};

const elsewhereCommands: Readonly<Partial<Record<Elsewhere, readonly string[]>>> = {
  delete: ['disconnect 910-241-4365'],
};

/** The private answer to a word for something that is done elsewhere: where to do it. */
export function elsewhereAnswer({ where, typed }: Extract<Command, { verb: 'elsewhere' }>): Answer {
  const commands = elsewhereCommands[where] ?? ['help'];
  const lead = elsewhereCommands[where] === undefined ? 'See' : 'Try';
  return answer(
    `“${cut(typed, SHOWN)}” isn't a command. ${elsewhereSentences[where]}`,
    lead,
    commands.map((words) => `${COMMAND} ${words}`),
  );
}

/** Section text may have 3,000 characters (reference/block-kit, section). */
const SECTION = 3000;

function answer(sentence: string, lead: string, commands: readonly string[]): Answer {
  const shown = commands.map((command) => codeSpan(cut(command, 300))).join('  or  ');
  const ending = lead === 'Did you mean' ? '?' : '';
  return {
    text: `${escapeText(sentence)} ${lead} ${shown}${ending}`,
    blocks: [
      { type: 'section', text: plainText(sentence, SECTION) },
      { type: 'context', elements: [{ type: 'mrkdwn', text: `${lead}  ${shown}${ending}` }] },
    ],
  };
}

import type { Button, KnownBlock, SectionBlock } from '@slack/types';
import type { Known } from '../../../orders/domain/number-details.js';
import { outcomeOfNumber } from '../../../orders/domain/number-outcome.js';
import { showPhoneNumber } from '../../../orders/domain/phone-number.js';
import { MAX_LOOKED_UP, type NumberLookup } from '../../../orders/use-cases/look-up-number.js';
import { COMMAND } from '../../commands/command.js';
import { codeSpan, escapeText } from '../../text/escape.js';
import { actions } from '../action-ids.js';
import { button, context, row, section } from '../elements.js';
import { figure, typed } from '../format.js';
import { limits } from '../limits.js';
import { writeNumberPress } from '../number-press.js';
import { wrongNumberSentence } from '../wrong-numbers.js';
import { factLines, numberServiceLines, whereItIs } from './number-facts.js';
import { historyLine, historySections } from './number-history.js';
import { plainAnswer } from './plain-answer.js';
import type { Answer } from './problems.js';

// What people see when they look up a number.

/** Where the answer is shown, and what comes with it. */
export interface NumberAnswerContext {
  /** The channel in which cards of forms opened from here appear. */
  readonly channelId: string;
  /** A sentence above everything else. */
  readonly lead?: string;
}

const EXAMPLE = `${COMMAND} who 910-241-4365`;

/** For words that aren't whole numbers; `wrong` is empty if nothing was typed. */
export function whichNumberAnswer(wrong: readonly string[]): Answer {
  const problem = wrong.length === 0 ? 'Which number?' : escapeText(wrongNumberSentence(wrong));
  return plainAnswer(`${problem} Type the whole number, such as ${codeSpan(EXAMPLE)}.`);
}

export const tooManyNumbersAnswer = (quantity: number): Answer =>
  plainAnswer(
    `I can look up ${MAX_LOOKED_UP} numbers at a time, and you typed ${figure(quantity)}. Type fewer, such as ${codeSpan(EXAMPLE)}.`,
  );

/** Everything about one number, or the essentials of several. */
export function numberDetailsAnswer(lookups: readonly NumberLookup[], shown: NumberAnswerContext): Answer {
  const [only] = lookups;
  const lead = shown.lead === undefined ? [] : [section(shown.lead)];
  const blocks: KnownBlock[] = [
    ...lead,
    ...(lookups.length === 1 && only !== undefined
      ? fullDetails(only, shown)
      : lookups.map((lookup) => shortDetails(lookup, shown))),
  ];
  return { text: textOf(blocks), blocks };
}

function fullDetails(lookup: NumberLookup, shown: NumberAnswerContext): KnownBlock[] {
  const { details, number } = lookup;
  const pressable = numberButton(lookup, shown.channelId);
  const read = 'advice' in details ? undefined : details;
  const facts = read === undefined ? [] : factLines(read, lookup.siteExists);
  const services = read === undefined ? [] : numberServiceLines(read, number);
  return [
    section(headSentence(lookup)),
    ...[facts, services].filter((lines) => lines.length > 0).map((lines) => section(lines.join('\n'))),
    ...(read === undefined || read.notRead.length === 0
      ? []
      : [
          context(
            `Not everything could be looked up. ${read.notRead.map((each) => typed(each, 400)).join(' ')}`,
          ),
        ]),
    ...historySections(lookup),
    ...(pressable === undefined ? [] : [row([pressable])]),
  ];
}

function shortDetails(lookup: NumberLookup, shown: NumberAnswerContext): SectionBlock {
  const { details, number } = lookup;
  const pressable = numberButton(lookup, shown.channelId);
  const read = 'advice' in details ? undefined : details;
  const services = read === undefined ? [] : numberServiceLines(read, number);
  const lines = [
    headSentence(lookup),
    read === undefined ? '' : whereItIs(read, lookup.siteExists).join(' · '),
    services.map((line) => line.replaceAll('*', '')).join(' · '),
    ...(read?.notRead ?? []).map((each) => typed(each, 300)),
    historyLine(lookup),
  ];
  return {
    ...section(lines.filter((line) => line !== '').join('\n')),
    ...(pressable === undefined ? {} : { accessory: pressable }),
  };
}

/** Where the number is, in one or two sentences. */
function headSentence({ number, details, offered }: NumberLookup): string {
  const name = `*${showPhoneNumber(number)}*`;
  if ('advice' in details) return `I couldn't look up ${name} at Bandwidth. ${typed(details.advice, 600)}`;
  const status = details.status === undefined ? undefined : typed(details.status, 40);
  const says = status === undefined ? '' : ` Bandwidth's status for it is ${status}.`;
  switch (details.whereabouts) {
    case 'in-service':
      return /^in[^a-z]*account$/i.test(status ?? '')
        ? `${name} is on your account, but Bandwidth doesn't route calls to it yet.${says}`
        : `${name} is in service on your account.`;
    case 'not-in-service':
      return `${name} is on your account, but not in service.${says}${/aging/i.test(status ?? '') ? ' A released number can usually be reordered for about 30 days.' : ''}`;
    case 'not-in-service-here':
      return `${name} isn't in service on your account. I don't know whether it's on another one.`;
    case 'other-account':
      return `${name} is on another Bandwidth account, so you can't order or disconnect it.`;
    case 'unassigned':
      return `${name} isn't on your account.${says} ${offerWords[offered]}`;
    case 'no-record':
      return `${name} isn't on your account, and Bandwidth has no record of it. ${offerWords[offered]}`;
    case 'not-known':
      return `I couldn't find out whether ${name} is on your account.${says}`;
  }
}

const offerWords: Readonly<Record<Known, string>> = {
  yes: 'Bandwidth offers it: you can order it.',
  no: "Bandwidth doesn't offer it right now.",
  'not-known': "I couldn't find out whether it can be ordered.",
};

/** What can be done with the number, if anything: Disconnect… or Order… */
function numberButton(lookup: NumberLookup, channelId: string): Button | undefined {
  const { number, details, offered, history } = lookup;
  const value = writeNumberPress({ number, channelId });
  const spoken = showPhoneNumber(number);
  const isUnderWay = history?.orders.some((order) => outcomeOfNumber(order, number) === 'pending') ?? false;
  if ('advice' in details || isUnderWay) return undefined;
  if (details.whereabouts === 'in-service') {
    return button({
      label: 'Disconnect…',
      action: actions.disconnectNumber,
      value,
      spoken: `Disconnect ${spoken}`,
    });
  }
  return offered === 'yes'
    ? button({ label: 'Order…', action: actions.orderNumber, value, spoken: `Order ${spoken}` })
    : undefined;
}

/** The same in plain words, for notifications; whole lines, as many as fit. */
function textOf(blocks: readonly KnownBlock[]): string {
  const lines = blocks.flatMap((block) => {
    if (block.type === 'section') return (block.text?.text ?? '').split('\n');
    if (block.type === 'context')
      return block.elements.flatMap((each) => ('text' in each ? [each.text] : []));
    return [];
  });
  let text = '';
  for (const line of lines) {
    if (text.length + line.length + 1 > limits.messageText) break;
    text += `${text === '' ? '' : '\n'}${line}`;
  }
  return text;
}

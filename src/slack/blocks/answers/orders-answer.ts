import type { KnownBlock } from '@slack/types';
import { lastRequestedAt } from '../../../orders/domain/editions.js';
import type { Card } from '../../../orders/domain/order.js';
import type { ListedOrder, ListOfOrders } from '../../../orders/use-cases/list-orders.js';
import { COMMAND } from '../../commands/command.js';
import { type OrdersQuestion, type OrdersWordsProblem, printOrders } from '../../commands/orders-words.js';
import { codeSpan, cut } from '../../text/escape.js';
import { actions } from '../action-ids.js';
import { nameApprovers } from '../approver-names.js';
import { headlineInText } from '../card/order-headline.js';
import { button, context, row, section } from '../elements.js';
import { count, figure, mention, mentionChannel, moment, typed } from '../format.js';
import { limits } from '../limits.js';
import { describeRequested } from '../order/describe-request.js';
import { type Answer, unknownPerson } from './problems.js';

/** A page of orders that a person looks at. */
export interface PageOfOrders {
  readonly question: OrdersQuestion;
  /** The `next` of each page that leads to this one, first page first. Only the end of a long way. */
  readonly way: readonly string[];
}

/** Enough of an id to find the order by. */
const SHORT_ID = 8;
/** Slack allows 2,000 characters in a button's value. */
const VALUE = 2_000;

/** The value of a button that leads to a page. */
function valueFor({ question, way }: PageOfOrders): string {
  const value = (kept: readonly string[]) => JSON.stringify({ q: question, w: kept });
  let kept = way;
  while (kept.length > 0 && value(kept).length > VALUE) kept = kept.slice(1);
  return value(kept);
}

/** Reads a button's value; undefined if another version of the app wrote it. */
export function readPageOfOrders(value: string): PageOfOrders | undefined {
  try {
    const { q, w } = JSON.parse(value) as { q?: unknown; w?: unknown };
    const isWay = Array.isArray(w) && w.every((each) => typeof each === 'string');
    return typeof q === 'object' && q !== null && isWay ? { question: q, way: w } : undefined;
  } catch {
    return undefined;
  }
}

/** A private answer: one page of orders. */
export function ordersAnswer(page: PageOfOrders, list: ListOfOrders): Answer {
  const { question, way } = page;
  const { orders, unreadable, next, searchedBackTo } = list;
  const title = titleOf(question);
  const isEmpty = orders.length === 0 && unreadable.length === 0;
  const lines = orders.map(lineOf);
  const notes = [
    ...(isEmpty ? [emptyWords(page, list)] : []),
    ...(unreadable.length > 0 ? [unreadableWords(unreadable)] : []),
    ...(searchedBackTo === undefined
      ? []
      : [
          `I looked through everything requested since ${moment(searchedBackTo)}. Older orders may match too.`,
        ]),
    ...(list.onlyOwn ? ['Only your own requests are shown.'] : []),
  ];
  const buttons = [
    ...(way.length > 0
      ? [
          button({
            label: 'Previous',
            spoken: 'Newer orders',
            action: actions.newerOrders,
            value: valueFor({ question, way: way.slice(0, -1) }),
          }),
        ]
      : []),
    ...(next === undefined
      ? []
      : [
          button({
            label: searchedBackTo === undefined ? 'Next' : 'Look further back',
            spoken: 'Older orders',
            action: actions.olderOrders,
            value: valueFor({ question, way: [...way, next] }),
          }),
        ]),
  ];
  const blocks: KnownBlock[] = [
    ...(isEmpty ? [] : [section(`*${title}*`)]),
    ...lines.map(section),
    ...notes.map((note) => (isEmpty ? section(note) : context(note))),
    ...(buttons.length > 0 ? [row(buttons)] : []),
  ];
  return { text: asMuchAsFits([...(isEmpty ? [] : [title]), ...lines, ...notes]), blocks };
}

function lineOf({ order, waitsFor, link }: ListedOrder): string {
  const { id, request, requester, requestedAt } = order;
  // The default name says the same as the headline.
  const name = request.name === describeRequested(request) ? '' : ` · ${typed(request.name, 60)}`;
  const details = [
    `Requested by ${mention(requester)}, ${moment(requestedAt)}`,
    linkWords(order.cards[0], link),
    codeSpan(id.slice(0, SHORT_ID)),
  ];
  return [
    `*${headlineInText(order)}*${name}`,
    ...(waitsFor === undefined
      ? []
      : [
          `Waiting for ${nameApprovers(waitsFor) || 'an approver, but nobody can decide'} since ${moment(lastRequestedAt(order))}`,
        ]),
    details.join(' · '),
  ].join('\n');
}

function linkWords({ place, channelId, unreachable }: Card, link: ListedOrder['link']): string {
  if (link === 'missing') return `its card in ${mentionChannel(place?.channelId ?? channelId)} was deleted`;
  if (link !== undefined) return `<${link}|Open card>`;
  if (place === undefined) {
    const channel = mentionChannel(channelId);
    return unreachable === undefined
      ? `its card in ${channel} isn't posted yet`
      : `its card can't be posted in ${channel}`;
  }
  return `card in ${mentionChannel(place.channelId)}`;
}

function titleOf({ state, requestedBy, about }: OrdersQuestion): string {
  const of = {
    waiting: 'Orders waiting for approval',
    open: 'Open orders',
    done: 'Finished orders',
  };
  return [
    state === undefined ? 'Orders' : of[state],
    requestedBy === undefined
      ? ''
      : ` requested by ${requestedBy === 'me' ? 'you' : mention({ userId: requestedBy })}`,
    about === undefined ? '' : ` for “${typed(about, 150)}”`,
    ', newest first',
  ].join('');
}

function emptyWords(
  { question, way }: PageOfOrders,
  { searchedBackTo, onlyOwn, removed }: ListOfOrders,
): string {
  if (removed !== undefined) {
    return `Order ${codeSpan(removed.id.slice(0, SHORT_ID))}, requested ${moment(removed.requestedAt)}, ended long ago and is no longer kept. Its history is still in the audit journal.`;
  }
  if (searchedBackTo !== undefined) return 'I found no such order so far.';
  if (way.length > 0) return 'There are no older orders.';
  const { state, requestedBy, about } = question;
  const who =
    requestedBy === undefined ? '' : ` by ${requestedBy === 'me' ? 'you' : mention({ userId: requestedBy })}`;
  const all = printOrders({}) === printOrders(question);
  const found =
    about !== undefined
      ? `I found no order for “${typed(about, 150)}”${who === '' ? '' : `, requested${who}`}.`
      : state === 'waiting'
        ? `No order${who === '' ? '' : ` requested${who}`} is waiting for approval.`
        : state === 'open'
          ? `No order${who === '' ? '' : ` requested${who}`} is open.`
          : `No orders${state === 'done' ? ' have finished' : ''}${who === '' ? '' : ` requested${who}`} yet.`;
  if (onlyOwn) return found;
  if (all) return `${found} Try ${codeSpan(`${COMMAND} search 910`)} to find numbers to order.`;
  if (about === undefined) return `${found} Try ${codeSpan(`${COMMAND} orders`)} for all orders.`;
  return `${found} Try a number or the start of one (${codeSpan('910-241')}), a city, a sub-account, ${codeSpan('@somebody')}, or at least the first ${SHORT_ID} characters of an id.`;
}

const unreadableWords = (ids: readonly string[]): string =>
  `⚠️ ${count(ids.length, 'order')} can't be read: ${ids
    .slice(0, 10)
    .map((id) => codeSpan(cut(id, 40)))
    .join(', ')}. An admin has to look at my log.`;

const faultSentences: Readonly<Record<OrdersWordsProblem['why'], (typed: string) => string>> = {
  'no-such-person': unknownPerson,
  'several-people': () => 'I can list the orders of one person at a time.',
  'several-states': () => 'An order is waiting, open or done. Name one of them.',
  channel: () => "I can't list orders by channel.",
  'too-long': (words) =>
    `That's ${figure(words.length)} characters. Name a number, a place, a sub-account or an id.`,
};

/** The private answer to `orders` with words that make no question. */
export function ordersFaultAnswer({ why, typed: words }: OrdersWordsProblem): Answer {
  const word = why === 'too-long' ? words : codeSpan(cut(words, 40));
  const tries = ['orders waiting', 'orders mine', 'orders 910'].map((each) => codeSpan(`${COMMAND} ${each}`));
  const text = `${faultSentences[why](word)} Try ${tries.join(', ')}.`;
  return { text, blocks: [section(text)] };
}

/** Leaves out whole lines at the end; the blocks have them. */
function asMuchAsFits(lines: readonly string[]): string {
  let text = '';
  for (const line of lines) {
    if (text.length + line.length + 1 > limits.messageText) break;
    text += text === '' ? line : `\n${line}`;
  }
  return text;
}

import type { SectionBlock } from '@slack/types';
import { outcomeOfNumber } from '../../../orders/domain/number-outcome.js';
import { isFinal, type Order } from '../../../orders/domain/order.js';
import type { PhoneNumber } from '../../../orders/domain/phone-number.js';
import {
  buyingOrderOf,
  type NumberLookup,
  type OrdersOfNumber,
} from '../../../orders/use-cases/look-up-number.js';
import { approvalsSoFar, nameApproval } from '../approver-names.js';
import { headlineInText } from '../card/order-headline.js';
import { section } from '../elements.js';
import { count, mention, mentionChannel, moment, typed } from '../format.js';
import { kindWords } from '../kind-words.js';

const REASON_SHOWN = 300;

/** Our orders about a number, newest first: a section for each, and a note about what is missing. */
export function historySections(lookup: NumberLookup): SectionBlock[] {
  const { number, history } = lookup;
  if (history === undefined) {
    return [section("*History*\nI can't read my own records right now. Try again in a minute.")];
  }
  const { orders, earlier, links, hidden } = history;
  const [first = '', ...rest] = orders.map((order) => orderLines(order, number, links).join('\n'));
  const none = hidden
    ? "Other people's orders aren't shown to you here."
    : unexplained(lookup)
      ? 'None of my orders explains this number.'
      : 'None of my orders names it.';
  return [
    section(['*History*', ...(orders.length === 0 ? [none] : [first])].join('\n')),
    ...rest.map(section),
    ...(orders.length > 0 && unexplained(lookup)
      ? [section("None of my orders explains how it got on the account; it wasn't ordered here.")]
      : []),
    ...(earlier > 0
      ? [section(`There ${earlier === 1 ? 'is' : 'are'} ${count(earlier, 'earlier order')}.`)]
      : []),
  ];
}

/** Whether it is on the account although, as far as we know, none of our orders delivered it. */
function unexplained(lookup: NumberLookup): boolean {
  const { number, details, history } = lookup;
  if (history === undefined || history.hidden || history.earlier > 0 || 'advice' in details) return false;
  if (details.whereabouts !== 'in-service' && details.whereabouts !== 'not-in-service') return false;
  return (
    buyingOrderOf(lookup) === undefined &&
    !history.orders.some(
      (order) =>
        order.request.kind === 'purchase' &&
        ['pending', 'not-known'].includes(outcomeOfNumber(order, number)),
    )
  );
}

/** In one line, who ordered a number and who approved; for a list of several numbers. */
export function historyLine(lookup: NumberLookup): string {
  const { history, number } = lookup;
  if (history === undefined) return "I can't read my own records right now.";
  const { orders, links } = history;
  const bought = buyingOrderOf(lookup);
  const [latest] = orders;
  const lines = [
    ...(bought === undefined
      ? []
      : [`${requestedBy(bought)}${approvedBy(bought, ' · ')}${cardOf(bought, links)}`]),
    ...(latest === undefined || latest === bought
      ? []
      : [`${headlineInText(latest)}${fateWords(latest, number, ' · ')}${cardOf(latest, links)}`]),
  ];
  if (lines.length > 0) return lines.join('\n');
  return unexplained(lookup) ? 'None of my orders explains it.' : '';
}

function orderLines(order: Order, number: PhoneNumber, links: OrdersOfNumber['links']): string[] {
  return [
    `*${headlineInText(order)}*${cardOf(order, links)}`,
    `${requestedBy(order)}${order.request.reason === '' ? '' : `: “${typed(order.request.reason, REASON_SHOWN)}”`}`,
    ...[approvedBy(order, '')].filter((line) => line !== ''),
    ...endLines(order),
    ...[fateWords(order, number, '')].filter((line) => line !== ''),
  ];
}

const requestedBy = ({ requester, requestedAt }: Order): string =>
  `Requested by ${mention(requester)}, ${moment(requestedAt)}`;

function approvedBy(order: Order, lead: string): string {
  if (order.status === 'awaiting-approval') return `${lead}Waiting: ${approvalsSoFar(order)}`;
  const approval = 'approval' in order ? order.approval : undefined;
  return approval === undefined ? '' : `${lead}Approved by ${nameApproval(approval)}, ${moment(approval.at)}`;
}

function endLines(order: Order): string[] {
  switch (order.status) {
    case 'declined':
      return [`Declined by ${mention(order.by)}, ${moment(order.at)}: “${typed(order.why, REASON_SHOWN)}”`];
    case 'cancelled':
      return [`Canceled by ${mention(order.by)}, ${moment(order.at)}`];
    case 'expired':
      return [`Expired ${moment(order.at)}`];
    default:
      return [];
  }
}

/** What became of this number in the order, where the headline doesn't say. */
function fateWords(order: Order, number: PhoneNumber, lead: string): string {
  const { done } = kindWords[order.request.kind];
  const at = isFinal(order) && 'at' in order ? ` ${moment(order.at)}` : '';
  const was = order.status === 'complete' || order.status === 'partial' || order.status === 'failed';
  switch (outcomeOfNumber(order, number)) {
    case 'done':
      return `${lead}${done}${at}`;
    case 'not-done':
      return was ? `${lead}This number wasn't ${done.toLowerCase()}.` : '';
    case 'not-known':
      return was ? `${lead}Bandwidth didn't say whether this number was ${done.toLowerCase()}.` : '';
    case 'pending':
      return '';
  }
}

/** A link, or at least the channel; a card that was never posted has neither. */
function cardOf({ id, cards: [card] }: Order, links: OrdersOfNumber['links']): string {
  const link = links.get(id);
  if (link === 'missing') return ' · its card was deleted';
  if (link !== undefined) return ` · <${link}|Card>`;
  return card.place === undefined ? '' : ` · card in ${mentionChannel(card.place.channelId)}`;
}

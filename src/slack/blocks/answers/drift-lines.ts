import type {
  CausingOrder,
  Drift,
  DriftKind,
  DriftOf,
  OrderBrief,
} from '../../../orders/domain/drift/drift.js';
import { showPhoneNumber } from '../../../orders/domain/phone-number.js';
import type { OrderId } from '../../../orders/domain/request.js';
import { COMMAND } from '../../commands/command.js';
import { codeSpan } from '../../text/escape.js';
import { count, mention, mentionChannel, moment, typed } from '../format.js';
import { kindWords } from '../kind-words.js';

/** The title of each kind of drift, and what people can do about it. */
export const driftWords: Readonly<
  Record<DriftKind, { readonly title: string; readonly one: string; readonly advice: string }>
> = {
  unexplained: {
    title: 'Numbers that no order explains',
    one: 'A number that no order explains',
    advice: `Find out who needs it. If nobody does: ${codeSpan(`${COMMAND} disconnect 910-241-4365`)}, with that number.`,
  },
  gone: {
    title: 'Numbers that are gone',
    one: 'A number that is gone',
    advice:
      'If that was a mistake, act soon: a disconnected number can usually be reordered for about 30 days. If a number left the account, ask the person who manages it at Bandwidth.',
  },
  misplaced: {
    title: 'Numbers in another sub-account than ordered',
    one: 'A number in another sub-account than ordered',
    advice: 'Move it back in the Bandwidth App if nobody moved it on purpose.',
  },
  waiting: {
    title: 'Orders waiting unusually long for approval',
    one: 'An order waiting unusually long for approval',
    advice: 'Approve or decline it on its card; its requester can cancel it there.',
  },
  open: {
    title: 'Orders open unusually long',
    one: 'An order open unusually long',
    advice:
      'Its card says what to do. If Bandwidth has had it for days, give their support the id of their order.',
  },
  hold: {
    title: "Holds that aren't needed",
    one: "A hold that isn't needed",
    advice:
      "I'll keep trying to release it. It expires on its own; until then, no one else can order the number.",
  },
};

/** The addresses of cards, by order. */
export type Links = ReadonlyMap<OrderId, string>;

/** One drift in mrkdwn, in at most 1,000 characters. */
export function driftLine(drift: Drift, links: Links = new Map()): string {
  switch (drift.kind) {
    case 'unexplained':
      return [
        `*${showPhoneNumber(drift.number)}*`,
        ...(drift.site === undefined ? [] : [typed(drift.site.name, 100)]),
        ...(drift.since === undefined ? [] : [`in service since ${moment(drift.since)}`]),
        ...(drift.behind === undefined ? [] : [behindWords(drift.behind)]),
      ].join(' · ');
    case 'gone':
      return `*${showPhoneNumber(drift.number)}* · ${departureWords(drift)} · bought by order ${shortId(drift.orderId)}`;
    case 'misplaced':
      return `*${showPhoneNumber(drift.number)}* · in ${typed(drift.site.name, 100)}, ordered for ${typed(drift.ordered.name, 100)} by order ${shortId(drift.orderId)}`;
    case 'waiting':
      return `${orderWords(drift.order, links)} · waiting since ${moment(drift.since)}`;
    case 'open':
      return `${orderWords(drift.order, links)} · ${openWords(drift)} since ${moment(drift.since)}${
        drift.carrierOrderId === undefined ? '' : ` · Bandwidth order ${codeSpan(drift.carrierOrderId)}`
      }`;
    case 'hold':
      return `*${showPhoneNumber(drift.number)}* · held for the ${orderWords(drift.order, links)}${
        drift.until === undefined ? " · I don't know until when" : ` · until ${moment(drift.until)}`
      }`;
  }
}

/** What a drift is about, in plain text: a number, or an order. */
export function subjectWords(drift: Drift): string {
  if ('number' in drift) return showPhoneNumber(drift.number);
  return `order ${drift.order.id.slice(0, 8)}`;
}

function behindWords(behind: CausingOrder | 'not-known'): string {
  if (behind === 'not-known') return "I couldn't find out which order it came with";
  const by = behind.user === undefined ? '' : ` by ${codeSpan(behind.user)}`;
  const at = behind.at === undefined ? '' : ` on ${moment(behind.at)}`;
  const ended =
    behind.ended === undefined
      ? ''
      : `. It belongs to order ${shortId(behind.ended.orderId)}, which ended without a number as far as I know`;
  if (behind.disconnects) {
    return `still in service after disconnect order ${codeSpan(behind.carrierOrderId)}${by}${at}`;
  }
  return `Bandwidth order ${codeSpan(behind.carrierOrderId)}${by}${at}${ended}`;
}

function departureWords({ departure, status }: DriftOf<'gone'>): string {
  if (departure === 'elsewhere') return 'no longer on this account: ported out or moved';
  if (status === undefined) return 'no longer in service';
  if (/^aging|^disconnected/i.test(status)) return `disconnected ${codeSpan(status)}`;
  if (/^portout/i.test(status)) return `being ported out ${codeSpan(status)}`;
  return `no longer in service ${codeSpan(status)}`;
}

function openWords({ status }: DriftOf<'open'>): string {
  switch (status) {
    case 'approved':
      return 'approved and not yet sent to Bandwidth';
    case 'placing':
      return "sent, and I don't know Bandwidth's answer";
    case 'backordered':
      return 'back-ordered';
    default:
      return 'at Bandwidth';
  }
}

function orderWords({ kind, quantity, requester, card, id }: OrderBrief, links: Links): string {
  const what = kindWords[kind].title.toLowerCase();
  const where = card === undefined ? '' : ` in ${mentionChannel(card.channelId)}`;
  const link = links.get(id);
  const named = link === undefined ? shortId(id) : `<${link}|card>`;
  return `${what} of ${count(quantity, 'number')} by ${mention(requester)}${where} (${named})`;
}

const shortId = (id: OrderId): string => codeSpan(id.slice(0, 8));

import type { KnownBlock } from '@slack/types';
import type { Order, OrderIn, PurchaseRequest } from '../../orders/order.js';
import { describeSearch } from '../describe-search.js';
import { buttonsFor } from './order-buttons.js';
import { deliveredQuantity, type FaultRoom, type Finished, faultLines, unexplained } from './outcome.js';
import {
  context,
  count,
  figure,
  header,
  listNumbers,
  mention,
  moment,
  quoted,
  section,
  typed,
} from './vocabulary.js';
import { subject } from './wanted.js';

/** A card lists this many numbers; its thread lists more. */
const NUMBERS_SHOWN = 10;

/** How much of the long texts a rendering has room for. */
interface Room {
  readonly quoted: number;
  readonly advice: number;
  readonly faults: FaultRoom;
}
const inBlocks: Room = { quoted: 2800, advice: 1000, faults: { kinds: 5, words: 300, numbers: 10 } };
const inText: Room = { quoted: 500, advice: 300, faults: { kinds: 2, words: 150, numbers: 3 } };

type Line = string | { readonly label: string; readonly value: string };

/**
 * The order as everybody in the channel sees it. Depends on nothing but the order, so any card can be drawn again at
 * any time. The text says the same as the blocks, in at most `limits.messageText` characters.
 */
export function orderCard(order: Order): { text: string; blocks: KnownBlock[] } {
  const buttons = buttonsFor(order);
  return {
    text: [headlineInText(order), ...paragraphs(order, inText).flat().map(plainLine), ids(order)].join('\n'),
    blocks: [
      header(headline(order)),
      ...paragraphs(order, inBlocks).map((lines) => section(lines.map(boldLabel).join('\n'))),
      ...(buttons === undefined ? [] : [buttons]),
      context(ids(order)),
    ],
  };
}

/** The state of an order in one line of plain text, e.g. "✅ Complete: 2 of 2 numbers in 910". */
export const headline = (order: Order): string => stateInWords(order, subject(order.request.wanted));

/** The same, for mrkdwn and the text of a message. */
export const headlineInText = (order: Order): string =>
  stateInWords(order, typed(subject(order.request.wanted), 300));

function stateInWords(order: Order, asked: string): string {
  switch (order.status) {
    case 'awaiting-approval':
      return `⏳ Order: ${asked} — waiting for approval`;
    case 'declined':
      return `🚫 Declined: ${asked}`;
    case 'cancelled':
      return `🚫 Cancelled: ${asked}`;
    case 'approved':
      return `🔄 Ordering… ${asked}`;
    case 'placing':
      return order.answer === 'unknown' ? `⚠️ Outcome unknown: ${asked}` : `🔄 Ordering… ${asked}`;
    case 'refused':
      return `⛔ Refused by Bandwidth: ${asked}`;
    case 'placed':
      return `${carrierHeadlines[order.carrierOrder.status]}: ${asked}`;
    case 'complete':
      return `✅ Complete: ${share(order, asked) ?? asked}`;
    case 'partial':
      return `🟡 Partial: ${share(order, asked) ?? `some of ${asked}`}`;
    case 'failed':
      return `❌ Failed: ${share(order, asked) ?? asked}`;
  }
}

const carrierHeadlines: Readonly<Record<OrderIn<'placed'>['carrierOrder']['status'], string>> = {
  received: '📨 Received by Bandwidth',
  processing: '📨 Being processed by Bandwidth',
  backordered: '📦 Back-ordered',
};

/** "3 of 5 numbers in 910". */
function share(order: Finished, asked: string): string | undefined {
  const quantity = deliveredQuantity(order);
  return quantity === undefined ? undefined : `${figure(quantity)} of ${asked}`;
}

function paragraphs(order: Order, room: Room): Line[][] {
  return [
    requestLines(order),
    [{ label: 'Reason', value: quoted(order.request.reason, room.quoted) }],
    ...progress(order, room),
  ].filter((lines) => lines.length > 0);
}

function requestLines({ request, requester, requestedAt }: Order): Line[] {
  const { name, site, location } = request;
  return [
    { label: 'Asked by', value: `${mention(requester)}, ${moment(requestedAt)}` },
    ...wantedLines(request),
    { label: 'Name', value: typed(name, 200) },
    { label: 'Sub-account', value: place(site) },
    {
      label: 'Location',
      value: location === undefined ? "the sub-account's default location" : place(location),
    },
    { label: 'Options', value: options(request) },
  ];
}

function wantedLines({ wanted }: PurchaseRequest): Line[] {
  if (wanted.by === 'numbers') {
    return [{ label: 'Numbers', value: listNumbers(wanted.numbers, NUMBERS_SHOWN) }];
  }
  return [
    { label: 'Search', value: typed(describeSearch(wanted.search), 300) },
    { label: 'Quantity', value: `${count(wanted.search.quantity, 'number')}; Bandwidth chooses which` },
  ];
}

const place = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  `${typed(name, 150)} (${typed(id, 60)})`;

function options(request: PurchaseRequest): string {
  return [
    request.partialAllowed ? 'partial delivery allowed' : 'all numbers or none',
    request.backOrder ? 'back-order what is not in stock' : 'no back-order',
    request.protected ? 'protected numbers' : 'not protected',
  ].join(' · ');
}

/** What happened since the request. */
function progress(order: Order, room: Room): Line[][] {
  switch (order.status) {
    case 'awaiting-approval':
      return [];
    case 'declined':
      return [
        [{ label: 'Declined by', value: `${mention(order.by)}, ${moment(order.at)}` }],
        [{ label: 'Why', value: quoted(order.why, room.quoted) }],
      ];
    case 'cancelled':
      return [
        [
          { label: 'Cancelled by', value: `${mention(order.by)}, ${moment(order.at)}` },
          'Nothing was ordered.',
        ],
      ];
    case 'approved':
      return [[approvalLine(order), ...trouble(order, room)]];
    case 'placing':
      return [
        [
          approvalLine(order),
          ...(order.answer === 'unknown'
            ? ['Bandwidth did not answer; I am looking the order up before doing anything else.']
            : []),
          ...trouble(order, room),
        ],
      ];
    case 'refused':
      return [
        [approvalLine(order), 'Nothing was ordered.', typed(order.advice, room.advice)],
        faultLines(order.faults, room.faults),
      ];
    case 'placed':
      return [[approvalLine(order), ...soFar(order), ...trouble(order, room)]];
    case 'complete':
    case 'partial':
    case 'failed':
      return [[approvalLine(order), ...outcomeLines(order)], faultLines(order.outcome.faults, room.faults)];
  }
}

const approvalLine = ({ approval }: { readonly approval: OrderIn<'approved'>['approval'] }): Line => ({
  label: 'Approved by',
  value: `${mention(approval.by)}, ${moment(approval.at)}`,
});

function trouble({ asking }: OrderIn<'approved' | 'placing' | 'placed'>, room: Room): Line[] {
  return asking.trouble === undefined ? [] : [`⚠️ ${typed(asking.trouble, room.advice)}`];
}

function soFar({ carrierOrder }: OrderIn<'placed'>): Line[] {
  const waiting =
    carrierOrder.status === 'backordered'
      ? ['Not everything is in stock. Bandwidth delivers the rest when it can, which may take days.']
      : [];
  if (carrierOrder.completed.length === 0) return waiting;
  return [
    { label: 'Delivered so far', value: listNumbers(carrierOrder.completed, NUMBERS_SHOWN) },
    ...waiting,
  ];
}

function outcomeLines(order: Finished): Line[] {
  const { completed } = order.outcome;
  const missing = unexplained(order);
  return [
    { label: 'Finished', value: moment(order.at) },
    ...(completed.length > 0
      ? [{ label: 'Delivered', value: listNumbers(completed, NUMBERS_SHOWN) }]
      : order.status === 'failed'
        ? ['No number was delivered.']
        : ['Bandwidth did not list the delivered numbers.']),
    ...(missing.length > 0 ? [{ label: 'Not delivered', value: listNumbers(missing, NUMBERS_SHOWN) }] : []),
  ];
}

/** Small print for whoever has to look something up. */
function ids(order: Order): string {
  const carrierOrderId = carrierOrderIdOf(order);
  const ours = `Order ${order.id}`;
  return carrierOrderId === undefined ? ours : `${ours} · Bandwidth order ${typed(carrierOrderId, 100)}`;
}

function carrierOrderIdOf(order: Order): string | undefined {
  switch (order.status) {
    case 'placed':
      return order.carrierOrder.id;
    case 'complete':
    case 'partial':
    case 'failed':
      return order.carrierOrderId;
    default:
      return undefined;
  }
}

const boldLabel = (line: Line): string => draw(line, (label) => `*${label}:*`);
const plainLine = (line: Line): string => draw(line, (label) => `${label}:`);

function draw(line: Line, drawLabel: (label: string) => string): string {
  if (typeof line === 'string') return line;
  // A quotation starts on a line of its own.
  return `${drawLabel(line.label)}${line.value.startsWith('> ') ? '\n' : ' '}${line.value}`;
}

import type { KnownBlock } from '@slack/types';
import type { Order } from '../../../orders/domain/order.js';
import { context, header, quoted, section, typed } from '../vocabulary.js';
import type { Line, Room } from './card-lines.js';
import { buttonsFor } from './order-buttons.js';
import { headline, headlineInText } from './order-headline.js';
import { progress } from './progress-lines.js';
import { requestParagraphs } from './request-lines.js';

const inBlocks: Room = {
  quoted: 2800,
  advice: 1000,
  faults: { kinds: 5, words: 300, numbers: 10 },
  inService: { words: 60, history: true },
};
const inText: Room = {
  quoted: 500,
  advice: 300,
  faults: { kinds: 2, words: 150, numbers: 3 },
  inService: { words: 20, history: false },
};

/**
 * Renders the order for everyone in the channel. Depends only on the order, so any card can be redrawn at any time. The
 * text says the same as the blocks, in at most `limits.messageText` characters.
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

function paragraphs(order: Order, room: Room): Line[][] {
  return [
    ...requestParagraphs(order, room),
    [{ label: 'Reason', value: quoted(order.request.reason, room.quoted) }],
    ...progress(order, room),
  ].filter((lines) => lines.length > 0);
}

/** Ids for looking the order up elsewhere. */
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
  // A quotation starts on its own line.
  return `${drawLabel(line.label)}${line.value.startsWith('> ') ? '\n' : ' '}${line.value}`;
}

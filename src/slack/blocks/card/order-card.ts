import type { KnownBlock, SectionBlock } from '@slack/types';
import type { Order } from '../../../orders/domain/order.js';
import { namesApprovers } from '../../../orders/domain/who-decides.js';
import { columns, context, header, section } from '../elements.js';
import { mentionChannel, quoted } from '../format.js';
import { type Line, linesOfParagraph, type Paragraph, type Room } from '../order/card-lines.js';
import { buttonsFor } from './order-buttons.js';
import { headline, headlineInText } from './order-headline.js';
import { isFinished, outcomeParagraphs } from './outcome-lines.js';
import { progress } from './progress-lines.js';
import { reasonInALine, requestParagraphs } from './request-lines.js';

const inBlocks: Room = {
  quoted: 2800,
  advice: 1000,
  faults: { kinds: 5, words: 300, numbers: 10 },
  approvers: true,
  inService: { words: 60, history: true },
};
const inText: Room = {
  quoted: 500,
  advice: 300,
  faults: { kinds: 2, words: 150, numbers: 3 },
  approvers: true,
  inService: { words: 20, history: false },
};

/** Which of an order's cards is drawn, and how. */
export interface CardView {
  /** Set for a copy: the link to the original card, if it is known. */
  readonly copy?: { readonly original: string | undefined };
  /** A new card is posted, which notifies everyone named on it, so those who can approve aren't named yet. */
  readonly isNew?: boolean;
}

/** The beginning of an order's id, for looking it up; the audit has all of it, and Bandwidth's id. */
const SHORT_ID = 8;

/**
 * Renders the order for everyone in the channel. Depends only on the order, so any card can be redrawn at any time. The
 * text says the same as the blocks, in at most `limits.messageText` characters.
 */
export function orderCard(order: Order, view: CardView = {}): { text: string; blocks: KnownBlock[] } {
  const buttons = buttonsFor(order);
  const footer = `Order ${order.id.slice(0, SHORT_ID)}`;
  const drawn = (room: Room): Paragraph[] => [
    ...(view.copy === undefined ? [] : [[originLine(order, view.copy.original)]]),
    ...paragraphs(order, { ...room, approvers: view.isNew !== true || !namesApprovers(order) }),
  ];
  return {
    text: [headlineInText(order), ...drawn(inText).flatMap(linesOfParagraph).map(plainLine), footer].join(
      '\n',
    ),
    blocks: [
      header(headline(order)),
      ...sectionsOf(drawn(inBlocks)),
      ...(buttons === undefined ? [] : [buttons]),
      context(footer),
    ],
  };
}

/** Says where the order was requested. A direct message has no name that others can read. */
function originLine({ channelId }: Order, link: string | undefined): Line {
  const thread = link === undefined ? '' : ` · <${link}|Open the thread>`;
  const place = channelId.startsWith('D') ? 'a direct message' : mentionChannel(channelId);
  return { label: 'Requested in', value: `${place}${thread}` };
}

/** Returns everything a card says between its headline and its buttons. */
export function cardSections(order: Order, room: Room): SectionBlock[] {
  return sectionsOf(paragraphs(order, room));
}

const sectionsOf = (paragraphs: readonly Paragraph[]): SectionBlock[] =>
  paragraphs.map((paragraph) =>
    'columns' in paragraph
      ? columns(paragraph.columns.map(inColumn))
      : section(paragraph.map(boldLabel).join('\n')),
  );

function paragraphs(order: Order, room: Room): Paragraph[] {
  const all: Paragraph[] = isFinished(order)
    ? outcomeParagraphs(order, room)
    : [
        ...requestParagraphs(order, room),
        isOver(order)
          ? [reasonInALine(order.request)]
          : [{ label: 'Reason', value: quoted(order.request.reason, room.quoted) }],
        ...progress(order, room),
      ];
  return all.filter((paragraph) => linesOfParagraph(paragraph).length > 0);
}

/** Whether no one can decide on this order anymore. */
const isOver = ({ status }: Order): boolean =>
  status === 'declined' || status === 'expired' || status === 'cancelled' || status === 'refused';

const inColumn = ({ label, value }: { readonly label: string; readonly value: string }): string =>
  `*${label}:* ${value}`;
const boldLabel = (line: Line): string => draw(line, (label) => `*${label}:*`);
const plainLine = (line: Line): string => draw(line, (label) => `${label}:`);

function draw(line: Line, drawLabel: (label: string) => string): string {
  if (typeof line === 'string') return line;
  // A quotation or a list starts on its own line.
  const below = line.value.startsWith('> ') || line.value.includes('\n');
  return `${drawLabel(line.label)}${below ? '\n' : ' '}${line.value}`;
}

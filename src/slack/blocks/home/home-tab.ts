import type { HomeView, KnownBlock } from '@slack/types';
import type { Order } from '../../../orders/domain/order.js';
import type { OrderSummary, WaitingOrder } from '../../../orders/use-cases/summarize-orders.js';
import { COMMAND } from '../../commands/command.js';
import { cut } from '../../text/escape.js';
import { actions } from '../action-ids.js';
import { decisionButtons } from '../card/order-buttons.js';
import { cardSections } from '../card/order-card.js';
import { headlineInText } from '../card/order-headline.js';
import { button, context, header, row, section } from '../elements.js';
import { count, mention, mentionChannel, moment } from '../format.js';
import { limits } from '../limits.js';
import type { Room } from '../order/card-lines.js';
import { allowanceWords } from './allowance.js';

/**
 * Far below Slack's 100 for a view. A waiting order takes up to ten, because approvers see everything they approve.
 */
const BLOCKS_OF_WAITING_ORDERS = 45;

/** As much as on the card, which decisions need, but less of people's long texts. */
const inHome: Room = {
  quoted: 500,
  advice: 500,
  faults: { kinds: 2, words: 150, numbers: 3 },
  inService: { words: 60, history: true },
  approvers: true,
};

/**
 * Renders the app's Home tab for one person. Depends only on what is given, so an unchanged one can be recognized.
 *
 * @param notice The answer to what the person just did here, above everything else.
 */
export function homeTab(summary: OrderSummary, notice?: string): HomeView {
  return {
    type: 'home',
    blocks: [
      ...(notice === undefined ? [] : [section(cut(notice, limits.sectionText))]),
      startButtons(summary),
      context(allowanceWords(summary.ruling)),
      ...waitingOrders(summary),
      ...list('Yours', summary.yours, {
        none: noneOf(summary, 'You have no orders. Press *Order…* to request numbers.'),
        more: summary.more.yours ? `More: \`${COMMAND} orders mine\`` : undefined,
      }),
      ...list('Open', summary.open, {
        none: summary.onlyOwn
          ? 'Only your own requests and those waiting for you are shown.'
          : noneOf(summary, 'No other orders are open.'),
        more: summary.more.open ? `More: \`${COMMAND} orders open\`` : undefined,
      }),
      ...(summary.unreadable === 0 ? [] : [context(unreadableWords(summary.unreadable))]),
    ],
  };
}

/** A Home tab that says only why there is nothing to see. */
export function homeSentence(sentence: string): HomeView {
  return { type: 'home', blocks: [section(cut(sentence, limits.sectionText))] };
}

/** Returns the orders whose buttons or lines a Home tab shows. */
export function ordersOnHome({ waiting, yours, open }: OrderSummary): readonly Order[] {
  return [...waiting, ...yours, ...open];
}

/** Their value is the channel that the next form offers first. */
function startButtons({ yours }: OrderSummary) {
  const channelId = yours[0]?.channelId ?? '';
  return row([
    button({
      label: 'Search…',
      spoken: 'Search numbers',
      action: actions.homeSearch,
      value: channelId,
      style: 'primary',
    }),
    button({ label: 'Order…', spoken: 'Order numbers', action: actions.homeOrder, value: channelId }),
    button({
      label: 'Disconnect…',
      spoken: 'Disconnect numbers',
      action: actions.homeDisconnect,
      value: channelId,
    }),
  ]);
}

/** Says that there are none only if all could be read. */
const noneOf = ({ unreadable }: OrderSummary, sentence: string): string =>
  unreadable === 0 ? sentence : 'None that I can read.';

function waitingOrders(summary: OrderSummary): KnownBlock[] {
  const { waiting, checked } = summary;
  const drawn: KnownBlock[] = [];
  let shown = 0;
  for (const order of waiting) {
    const blocks = waitingOrder(order);
    if (drawn.length + blocks.length > BLOCKS_OF_WAITING_ORDERS) break;
    drawn.push(...blocks);
    shown += 1;
  }
  const more = waiting.length - shown;
  return [
    header('Waiting for you'),
    ...drawn,
    ...(more > 0 ? [context(`And ${count(more, 'more order')}: \`${COMMAND} orders waiting\``)] : []),
    ...(waiting.length === 0 && checked === 'all'
      ? [section(noneOf(summary, 'Nothing is waiting for your approval.'))]
      : []),
    ...(checked === 'all' ? [] : [context(uncheckedWords[checked])]),
  ];
}

const uncheckedWords: Readonly<Record<'some' | 'unknown', string>> = {
  some: `Very many orders are waiting; these are the newest. See all: \`${COMMAND} orders waiting\``,
  unknown:
    "⚠️ I couldn't ask Slack which orders you may approve, so some may be missing here. Open this tab again in a minute.",
};

function waitingOrder(order: WaitingOrder): KnownBlock[] {
  return [section(`*${headlineInText(order)}*`), ...cardSections(order, inHome), decisionButtons(order)];
}

function list(
  title: string,
  orders: readonly Order[],
  { none, more }: { readonly none: string; readonly more: string | undefined },
): KnownBlock[] {
  return [
    header(title),
    // A section of its own for each, because what people typed may be long.
    ...(orders.length === 0 && more === undefined ? [none] : orders.map(line)).map(section),
    ...(more === undefined ? [] : [context(more)]),
  ];
}

function line(order: Order): string {
  const [{ place, channelId, link }] = order.cards;
  const card =
    link !== undefined && link.ts === place?.ts
      ? `<${link.url}|Open card>`
      : mentionChannel(place?.channelId ?? channelId);
  return [headlineInText(order), `${mention(order.requester)}, ${moment(order.requestedAt)}`, card].join(
    ' · ',
  );
}

const unreadableWords = (quantity: number): string =>
  `⚠️ ${count(quantity, 'order')} can't be read from my database, so this list may be incomplete. An admin can find out more with \`npm run audit:verify\`.`;

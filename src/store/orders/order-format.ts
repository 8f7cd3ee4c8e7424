import type { AnnouncementKind, DirectAnnouncement } from '../../orders/domain/announcement.js';
import type { Card, Order } from '../../orders/domain/order.js';
import { type OrderEvent, upgradeEvent } from '../../orders/domain/order-event.js';
import type { Reason } from '../../orders/domain/reason.js';
import { type OrderId, severalLines } from '../../orders/domain/request.js';
import { UnreadableEntry } from '../namespace.js';

/** The current format of stored orders. When you change it, increment this and upgrade older ones below. */
const FORMAT_VERSION = 5;

interface StoredOrder {
  readonly v: 3 | 4 | typeof FORMAT_VERSION;
  readonly order: Order;
}

/** Stores an order in the oldest format that has everything in it, for apps that know no newer one. */
export function toStore(order: Order): StoredOrder {
  return { v: versionFor(order), order };
}

/**
 * An app that knows only version 3 would send every line to the same place. One that knows only version 4 expects a
 * sentence where the order has a code, so it couldn't draw the card.
 */
function versionFor({ request, events }: Order): StoredOrder['v'] {
  if (events.some((event) => typeof reasonIn(event) === 'object')) return FORMAT_VERSION;
  return severalLines(request).some(({ to }) => to !== undefined) ? 4 : 3;
}

const reasonIn = (event: OrderEvent): Reason | undefined =>
  event.what === 'services-checked' ? event.check.notKnown : 'advice' in event ? event.advice : undefined;

/** Reads a stored order, also one in an older format. Throws {@link UnreadableEntry}. */
export function readOrder(id: OrderId, stored: unknown): Order {
  const { v: version, order } = (stored ?? {}) as { v?: unknown; order?: unknown };
  if (isOrder(order, id)) {
    if (version === FORMAT_VERSION || version === 4 || version === 3) return order;
    if (version === 2 && isOrderV2(order)) return fromVersion2(order);
    if (version === 1 && isOrderV1(order)) return fromVersion2(fromVersion1(order));
  }
  throw new UnreadableEntry(
    typeof version === 'number' && version > FORMAT_VERSION
      ? `order ${id} was written by a newer version of this app (schema ${version}, known up to ${FORMAT_VERSION})`
      : `what is stored as order ${id} is not an order`,
  );
}

/** Version 3 has several cards. */
type OrderV2 = Omit<Order, 'channelId' | 'cards' | 'announcedDirectly'> & {
  readonly card: Card & Pick<Order, 'announcedDirectly'>;
};

function fromVersion2({ card, ...unchanged }: OrderV2): Order {
  const { announcedDirectly, ...only } = card;
  const upgraded: Omit<Order, 'status'> = {
    ...unchanged,
    channelId: card.channelId,
    cards: [only],
    ...(announcedDirectly === undefined ? {} : { announcedDirectly }),
  };
  return upgraded as Order;
}

/** What version 2 renamed. */
type OrderV1 = Omit<OrderV2, 'card' | 'announced'> & {
  readonly card: Omit<Card, 'renderedRevision'> & {
    readonly drawn: number;
    readonly toldDirectly?: ReadonlyArray<DirectAnnouncement | 'nowhere'>;
  };
  readonly told: ReadonlyArray<AnnouncementKind | 'nowhere'>;
  readonly soughtInVain?: number;
  readonly twins?: readonly string[];
};

function fromVersion1(stored: OrderV1): OrderV2 {
  const { card, told, soughtInVain, twins, events, ...unchanged } = stored;
  const { drawn, toldDirectly, ...place } = card;
  const upgraded: Omit<OrderV2, 'status'> = {
    ...unchanged,
    events: events.map(upgradeEvent),
    card: {
      ...place,
      renderedRevision: drawn,
      ...(toldDirectly === undefined ? {} : { announcedDirectly: toldDirectly.map(currentKind) }),
    },
    announced: told.map(currentKind),
    ...(soughtInVain === undefined ? {} : { failedLookups: soughtInVain }),
    ...(twins === undefined ? {} : { duplicates: twins }),
  };
  return upgraded as OrderV2;
}

function currentKind<Kind extends string>(kind: Kind | 'nowhere'): Kind | 'untraced' {
  return kind === 'nowhere' ? 'untraced' : kind;
}

function isOrder(stored: unknown, id: OrderId): stored is Order {
  const order = (stored ?? {}) as Partial<Order>;
  return order.id === id && typeof order.version === 'number' && Array.isArray(order.events);
}

function isOrderV2(order: unknown): order is OrderV2 {
  const { card } = order as Partial<OrderV2>;
  return typeof card === 'object' && card !== null;
}

function isOrderV1(order: unknown): order is OrderV1 {
  const { card, told } = order as Partial<OrderV1>;
  return typeof card === 'object' && card !== null && Array.isArray(told);
}

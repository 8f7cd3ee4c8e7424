import type { AnnouncementKind, DirectAnnouncement } from '../../../src/orders/domain/announcement.js';
import type { CardPlace, Order } from '../../../src/orders/domain/order.js';
import type { OrderBoard, ShownCard } from '../../../src/orders/ports/order-board.js';

export interface RecordingBoard extends OrderBoard {
  /** Runs before every card and announcement; may throw, or keep it waiting. Undefined: no trouble. */
  trouble: (() => Promise<void> | void) | undefined;
  /** Each order as it was drawn, in sequence. What the memory store returns is frozen, so it stays as it was. */
  readonly drawings: readonly Order[];
  /** What this card shows. */
  shows(card: CardPlace): Order | undefined;
  /** How many messages were posted (the others were updates). */
  cards(): number;
  readonly announced: readonly AnnouncementKind[];
  /** Who should be notified in a direct message. */
  approvers: readonly string[];
  /** Who was notified in a direct message, in sequence. */
  readonly notified: readonly string[];
  /** Why the requester was told, in a direct message, that the card cannot be posted. */
  readonly directMessages: readonly string[];
  /** What the requester was told about the order in direct messages. */
  readonly direct: readonly DirectAnnouncement[];
  /** Runs before every direct message about the order. */
  directTrouble: (() => void) | undefined;
}

export function makeRecordingBoard(journal: string[]): RecordingBoard {
  const drawings: Order[] = [];
  const cardsByTs = new Map<string, Order>();
  const announced: AnnouncementKind[] = [];
  const directMessages: string[] = [];
  const direct: DirectAnnouncement[] = [];
  const notified: string[] = [];
  let cards = 0;

  const board: RecordingBoard = {
    trouble: undefined,
    async show(order, card): Promise<ShownCard> {
      await board.trouble?.();
      drawings.push(order);
      journal.push(`drew ${order.status}`);
      if (card.place === undefined) cards += 1;
      const place = card.place ?? { channelId: card.channelId, ts: `${cards}.000` };
      cardsByTs.set(place.ts, order);
      return { place };
    },
    peopleToNotify: async () => board.approvers,
    async notify(_order, userId) {
      await board.trouble?.();
      notified.push(userId);
      return true;
    },
    approvers: [],
    notified,
    async tell(_order, kind) {
      await board.trouble?.();
      announced.push(kind);
      journal.push(`told ${kind}`);
    },
    isAnnounced: async (_order, { kind }) => announced.includes(kind),
    isNotified: async (_order, userId) => notified.includes(userId),
    findCard: async () => undefined,
    async tellUnreachable(_order, why) {
      directMessages.push(why);
    },
    async tellDirectly(_order, kind) {
      await board.directTrouble?.();
      direct.push(kind);
    },
    directTrouble: undefined,
    direct,
    drawings,
    shows: ({ ts }) => cardsByTs.get(ts),
    cards: () => cards,
    announced,
    directMessages,
  };
  return board;
}

import type { AnnouncementKind, DirectAnnouncement } from '../domain/announcement.js';
import type { BegunPost, Card, CardPlace, Order, OrderIn } from '../domain/order.js';
import type { Timestamp } from '../domain/request.js';

/** Where a card is now. */
export interface ShownCard {
  readonly place: CardPlace;
  /** It was posted just now. It doesn't name the people who can approve, because a post would notify them. */
  readonly isNew?: true;
  /** An earlier attempt had posted it. Which revision it shows isn't known. */
  readonly isFound?: true;
}

/** A card that is about to be posted: `at` marks it, and `place` is set if an earlier attempt has posted it. */
export interface BegunCard {
  readonly at: Timestamp;
  readonly place?: CardPlace;
}

/** The Slack side of an order: its cards and their threads. */
export interface OrderBoard {
  /**
   * Draws one of its cards: posts it the first time, updates it afterwards, and replaces it if it was deleted; `gone` if
   * that was a copy and there is nothing to decide anymore.
   *
   * @param begin is called before each post, which is made only if it returns no place.
   */
  show(order: Order, card: Card, begin: () => Promise<BegunCard>): Promise<ShownCard | 'gone'>;
  /**
   * Returns where the card of this channel is that was begun at this time; undefined if it isn't there. `unknown` if
   * Slack doesn't let the app look. Throws if Slack doesn't answer.
   */
  findCard(order: Order, channelId: string, begunAt: Timestamp): Promise<CardPlace | undefined | 'unknown'>;
  /**
   * Posts one announcement in the thread of {@link cardFor}.
   *
   * @param begunAt marks the message, so that {@link OrderBoard.isAnnounced} finds it.
   */
  tell(order: Order, kind: AnnouncementKind, begunAt?: Timestamp): Promise<void>;
  /**
   * Whether an announcement that was begun is in the thread. `unknown` if Slack doesn't let the app read it. Throws if
   * Slack doesn't answer.
   */
  isAnnounced(order: Order, post: BegunPost): Promise<boolean | 'unknown'>;
  /** Returns the user ids of everyone who is asked to decide: the members of groups, and delegates, too. */
  peopleToNotify(order: OrderIn<'awaiting-approval'>): Promise<readonly string[]>;
  /** Asks one of them in a direct message; false if Slack delivers none to them. */
  notify(order: OrderIn<'awaiting-approval'>, userId: string, begunAt: Timestamp): Promise<boolean>;
  /** Like {@link OrderBoard.isAnnounced}, for the direct message to this person. */
  isNotified(order: Order, userId: string, begunAt: Timestamp): Promise<boolean | 'unknown'>;
  /** Tells the requester in a direct message that the card can't be posted, and how to fix it. */
  tellUnreachable(order: Order, why: string): Promise<void>;
  /** Tells the requester in a direct message what can't be posted. */
  tellDirectly(order: Order, kind: DirectAnnouncement): Promise<void>;
}

/** The card's channel can't be posted to until a person changes something (bot not invited, archived). */
export class BoardUnreachable extends Error {
  override readonly name = 'BoardUnreachable';
  /** Slack's error code, e.g. `not_in_channel`. */
  readonly why: string;

  constructor(why: string, cause?: unknown) {
    super(`the card cannot be posted: ${why}`, cause === undefined ? undefined : { cause });
    this.why = why;
  }
}

/** Slack limits how often something is posted or updated in this place. Other places aren't affected. */
export class BoardLimited extends Error {
  override readonly name = 'BoardLimited';
  /** How long Slack asks to wait. */
  readonly waitMs: number;

  constructor(waitMs: number, cause: unknown) {
    super(`Slack takes the next one in ${Math.ceil(waitMs / 1000)} seconds`, { cause });
    this.waitMs = waitMs;
  }
}

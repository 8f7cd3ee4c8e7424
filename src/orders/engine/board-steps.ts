import type { AnnouncementKind } from '../domain/announcement.js';
import { cardIn, UNDRAWN } from '../domain/cards.js';
import { isPostedOnce, linesThatSay } from '../domain/due-announcements.js';
import type { BegunPost, Card, Order } from '../domain/order.js';
import type { OrderId } from '../domain/request.js';
import { announced, cardBegun, copyForgotten, notified, postBegun, rendered } from '../domain/transitions.js';
import { namesApprovers } from '../domain/who-decides.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { type BegunCard, BoardUnreachable, type OrderBoard } from '../ports/order-board.js';
import type { DueBoardStep } from './next-board-step.js';

/** A post that is on record; an earlier attempt may have made it if it is in doubt. */
type Attempt = BegunPost & { readonly isInDoubt: boolean };

export type SaveNote = (id: OrderId, change: (order: Order) => Order) => Promise<void>;

/**
 * Returns a function that carries out one step in Slack and saves that it is done. What people would mind getting twice
 * is on record before it is posted. If an earlier attempt may have posted it, perhaps just before a crash, Slack is
 * searched for it first.
 */
export function makeBoardSteps(board: OrderBoard, save: SaveNote, clock: Pick<Clock, 'now'>, log: Log) {
  const refusals = makeRefusals();

  /** People are annoyed if they are asked twice, and don't decide if they are never asked. */
  function logUnknown({ id }: Order, what: { readonly kind: string; readonly userId?: string }): void {
    log.warn({ orderId: id, ...what }, 'not known whether this was posted before, posting it again');
  }

  async function isPosted(order: Order, post: BegunPost): Promise<boolean> {
    const isAnnounced = await board.isAnnounced(order, post);
    if (isAnnounced === 'unknown') logUnknown(order, post);
    return isAnnounced === true;
  }

  async function begin(order: Order, kind: AnnouncementKind): Promise<Attempt> {
    const before = order.begun?.find((each) => each.kind === kind);
    if (before !== undefined) return { ...before, isInDoubt: !refusals.has(order, kind) };
    const post = { kind, at: clock.now() };
    await save(order.id, (current) => postBegun(current, post, order.edition));
    return { ...post, isInDoubt: false };
  }

  async function postOnce(order: Order, attempt: Attempt): Promise<void> {
    const { kind, at, isInDoubt } = attempt;
    if (isInDoubt && (await isPosted(order, attempt))) return;
    await refusals.note(order, kind, (attempted) => {
      attempted();
      return board.tell(order, kind, at);
    });
  }

  /**
   * Asks the people who can decide in direct messages, if the policy says so, and saves who was asked. Returns false if
   * they have to be asked in the thread, because no one could be asked that way or it isn't known who they are.
   */
  async function callDirectly(order: Order, { at, isInDoubt }: Attempt): Promise<boolean> {
    if (order.status !== 'awaiting-approval' || order.needs.notify !== 'dm') return false;
    const people = await board.peopleToNotify(order).catch((err: unknown) => {
      log.warn({ orderId: order.id, err }, 'approvers not known, asking them in the thread');
      return [];
    });
    const { notified: before = [] } = order;
    let isAnyoneAsked = people.some((userId) => before.includes(userId));
    for (const userId of people.filter((each) => !before.includes(each))) {
      const wasAsked = isInDoubt ? await board.isNotified(order, userId, at) : false;
      if (wasAsked === 'unknown') logUnknown(order, { kind: 'call', userId });
      const isDelivered = wasAsked === true || (await board.notify(order, userId, at));
      isAnyoneAsked ||= isDelivered;
      if (isDelivered) await save(order.id, (current) => notified(current, userId, order.edition));
    }
    return isAnyoneAsked;
  }

  async function tell(order: Order, kind: AnnouncementKind): Promise<void> {
    if (isPostedOnce(kind)) {
      const attempt = await begin(order, kind);
      const isCalledDirectly = kind === 'call' && (await callDirectly(order, attempt));
      if (!isCalledDirectly) await postOnce(order, attempt);
    } else {
      await board.tell(order, kind);
    }
    const lines = linesThatSay(order, kind).flatMap(({ part }) => part?.line ?? []);
    const about = { lines, at: clock.now() };
    return save(order.id, (current) => announced(current, kind, order.edition, about));
  }

  async function beginCard(order: Order, card: Card): Promise<BegunCard> {
    const { channelId, begunAt } = card;
    if (begunAt === undefined) {
      const at = clock.now();
      await save(order.id, (current) => cardBegun(current, channelId, at));
      return { at };
    }
    if (refusals.has(order, channelId)) return { at: begunAt };
    const place = await board.findCard(order, channelId, begunAt);
    if (place === 'unknown') logUnknown(order, { kind: 'card' });
    return place === undefined || place === 'unknown' ? { at: begunAt } : { at: begunAt, place };
  }

  async function draw(order: Order, card: Card): Promise<void> {
    const { channelId } = card;
    const shown = await refusals.note(order, channelId, (attempted) =>
      board.show(order, card, async () => {
        const begunCard = await beginCard(order, card);
        attempted();
        return begunCard;
      }),
    );
    await save(order.id, (current) => {
      const now = cardIn(current, channelId);
      // If another instance posted a card in the meantime, that one counts.
      if (now === undefined || now.place?.ts !== card.place?.ts) return current;
      if (shown === 'gone') return copyForgotten(current, channelId);
      // If it drew another revision, either of the two may be the one that Slack shows: draw it once more.
      const mayBeCovered = ![card.renderedRevision, order.revision].includes(now.renderedRevision);
      // A new card doesn't name the people who can approve; an update, which notifies no one, does.
      const isIncomplete = shown.isFound === true || (shown.isNew === true && namesApprovers(order));
      return rendered(
        current,
        shown.place,
        mayBeCovered || isIncomplete ? UNDRAWN : order.revision,
        channelId,
      );
    });
  }

  return (order: Order, step: DueBoardStep): Promise<void> =>
    step.do === 'tell' ? tell(order, step.kind) : draw(order, step.card);
}

/** Remembers which posts Slack refused, so that it isn't searched for them before the next attempt. */
function makeRefusals() {
  const refused = new Set<string>();
  const keyOf = ({ id }: Order, what: string): string => `${id} ${what}`;

  /** @param attempt calls what it is given right before it posts. */
  async function note<T>(
    order: Order,
    what: string,
    attempt: (attempted: () => void) => Promise<T>,
  ): Promise<T> {
    const key = keyOf(order, what);
    let isAttempted = false;
    const attempted = () => {
      isAttempted = true;
      refused.delete(key);
    };
    try {
      const done = await attempt(attempted);
      refused.delete(key);
      return done;
    } catch (error) {
      if (isAttempted && error instanceof BoardUnreachable) refused.add(key);
      throw error;
    }
  }

  return { note, has: (order: Order, what: string): boolean => refused.has(keyOf(order, what)) };
}

import { createHash } from 'node:crypto';
import type { HomeView } from '@slack/types';
import { LRUCache } from 'lru-cache';
import type { Order } from '../../orders/domain/order.js';
import type { OrderId, Person, Timestamp } from '../../orders/domain/request.js';
import type { Clock } from '../../orders/ports/clock.js';
import type { OpenedHome, OpenedHomeStore } from '../../orders/ports/home-store.js';
import type { Leases } from '../../orders/ports/leases.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderBoard } from '../../orders/ports/order-board.js';
import { homeSentence } from '../blocks/home/home-tab.js';
import type { DrawHome } from './draw-home.js';
import type { PublishHome } from './publish-home.js';
import { makePublishQueue, type Published } from './publish-queue.js';
import { makeSharedHomes } from './shared-homes.js';

/**
 * The Home tabs of people who opened theirs recently, here or in an instance that shares the database. A Home tab is
 * only a cache of what is on record: after a restart of the only instance it is drawn again at its next opening.
 */
export interface HomeTabs {
  /**
   * This person has their Home tab in front of them, and may use the app.
   *
   * @param hash Slack's hash of what they see; undefined if nothing was ever published for them.
   */
  seenBy(person: Person, hash: string | undefined): void;
  /** Publishes the Home tab of a person who just opened it. Never rejects. */
  draw(userId: string): Promise<void>;
  /** Says something on top of a person's Home tab. Returns false if that wasn't possible. Never rejects. */
  say(userId: string, sentence: string): Promise<boolean>;
  /** This person may not use the app: nothing but sentences is published for them. */
  bar(userId: string): void;
  /** An order has changed. Publishes the Home tabs that it is on, or may be on now. */
  changed(order: Order): void;
  /** Resolves when no publish is under way. */
  stop(): Promise<void>;
}

interface Viewer {
  person: Person;
  openedAt: Timestamp;
  /** The answer to what they did last on their Home tab. */
  notice?: { readonly sentence: string; readonly at: Timestamp };
  /** A digest of what Slack shows them, as far as is known. */
  shown?: { readonly content: string; readonly hash: string | undefined };
  /** When any instance last published for them. */
  publishedAt: Timestamp;
  orders: ReadonlySet<OrderId>;
  /** The opening that other instances know of. */
  notedAt: Timestamp;
  /** When they last did something whose effect was published at once. */
  actedAt: Timestamp;
}

/** How long a Home tab is kept up to date after it was opened. */
const FRESH_MS = 24 * 60 * 60_000;
/** How long other instances needn't hear of another opening. */
const NOTED_FOR_MS = 60 * 60_000;
const MAX_VIEWERS = 5_000;
/** A change within this time after a person's own decision is its effect. */
const EFFECT_MS = 10_000;

/** How long an answer stays on top of a Home tab that changes: later it may no longer be true. */
const NOTICE_MS = 60_000;

export function makeHomeTabs(deps: {
  readonly drawHome: DrawHome;
  readonly publishHome: PublishHome;
  /** Absent if no other instance can exist. */
  readonly sharing?: { readonly opened: OpenedHomeStore; readonly leases: Leases } | undefined;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}): HomeTabs {
  const { drawHome, publishHome, clock, log } = deps;
  const viewers = new LRUCache<string, Viewer>({ max: MAX_VIEWERS });
  const shared = deps.sharing && makeSharedHomes({ ...deps.sharing, clock, log, found });
  const queue = makePublishQueue({ publish, roomFor: shared?.roomFor, clock });

  async function publish(userId: string, slot: () => Promise<boolean>): Promise<Published> {
    const viewer = viewers.get(userId);
    if (viewer === undefined) return 'refused';
    await noteFirst(viewer);
    const drawn = await drawHome(viewer.person, noticeOf(viewer));
    if (drawn === 'account-unknown') return 'failed';
    const { view, orders = viewer.orders, barred } = drawn;
    const content = digestOf(view);
    if (viewer.shown !== undefined && content === viewer.shown.content) {
      if (viewer.openedAt >= viewer.notedAt + NOTED_FOR_MS) await note(viewer, viewer.shown);
      return 'unchanged';
    }
    if (!(await slot())) return 'failed';
    delete viewer.shown;
    const sent = await send(userId, view, noticeOf(viewer));
    if (typeof sent === 'string') return sent;
    viewer.shown = { content, hash: sent.hash };
    viewer.orders = orders;
    viewer.publishedAt = clock.now();
    if (barred === true) forget(userId);
    else await note(viewer, viewer.shown);
    return 'sent';
  }

  /** An order may change elsewhere while the first Home tab is drawn here. */
  async function noteFirst(viewer: Viewer): Promise<void> {
    if (shared === undefined || viewer.notedAt > Number.NEGATIVE_INFINITY) return;
    viewer.publishedAt = clock.now();
    await note(viewer, { content: '', hash: undefined });
  }

  async function note(viewer: Viewer, { content, hash }: NonNullable<Viewer['shown']>): Promise<void> {
    const { person, openedAt, publishedAt, orders } = viewer;
    viewer.notedAt = openedAt;
    const known = hash === undefined ? { content } : { content, hash };
    const home = { person, openedAt, publishedAt, ...known, orders: [...orders] };
    await shared?.note(home, Math.max(1, openedAt + FRESH_MS - clock.now()));
  }

  function forget(userId: string): void {
    viewers.delete(userId);
    shared?.forget(userId);
  }

  /** Takes over what other instances know: Home tabs that were opened there, or published again since. */
  function found(homes: readonly OpenedHome[], changed: readonly Order[]): void {
    const news = new Map<string, Viewer>();
    for (const { person, openedAt, publishedAt, content, hash, orders } of homes) {
      const viewer = viewers.get(person.userId) ?? newViewer(person);
      viewer.openedAt = Math.max(viewer.openedAt, openedAt);
      if (publishedAt > viewer.publishedAt) {
        news.set(person.userId, viewer);
        viewer.publishedAt = publishedAt;
        // It already shows what they did before that.
        viewer.actedAt = Math.max(viewer.actedAt, publishedAt);
        viewer.shown = { content, hash };
        viewer.orders = new Set(orders);
      }
      viewers.set(person.userId, viewer);
    }
    for (const order of changed) refresh(order, news);
  }

  /** Publishes the Home tabs of these people that the order is on, or may be on now. */
  function refresh(order: Order, whose: Iterable<readonly [string, Viewer]>): void {
    for (const [userId, viewer] of whose) {
      const actedAt = lastActOf(order, userId);
      if (clock.now() - viewer.openedAt >= FRESH_MS) viewers.delete(userId);
      else if (actedAt > viewer.actedAt && clock.now() - actedAt < EFFECT_MS) {
        viewer.actedAt = actedAt;
        void queue.now(userId);
      } else if (concerns(order, viewer)) queue.later(userId);
    }
  }

  function noticeOf({ notice }: Viewer): string | undefined {
    return notice && clock.now() - notice.at < NOTICE_MS ? notice.sentence : undefined;
  }

  /** Returns Slack's hash of the view, or why it wasn't published. */
  async function send(
    userId: string,
    view: HomeView,
    notice?: string,
  ): Promise<{ readonly hash: string | undefined } | 'failed' | 'refused'> {
    const sent = await publishHome(userId, view, notice);
    if ('hash' in sent) return sent;
    if (sent.problem === 'not-enabled') {
      viewers.clear();
      shared?.forget(userId);
      return 'refused';
    }
    if (sent.problem === 'failed' && sent.retryAfterMs !== undefined) {
      queue.pauseUntil(clock.now() + sent.retryAfterMs);
    }
    return sent.problem;
  }

  return {
    seenBy(person, hash) {
      // The same object, because a publish may be under way.
      const viewer = viewers.get(person.userId) ?? newViewer(person);
      viewer.person = person;
      viewer.openedAt = clock.now();
      delete viewer.notice;
      // Another instance may have published since.
      if (viewer.shown?.hash !== hash) delete viewer.shown;
      viewers.set(person.userId, viewer);
    },

    async draw(userId) {
      await queue.now(userId);
    },

    async say(userId, sentence) {
      const viewer = viewers.get(userId);
      if (viewer === undefined) return typeof (await send(userId, homeSentence(sentence))) !== 'string';
      viewer.notice = { sentence, at: clock.now() };
      const published = await queue.now(userId);
      return published === 'sent' || published === 'unchanged';
    },

    bar(userId) {
      if (viewers.has(userId)) forget(userId);
    },

    changed(order) {
      refresh(order, viewers.entries());
      shared?.changed(order);
    },

    async stop() {
      await queue.stop();
      await shared?.stop();
    },
  };
}

const newViewer = (person: Person): Viewer => ({
  person,
  openedAt: 0,
  publishedAt: Number.NEGATIVE_INFINITY,
  notedAt: Number.NEGATIVE_INFINITY,
  orders: new Set(),
  actedAt: Number.NEGATIVE_INFINITY,
});

const digestOf = (view: HomeView): string =>
  createHash('sha256').update(JSON.stringify(view)).digest('base64');

/** Returns when this person last did something with the order. They are waiting to see the effect. */
function lastActOf({ events }: Order, userId: string): Timestamp {
  const last = events.findLast((event) => 'by' in event && event.by?.userId === userId);
  return last?.at ?? Number.NEGATIVE_INFINITY;
}

/** A waiting order may wait for anyone: if it doesn't, their Home tab turns out to be unchanged, and isn't sent. */
function concerns({ id, requester, status }: Order, { person, orders }: Viewer): boolean {
  return orders.has(id) || requester.userId === person.userId || status === 'awaiting-approval';
}

/** Has the Home tabs follow every change that the cards show. */
export function refreshingHomeTabs(board: OrderBoard, homes: Pick<HomeTabs, 'changed'>): OrderBoard {
  return {
    ...board,
    show(order, card, begin) {
      homes.changed(order);
      return board.show(order, card, begin);
    },
  };
}

import { createHash } from 'node:crypto';
import type { HomeView } from '@slack/types';
import { WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import { LRUCache } from 'lru-cache';
import type { Order } from '../../orders/domain/order.js';
import type { OrderId, Person, Timestamp } from '../../orders/domain/request.js';
import type { OpenedHome, OpenedHomeStore } from '../../orders/opened-homes.js';
import type { Admit } from '../../orders/policy/admit.js';
import type { Clock, Leases, Log, OrderBoard } from '../../orders/ports.js';
import type { SummarizeOrders } from '../../orders/use-cases/summarize-orders.js';
import { barSentence } from '../blocks/bar-words.js';
import { homeSentence, homeTab, ordersOnHome } from '../blocks/home/home-tab.js';
import { adviceFor } from './error-middleware.js';
import { makePublishQueue, type Published } from './publish-queue.js';
import { makeSharedHomes } from './shared-homes.js';
import { slackCode, slackIsBusy } from './slack-errors.js';

/**
 * The Home tabs of people who opened theirs lately, here or in an instance that shares the database. A Home tab is only
 * a cache of what is on record: after a restart of the only instance it is drawn again at its next opening.
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

interface Drawn {
  readonly view: HomeView;
  readonly orders: ReadonlySet<OrderId>;
  /** They may no longer use the app. */
  readonly barred?: true;
}

/** How long a Home tab is kept up to date after it was opened. */
const FRESH_MS = 24 * 60 * 60_000;
/** How long other instances needn't hear of another opening. */
const NOTED_FOR_MS = 60 * 60_000;
const MOST_VIEWERS = 5_000;
/** A change within this time after a person's own decision is its effect. */
const EFFECT_MS = 10_000;

/** How long an answer stays on top of a Home tab that changes: later it may no longer be true. */
const NOTICE_MS = 60_000;

/** Slack's code for an app without a Home tab. */
const NOT_ENABLED = 'not_enabled';

/** Slack's codes for a view that it can't show. */
const contentRefused: ReadonlySet<string> = new Set([
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'view_too_large',
]);

export function makeHomeTabs(deps: {
  readonly summarize: SummarizeOrders;
  /** Asked again before anything is drawn, because a Home tab stays fresh for longer than people stay admitted. */
  readonly admit: Admit;
  /** Must reject rate-limited calls instead of waiting. */
  readonly client: Pick<WebClient, 'views'>;
  /** Absent if no other instance can exist. */
  readonly sharing?: { readonly opened: OpenedHomeStore; readonly leases: Leases } | undefined;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}): HomeTabs {
  const { summarize, admit, client, clock, log } = deps;
  const viewers = new LRUCache<string, Viewer>({ max: MOST_VIEWERS });
  const shared = deps.sharing && makeSharedHomes({ ...deps.sharing, clock, log, found });
  const queue = makePublishQueue({ publish, roomFor: shared?.roomFor, clock });

  async function publish(userId: string, slot: () => Promise<boolean>): Promise<Published> {
    const viewer = viewers.get(userId);
    if (viewer === undefined) return 'refused';
    await noteFirst(viewer);
    const drawing = await drawn(viewer);
    if (drawing === 'account-unknown') return 'failed';
    const { view, orders, barred } = drawing;
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

  /** Other instances know these Home tabs, which may be new here, or were published again since. */
  function found(homes: readonly OpenedHome[], changed: readonly Order[]): void {
    const news = new Map<string, Viewer>();
    for (const { person, openedAt, publishedAt, content, hash, orders } of homes) {
      const viewer = viewers.get(person.userId) ?? newViewer(person);
      viewer.openedAt = Math.max(viewer.openedAt, openedAt);
      if (publishedAt > viewer.publishedAt) {
        news.set(person.userId, viewer);
        viewer.publishedAt = publishedAt;
        // What they did before that is on it.
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

  /** If the orders can't be read, the Home tab says so. */
  async function drawn(viewer: Viewer): Promise<Drawn | 'account-unknown'> {
    const sentence = noticeOf(viewer);
    try {
      const { bar } = await admit(viewer.person);
      if (bar === 'account-unknown') return bar;
      if (bar !== undefined) return { view: homeSentence(barSentence(bar)), orders: new Set(), barred: true };
      const summary = await summarize(viewer.person);
      const orders = new Set(ordersOnHome(summary).map(({ id }) => id));
      return { view: homeTab(summary, sentence), orders };
    } catch (err) {
      log.error({ err, userId: viewer.person.userId }, 'home tab could not be drawn');
      const sentences = [sentence, adviceFor(err)].filter((each) => each !== undefined);
      return { view: homeSentence([...new Set(sentences)].join('\n')), orders: viewer.orders };
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
    try {
      const { view: published } = await client.views.publish({ user_id: userId, view });
      return { hash: published?.hash };
    } catch (err) {
      const code = slackCode(err);
      if (err instanceof WebAPIRateLimitedError) queue.pauseUntil(clock.now() + err.retryAfter * 1_000);
      if (code === NOT_ENABLED) {
        log.warn({ code }, 'the Home tab is off in Slack. Turn it on under App Home, as in manifest.yml');
        viewers.clear();
        shared?.forget(userId);
      } else log.warn({ err, code, userId }, 'views.publish failed');
      if (code === undefined || slackIsBusy.has(code)) return 'failed';
      if (!contentRefused.has(code)) return 'refused';
      // It must not stay empty, or show what is no longer true.
      const sentences = [notice, adviceFor(err)].filter((each) => each !== undefined);
      return client.views.publish({ user_id: userId, view: homeSentence(sentences.join('\n')) }).then(
        ({ view: published }) => ({ hash: published?.hash }),
        () => 'refused' as const,
      );
    }
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

import { type CancelOrder, makeCancelOrder } from '../../../src/orders/cancel-order.js';
import { type CloseBackOrder, makeCloseBackOrder } from '../../../src/orders/close-back-order.js';
import type { Order, OrderRequest, Person, Timestamp } from '../../../src/orders/order.js';
import { requestDigest } from '../../../src/orders/order.js';
import type { Policy } from '../../../src/orders/policy.js';
import type { ApproverGroups, Leases, Log, OrderBoard, OrderStore } from '../../../src/orders/ports.js';
import { makeRecheckNumbers } from '../../../src/orders/recheck-numbers.js';
import { type CheckNumbers, makeCheckNumbers } from '../../../src/orders/request-disconnect.js';
import { makeRequestOrder, type RequestOrder } from '../../../src/orders/request-order.js';
import {
  type CheckAgain,
  makeCheckAgain,
  makeOrderAgain,
  type OrderAgain,
} from '../../../src/orders/resume-order.js';
import {
  type MayReview,
  makeMayReview,
  makeReviewOrder,
  type ReviewOrder,
} from '../../../src/orders/review-order.js';
import { type Engine, makeEngine } from '../../../src/orders/settle.js';
import { alone } from '../../../src/orders/turn.js';
import { allQuiet, type HandClock, makeHandClock } from './hand-clock.js';
import { type MemoryStore, makeMemoryStore } from './memory-store.js';
import { anna, approverGroup, ben, gus, purchase, usualPolicy } from './people.js';
import { makeRecordingBoard, type RecordingBoard } from './recording-board.js';
import { makeScriptedCarrier, type ScriptedCarrier } from './scripted-carrier.js';

/** Every call of the app to the outside goes through one: it may be kept waiting, or never come back. */
export type Gate = <T>(call: string, go: () => Promise<T>) => Promise<T>;

/** One running process of the app. */
export interface Desk {
  readonly engine: Engine;
  readonly requestOrder: RequestOrder;
  readonly reviewOrder: ReviewOrder;
  readonly mayReview: MayReview;
  readonly cancelOrder: CancelOrder;
  readonly checkAgain: CheckAgain;
  readonly orderAgain: OrderAgain;
  readonly closeBackOrder: CloseBackOrder;
  readonly checkNumbers: CheckNumbers;
}

export interface Office extends Desk {
  readonly clock: HandClock;
  readonly store: MemoryStore;
  readonly carrier: ScriptedCarrier;
  readonly board: RecordingBoard;
  /** Who is in the approver group; an error when Slack cannot say. */
  members: readonly string[] | Error;
  /** What happened, in order: `saved placing`, `POST`, `drew placed`, `told approved` … */
  readonly journal: readonly string[];
  /** What was logged at `error`. */
  readonly errors: readonly string[];
  /** When each POST left. */
  readonly postedAt: readonly Timestamp[];
  /** Starts another process on the same store, carrier and board; with `leases`, beside others that share them. */
  start(gate?: Gate, leases?: Leases): Desk;
  /** Anna asks for `request`; resolves when the card is posted. */
  request(id: string, request?: OrderRequest): Promise<void>;
  /** Ben approves what the card shows. */
  approve(id: string, by?: Person): Promise<void>;
  /** The order on record; throws when there is none. */
  order(id: string): Order;
  /** Time goes by with a pass every five seconds (or as said), as the poller asks for. */
  live(ms: number, desk?: Desk, every?: number): Promise<void>;
}

export const PLACE_WITHIN_MS = 30_000;
export const MAX_HELD = 100;
const POLL_MS = 5_000;
const channelId = 'C1';

export function openOffice(changes: Partial<Policy> = {}): Office {
  const policy = { ...usualPolicy, ...changes };
  const journal: string[] = [];
  const errors: string[] = [];
  const postedAt: Timestamp[] = [];
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (_facts, sentence) => errors.push(sentence),
  };
  const clock = makeHandClock();
  const store = makeMemoryStore(journal);
  const carrier = makeScriptedCarrier(journal, clock.now);
  const board = makeRecordingBoard(journal);
  const groups: ApproverGroups = {
    async includesAny(groupIds, userId) {
      if (office.members instanceof Error) throw office.members;
      return groupIds.includes(approverGroup) && office.members.includes(userId);
    },
  };

  function start(gate: Gate = (_call, go) => go(), leases: Leases = alone): Desk {
    const orders: OrderStore = {
      insert: (order) => gate('insert', () => store.insert(order)),
      get: (id) => gate('get', () => store.get(id)),
      replace: (current, next) => gate(`replace ${next.status}`, () => store.replace(current, next)),
      open: () => gate('open', () => store.open()),
    };
    const gatedBoard: OrderBoard = {
      show: (order) => gate('show', () => board.show(order)),
      tell: (order, kind) => gate(`tell ${kind}`, () => board.tell(order, kind)),
      tellUnreachable: (order, why) => gate('tellUnreachable', () => board.tellUnreachable(order, why)),
    };
    const engine = makeEngine({
      orders,
      leases,
      carrier: {
        place: (id, request, reservationIds) =>
          gate('place', () => {
            postedAt.push(clock.now());
            return carrier.place(id, request, reservationIds);
          }),
        find: (sent) => gate('find', () => carrier.find(sent)),
        report: (kind, id) => gate('report', () => carrier.report(kind, id)),
        closeBackOrder: (id, order) => gate('close', () => carrier.closeBackOrder(id, order)),
        hold: (number) => gate('hold', () => carrier.hold(number)),
        findHold: (number) => gate('findHold', () => carrier.findHold(number)),
        release: (reservationId) => gate('release', () => carrier.release(reservationId)),
      },
      board: gatedBoard,
      clock,
      log,
      placeWithinMs: PLACE_WITHIN_MS,
      maxHeld: MAX_HELD,
    });
    const needs = { orders, engine, policy, groups, clock, log };
    return {
      engine,
      requestOrder: makeRequestOrder(needs),
      reviewOrder: makeReviewOrder({
        ...needs,
        recheckNumbers: makeRecheckNumbers({
          ...needs,
          carrier: { notOffered: (numbers) => gate('notOffered', () => carrier.notOffered(numbers)) },
        }),
      }),
      mayReview: makeMayReview(needs),
      cancelOrder: makeCancelOrder(needs),
      checkAgain: makeCheckAgain(needs),
      orderAgain: makeOrderAgain(needs),
      closeBackOrder: makeCloseBackOrder(needs),
      checkNumbers: makeCheckNumbers({ ...needs, carrier }),
    };
  }

  const order = (id: string): Order => {
    const found = store.onRecord(id);
    if (found === undefined) throw new Error(`there is no order ${id}`);
    return found;
  };

  const office: Office = {
    ...start(),
    clock,
    store,
    carrier,
    board,
    members: [gus.userId],
    journal,
    errors,
    postedAt,
    start,
    async request(id, request = purchase()) {
      await office.requestOrder({ id, request, requester: anna, channelId });
      await allQuiet();
    },
    async approve(id, by = ben) {
      await office.reviewOrder(id, by, { verdict: 'approve', seen: requestDigest(order(id)) });
      await allQuiet();
    },
    order,
    async live(ms, desk = office, every = POLL_MS) {
      for (let left = ms; left > 0; left -= every) {
        await desk.engine.pass().catch(() => {});
        await clock.advance(Math.min(left, every));
      }
    },
  };
  return office;
}

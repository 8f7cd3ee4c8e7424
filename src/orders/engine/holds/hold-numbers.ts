import { isDeepStrictEqual } from 'node:util';
import type { Hold, HoldIn } from '../../domain/hold.js';
import { holdsOf, isHold, notYetHeld, numbersToHold, roomToHold } from '../../domain/holds.js';
import type { Order } from '../../domain/order.js';
import type { PhoneNumber } from '../../domain/phone-number.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import { holding, lapsed, notHeld, released } from '../../domain/transitions.js';
import type { Carrier } from '../../ports/carrier.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { OrderStore } from '../../ports/order-store.js';
import { type Attempt, asOneWrite, recorded } from './hold-attempts.js';
import { type HoldRequests, makeHoldRequests } from './hold-requests.js';
import { type HoldTroubles, makeHoldTroubles } from './hold-troubles.js';
import { endOf, type HoldPlan } from './next-hold-step.js';
import { otherOpenOrders } from './other-open-orders.js';

/** Carries out the steps that `next-hold-step.ts` decides. */
export interface HoldNumbers {
  /** Requests holds, and looks up earlier requests that got no answer. */
  hold(order: Order, numbers: readonly PhoneNumber[]): Promise<void>;
  release(order: Order, holds: readonly HoldIn<'asked' | 'held'>[]): Promise<void>;
  /** Records that these holds expired, if Bandwidth's clock says so. */
  lapse(order: Order, holds: readonly HoldIn<'asked' | 'held'>[]): Promise<void>;
  /** Asks Bandwidth to learn what its clock says. */
  readCarrierClock(order: Order, number: PhoneNumber): Promise<void>;
  /** Returns what `next-hold-step.ts` has to know about it. */
  plan(id: OrderId): HoldPlan;
  /** Drops what is known about this order, because nothing more is to be done for now. */
  forget(id: OrderId): void;
}

interface HoldNumbersDeps {
  readonly orders: OrderStore;
  readonly carrier: Pick<Carrier, 'hold' | 'findHold' | 'release' | 'now'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** The maximum number of numbers held for one requester's orders. */
  readonly maxHeld: number;
  /** How long after it was recorded a request has either taken effect or never will. */
  readonly requestWithinMs: number;
  /** Writes the outcome and has the card drawn. */
  readonly change: (id: OrderId, next: (order: Order) => Order) => Promise<unknown>;
}

/**
 * Guarantees that an order that has ended leaves no reservation behind. Each request is on record before it is sent,
 * and no second one is sent until it is answered or a lookup, late enough to be conclusive, has found its outcome. All
 * times are by Bandwidth's clock (`carrier.now`), because ours may be wrong.
 */
export function makeHoldNumbers(deps: HoldNumbersDeps): HoldNumbers {
  const { carrier, clock, log, maxHeld, requestWithinMs, change } = deps;
  const requests = makeHoldRequests(deps);
  const troubles = makeHoldTroubles(clock, log);

  /** Returns the time by Bandwidth's clock, or undefined if it can't be asked, which is noted. */
  async function timeFor(id: OrderId, number: PhoneNumber): Promise<Timestamp | undefined> {
    try {
      return await requests.readCarrierTime(number);
    } catch (error) {
      const attempt = { number, at: 0, outcome: 'no-answer', error } as const;
      troubles.note(id, [attempt], 'hold expiry not known, will retry');
      return undefined;
    }
  }

  return {
    hold: makeHold(deps, requests, troubles),
    release: makeRelease(deps, requests, troubles),

    async lapse(order, holds) {
      const [first] = holds;
      if (first === undefined) return;
      const carrierNow = await timeFor(order.id, first.number);
      if (carrierNow === undefined) return;
      const over = holds.filter((each) => endOf(each, requestWithinMs) <= carrierNow);
      await change(order.id, (current) => lapsed(current, unchanged(current, over), clock.now()));
    },

    async readCarrierClock({ id }, number) {
      if ((await timeFor(id, number)) !== undefined) troubles.forget(id);
    },

    plan: (id) => ({ most: maxHeld, trouble: troubles.of(id), carrierNow: carrier.now() }),
    forget: troubles.forget,
  };
}

function makeHold(
  { orders, clock, maxHeld, change }: HoldNumbersDeps,
  requests: HoldRequests,
  troubles: HoldTroubles,
): HoldNumbers['hold'] {
  /** Returns the numbers that the requester's maximum leaves no room for, if there is too little room for `fresh`. */
  async function beyondLimit(order: Order, fresh: readonly PhoneNumber[]): Promise<readonly PhoneNumber[]> {
    if (fresh.length === 0) return [];
    const others = await otherOpenOrders(orders, order.id, { holdsFor: order.requester.userId });
    const room = roomToHold(order, others, maxHeld);
    return room < fresh.length ? notYetHeld(order).slice(room) : [];
  }

  /**
   * Requests holds, once that is on record together with what came of earlier requests. Returns all that isn't on
   * record yet; undefined if someone else wrote first, and nothing was requested.
   */
  async function request(
    order: Order,
    numbers: readonly PhoneNumber[],
    earlier: readonly Attempt[],
  ): Promise<readonly Attempt[] | undefined> {
    const [first] = numbers;
    if (first === undefined) return earlier;
    let sentAt: Timestamp;
    try {
      sentAt = await requests.readCarrierTime(first);
    } catch (error) {
      // No request was sent.
      return [...earlier, { number: first, at: 0, outcome: 'no-answer', error }];
    }
    const now = clock.now();
    const intent = holding(recorded(order, earlier, now), numbers, now, sentAt);
    if (!(await orders.replace(order, asOneWrite(order, intent)))) return undefined;
    return requests.requestAll(numbers, sentAt);
  }

  return async (order, wanted) => {
    const { id } = order;
    const fresh = notYetHeld(order).filter((number) => wanted.includes(number));
    const beyond = await beyondLimit(order, fresh);
    if (beyond.length > 0) {
      const because = { state: 'beyond-limit', most: maxHeld } as const;
      await change(id, (current) => notHeld(current, stillUntried(current, beyond), because, clock.now()));
      return;
    }
    const unanswered = holdsOf(order)
      .filter(isHold('asked'))
      .filter(({ number }) => wanted.includes(number));
    const lookedUp = await Promise.all(unanswered.map((each) => requests.lookUp(each, order)));
    const isWanted = ({ number }: Attempt) =>
      order.status === 'awaiting-approval' && numbersToHold(order.request).includes(number);
    const again = lookedUp.filter((each) => each.outcome === 'no-effect' && isWanted(each));
    const settled = lookedUp.filter((each) => !again.includes(each));
    const unrecorded = await request(order, [...fresh, ...again.map(({ number }) => number)], settled);
    if (unrecorded === undefined) return;
    // The settled ones may be on record by now.
    const attempts = new Set([...settled, ...unrecorded]);
    troubles.note(id, [...attempts], 'holding a number failed, will retry');
    await change(id, (current) => asOneWrite(current, recorded(current, unrecorded, clock.now())));
  };
}

function makeRelease(
  { carrier, clock, change }: HoldNumbersDeps,
  requests: HoldRequests,
  troubles: HoldTroubles,
): HoldNumbers['release'] {
  /** Returns undefined once Bandwidth no longer holds the number for us, or else why that isn't known. */
  async function end(order: Order, hold: HoldIn<'asked' | 'held'>): Promise<Attempt | undefined> {
    const { number } = hold;
    const attempt = hold.state === 'asked' ? await requests.lookUp(hold, order) : undefined;
    if (attempt?.outcome === 'not-yet' || attempt?.outcome === 'no-answer') return attempt;
    const found = attempt?.outcome === 'held' ? attempt.reservationId : undefined;
    const reservationId = hold.state === 'held' ? hold.reservationId : found;
    try {
      if (reservationId !== undefined) await carrier.release(reservationId);
      return undefined;
    } catch (error) {
      return { number, at: hold.state === 'asked' ? hold.at : 0, outcome: 'no-answer', error };
    }
  }

  return async (order, holds) => {
    const ends = await Promise.all(holds.map(async (hold) => ({ hold, failure: await end(order, hold) })));
    const failures = ends.flatMap(({ failure }) => failure ?? []);
    const ended = ends.flatMap(({ hold, failure }) => (failure === undefined ? hold : []));
    troubles.note(order.id, failures, 'releasing a number failed, will retry until it expires');
    await change(order.id, (current) => released(current, unchanged(current, ended), clock.now()));
  };
}

/** Returns the numbers whose holds are still the same in the order. */
function unchanged(order: Order, holds: readonly Hold[]): readonly PhoneNumber[] {
  return holds
    .filter((hold) => order.holds.some((each) => isDeepStrictEqual(each, hold)))
    .map(({ number }) => number);
}

function stillUntried(order: Order, numbers: readonly PhoneNumber[]): readonly PhoneNumber[] {
  const untried = notYetHeld(order);
  return numbers.filter((number) => untried.includes(number));
}

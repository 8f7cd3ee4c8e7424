import { isDeepStrictEqual } from 'node:util';
import type { Hold, HoldIn } from '../domain/hold.js';
import {
  arrivedBy,
  holdsOf,
  isHold,
  notYetHeld,
  numbersToHold,
  ownerOf,
  roomToHold,
  USUAL_HOLD_MS,
} from '../domain/holds.js';
import type { OpenQuestion } from '../domain/open-facts.js';
import type { Order } from '../domain/order.js';
import type { HeldNumber } from '../domain/order-event.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import { gone, held, holding, lapsed, notHeld, released } from '../domain/transitions.js';
import {
  type Carrier,
  CarrierError,
  type CarrierTrouble,
  type Clock,
  type Log,
  type OrderStore,
  type Reservation,
} from '../ports.js';
import { endOf, type HoldPlan, type HoldTrouble, nextTryAt } from './next-step.js';

/** Carries out the steps about holds that `next-step.ts` decides. */
export interface HoldNumbers {
  /** Requests what is to be held, and looks for the requests that got no answer. */
  hold(order: Order, numbers: readonly PhoneNumber[]): Promise<void>;
  release(order: Order, holds: readonly HoldIn<'asked' | 'held'>[]): Promise<void>;
  /** Notes that their time is up, if Bandwidth's clock says so. */
  lapse(order: Order, holds: readonly HoldIn<'asked' | 'held'>[]): Promise<void>;
  /** Learns what Bandwidth's clock says. */
  askTheTime(order: Order, number: PhoneNumber): Promise<void>;
  /** What `next-step.ts` has to know about it. */
  plan(id: OrderId): HoldPlan;
  /** There is nothing more to do for this order just now. */
  forget(id: OrderId): void;
}

/** What became of one request for a number; `at` says which: the one that left then. */
type Attempt = { readonly number: PhoneNumber; readonly at: Timestamp } & (
  | ({ readonly outcome: 'held' } & Reservation)
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'unavailable'; readonly advice?: string }
  /** It can't take effect any more, and hasn't. */
  | { readonly outcome: 'no-effect' }
  /** Nobody can know yet. */
  | { readonly outcome: 'not-yet' }
  | { readonly outcome: 'no-answer'; readonly error: unknown }
);

/** With these Bandwidth says no, and will say no again. */
const lasting: readonly CarrierTrouble[] = ['refused', 'forbidden', 'missing'];

/** A request must leave within this part of the time after which others look for it. */
const LEAVES_WITHIN = 1 / 5;

/**
 * No reservation is left behind by an order that has ended. For that, each request is on record before it leaves, with
 * its time; the record stays open until the request is answered, or a lookup made when it can't take effect any more
 * has found what it came to; and no second request leaves before that. Any process can do the looking, and does, also
 * after a crash and after the order has ended. All times are those of Bandwidth's clock (`carrier.now`): ours may
 * differ between machines, or be set.
 */
export function makeHoldNumbers(deps: {
  orders: OrderStore;
  carrier: Pick<Carrier, 'hold' | 'findHold' | 'release' | 'now'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** The most numbers that one person's orders hold together. */
  maxHeld: number;
  /** So long after a request was put on record it has taken effect or never will. */
  requestWithinMs: number;
  /** Writes what comes of it and has the card drawn. */
  change: (id: OrderId, next: (order: Order) => Order) => Promise<unknown>;
}): HoldNumbers {
  const { orders, carrier, clock, log, maxHeld, requestWithinMs, change } = deps;
  const troubles = new Map<OrderId, HoldTrouble>();
  /** As the last answer had it: it may be a setting of the account. */
  let keptForMs = USUAL_HOLD_MS;

  async function otherOpenOrders(id: OrderId, question: OpenQuestion): Promise<readonly Order[]> {
    const ids = (await orders.openAbout(question)).filter((each) => each !== id);
    const found = await Promise.all(ids.map((each) => orders.get(each)));
    return found.filter((each) => each !== undefined);
  }

  /** When to try again, if anything failed or can't be known yet. */
  function note(id: OrderId, attempts: readonly Attempt[], sentence: string): void {
    const errors = attempts.flatMap((each) => (each.outcome === 'no-answer' ? [each.error] : []));
    const isOpen = errors.length > 0 || attempts.some(({ outcome }) => outcome === 'not-yet');
    if (!isOpen) return void troubles.delete(id);
    const failures = (troubles.get(id)?.failures ?? 0) + 1;
    const named = errors.flatMap((error) => (error instanceof CarrierError ? (error.retryAt ?? []) : []));
    const at = clock.now();
    const nextAt = nextTryAt(failures, at, named.length > 0 ? Math.max(...named) : undefined);
    troubles.set(id, { failures, at, nextAt });
    if (errors.length === 0) return;
    const foreseen = errors.every((error) => error instanceof CarrierError);
    log[foreseen ? 'warn' : 'error']({ orderId: id, err: errors[0] }, sentence);
  }

  /** What Bandwidth's clock says; where that isn't known, a lookup of this number tells it. Throws CarrierError. */
  async function timeThere(number: PhoneNumber): Promise<Timestamp> {
    const known = carrier.now();
    if (known !== undefined) return known;
    const failure = await carrier.findHold(number).then(
      () => undefined,
      (error: unknown) => error,
    );
    const told = carrier.now();
    if (told !== undefined) return told;
    throw (
      failure ??
      new CarrierError('unreachable', 'our clock was set while Bandwidth was asked for the time', {
        advice: 'The clock of my server was changed just now.',
      })
    );
  }

  /** The same; undefined where it can't be known, which is noted. */
  async function timeFor(id: OrderId, number: PhoneNumber): Promise<Timestamp | undefined> {
    try {
      return await timeThere(number);
    } catch (error) {
      const attempt = { number, at: 0, outcome: 'no-answer', error } as const;
      note(id, [attempt], 'when a hold ends cannot be seen; it will be tried again');
      return undefined;
    }
  }

  async function askFor(number: PhoneNumber, at: Timestamp): Promise<Attempt> {
    try {
      const answer = await carrier.hold(number);
      if (answer.outcome === 'unavailable-for-account') return { number, at, outcome: 'unavailable' };
      if (answer.outcome === 'gone') return { number, at, outcome: 'gone' };
      keptForMs = answer.until - at;
      return { ...answer, number, at };
    } catch (error) {
      if (error instanceof CarrierError && lasting.includes(error.trouble)) {
        return { number, at, outcome: 'unavailable', advice: error.advice };
      }
      return { number, at, outcome: 'no-answer', error };
    }
  }

  /** What came of a request that was never answered. */
  async function lookFor(hold: HoldIn<'asked'>, order: Order): Promise<Attempt> {
    const { number, at } = hold;
    try {
      const there = await timeThere(number);
      const found = await carrier.findHold(number);
      const mayYet = arrivedBy(hold, requestWithinMs) > there;
      if (found === undefined) return { number, at, outcome: mayYet ? 'not-yet' : 'no-effect' };
      const others = await otherOpenOrders(order.id, { numbers: [number] });
      const owner = ownerOf(found, hold, order, others, { there, requestWithinMs, keptForMs });
      if (owner === 'ours') return { ...found, number, at, outcome: 'held' };
      // Were that reservation released now, ours could still be made.
      return { number, at, outcome: mayYet || owner === 'not-known' ? 'not-yet' : 'gone' };
    } catch (error) {
      return { number, at, outcome: 'no-answer', error };
    }
  }

  /** The numbers are asked for, which is on record: `sentAt` is what stands there. */
  async function askForAll(numbers: readonly PhoneNumber[], sentAt: Timestamp): Promise<readonly Attempt[]> {
    const there = carrier.now();
    // A process that was asleep meanwhile may have been taken for dead, and its requests be looked for in vain.
    if (there === undefined || there - sentAt > requestWithinMs * LEAVES_WITHIN) {
      return numbers.map((number) => ({ number, at: sentAt, outcome: 'not-yet' }));
    }
    return Promise.all(numbers.map((number) => askFor(number, sentAt)));
  }

  return {
    async hold(order, wanted) {
      const { id } = order;
      const fresh = notYetHeld(order).filter((number) => wanted.includes(number));
      const holdsFor = order.requester.userId;
      const room =
        fresh.length === 0 ? 0 : roomToHold(order, await otherOpenOrders(id, { holdsFor }), maxHeld);
      if (room < fresh.length) {
        const beyond = notYetHeld(order).slice(room);
        const because = { state: 'beyond-limit', most: maxHeld } as const;
        await change(id, (current) => notHeld(current, stillUntried(current, beyond), because, clock.now()));
        return;
      }
      const unanswered = holdsOf(order)
        .filter(isHold('asked'))
        .filter(({ number }) => wanted.includes(number));
      const soughtFor = await Promise.all(unanswered.map((each) => lookFor(each, order)));
      const isWanted = ({ number }: Attempt) =>
        order.status === 'awaiting-approval' && numbersToHold(order.request).includes(number);
      const again = soughtFor.filter((each) => each.outcome === 'no-effect' && isWanted(each));
      const sought = soughtFor.filter((each) => !again.includes(each));
      const toAsk = [...fresh, ...again.map(({ number }) => number)];
      const [first] = toAsk;
      let asked: readonly Attempt[] = [];
      let known = sought;
      if (first !== undefined) {
        const sentAt = await timeThere(first).catch((error: unknown) => {
          // Nothing has left.
          asked = [{ number: first, at: 0, outcome: 'no-answer', error }];
        });
        if (sentAt !== undefined) {
          const now = clock.now();
          const intent = holding(recorded(order, sought, now), toAsk, now, sentAt);
          if (!(await orders.replace(order, asOneWrite(order, intent)))) return;
          known = [];
          asked = await askForAll(toAsk, sentAt);
        }
      }
      note(
        id,
        [...sought, ...asked],
        'Bandwidth could not be asked to keep a number aside; it will be tried again',
      );
      await change(id, (current) =>
        asOneWrite(current, recorded(current, [...known, ...asked], clock.now())),
      );
    },

    async release(order, holds) {
      const attempts: Attempt[] = [];
      const ended: Hold[] = [];
      const end = async (each: HoldIn<'asked' | 'held'>) => {
        const { number } = each;
        const at = each.state === 'asked' ? each.at : 0;
        const attempt = each.state === 'asked' ? await lookFor(each, order) : undefined;
        if (attempt?.outcome === 'not-yet' || attempt?.outcome === 'no-answer') {
          attempts.push(attempt);
          return;
        }
        const id =
          each.state === 'held' ? each.reservationId : attempt?.outcome === 'held' && attempt.reservationId;
        try {
          if (typeof id === 'string') await carrier.release(id);
          ended.push(each);
        } catch (error) {
          attempts.push({ number, at, outcome: 'no-answer', error });
        }
      };
      await Promise.all(holds.map(end));
      note(order.id, attempts, 'a number could not be released; it will be tried again until its time is up');
      await change(order.id, (current) => released(current, unchanged(current, ended), clock.now()));
    },

    async lapse(order, holds) {
      const [first] = holds;
      if (first === undefined) return;
      const there = await timeFor(order.id, first.number);
      if (there === undefined) return;
      const over = holds.filter((each) => endOf(each, requestWithinMs) <= there);
      await change(order.id, (current) => lapsed(current, unchanged(current, over), clock.now()));
    },

    async askTheTime({ id }, number) {
      if ((await timeFor(id, number)) !== undefined) note(id, [], '');
    },

    plan: (id) => ({ most: maxHeld, trouble: troubles.get(id), there: carrier.now() }),
    forget: (id) => void troubles.delete(id),
  };
}

/** The numbers of these holds, as far as the order has them still as they were. */
function unchanged(order: Order, holds: readonly Hold[]): readonly PhoneNumber[] {
  return holds
    .filter((hold) => order.holds.some((each) => isDeepStrictEqual(each, hold)))
    .map(({ number }) => number);
}

function stillUntried(order: Order, numbers: readonly PhoneNumber[]): readonly PhoneNumber[] {
  const untried = notYetHeld(order);
  return numbers.filter((number) => untried.includes(number));
}

/** Numbers of one batch fare differently, which makes several events, all written at once. */
function asOneWrite(before: Order, after: Order): Order {
  return after === before ? before : { ...after, version: before.version + 1 };
}

/** The order once these attempts have ended. Nothing is lost that was held, also where the order was decided meanwhile. */
function recorded(order: Order, attempts: readonly Attempt[], now: Timestamp): Order {
  const ended = attempts.filter((each) => isAwaited(order, each));
  const got = attempts.flatMap((each): HeldNumber[] =>
    each.outcome === 'held' && (ended.includes(each) || isNews(order, each))
      ? [{ number: each.number, reservationId: each.reservationId, until: each.until }]
      : [],
  );
  const numbersThat = (outcome: Attempt['outcome']) =>
    ended.filter((each) => each.outcome === outcome).map(({ number }) => number);
  const withAnswers = released(
    gone(held(order, got, now), numbersThat('gone'), now),
    numbersThat('no-effect'),
    now,
  );
  const refusal = ended.find((each) => each.outcome === 'unavailable');
  if (refusal === undefined) return withAnswers;
  // What holds for one number holds for the account: the others are not tried.
  const { advice } = refusal;
  const because = { state: 'unavailable', ...(advice === undefined ? {} : { advice }) } as const;
  const others = advice === undefined ? notYetHeld(withAnswers) : [];
  return notHeld(withAnswers, [...numbersThat('unavailable'), ...others], because, now);
}

/** The order still waits for what became of this very request. */
function isAwaited(order: Order, { number, at }: Attempt): boolean {
  return order.holds.some((hold) => hold.number === number && hold.state === 'asked' && hold.at === at);
}

/** An answer that came when nobody waited for it any more: what it names must be released, and nobody else can. */
function isNews(order: Order, { number, reservationId }: Attempt & { outcome: 'held' }): boolean {
  const isUsed = order.holds.some((hold) => hold.number === number && hold.state === 'used');
  const isKnown = order.events.some(
    (event) => event.what === 'held' && event.holds.some((each) => each.reservationId === reservationId),
  );
  return !isUsed && !isKnown;
}

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
import { orderIdOf } from '../domain/line-ids.js';
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
import { endOf, type HoldPlan, type HoldTrouble } from './next-hold-step.js';
import { nextTryAt } from './schedule.js';

/** Carries out the steps that `next-hold-step.ts` decides. */
export interface HoldNumbers {
  /** Requests holds, and looks up earlier requests that got no answer. */
  hold(order: Order, numbers: readonly PhoneNumber[]): Promise<void>;
  release(order: Order, holds: readonly HoldIn<'asked' | 'held'>[]): Promise<void>;
  /** Records that these holds expired, if Bandwidth's clock says so. */
  lapse(order: Order, holds: readonly HoldIn<'asked' | 'held'>[]): Promise<void>;
  /** Asks Bandwidth to learn what its clock says. */
  askTheTime(order: Order, number: PhoneNumber): Promise<void>;
  /** Returns what `next-hold-step.ts` has to know about it. */
  plan(id: OrderId): HoldPlan;
  /** Drops what is known about this order, because nothing more is to be done for now. */
  forget(id: OrderId): void;
}

/** The outcome of one request for a number; `at`, when it was sent, tells which request. */
type Attempt = { readonly number: PhoneNumber; readonly at: Timestamp } & (
  | ({ readonly outcome: 'held' } & Reservation)
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'unavailable'; readonly advice?: string }
  /** It had no effect and never will. */
  | { readonly outcome: 'no-effect' }
  /** No one can know yet. */
  | { readonly outcome: 'not-yet' }
  | { readonly outcome: 'no-answer'; readonly error: unknown }
);

/** Refusals that Bandwidth would repeat. */
const lasting: readonly CarrierTrouble[] = ['refused', 'forbidden', 'missing'];

/** A request must be sent within this fraction of the time after which others look it up. */
const LEAVES_WITHIN = 1 / 5;

/**
 * Guarantees that an order that has ended leaves no reservation behind. Each request is on record before it is sent,
 * and no second one is sent until it is answered or a lookup, late enough to be conclusive, has found its outcome. All
 * times are by Bandwidth's clock (`carrier.now`), because ours may be wrong.
 */
export function makeHoldNumbers(deps: {
  orders: OrderStore;
  carrier: Pick<Carrier, 'hold' | 'findHold' | 'release' | 'now'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** The maximum number of numbers held for one requester's orders. */
  maxHeld: number;
  /** How long after it was recorded a request has either taken effect or never will. */
  requestWithinMs: number;
  /** Writes the outcome and has the card drawn. */
  change: (id: OrderId, next: (order: Order) => Order) => Promise<unknown>;
}): HoldNumbers {
  const { orders, carrier, clock, log, maxHeld, requestWithinMs, change } = deps;
  const troubles = new Map<OrderId, HoldTrouble>();
  /** From the last answer: it may be a setting of the account. */
  let keptForMs = USUAL_HOLD_MS;

  async function otherOpenOrders(id: OrderId, question: OpenQuestion): Promise<readonly Order[]> {
    const ids = (await orders.openAbout(question)).filter((each) => each !== orderIdOf(id));
    const found = await Promise.all(ids.map((each) => orders.get(each)));
    return found.filter((each) => each !== undefined);
  }

  /** Notes when to try again, if anything failed or isn't known yet. */
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

  /** Returns the time by Bandwidth's clock, from a lookup of this number if it isn't known. Throws CarrierError. */
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

  /** Like {@link timeThere}, but notes a failure and returns undefined. */
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

  /** Finds out what came of a request that was never answered. */
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
      // If that reservation were released now, ours could still succeed.
      return { number, at, outcome: mayYet || owner === 'not-known' ? 'not-yet' : 'gone' };
    } catch (error) {
      return { number, at, outcome: 'no-answer', error };
    }
  }

  /** Requests holds that are already on record as sent at `sentAt`. */
  async function askForAll(numbers: readonly PhoneNumber[], sentAt: Timestamp): Promise<readonly Attempt[]> {
    const there = carrier.now();
    // If this process was suspended, others may have taken it for dead and looked up its requests already.
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
      const lookedUp = await Promise.all(unanswered.map((each) => lookFor(each, order)));
      const isWanted = ({ number }: Attempt) =>
        order.status === 'awaiting-approval' && numbersToHold(order.request).includes(number);
      const again = lookedUp.filter((each) => each.outcome === 'no-effect' && isWanted(each));
      const settled = lookedUp.filter((each) => !again.includes(each));
      const toAsk = [...fresh, ...again.map(({ number }) => number)];
      const [first] = toAsk;
      let asked: readonly Attempt[] = [];
      let known = settled;
      if (first !== undefined) {
        const sentAt = await timeThere(first).catch((error: unknown) => {
          // No request was sent.
          asked = [{ number: first, at: 0, outcome: 'no-answer', error }];
        });
        if (sentAt !== undefined) {
          const now = clock.now();
          const intent = holding(recorded(order, settled, now), toAsk, now, sentAt);
          if (!(await orders.replace(order, asOneWrite(order, intent)))) return;
          known = [];
          asked = await askForAll(toAsk, sentAt);
        }
      }
      note(id, [...settled, ...asked], 'holding a number failed, will retry');
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
      note(order.id, attempts, 'releasing a number failed, will retry until it expires');
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

/** Combines the events of one batch, whose numbers may have different outcomes, into one write. */
function asOneWrite(before: Order, after: Order): Order {
  return after === before ? before : { ...after, version: before.version + 1 };
}

/**
 * Returns the order once these attempts have ended. A hold that succeeded is never lost, even if the order was decided
 * in the meantime.
 */
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
  // A refusal concerns the whole account, so the other numbers aren't tried.
  const { advice } = refusal;
  const because = { state: 'unavailable', ...(advice === undefined ? {} : { advice }) } as const;
  const others = advice === undefined ? notYetHeld(withAnswers) : [];
  return notHeld(withAnswers, [...numbersThat('unavailable'), ...others], because, now);
}

/** Whether the order is still waiting for this request. */
function isAwaited(order: Order, { number, at }: Attempt): boolean {
  return order.holds.some((hold) => hold.number === number && hold.state === 'asked' && hold.at === at);
}

/**
 * Whether this hold is recorded nowhere else, although no one waits for it anymore. It has to be recorded here, or it
 * is never released.
 */
function isNews(order: Order, { number, reservationId }: Attempt & { outcome: 'held' }): boolean {
  const isUsed = order.holds.some((hold) => hold.number === number && hold.state === 'used');
  const isKnown = order.events.some(
    (event) => event.what === 'held' && event.holds.some((each) => each.reservationId === reservationId),
  );
  return !isUsed && !isKnown;
}

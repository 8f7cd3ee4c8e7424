import { type HoldPlan, type HoldTrouble, nextTryAt } from './advance.js';
import type { HeldNumber } from './hold-events.js';
import { type HoldIn, isHold, isTheLostOne, notYetHeld, roomToHold } from './holds.js';
import type { Order, OrderId, Timestamp } from './order.js';
import type { PhoneNumber } from './phone-number.js';
import {
  type Carrier,
  CarrierError,
  type CarrierTrouble,
  type Clock,
  type Log,
  type OrderStore,
  type Reservation,
} from './ports.js';
import { gone, held, holding, notHeld, released } from './transitions.js';

/** Carries out the steps about holds that `advance.ts` decides. */
export interface HoldNumbers {
  hold(order: Order, numbers: readonly PhoneNumber[]): Promise<void>;
  release(order: Order, holds: readonly HoldIn<'asked' | 'held'>[]): Promise<void>;
  /** What `advance.ts` has to know about it. */
  plan(id: OrderId): HoldPlan;
  /** There is nothing more to do for this order just now. */
  forget(id: OrderId): void;
}

/** What became of one number. `no-answer`: nobody knows, so it is tried again. */
type Attempt = { readonly number: PhoneNumber } & (
  | ({ readonly outcome: 'held' } & Reservation)
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'unavailable'; readonly advice?: string }
  | { readonly outcome: 'no-answer'; readonly error: unknown }
);

/** With these Bandwidth says no, and will say no again. */
const lasting: readonly CarrierTrouble[] = ['refused', 'forbidden', 'missing'];

export function makeHoldNumbers(needs: {
  orders: OrderStore;
  carrier: Pick<Carrier, 'hold' | 'findHold' | 'release'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** The most numbers that one person's orders hold together. */
  maxHeld: number;
  /** Writes what comes of it and has the card drawn. */
  change: (id: OrderId, next: (order: Order) => Order) => Promise<void>;
}): HoldNumbers {
  const { orders, carrier, clock, log, maxHeld, change } = needs;
  const troubles = new Map<OrderId, HoldTrouble>();
  /** When requests left that got no answer, beside the first, which is on record. */
  const unanswered = new Map<OrderId, Timestamp[]>();

  async function otherOpenOrders(id: OrderId): Promise<readonly Order[]> {
    const ids = (await orders.open()).filter((each) => each !== id);
    const found = await Promise.all(ids.map((each) => orders.get(each)));
    return found.filter((each) => each !== undefined);
  }

  /** When to try again, if anything failed. */
  function note(id: OrderId, errors: readonly unknown[], sentence: string): void {
    const [first] = errors;
    if (errors.length === 0) return void troubles.delete(id);
    const failures = (troubles.get(id)?.failures ?? 0) + 1;
    const named = errors.flatMap((error) => (error instanceof CarrierError ? (error.retryAt ?? []) : []));
    const nextAt = nextTryAt(failures, clock.now(), named.length > 0 ? Math.max(...named) : undefined);
    troubles.set(id, { failures, nextAt });
    const foreseen = errors.every((error) => error instanceof CarrierError);
    log[foreseen ? 'warn' : 'error']({ orderId: id, err: first }, sentence);
  }

  async function askFor(
    number: PhoneNumber,
    lost: HoldIn<'asked'> | undefined,
    id: OrderId,
  ): Promise<Attempt> {
    const askedAt = clock.now();
    try {
      const answer = await carrier.hold(number);
      if (answer.outcome === 'unavailable-for-account') return { number, outcome: 'unavailable' };
      if (answer.outcome === 'held') return { ...answer, number };
      // Perhaps it is gone because an earlier request of ours, whose answer was lost, has got it.
      const own = lost === undefined ? undefined : await findLost(number, lost.at, id);
      return own === undefined ? { number, outcome: 'gone' } : { ...own, number, outcome: 'held' };
    } catch (error) {
      if (error instanceof CarrierError && lasting.includes(error.trouble)) {
        return { number, outcome: 'unavailable', advice: error.advice };
      }
      unanswered.set(id, [...(unanswered.get(id) ?? []), askedAt]);
      return { number, outcome: 'no-answer', error };
    }
  }

  async function findLost(
    number: PhoneNumber,
    firstAskedAt: Timestamp,
    id: OrderId,
  ): Promise<Reservation | undefined> {
    const found = await carrier.findHold(number);
    if (found === undefined) return undefined;
    const askedAt = [firstAskedAt, ...(unanswered.get(id) ?? [])];
    return isTheLostOne(number, found, askedAt, await otherOpenOrders(id)) ? found : undefined;
  }

  return {
    async hold(order, wanted) {
      const { id } = order;
      const fresh = notYetHeld(order).filter((number) => wanted.includes(number));
      const room = fresh.length === 0 ? 0 : roomToHold(order, await otherOpenOrders(id), maxHeld);
      if (room < fresh.length) {
        const beyond = notYetHeld(order).slice(room);
        const because = { state: 'beyond-limit', most: maxHeld } as const;
        await change(id, (current) => notHeld(current, stillUntried(current, beyond), because, clock.now()));
        return;
      }
      // The intent is saved first: after a crash it tells which numbers may be kept aside without our knowing.
      if (fresh.length > 0 && !(await orders.replace(order, holding(order, fresh, clock.now())))) return;
      const lost = order.holds.filter(isHold('asked'));
      const attempts = await Promise.all(
        wanted.map((number) =>
          askFor(
            number,
            lost.find((each) => each.number === number),
            id,
          ),
        ),
      );
      const errors = attempts.flatMap((each) => (each.outcome === 'no-answer' ? [each.error] : []));
      note(id, errors, 'Bandwidth could not be asked to keep a number aside; it will be tried again');
      await change(id, (current) => asOneWrite(current, recorded(current, attempts, clock.now())));
    },

    async release(order, holds) {
      const errors: unknown[] = [];
      const ended: PhoneNumber[] = [];
      const end = async (each: HoldIn<'asked' | 'held'>) => {
        try {
          const found = each.state === 'held' ? each : await findLost(each.number, each.at, order.id);
          if (found !== undefined) await carrier.release(found.reservationId);
          ended.push(each.number);
        } catch (error) {
          errors.push(error);
        }
      };
      await Promise.all(holds.map(end));
      note(order.id, errors, 'a number could not be released; it will be tried again until its time is up');
      await change(order.id, (current) => released(current, ended, clock.now()));
    },

    plan: (id) => ({ most: maxHeld, trouble: troubles.get(id) }),
    forget(id) {
      troubles.delete(id);
      unanswered.delete(id);
    },
  };
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
  const asked = new Set(order.holds.filter(isHold('asked')).map(({ number }) => number));
  const ended = attempts.filter(({ number }) => asked.has(number));
  const got = ended.flatMap((each): HeldNumber[] =>
    each.outcome === 'held'
      ? [{ number: each.number, reservationId: each.reservationId, until: each.until }]
      : [],
  );
  const taken = ended.filter(({ outcome }) => outcome === 'gone').map(({ number }) => number);
  const withAnswers = gone(held(order, got, now), taken, now);
  const refusal = ended.find((each) => each.outcome === 'unavailable');
  if (refusal === undefined) return withAnswers;
  // What holds for one number holds for the account: the others are not tried.
  const refused = ended.filter(({ outcome }) => outcome === 'unavailable').map(({ number }) => number);
  const { advice } = refusal;
  const because = { state: 'unavailable', ...(advice === undefined ? {} : { advice }) } as const;
  const others = advice === undefined ? notYetHeld(withAnswers) : [];
  return notHeld(withAnswers, [...refused, ...others], because, now);
}

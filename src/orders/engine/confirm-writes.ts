import { isDeepStrictEqual } from 'node:util';
import type { Order } from '../domain/order.js';
import type { OrderEvent } from '../domain/order-event.js';
import type { OrderId, Person } from '../domain/request.js';
import { type Clock, type Log, type OrderStore, OutcomeUnknown, StoreError } from '../ports.js';

/** How the stored order stands to a write whose answer was lost. */
type Standing =
  | 'written'
  /** Somebody else wrote first, so ours never will be. */
  | 'lost'
  /** Not there yet; but what was sent may still arrive. */
  | 'as before';

/** Somebody waits, so it is looked at once and then a few times more. */
const PAUSES_MS = [0, 50, 250, 1_000];
/** No further look is begun after this long: by then whoever waits must hear something. */
const ANSWER_WITHIN_MS = 4_000;
/** Afterwards it is looked for in the background, ever more rarely. */
const BACKGROUND_PAUSE_MS = { first: 1_000, longest: 30_000 };
const GIVE_UP_AFTER_MS = 60 * 60_000;
/** Both servers drop what they have not carried out by then. */
const MAY_ARRIVE_FOR_MS = 10_000;

type PersonsEvent = Extract<OrderEvent, { readonly by: Person }>['what'];

/** What people call the write that adds an event. One that somebody causes and that has no words here doesn't compile. */
const words: Readonly<Record<PersonsEvent, string>> = {
  requested: 'your request',
  edited: 'your edit',
  'approval-given': 'your approval',
  approved: 'your approval',
  declined: 'your decision to decline',
  cancelled: 'your cancellation',
  'wanted-again': 'your decision to resubmit it',
  'given-up': 'your decision to give it up',
  'close-wanted': 'your request to close the back-order',
};

/** **Check again** adds no event, it only sets the time of the next look. */
const CHECK_AGAIN = 'your request to check again';

/**
 * Orders whose writes are certain wherever that can be found out: where the answer to one was lost, it looks what is
 * there, and writes once more if it is what was there before. That does no harm: each write counts the version up, so
 * only one of the two can be carried out. Throws {@link OutcomeUnknown} only while the store cannot be asked at all; then
 * it goes on looking, and has the order settled once it knows.
 */
export function confirmWrites(deps: {
  orders: OrderStore;
  settle: (id: OrderId) => void;
  clock: Clock;
  log: Log;
}): OrderStore {
  const { orders, settle, clock, log } = deps;
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      clock.wakeAt(clock.now() + ms, resolve);
    });

  async function sure(
    next: Order,
    wording: () => string | undefined,
    write: () => Promise<boolean>,
    standing: (seen: Order | undefined) => Standing,
  ): Promise<boolean> {
    const { id } = next;
    const startedAt = clock.now();
    let cause: unknown;
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      cause = error;
    }
    const unknownAt = clock.now();
    log.warn(
      { orderId: id, err: cause },
      'the database did not confirm a write; looking whether it is there',
    );
    for (const ms of PAUSES_MS) {
      if (ms > 0) await pause(ms);
      if (clock.now() - unknownAt > ANSWER_WITHIN_MS) break;
      try {
        const seen = standing(await orders.get(id));
        if (seen !== 'as before') return seen === 'written';
        // Losing says nothing: the first may have arrived meanwhile.
        if (await write()) return true;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        cause = error;
      }
    }
    // What nobody waits for is read anew by the next pass anyway.
    const saving = wording();
    const told = saving === undefined ? {} : { saving, becomes: lookOn(id, standing, startedAt) };
    throw new OutcomeUnknown(`whether order ${id} was written is not known`, { cause, ...told });
  }

  async function lookOn(
    id: OrderId,
    standing: (seen: Order | undefined) => Standing,
    startedAt: number,
  ): Promise<boolean | undefined> {
    let ms = BACKGROUND_PAUSE_MS.first;
    for (let waited = 0; waited < GIVE_UP_AFTER_MS; waited += ms) {
      await pause(ms);
      ms = Math.min(ms * 2, BACKGROUND_PAUSE_MS.longest);
      try {
        const askedAt = clock.now();
        const seen = standing(await orders.get(id));
        if (seen === 'as before' && askedAt - startedAt < MAY_ARRIVE_FOR_MS) continue;
        log.info(
          { orderId: id, written: seen === 'written' },
          'what became of an unconfirmed write is known now',
        );
        settle(id);
        return seen === 'written';
      } catch (err) {
        log.debug({ orderId: id, err }, 'what became of an unconfirmed write cannot be seen yet');
      }
    }
    log.error({ orderId: id }, 'what became of an unconfirmed write was never found out');
    return undefined;
  }

  return {
    ...orders,
    insert: (order) =>
      sure(
        order,
        () => words.requested,
        () => orders.insert(order),
        (seen) => (seen === undefined ? 'as before' : begins(seen, order) ? 'written' : 'lost'),
      ),
    replace(current, next) {
      const added = next.events.slice(current.events.length);
      const wording = () => savedFor(added) ?? (onlySetsNextLook(current, next) ? CHECK_AGAIN : undefined);
      const standing = (seen: Order | undefined): Standing => {
        if (seen === undefined) return 'lost';
        if (seen.version === current.version) return 'as before';
        if (isDeepStrictEqual(asRead(seen), asRead(next))) return 'written';
        return added.length > 0 && begins(seen, next) ? 'written' : 'lost';
      };
      return sure(next, wording, () => orders.replace(current, next), standing);
    },
  };
}

/** What somebody wants saved, in words for people; undefined where nobody waits for it. */
function savedFor(added: readonly OrderEvent[]): string | undefined {
  const persons = added.find((event) => 'by' in event);
  return persons && words[persons.what];
}

function onlySetsNextLook(current: Order, next: Order): boolean {
  if (!('asking' in current && 'asking' in next)) return false;
  const asking = { ...next.asking, nextAt: current.asking.nextAt };
  return isDeepStrictEqual(asRead({ ...next, version: current.version, asking }), asRead(current));
}

/** Whether everything that was decided by then is part of it; somebody may have gone on from there. */
const begins = (later: Order, { events }: Order): boolean =>
  isDeepStrictEqual(asRead(later.events.slice(0, events.length)), asRead(events));

/** As it comes back from JSON. */
const asRead = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

import { type CarrierReport, isFinalReport } from '../../../src/orders/domain/carrier-report.js';
import type { PhoneNumber } from '../../../src/orders/domain/phone-number.js';
import { namedNumbers, type OrderId, type OrderRequest } from '../../../src/orders/domain/request.js';
import type { ServiceCheck } from '../../../src/orders/domain/service-states.js';
import {
  type Carrier,
  CarrierError,
  type CarrierTrouble,
  type Closing,
  type HoldAnswer,
  type ListedOrders,
  type NumberStanding,
  type Placement,
  type SentOrder,
} from '../../../src/orders/ports/carrier.js';
import { working } from './people.js';

/** One answer to a POST; calling `accept` makes Bandwidth accept the order. */
export type PlaceTurn = (accept: () => string) => Placement | Promise<Placement>;

/** One lookup of a reservation, which may fail, or be too early. */
export type FindHoldTurn = () => 'unseen' | undefined;

/** One answer to a request to hold a number; calling `keep` makes Bandwidth hold it. */
export type HoldTurn = (keep: () => HoldAnswer) => HoldAnswer | Promise<HoldAnswer>;

export interface ScriptedCarrier
  extends Pick<
    Carrier,
    | 'place'
    | 'find'
    | 'findLike'
    | 'report'
    | 'listOrders'
    | 'lookups'
    | 'lookUpNumbers'
    | 'hold'
    | 'findHold'
    | 'release'
    | 'notOffered'
    | 'closeBackOrder'
    | 'checkServices'
  > {
  /** Answers the next POSTs like this, then accepts all. */
  onPlace(...turns: readonly PlaceTurn[]): void;
  /** Answers the next lookups like this, then all truthfully. */
  onFind(...turns: readonly (() => readonly string[] | Promise<readonly string[]>)[]): void;
  /** A colleague has created disconnects of the same numbers at Bandwidth, without one of our ids. */
  disconnectsByHand(...carrierOrderIds: readonly string[]): void;
  /** Answers the next report lookups like this, then all with what {@link ScriptedCarrier.says} was given. */
  onReport(...turns: readonly (() => CarrierReport | Promise<CarrierReport>)[]): void;
  says(report: CarrierReport): void;
  /**
   * From now on orders end as at the real Bandwidth: the first gets each of the numbers it names, and later ones fail
   * with 5005. `first` chooses which of several that is, by when they were accepted.
   */
  sellsEachNumberOnce(first?: 'older' | 'newer'): void;
  /** Answers the next number lookups like this, then says that every number works. */
  onLookUpNumbers(
    ...turns: readonly (() => readonly NumberStanding[] | Promise<readonly NumberStanding[]>)[]
  ): void;
  /** Answers the next hold requests like this, then holds all that can be held. */
  onHold(...turns: readonly HoldTurn[]): void;
  /** How long reservations last from now on, in milliseconds; four hours at first. */
  reservationsLast(ms: number): void;
  /** Answers the next lookups of a reservation like this, or doesn't see it yet, then all normally. */
  onFindHold(...turns: readonly FindHoldTurn[]): void;
  /** Answers the next releases like this, then all normally. */
  onRelease(...turns: readonly (() => void | Promise<void>)[]): void;
  /** Answers the next requests to close a back-order like this, then closes all. */
  onClose(...turns: readonly (() => Closing | Promise<Closing>)[]): void;
  /** Answers the next service checks like this, then says that everything works. */
  onCheckServices(...turns: readonly (() => ServiceCheck | Promise<ServiceCheck>)[]): void;
  /** The numbers of each service check. */
  readonly serviceChecks: readonly (readonly PhoneNumber[])[];
  /** Another customer has this number now. */
  sold(number: PhoneNumber): void;
  /** A colleague has reserved this number, on the same account. */
  reservesByHand(number: PhoneNumber): void;
  /** What Bandwidth really holds for us, by reservation. */
  readonly reserved: ReadonlyMap<string, { readonly number: PhoneNumber; readonly until: number }>;
  /** The numbers that the app asked to hold, in order. */
  readonly holdsAsked: readonly PhoneNumber[];
  /** The reservations that were ended, in order. */
  readonly releases: readonly string[];
  /** The carrier orders that the app asked to close. */
  readonly closes: readonly string[];
  /** The numbers whose availability was checked at the moment of approval. */
  readonly lookedFor: readonly PhoneNumber[];
  /** The reservations named by each POST of an order. */
  readonly named: readonly (readonly string[])[];
  /** The ids of all orders that were POSTed, in order. */
  readonly posts: readonly OrderId[];
  /** What Bandwidth really accepted. */
  readonly accepted: readonly {
    readonly orderId: OrderId;
    readonly id: string;
    readonly request: OrderRequest;
    /** The numbers it can't have, because of reservations that it didn't name. */
    readonly keptFrom: readonly PhoneNumber[];
  }[];
  /** The orders that were looked up. */
  readonly finds: readonly SentOrder[];
  /** The carrier orders whose reports were requested. */
  readonly reports: readonly string[];
  /** Answers the next pages of the list like this, then shows every order as {@link ScriptedCarrier.says} has it. */
  onList(...turns: readonly (() => ListedOrders | Promise<ListedOrders>)[]): void;
  /** How many lookups are left; a thousand by default. */
  left(count: number): void;
  /** Since when the list was requested. */
  readonly lists: readonly { readonly kind: OrderRequest['kind']; readonly since: number }[];
  /** The numbers that were looked up. */
  readonly lookedUp: readonly PhoneNumber[];
}

/** @param now the time of Bandwidth's clock, which nobody sets. */
export function makeScriptedCarrier(journal: string[], now: () => number = () => 0): ScriptedCarrier {
  const posts: OrderId[] = [];
  const accepted: {
    orderId: OrderId;
    id: string;
    request: OrderRequest;
    keptFrom: readonly PhoneNumber[];
  }[] = [];
  const finds: SentOrder[] = [];
  const reports: string[] = [];
  const lists: { kind: OrderRequest['kind']; since: number }[] = [];
  const listTurns: (() => ListedOrders | Promise<ListedOrders>)[] = [];
  let left = 1_000;
  const lookedUp: PhoneNumber[] = [];
  const placeTurns: PlaceTurn[] = [];
  const findTurns: (() => readonly string[] | Promise<readonly string[]>)[] = [];
  const reportTurns: (() => CarrierReport | Promise<CarrierReport>)[] = [];
  const numberTurns: (() => readonly NumberStanding[] | Promise<readonly NumberStanding[]>)[] = [];
  const holdTurns: HoldTurn[] = [];
  const findHoldTurns: FindHoldTurn[] = [];
  const releaseTurns: (() => void | Promise<void>)[] = [];
  const closeTurns: (() => Closing | Promise<Closing>)[] = [];
  const checkTurns: (() => ServiceCheck | Promise<ServiceCheck>)[] = [];
  const serviceChecks: (readonly PhoneNumber[])[] = [];
  const reserved = new Map<string, { number: PhoneNumber; until: number }>();
  const holdsAsked: PhoneNumber[] = [];
  let reservedForMs = 4 * 60 * 60_000;
  const releases: string[] = [];
  const closes: string[] = [];
  const lookedFor: PhoneNumber[] = [];
  const named: (readonly string[])[] = [];
  const sold = new Set<PhoneNumber>();
  let byHand: readonly string[] = [];
  let standing = report('received');
  let sells: 'older' | 'newer' | undefined;

  /** The outcome of an order when each number can be bought only once. */
  function ending(id: string): CarrierReport {
    const order = accepted.find((each) => each.id === id);
    const sold = new Set<PhoneNumber>();
    for (const each of sells === 'newer' ? accepted.toReversed() : accepted) {
      if (each === order) break;
      for (const number of namedNumbers(each.request)) sold.add(number);
    }
    const wanted = order === undefined ? [] : namedNumbers(order.request);
    const gone = wanted.filter((number) => sold.has(number));
    return gone.length === 0
      ? report('complete', { completed: wanted })
      : report('failed', {
          failed: wanted,
          faults: [{ code: '5005', description: 'The number is not available.', numbers: gone }],
        });
  }

  /** The given report, without the numbers that are held for someone else. */
  function withoutKept(id: string): CarrierReport {
    const order = accepted.find((each) => each.id === id);
    if (order === undefined || order.keptFrom.length === 0 || !isFinalReport(standing.status))
      return standing;
    const { keptFrom } = order;
    const completed = namedNumbers(order.request).filter((number) => !keptFrom.includes(number));
    const faults = [{ code: '5005', description: 'The number is not available.', numbers: keptFrom }];
    return report(completed.length === 0 ? 'failed' : 'partial', { completed, failed: keptFrom, faults });
  }

  const reservationOf = (number: PhoneNumber) =>
    [...reserved].find(([, each]) => each.number === number && each.until > now());
  const keep = (number: PhoneNumber, reservationId = `reservation-${holdsAsked.length}`): HoldAnswer => {
    const isOrdered = accepted.some(
      ({ request, keptFrom }) => namedNumbers(request).includes(number) && !keptFrom.includes(number),
    );
    if (sold.has(number) || isOrdered || reservationOf(number) !== undefined) return { outcome: 'gone' };
    const until = now() + reservedForMs;
    reserved.set(reservationId, { number, until });
    return { outcome: 'held', reservationId, until };
  };

  async function find(order: SentOrder): Promise<readonly string[]> {
    finds.push(order);
    journal.push('looked up');
    const turn = findTurns.shift();
    return turn?.() ?? accepted.filter(({ orderId }) => orderId === order.id).map(({ id }) => id);
  }

  return {
    async place(orderId, request, reservationIds = []) {
      posts.push(orderId);
      named.push(reservationIds);
      journal.push('POST');
      const turn = placeTurns.shift() ?? taken;
      return turn(() => {
        const id = `carrier-${accepted.length + 1}`;
        const keptFrom = namedNumbers(request).filter((number) => {
          const [reservationId] = reservationOf(number) ?? [];
          return reservationId !== undefined && !reservationIds.includes(reservationId);
        });
        accepted.push({ orderId, id, request, keptFrom });
        for (const reservationId of reservationIds) reserved.delete(reservationId);
        return id;
      });
    },
    async find(order) {
      const ours = await find(order);
      return ours.length > 0 || order.request.kind !== 'disconnect' ? ours : byHand;
    },
    async findLike(order) {
      const ours = await find(order);
      return { ours, sameNumbers: ours.length > 0 || order.request.kind !== 'disconnect' ? [] : byHand };
    },
    disconnectsByHand(...carrierOrderIds) {
      byHand = carrierOrderIds;
    },
    async report(kind, id) {
      reports.push(id);
      journal.push('asked');
      // Bandwidth keeps orders and disconnects apart.
      if (accepted.some((order) => order.id === id && order.request.kind !== kind)) {
        throw new CarrierError('missing', `there is no ${kind} ${id}`, {
          advice: 'Bandwidth does not know it.',
        });
      }
      const turn = reportTurns.shift();
      return turn?.() ?? (sells === undefined ? withoutKept(id) : ending(id));
    },
    async listOrders(kind, { since }) {
      lists.push({ kind, since });
      journal.push('listed');
      const turn = listTurns.shift();
      const rows = accepted
        .filter(({ request }) => request.kind === kind)
        .map(({ id }) => ({ id, status: standing.status }));
      return turn?.() ?? { rows, total: rows.length };
    },
    lookups: () => ({ left, perMinute: 1_000 }),
    async lookUpNumbers(numbers) {
      lookedUp.push(...numbers);
      const turn = numberTurns.shift();
      return turn?.() ?? numbers.map((number) => ({ standing: 'in-service', record: working(number) }));
    },
    async hold(number) {
      holdsAsked.push(number);
      const turn = holdTurns.shift();
      return turn === undefined ? keep(number) : turn(() => keep(number));
    },
    async findHold(number) {
      if (findHoldTurns.shift()?.() === 'unseen') return undefined;
      const found = reservationOf(number);
      return found && { reservationId: found[0], until: found[1].until };
    },
    async release(reservationId) {
      releases.push(reservationId);
      await releaseTurns.shift()?.();
      reserved.delete(reservationId);
    },
    async notOffered(numbers) {
      lookedFor.push(...numbers);
      return numbers.filter((number) => sold.has(number) || reservationOf(number) !== undefined);
    },
    async closeBackOrder(carrierOrderId) {
      closes.push(carrierOrderId);
      return (await closeTurns.shift()?.()) ?? { outcome: 'closed' };
    },
    async checkServices(numbers) {
      serviceChecks.push(numbers);
      const works = { state: 'works' } as const;
      const all = { groups: [{ numbers, voice: works, messaging: works, emergency: works }] };
      return (await checkTurns.shift()?.()) ?? all;
    },
    onCheckServices: (...turns) => void checkTurns.push(...turns),
    serviceChecks,
    onHold: (...turns) => void holdTurns.push(...turns),
    reservationsLast(ms) {
      reservedForMs = ms;
    },
    onFindHold: (...turns) => void findHoldTurns.push(...turns),
    onRelease: (...turns) => void releaseTurns.push(...turns),
    onClose: (...turns) => void closeTurns.push(...turns),
    reservesByHand: (number) => void keep(number, 'by-hand'),
    sold: (number) => void sold.add(number),
    reserved,
    holdsAsked,
    releases,
    closes,
    lookedFor,
    named,
    onPlace: (...turns) => void placeTurns.push(...turns),
    onFind: (...turns) => void findTurns.push(...turns),
    onReport: (...turns) => void reportTurns.push(...turns),
    onList: (...turns) => void listTurns.push(...turns),
    left(count) {
      left = count;
    },
    lists,
    onLookUpNumbers: (...turns) => void numberTurns.push(...turns),
    says(report) {
      standing = report;
    },
    sellsEachNumberOnce(first = 'older') {
      sells = first;
    },
    posts,
    accepted,
    finds,
    reports,
    lookedUp,
  };
}

export const taken: PlaceTurn = (accept) => ({ outcome: 'taken', carrierOrderId: accept() });

/** Bandwidth accepted the order, and the answer got lost. */
export const takenButAnswerLost: PlaceTurn = (accept) => {
  accept();
  return { outcome: 'unknown', advice: "Bandwidth didn't answer." };
};

/** The order got lost on its way; from here that looks exactly like a lost answer. */
export const lostOnTheWay: PlaceTurn = () => ({ outcome: 'unknown', advice: "Bandwidth didn't answer." });

export const notTaken =
  (retryAt?: number): PlaceTurn =>
  () => ({
    outcome: 'not-taken',
    advice: 'Bandwidth is busy.',
    ...(retryAt === undefined ? {} : { retryAt }),
  });

export const saysNo: PlaceTurn = () => ({
  outcome: 'refused',
  advice: 'Bandwidth refused the order.',
  faults: [{ code: '5016', description: 'SiteId 7 was not found.', numbers: [] }],
});

export function report(
  status: CarrierReport['status'],
  more: Partial<Omit<CarrierReport, 'status'>> = {},
): CarrierReport {
  return { status, completed: [], failed: [], faults: [], ...more };
}

export function cannotBeAsked(given: { trouble?: CarrierTrouble; retryAt?: number } = {}): () => never {
  return () => {
    throw new CarrierError(given.trouble ?? 'unreachable', 'no answer', {
      advice: 'Bandwidth cannot be reached.',
      retryAt: given.retryAt,
    });
  };
}

import type { CarrierReport, OrderId, OrderRequest } from '../../../src/orders/order.js';
import {
  type Carrier,
  CarrierError,
  type CarrierTrouble,
  type Placement,
} from '../../../src/orders/ports.js';

/** One answer to a POST; calling `accept` is what makes Bandwidth take the order. */
export type PlaceTurn = (accept: () => string) => Placement | Promise<Placement>;

export interface ScriptedCarrier extends Pick<Carrier, 'place' | 'find' | 'report'> {
  /** The next POSTs are answered so, then all are taken. */
  onPlace(...turns: readonly PlaceTurn[]): void;
  /** The next look-ups are answered so, then all honestly. */
  onFind(...turns: readonly (() => readonly string[] | Promise<readonly string[]>)[]): void;
  /** The next questions are answered so, then all with what {@link ScriptedCarrier.says} was given. */
  onReport(...turns: readonly (() => CarrierReport | Promise<CarrierReport>)[]): void;
  says(report: CarrierReport): void;
  /** The ids of all orders that were POSTed, in order. */
  readonly posts: readonly OrderId[];
  /** What Bandwidth really took. */
  readonly accepted: readonly {
    readonly orderId: OrderId;
    readonly id: string;
    readonly request: OrderRequest;
  }[];
  readonly finds: readonly OrderId[];
  /** The carrier orders that were asked about. */
  readonly reports: readonly string[];
}

export function makeScriptedCarrier(journal: string[]): ScriptedCarrier {
  const posts: OrderId[] = [];
  const accepted: { orderId: OrderId; id: string; request: OrderRequest }[] = [];
  const finds: OrderId[] = [];
  const reports: string[] = [];
  const placeTurns: PlaceTurn[] = [];
  const findTurns: (() => readonly string[] | Promise<readonly string[]>)[] = [];
  const reportTurns: (() => CarrierReport | Promise<CarrierReport>)[] = [];
  let standing = report('received');

  return {
    async place(orderId, request) {
      posts.push(orderId);
      journal.push('POST');
      const turn = placeTurns.shift() ?? taken;
      return turn(() => {
        const id = `carrier-${accepted.length + 1}`;
        accepted.push({ orderId, id, request });
        return id;
      });
    },
    async find(orderId) {
      finds.push(orderId);
      journal.push('looked up');
      const turn = findTurns.shift();
      return turn?.() ?? accepted.filter((order) => order.orderId === orderId).map(({ id }) => id);
    },
    async report(id) {
      reports.push(id);
      journal.push('asked');
      const turn = reportTurns.shift();
      return turn?.() ?? standing;
    },
    onPlace: (...turns) => void placeTurns.push(...turns),
    onFind: (...turns) => void findTurns.push(...turns),
    onReport: (...turns) => void reportTurns.push(...turns),
    says(report) {
      standing = report;
    },
    posts,
    accepted,
    finds,
    reports,
  };
}

export const taken: PlaceTurn = (accept) => ({ outcome: 'taken', carrierOrderId: accept() });

/** Bandwidth took the order, and the answer got lost. */
export const takenButAnswerLost: PlaceTurn = (accept) => {
  accept();
  return { outcome: 'unknown', advice: 'Bandwidth did not answer.' };
};

/** The order got lost on its way; from here that looks exactly like a lost answer. */
export const lostOnTheWay: PlaceTurn = () => ({ outcome: 'unknown', advice: 'Bandwidth did not answer.' });

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

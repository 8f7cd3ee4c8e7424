import type { OpenCarrierStatus } from '../../domain/carrier-report.js';
import type { ListedKind } from '../../domain/order-kinds.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import { type Carrier, CarrierError } from '../../ports/carrier.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import { nextTryAt } from '../schedule.js';
import type { OpenOrders } from './open-orders.js';
import { type ListKnown, ROWS_A_PAGE } from './plan-lookups.js';
import type { Listed } from './tracked-orders.js';

/** Reads Bandwidth's two lists page by page, over as many passes as it takes, and updates the open orders. */
export interface OrderListSync {
  known(): Readonly<Record<ListedKind, ListKnown>>;
  /** Reads this many pages of the list, starting a new sweep if none is running. Never rejects. */
  read(kind: ListedKind, since: Timestamp, pages: number): Promise<void>;
}

interface Sweep {
  readonly number: number;
  readonly since: Timestamp;
  readonly startedAt: Timestamp;
  readonly pages: Set<string>;
  page: string | undefined;
  rows: number;
  total: number | undefined;
}

interface State {
  size: ListKnown['size'];
  sweep: Sweep | undefined;
  failures: number;
  lastPageAt: Timestamp;
  notBefore: Timestamp;
}

/** No account's list has more pages. */
const MAX_PAGES = 1_000;

export function makeOrderListSync(deps: {
  carrier: Pick<Carrier, 'listOrders'>;
  open: Pick<OpenOrders, 'listed' | 'unlisted'>;
  /** An open order changed to another status that doesn't end it. */
  statusChanged: (id: OrderId, status: OpenCarrierStatus) => Promise<void>;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): OrderListSync {
  const { carrier, open, statusChanged, clock, log } = deps;
  const fresh = (): State => ({
    size: undefined,
    sweep: undefined,
    failures: 0,
    lastPageAt: 0,
    notBefore: 0,
  });
  const states: Record<ListedKind, State> = { purchase: fresh(), disconnect: fresh() };
  let sweeps = 0;

  const begin = (since: Timestamp): Sweep => ({
    number: ++sweeps,
    since,
    startedAt: clock.now(),
    pages: new Set(),
    page: undefined,
    rows: 0,
    total: undefined,
  });

  /** True for the last page. */
  async function readPage(kind: ListedKind, sweep: Sweep): Promise<boolean> {
    const { rows, total, nextPage } = await carrier.listOrders(kind, {
      since: sweep.since,
      ...(sweep.page === undefined ? {} : { page: sweep.page }),
    });
    sweep.rows += rows.length;
    sweep.total = total === undefined ? sweep.total : Math.max(total, sweep.total ?? 0);
    const changed: Extract<Listed, { means: 'status changed' }>[] = [];
    for (const { id, status } of rows) {
      const said = status === undefined ? undefined : open.listed(id, status, sweep.number);
      if (said?.means === 'status changed') changed.push(said);
    }
    for (const { id, status } of changed) await statusChanged(id, status);
    const more = nextPage !== undefined && !sweep.pages.has(nextPage) && sweep.pages.size < MAX_PAGES;
    if (more && rows.length > 0 && sweep.rows < (sweep.total ?? Number.POSITIVE_INFINITY)) {
      sweep.pages.add(nextPage);
      sweep.page = nextPage;
      return false;
    }
    return true;
  }

  function finish(kind: ListedKind, sweep: Sweep): void {
    const state = states[kind];
    state.sweep = undefined;
    state.size = { rows: sweep.total ?? sweep.rows, since: sweep.since };
    if (sweep.total !== undefined && sweep.rows < sweep.total) {
      stumble(kind, new Error(`${sweep.rows} of ${sweep.total} rows were listed`));
      return;
    }
    state.failures = 0;
    open.unlisted({ number: sweep.number, kind, since: sweep.since, startedAt: sweep.startedAt });
  }

  function stumble(kind: ListedKind, error: unknown): void {
    const state = states[kind];
    state.sweep = undefined;
    state.failures += 1;
    const named = error instanceof CarrierError ? error.retryAt : undefined;
    state.notBefore = nextTryAt(state.failures, clock.now(), named);
    log.warn({ err: error, of: kind }, 'order list incomplete, looking up orders one by one');
  }

  return {
    known: () => ({ purchase: knownOf(states.purchase), disconnect: knownOf(states.disconnect) }),
    async read(kind, since, pages) {
      const state = states[kind];
      state.sweep ??= begin(since);
      for (let count = 0; count < pages; count += 1) {
        const { sweep } = state;
        if (sweep === undefined) return;
        state.lastPageAt = clock.now();
        try {
          if (await readPage(kind, sweep)) finish(kind, sweep);
        } catch (error) {
          stumble(kind, error);
        }
      }
    },
  };
}

function knownOf({ size, sweep, lastPageAt, notBefore }: State): ListKnown {
  const rows = sweep?.total ?? size?.rows ?? 0;
  return {
    size,
    running:
      sweep === undefined
        ? undefined
        : {
            since: sweep.since,
            startedAt: sweep.startedAt,
            pages: Math.max(1, Math.ceil((rows - sweep.rows) / ROWS_A_PAGE)),
          },
    lastPageAt,
    notBefore,
  };
}

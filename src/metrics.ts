import type { RequestListener } from 'node:http';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Backlog, OpenCounts } from './orders/engine/tracking/open-tally.js';
import type { Clock } from './orders/ports/clock.js';
import type { Log } from './orders/ports/log.js';
import type { Measurements } from './orders/ports/measurements.js';

/*
 * What operators can watch; docs/operations.md explains each metric. A value that isn't known has no series, because a
 * zero would say that all is well. No label names an order, a person or a number.
 */

/** Bandwidth takes seconds for an order, and is given up after 40. */
const BANDWIDTH_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40];
/** Slack shows an error after three seconds. */
const ACKNOWLEDGEMENT_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5];

/** Registers what is counted and timed as it happens. */
export function makeMeasurements(registry: Registry): Measurements {
  const registers = [registry];
  const acknowledgements = new Histogram({
    name: 'numbers_slack_acknowledgement_seconds',
    help: 'Time from the arrival of a press or command to its acknowledgement.',
    buckets: ACKNOWLEDGEMENT_SECONDS,
    registers,
  });
  const latencies = new Histogram({
    name: 'numbers_bandwidth_request_seconds',
    help: 'Time that requests to Bandwidth took, answered or not.',
    labelNames: ['operation'],
    buckets: BANDWIDTH_SECONDS,
    registers,
  });
  const requests = new Counter({
    name: 'numbers_bandwidth_requests_total',
    help: 'Requests to Bandwidth by the class of the answer, or no_answer.',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const lookups = new Counter({
    name: 'numbers_bandwidth_lookups_total',
    help: 'Lookups that count against the limit of the account.',
    labelNames: ['priority'],
    registers,
  });
  const rateLimits = new Counter({
    name: 'numbers_rate_limited_total',
    help: 'Answers with 429.',
    labelNames: ['service'],
    registers,
  });
  const storeErrors = new Counter({
    name: 'numbers_store_errors_total',
    help: 'Calls to the database that failed. unknown-write: the answer to a write was lost.',
    labelNames: ['failure'],
    registers,
  });
  // A series that begins with its first event has no increase.
  for (const service of ['slack', 'bandwidth']) rateLimits.inc({ service }, 0);
  for (const priority of ['interactive', 'background']) lookups.inc({ priority }, 0);
  for (const failure of ['read', 'list', 'write', 'unknown-write']) storeErrors.inc({ failure }, 0);

  return {
    acknowledged: (ms) => acknowledgements.observe(ms / 1000),
    carrierCalled({ operation, status, ms }) {
      latencies.observe({ operation }, ms / 1000);
      const outcome = status === undefined ? 'no_answer' : `${Math.floor(status / 100)}xx`;
      requests.inc({ operation, outcome });
    },
    rateLimited: (service) => rateLimits.inc({ service }),
    lookupSent: (priority) => lookups.inc({ priority }),
    storeFailed: (failure) => storeErrors.inc({ failure }),
  };
}

/** What is read when the metrics are. All of it is in memory, except for whether something can be reached. */
export interface Readings {
  /** Returns undefined if the open orders aren't known; only the leader knows them. */
  openOrders(): OpenCounts | undefined;
  lookups(): { readonly left: number; readonly perMinute: number };
  leads(): boolean;
  /** Whether each service can be reached right now. Never rejects. */
  reached(): Promise<Readonly<Record<'slack' | 'database', boolean>>>;
}

/** Registers what has a value at any time. Returns a function that brings all of it up to date. */
export function makeGauges(registry: Registry, readings: Readings, clock: Pick<Clock, 'now'>) {
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) => {
    const made = new Gauge({
      name: `numbers_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [registry],
    });
    // prom-client begins with a zero that nobody has read.
    if (labelNames.length === 0) made.remove();
    return made;
  };
  const leader = gauge('leader', '1 if this instance makes the passes for all, otherwise 0.');
  const reachable = gauge('reachable', '1 if the service can be reached, otherwise 0.', ['service']);
  const lookupsLeft = gauge('bandwidth_lookups_left', 'Background lookups that may be sent now.');
  const lookupsAMinute = gauge('bandwidth_lookups_per_minute', 'The configured limit of lookups.');
  const open = gauge('open_orders', 'Orders that are not finished. Leader only.', ['status']);
  const lost = gauge('lost_orders', 'Sent orders that wait for a person to decide. Leader only.', ['state']);
  const backlogOf = (name: string, oldest: string, what: string) => {
    const count = gauge(name, `${what}. Leader only.`);
    const age = gauge(oldest, `${what}: age of the oldest. Leader only.`);
    return (backlog: Backlog | undefined) => {
      setOrRemove(count, backlog?.count);
      setOrRemove(age, backlog?.since && Math.max(0, clock.now() - backlog.since) / 1000);
    };
  };
  const setWaiting = backlogOf(
    'waiting_approvals',
    'oldest_waiting_approval_seconds',
    'Requests that wait for approval',
  );
  const setStale = backlogOf('stale_cards', 'oldest_stale_card_seconds', 'Cards behind their order');
  const setUnjournaled = backlogOf(
    'unjournaled_events',
    'oldest_unjournaled_event_seconds',
    'Events not known to be in the journal',
  );

  return async (): Promise<void> => {
    const reached = await readings.reached();
    for (const [service, yes] of Object.entries(reached)) reachable.set({ service }, yes ? 1 : 0);
    leader.set(readings.leads() ? 1 : 0);
    const { left, perMinute } = readings.lookups();
    lookupsLeft.set(left);
    lookupsAMinute.set(perMinute);
    const counts = reached.database ? readings.openOrders() : undefined;
    setWaiting(counts?.waiting);
    setStale(counts?.staleCards);
    setUnjournaled(counts?.unjournaled);
    open.reset();
    for (const [status, count] of Object.entries(counts?.byStage ?? {})) open.set({ status }, count);
    lost.reset();
    if (counts === undefined) return;
    lost.set({ state: 'untraced' }, counts.untraced);
    lost.set({ state: 'not-known' }, counts.notKnown);
  };
}

function setOrRemove(gauge: Gauge, value: number | undefined): void {
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}

/** Answers `GET /metrics` in Prometheus's text format. `read` brings the gauges up to date. */
export function makeMetricsEndpoint(
  registry: Registry,
  deps: { read: () => Promise<void>; log: Pick<Log, 'error'> },
): RequestListener {
  const answer = async (): Promise<string> => {
    await deps.read();
    return registry.metrics();
  };
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    answer().then(
      (text) => {
        response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' });
        response.end(request.method === 'HEAD' ? undefined : text);
      },
      (err: unknown) => {
        deps.log.error({ err }, 'metrics could not be read');
        response.writeHead(500).end();
      },
    );
  };
}

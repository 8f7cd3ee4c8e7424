import type { Registry } from 'prom-client';
import type { Config } from '../config/config.js';
import { makeHealthEndpoints, whatIsReached } from '../health.js';
import { type HttpServer, makeHttpServer } from '../http-server.js';
import { makeGauges, makeMetricsEndpoint, type Readings } from '../metrics.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';

/**
 * Serves what only operators need: health checks and metrics. On the address that is set aside for them, if there is
 * one, and nowhere else then; otherwise where the app listens anyway. Returns the server to start and stop, if it is
 * one of its own.
 */
export function buildOperations(deps: {
  config: Pick<Config, 'operations'>;
  listener: HttpServer | undefined;
  registry: Registry;
  /** Whether each service can be reached right now; a rejection means that it can't. */
  reached: Readonly<Record<'slack' | 'database', () => Promise<boolean>>>;
  readings: Omit<Readings, 'reached'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): Pick<HttpServer, 'start' | 'stop'> | undefined {
  const { config, listener, registry, reached, readings, clock, log } = deps;
  const own =
    config.operations && makeHttpServer({ ...config.operations, setting: 'OPERATIONS_ADDRESS', log });
  const read = makeGauges(registry, { ...readings, reached: () => whatIsReached(reached) }, clock);
  const endpoints = {
    ...makeHealthEndpoints(reached),
    '/metrics': makeMetricsEndpoint(registry, { read, log }),
  };
  for (const [path, endpoint] of Object.entries(endpoints)) (own ?? listener)?.serve(path, endpoint);
  return own;
}

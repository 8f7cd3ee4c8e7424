import type { Measurements } from '../orders/ports/measurements.js';
import type { HttpAnswer } from './http.js';

export type CallMeasurements = Pick<Measurements, 'carrierCalled' | 'rateLimited'>;

/** Makes one call and reports how long it took and how it was answered. */
export async function measuringCall(
  measure: CallMeasurements | undefined,
  operation: string,
  call: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const startedAt = performance.now();
  let status: number | undefined;
  try {
    const answer = await call();
    status = answer.status;
    return answer;
  } finally {
    measure?.carrierCalled({ operation, status, ms: performance.now() - startedAt });
    if (status === 429) measure?.rateLimited('bandwidth');
  }
}

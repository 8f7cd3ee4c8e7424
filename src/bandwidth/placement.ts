import type { CarrierFault, Timestamp, UnclearAnswer } from '../orders/order.js';
import type { CarrierError, Placement } from '../orders/ports.js';
import type { OrderAnswer } from './decode.js';
import { type Asked, adviceFor, retryAtFrom, troubleOf } from './errors.js';
import { type HttpAnswer, NoAnswer } from './http.js';

/*
 * "Not taken" is said only where nothing can have been ordered, because what follows from it is ordering again. The
 * same holds for disconnects.
 * Wherever there is doubt the outcome is "unknown", and the order is looked for first.
 */

/**
 * What became of an order or disconnect that was answered; `read` is undefined when the body is not the answer to one.
 */
export function answeredPlacement(
  asked: Asked,
  answer: Pick<HttpAnswer, 'status' | 'headers'>,
  read: OrderAnswer | undefined,
  now: Timestamp,
): Placement {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return acceptedPlacement(asked, answer, read);
  if (status === 429) return notTaken(adviceFor('throttled', asked), retryAtFrom(headers, now));
  if (!isRefusal(status) || read?.id !== undefined || (read !== undefined && provesNothing(read))) {
    return unknownPlacement(asked, status);
  }
  return {
    outcome: 'refused',
    advice: adviceFor(troubleOf(status), asked, status),
    faults: read?.faults ?? [],
  };
}

function acceptedPlacement(
  asked: Asked,
  { status, headers }: Pick<HttpAnswer, 'status' | 'headers'>,
  read: OrderAnswer | undefined,
): Placement {
  const carrierOrderId = read?.id ?? idFromLocation(headers.location);
  if (carrierOrderId !== undefined) return { outcome: 'taken', carrierOrderId };
  return read !== undefined && read.faults.length > 0 && !provesNothing(read)
    ? { outcome: 'refused', advice: adviceFor('refused', asked, 400), faults: read.faults }
    : unknownPlacement(asked, status);
}

/** What became of one that was never answered, or never sent for want of credentials. */
export function unansweredPlacement(asked: Asked, error: NoAnswer | CarrierError): Placement {
  if (error instanceof NoAnswer) {
    return error.mayHaveArrived
      ? unknownPlacement(asked, 'nothing')
      : notTaken(adviceFor('unreachable', asked), undefined);
  }
  return error.trouble === 'credentials'
    ? { outcome: 'refused', advice: error.advice, faults: [] }
    : notTaken(error.advice, error.retryAt);
}

/** @param heard what came back, where that is known. */
export function unknownPlacement(asked: Asked, heard?: UnclearAnswer): Placement {
  return {
    outcome: 'unknown',
    ...(heard === undefined ? {} : { heard }),
    advice: `Bandwidth did not say clearly whether it took ${asked}. I am looking for it before anything is sent again.`,
  };
}

function notTaken(advice: string, retryAt: Timestamp | undefined): Placement {
  return { outcome: 'not-taken', advice, ...(retryAt === undefined ? {} : { retryAt }) };
}

/** With these a server (or one on the way) speaks of time and state, not of what it was sent. */
const undecided: readonly number[] = [408, 409, 425, 499];

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !undecided.includes(status);
}

/**
 * Errors that stand beside an order which exists (back-ordered, quantity reduced), or that say only that something
 * broke: internal error, unexpected error. Bandwidth's list of error codes.
 */
const notARefusal: readonly string[] = ['1000', '1010', '5520', '5521', '5526'];

function provesNothing(read: OrderAnswer): boolean {
  return read.pending || (read.faults.length > 0 && read.faults.every(isNoRefusal));
}

function isNoRefusal(fault: CarrierFault): boolean {
  return notARefusal.includes(fault.code);
}

/** The last segment of `…/orders/{id}` or `…/disconnects/{id}`. The host it names may be another one, and is not asked. */
function idFromLocation(location: string | undefined): string | undefined {
  return /\/(?:orders|disconnects)\/([\w-]+)\/?(?:[?#].*)?$/.exec(location ?? '')?.[1];
}

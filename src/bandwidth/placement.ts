import type { Timestamp } from '../orders/domain/request.js';
import type { CarrierError, Placement } from '../orders/ports/carrier.js';
import type { Log } from '../orders/ports/log.js';
import { documentIn } from './calls.js';
import { decodeOrderAnswer, type OrderAnswer } from './decode/decode.js';
import { type Complaints, complaintsOf, isComplaintRoot } from './decode/decode-faults.js';
import {
  adviceFor,
  faultsInWords,
  type RequestName,
  retryAtFrom,
  troubleOf,
  unreachableAdvice,
} from './errors.js';
import { type HttpAnswer, NoAnswer } from './http.js';
import { MalformedXml } from './xml.js';

/*
 * "Not taken" is returned only when nothing can have been ordered, because the order may be placed again after it. The
 * same holds for disconnects. If there is any doubt the outcome is "unknown", and the order is looked up first.
 */

/** An answer to a new order or disconnect. */
interface Answered {
  readonly http: Pick<HttpAnswer, 'status' | 'headers' | 'advice'>;
  /** The decoded document, if it is one. */
  readonly read?: OrderAnswer;
  /** The kind of root: the answer to an order, an error by its name, or neither. */
  readonly root: 'order' | 'complaint' | 'other';
  /** True when the answer is cut off or can't be read, so that it could have said anything. */
  readonly isBroken: boolean;
  /** The errors it reports, even when it isn't a document. */
  readonly complaints: Complaints;
}

/** Decides the outcome of an order or disconnect that was answered. `root` is the root of the document expected. */
export async function answeredPlacement(
  sent: { readonly asked: RequestName; readonly root: string; readonly now: Timestamp; readonly log: Log },
  answer: HttpAnswer,
): Promise<Placement> {
  return judged(sent.asked, await readAnswer(answer, sent.root, sent.log), sent.now);
}

async function readAnswer(http: HttpAnswer, root: string, log: Log): Promise<Answered> {
  const document = await documentIn(http);
  if (document instanceof MalformedXml) {
    const isBroken = document.isBroken || namesAnOrder.test(http.body);
    return { http, root: 'other', isBroken, complaints: await complaintsOf(http, log) };
  }
  const read = decodeOrderAnswer(document, log);
  const kind = document.root === root ? 'order' : isComplaintRoot(document.root) ? 'complaint' : 'other';
  return { http, read, root: kind, isBroken: false, complaints: read };
}

/** JSON about an order. We ask for XML, so this is all that is read from it. */
const namesAnOrder = /"(?:order_?(?:status|id)|completed_?numbers)"\s*:/i;

function judged(asked: RequestName, answered: Answered, now: Timestamp): Placement {
  const { status, headers, advice } = answered.http;
  const isSuccess = status >= 200 && status < 300;
  const id = (answered.root === 'order' ? answered.read?.id : undefined) ?? orderIdFrom(headers.location);
  if (isSuccess && id !== undefined) return { outcome: 'taken', carrierOrderId: id };
  if (id !== undefined || mayExist(answered)) return unknownPlacement(asked, answered);
  const { faults } = answered.complaints;
  if (isSuccess) {
    return saysNoInASuccess(answered)
      ? { outcome: 'refused', advice: adviceFor('refused', asked, 400), faults }
      : unknownPlacement(asked, answered);
  }
  if (status === 429) return notTaken(adviceFor('throttled', asked), retryAtFrom(headers, now));
  return isRefusal(status) && !answered.isBroken
    ? { outcome: 'refused', advice: advice ?? adviceFor(troubleOf(status), asked, status), faults }
    : unknownPlacement(asked, answered);
}

/**
 * True if anything in the answer belongs to an existing order or reports an internal failure, whatever else it says.
 */
function mayExist({ read, complaints: { faults, pending } }: Answered): boolean {
  return (
    pending ||
    read?.existing === true ||
    faults.some(({ code }) => besideAnOrder.includes(code) || somethingBroke.includes(code))
  );
}

/** A refusal inside a success counts only in Bandwidth's own format, with a code, and if no order in it has a date. */
function saysNoInASuccess({ http, root, read, complaints }: Answered): boolean {
  return (
    (http.status === 200 || http.status === 201) &&
    root !== 'other' &&
    read?.dated !== true &&
    complaints.faults.some(({ code }) => code !== '')
  );
}

/** Decides the outcome of an order that wasn't answered, or wasn't sent because there were no credentials. */
export function unansweredPlacement(asked: RequestName, error: NoAnswer | CarrierError): Placement {
  if (error instanceof NoAnswer) {
    return error.mayHaveArrived
      ? unknownPlacement(asked, 'nothing')
      : notTaken(unreachableAdvice(asked, error), undefined);
  }
  return error.trouble === 'credentials'
    ? { outcome: 'refused', advice: error.advice, faults: [] }
    : notTaken(error.advice, error.retryAt);
}

/** @param came the answer, if there was one. Its contents become part of the advice, for the log. */
export function unknownPlacement(asked: RequestName, came?: Answered | 'nothing'): Placement {
  const unclear = `Bandwidth didn't clearly say whether it accepted ${asked}. I'm looking it up before I send anything again.`;
  if (came === undefined) return { outcome: 'unknown', advice: unclear };
  if (came === 'nothing') return { outcome: 'unknown', heard: came, advice: unclear };
  const { faults } = came.complaints;
  return {
    outcome: 'unknown',
    heard: came.http.status,
    ...(faults.length === 0 ? {} : { faults }),
    advice: `${unclear} ${saidIn(came)}`,
  };
}

/** "It answered with HTTP 201, status RECEIVED: “The telephone number is unavailable.” (5005)" */
function saidIn({ http, read, complaints }: Answered): string {
  const status = read?.status === undefined ? '' : `, status ${read.status.slice(0, 40)}`;
  const words = complaints.faults.length === 0 ? '.' : `: ${faultsInWords(complaints.faults)}`;
  return `It answered with HTTP ${http.status}${status}${words}`;
}

function notTaken(advice: string, retryAt: Timestamp | undefined): Placement {
  return { outcome: 'not-taken', advice, ...(retryAt === undefined ? {} : { retryAt }) };
}

/** Statuses about timing or state rather than the request. A server or a proxy may send them. */
const undecided: readonly number[] = [408, 409, 425, 499];

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !undecided.includes(status);
}

/** Errors reported for orders that exist, from Bandwidth's list of error codes: back-ordered, quantity reduced. */
const besideAnOrder: readonly string[] = ['5520', '5521', '5526'];

/** Internal error, unexpected error, "Order request timed out": nothing about the request. */
const somethingBroke: readonly string[] = ['1000', '1010', '5086'];

/**
 * Returns the last segment of `…/orders/{id}`, `…/disconnects/{id}` and the like. The URL may name another host, which is never
 * called.
 */
function orderIdFrom(location: string | undefined): string | undefined {
  return /\/(?:orders|disconnects|movetns|tnoptions)\/([\w-]+)\/?(?:[?#].*)?$/i.exec(location ?? '')?.[1];
}

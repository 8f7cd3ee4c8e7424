import type { z } from 'zod';
import { USUAL_HOLD_MS } from '../orders/domain/holds.js';
import { type PhoneNumber, parsePhoneNumber } from '../orders/domain/phone-number.js';
import type { Timestamp } from '../orders/domain/request.js';
import { type Carrier, CarrierError, type HoldAnswer } from '../orders/ports/carrier.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import type { WriteNumber } from './api-version.js';
import { type Calls, documentIn, saysThereIsNone } from './calls.js';
import { complaintsOf } from './decode/decode-faults.js';
import { encodeReservation } from './encode.js';
import { type RequestName, refusal, statusError, unreadable } from './errors.js';
import { isSameId } from './find/read-list.js';
import { element, one, readCount, text } from './schema.js';
import { MalformedXml, type XmlDocument } from './xml.js';

/** The timeout for one reservation. An order may have to wait for it. */
const HOLD_WITHIN_MS = 10_000;

const HOLD: RequestName = 'the reservation of this number';

/** "Not found" and "not available": another customer has the number, or it doesn't exist. */
const gone: readonly string[] = ['5040', '5041'];
/** "Reservation not allowed for account". */
const NOT_FOR_ACCOUNT = '5046';
/** The reservation doesn't exist or has ended. */
const noReservation: readonly string[] = ['5042', '5043'];

/** Holds numbers for an order that waits for approval, using one Bandwidth reservation per number. */
export function makeHolds(deps: {
  accountId: string;
  calls: Pick<Calls, 'ask' | 'expect' | 'faultsIn' | 'now'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  writeNumber: WriteNumber;
}): Pick<Carrier, 'hold' | 'findHold' | 'release'> {
  const { accountId, calls, clock, log, writeNumber } = deps;
  const reservations = `/accounts/${encodeURIComponent(accountId)}/tnreservation`;

  /** Bandwidth's time according to its last answer. */
  const now = (): Timestamp => calls.now() ?? clock.now();

  /**
   * Returns when this reservation ends. People must not be told a number is held after that, so this errs on the early
   * side.
   */
  const untilOf = async (
    reservationId: string,
    number: PhoneNumber,
    madeAt: Timestamp,
  ): Promise<Timestamp> => {
    const found = await describe(reservationId);
    if (found !== undefined) expectOurs(found, { number, accountId, reservationId });
    if (found?.secondsLeft !== undefined) return now() + found.secondsLeft * 1000;
    return madeAt + USUAL_HOLD_MS;
  };

  const describe = async (reservationId: string): Promise<Reservation | undefined> => {
    try {
      const answer = await calls.ask(`${reservations}/${encodeURIComponent(reservationId)}`, HOLD);
      return decodeReservation(await calls.expect(answer, HOLD, 'reservationresponse'));
    } catch (error) {
      if (!(error instanceof CarrierError)) throw error;
      log.warn({ err: error, reservationId }, 'bandwidth reservation has no readable end');
      return undefined;
    }
  };

  return {
    async hold(number): Promise<HoldAnswer> {
      const answer = await calls.ask(reservations, HOLD, {
        method: 'POST',
        body: encodeReservation(number, writeNumber),
        deadline: AbortSignal.timeout(HOLD_WITHIN_MS),
      });
      const document = await documentIn(answer);
      const { faults } = await complaintsOf(answer, log);
      if (answer.status === 200 || answer.status === 201) {
        const made = document instanceof MalformedXml ? {} : decodeReservation(document);
        const reservationId = reservationIdFrom(answer.headers.location) ?? made.id;
        if (reservationId !== undefined) {
          expectOurs(made, { number, accountId, reservationId: made.id ?? reservationId });
          const madeAt = now();
          const { secondsLeft } = made;
          const until =
            secondsLeft === undefined
              ? await untilOf(reservationId, number, madeAt)
              : madeAt + secondsLeft * 1000;
          return { outcome: 'held', reservationId, until };
        }
      }
      if (faults.some(({ code }) => code === NOT_FOR_ACCOUNT)) return { outcome: 'unavailable-for-account' };
      if (faults.some(({ code }) => gone.includes(code))) return { outcome: 'gone' };
      if (answer.status >= 300) throw statusError(answer, HOLD, faults, clock.now());
      throw faults.length > 0 ? refusal(HOLD, faults) : unreadable(HOLD, 'a reservation without an id');
    },

    async findHold(number) {
      const answer = await calls.ask(`/tns/${encodeURIComponent(writeNumber(number))}/tnreservation`, HOLD);
      if (answer.status === 204 || saysThereIsNone(answer)) return undefined;
      const faults = await calls.faultsIn(answer);
      if (faults.some(({ code }) => noReservation.includes(code))) return undefined;
      const found = decodeReservation(await calls.expect(answer, HOLD, 'tnreservation'));
      if (faults.length > 0) throw refusal(HOLD, faults);
      if (found.accountId !== undefined && found.accountId !== accountId) return undefined;
      const { id, secondsLeft } = found;
      if (
        id === undefined ||
        secondsLeft === undefined ||
        parsePhoneNumber(found.reserved ?? '') !== number
      ) {
        throw unreadable(HOLD, 'a reservation without an id, an end, or of another number');
      }
      return { reservationId: id, until: now() + secondsLeft * 1000 };
    },

    async release(reservationId) {
      const path = `${reservations}/${encodeURIComponent(reservationId)}`;
      const answer = await calls.ask(path, HOLD, { method: 'DELETE' });
      const faults = await calls.faultsIn(answer);
      // A 404 leaves nothing to end, and a reservation expires by itself.
      if (answer.status === 404) return;
      if (faults.some(({ code }) => noReservation.includes(code))) return;
      if (answer.status < 200 || answer.status >= 300) throw statusError(answer, HOLD, faults, clock.now());
      // An answer with errors hasn't ended the reservation, whatever its status is.
      if (faults.length > 0) throw refusal(HOLD, faults);
    },
  };
}

/**
 * Checks that a reservation is ours: another customer's doesn't hold the number for us. Missing fields prove nothing;
 * present ones must match. Throws CarrierError.
 */
function expectOurs(
  found: Reservation,
  ours: { readonly number: PhoneNumber; readonly accountId: string; readonly reservationId: string },
): void {
  const fits =
    (found.id === undefined || isSameId(found.id, ours.reservationId)) &&
    (found.accountId === undefined || found.accountId === ours.accountId) &&
    (found.reserved === undefined || parsePhoneNumber(found.reserved) === ours.number);
  if (!fits) throw unreadable(HOLD, 'a reservation of another number, another account or another id');
}

const reservationShape = {
  reservationid: text,
  accountid: text,
  account: text,
  reservationexpires: text,
  reservedtn: text,
};
/** GET tnreservation/{id} nests it one level deeper than GET tns/{tn}/tnreservation. */
const reservationSchema = element({ ...reservationShape, reservation: one(reservationShape) });

interface Reservation {
  readonly id?: string;
  readonly accountId?: string;
  /** ReservationExpires is the time left in seconds, not a time of day. */
  readonly secondsLeft?: number;
  /** The number as Bandwidth writes it. */
  readonly reserved?: string;
}

function decodeReservation(document: XmlDocument): Reservation {
  const { reservation, ...outer } = reservationSchema.parse(document.content);
  const found: z.output<typeof reservationSchema>['reservation'] =
    outer.reservationid === undefined ? reservation : outer;
  const id = found.reservationid;
  const accountId = found.accountid ?? found.account;
  const secondsLeft = readCount(found.reservationexpires);
  const reserved = found.reservedtn;
  return {
    ...(id === undefined ? {} : { id }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(secondsLeft === undefined ? {} : { secondsLeft }),
    ...(reserved === undefined ? {} : { reserved }),
  };
}

/** Returns the last segment of `…/tnreservation/{id}`, the only place that has a new reservation's id. */
function reservationIdFrom(location: string | undefined): string | undefined {
  return /\/tnreservation\/([\w-]+)\/?(?:[?#].*)?$/.exec(location ?? '')?.[1];
}

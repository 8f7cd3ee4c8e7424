import { randomUUID } from 'node:crypto';
import type { Numbers } from './numbers.js';
import type { CarrierFault } from './write-xml.js';

export interface Reservation {
  readonly id: string;
  readonly telephoneNumber: string;
  readonly expiresAt: number;
}

export interface Reservations {
  /** Of several numbers in one request only the last is held, as at Bandwidth. */
  reserve(numbers: readonly string[]): Reservation | CarrierFault;
  get(id: string): Reservation | undefined;
  /** Returns the reservation that holds this number. */
  of(telephoneNumber: string): Reservation | undefined;
  /** Releases the number. */
  cancel(reservation: Reservation): void;
  /** Returns true when one of these reservations holds the number, and ends it with the order that uses it. */
  release(ids: readonly string[], telephoneNumber: string): void;
  holds(ids: readonly string[], telephoneNumber: string): boolean;
  all(): readonly Reservation[];
  /** Ends expired ones. */
  expire(): void;
  restore(earlier: readonly Reservation[]): void;
}

export function makeReservations(deps: {
  readonly numbers: Numbers;
  readonly now: () => number;
  /** How long a number is held. */
  readonly seconds: () => number;
  readonly changed: (id: string) => void;
}): Reservations {
  const { numbers, now, changed } = deps;
  const kept = new Map<string, Reservation>();
  const end = (reservation: Reservation) => {
    kept.delete(reservation.id);
    if (numbers.get(reservation.telephoneNumber)?.status === 'Reserved')
      numbers.free(reservation.telephoneNumber);
    changed(reservation.id);
  };
  const current = () => {
    for (const reservation of [...kept.values()]) if (reservation.expiresAt <= now()) end(reservation);
    return kept;
  };
  const holder = (ids: readonly string[], telephoneNumber: string) =>
    ids.map((id) => current().get(id)).find((each) => each?.telephoneNumber === telephoneNumber);
  return {
    reserve(asked) {
      current();
      const telephoneNumber = asked.at(-1) ?? '';
      if (!/^[2-9]\d{9}$/.test(telephoneNumber)) {
        return { code: '5045', description: 'Reservation request param is invalid.' };
      }
      const number = numbers.get(telephoneNumber);
      if (number === undefined) {
        return {
          code: '5040',
          description: `Reservation failed: telephone number ${telephoneNumber} not found.`,
        };
      }
      if (number.status !== 'Available') {
        return {
          code: '5041',
          description: `Reservation failed: telephone number ${telephoneNumber} is not available.`,
        };
      }
      const reservation = { id: randomUUID(), telephoneNumber, expiresAt: now() + deps.seconds() * 1000 };
      kept.set(reservation.id, reservation);
      numbers.reserve(telephoneNumber);
      changed(reservation.id);
      return reservation;
    },
    get: (id) => current().get(id),
    of: (telephoneNumber) =>
      [...current().values()].find((reservation) => reservation.telephoneNumber === telephoneNumber),
    cancel: end,
    release(ids, telephoneNumber) {
      const reservation = holder(ids, telephoneNumber);
      if (reservation !== undefined) end(reservation);
    },
    holds: (ids, telephoneNumber) => holder(ids, telephoneNumber) !== undefined,
    all: () => [...current().values()],
    expire: () => void current(),
    restore(earlier) {
      for (const each of earlier) kept.set(each.id, each);
    },
  };
}

import type { PhoneNumber } from './phone-number.js';
import type { Reason } from './reason.js';

/* What works on delivered numbers. A complete order says only that they were bought. */

export const serviceNames = ['voice', 'messaging', 'emergency'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What Bandwidth says about one service of a number. */
export interface ServiceState {
  /**
   * `on`: it is switched on, but whether it works isn't said. `ready`: it can be activated. `off`: it doesn't work, and
   * can't be activated as things are.
   */
  readonly state: 'works' | 'on' | 'ready' | 'off' | 'not-known';
  /** Bandwidth's own status, if it is neither of those it documents. */
  readonly status?: string;
  /** Bandwidth's codes for what is missing. */
  readonly reasons?: readonly string[];
}

export interface ServiceStates extends Readonly<Record<ServiceName, ServiceState>> {
  /** Bandwidth says that the number has no emergency address. */
  readonly noAddress?: true;
}

/** Numbers with the same answers. */
export interface CheckedNumbers extends ServiceStates {
  readonly numbers: readonly PhoneNumber[];
}

/** The result of asking what works on some numbers. */
export interface ServiceCheck {
  readonly groups: readonly CheckedNumbers[];
  /** Why some of it isn't known. */
  readonly notKnown?: Reason;
  /** Asking again in a while may tell more. */
  readonly again?: true;
}

export const SERVICE_UNKNOWN: ServiceState = { state: 'not-known' };
export const NOTHING_KNOWN: ServiceStates = {
  voice: SERVICE_UNKNOWN,
  messaging: SERVICE_UNKNOWN,
  emergency: SERVICE_UNKNOWN,
};

/** Joins numbers with the same answers, so that 5,000 of them take little more room than one. */
export function groupedStates(
  answers: Iterable<readonly [PhoneNumber, ServiceStates]>,
): readonly CheckedNumbers[] {
  const groups = new Map<string, { states: ServiceStates; numbers: PhoneNumber[] }>();
  for (const [number, states] of answers) {
    const { voice, messaging, emergency, noAddress } = states;
    const key = JSON.stringify([voice, messaging, emergency, noAddress]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { states, numbers: [number] });
    else group.numbers.push(number);
  }
  return [...groups.values()].map(({ states, numbers }) => ({ numbers, ...states }));
}

/** Returns the numbers on which a service is in this state. */
export function numbersWith(
  { groups }: ServiceCheck,
  service: ServiceName,
  state: ServiceState['state'],
): readonly PhoneNumber[] {
  return groups.flatMap((group) => (group[service].state === state ? group.numbers : []));
}

/** Whether it is known that calls work on each of these numbers. Only then they are called active. */
export function allWork(check: ServiceCheck | undefined, numbers: readonly PhoneNumber[]): boolean {
  if (check === undefined) return false;
  const working = new Set(numbersWith(check, 'voice', 'works'));
  return numbers.every((number) => working.has(number));
}

/** Returns the answers by number. */
export const statesByNumber = (check: ServiceCheck | undefined): ReadonlyMap<PhoneNumber, ServiceStates> =>
  new Map(
    (check?.groups ?? []).flatMap(({ numbers, ...states }) =>
      numbers.map((number) => [number, states] as const),
    ),
  );

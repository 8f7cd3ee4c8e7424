import type { Known } from '../../orders/domain/number-details.js';
import { isInAccountOnly } from '../../orders/domain/number-record.js';
import { type PhoneNumber, parsePhoneNumber } from '../../orders/domain/phone-number.js';
import {
  NOTHING_KNOWN,
  SERVICE_UNKNOWN,
  type ServiceState,
  type ServiceStates,
} from '../../orders/domain/service-states.js';
import { fieldOf, parsedJson, stringIn } from '../json.js';
import { isWorking } from '../look-up.js';
import type { NumberDocument } from './decode-number-details.js';

/**
 * Decodes the JSON of the activation checker. Undefined if it isn't that; a number or service it leaves out, or says in
 * another form, isn't known.
 */
export function decodeServiceStates(body: string): ReadonlyMap<PhoneNumber, ServiceStates> | undefined {
  const rows = fieldOf(fieldOf(parsedJson(body), 'data'), 'phoneNumbers');
  if (!Array.isArray(rows)) return undefined;
  const states = new Map<PhoneNumber, ServiceStates>();
  for (const row of rows as readonly unknown[]) {
    const number = parsePhoneNumber(stringIn(fieldOf(row, 'phoneNumber')) ?? '');
    if (number === undefined || states.has(number)) continue;
    const types = fieldOf(row, 'serviceTypes');
    states.set(number, {
      voice: stateOf(fieldOf(types, 'voice')),
      messaging: stateOf(fieldOf(types, 'messaging')),
      emergency: stateOf(fieldOf(types, 'emergency')),
    });
  }
  return states;
}

/** Reads a status. Any but the two that Bandwidth documents means that something is missing. */
function stateOf(service: unknown): ServiceState {
  const status = stringIn(fieldOf(service, 'status'))?.trim();
  const listed = fieldOf(service, 'reasons');
  const codes = (Array.isArray(listed) ? (listed as readonly unknown[]) : []).flatMap(
    (reason) => stringIn(fieldOf(reason, 'code')) ?? stringIn(reason) ?? [],
  );
  const reasons = codes.slice(0, MAX_REASONS).map((code) => code.slice(0, MAX_CODE_LENGTH));
  if (status === undefined || status === '') {
    return reasons.length === 0 ? SERVICE_UNKNOWN : { state: 'off', reasons };
  }
  const documented = documentedStates[status.toUpperCase()];
  if (documented !== undefined) return { state: documented };
  const off = { state: 'off', status: status.slice(0, MAX_CODE_LENGTH) } as const;
  return reasons.length === 0 ? off : { ...off, reasons };
}

const documentedStates: Readonly<Record<string, ServiceState['state']>> = {
  IN_SERVICE: 'works',
  READY_TO_ACTIVATE: 'ready',
};

/** Reasons are stored with the order, so only this many are kept. */
const MAX_REASONS = 5;
const MAX_CODE_LENGTH = 60;

/** What the details of a number say about its services, on an account without the activation checker. */
export function statesInDetails(
  { accountId, status, services }: NumberDocument,
  ours: string,
): ServiceStates {
  if (services === undefined || (accountId !== undefined && accountId !== ours)) return NOTHING_KNOWN;
  const { voice, messaging, e911 } = services;
  const isOff = status !== undefined && (!isWorking(status) || isInAccountOnly(status));
  return {
    voice: isOff
      ? { state: 'off', status: status.slice(0, MAX_CODE_LENGTH) }
      : status === undefined
        ? SERVICE_UNKNOWN
        : known(voice, 'works'),
    // The number may send messages, but whether its location has an application for them isn't said here.
    messaging: known(messaging, 'on'),
    emergency: known(e911, 'works'),
    ...(e911 === 'no' ? { noAddress: true } : {}),
  };
}

function known(answer: Known, yes: ServiceState['state']): ServiceState {
  return answer === 'not-known' ? SERVICE_UNKNOWN : { state: answer === 'yes' ? yes : 'off' };
}

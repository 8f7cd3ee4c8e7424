import pMap from 'p-map';
import type { PhoneNumber } from '../orders/domain/phone-number.js';
import { groupedStates, NOTHING_KNOWN, type ServiceStates } from '../orders/domain/service-states.js';
import { type Carrier, CarrierError } from '../orders/ports/carrier.js';
import type { Log } from '../orders/ports/log.js';
import type { Calls } from './calls.js';
import { decodeDetails } from './decode/decode-number-details.js';
import { decodeServiceStates, statesInDetails } from './decode/decode-services.js';
import { refusal, statusError, unreadable } from './errors.js';
import { readNumberDocument } from './read-number-document.js';

/**
 * Asks Bandwidth's activation checker about numbers. Returns undefined if this account doesn't have it. Throws
 * CarrierError.
 */
export type AskChecker = (
  numbers: readonly PhoneNumber[],
) => Promise<ReadonlyMap<PhoneNumber, ServiceStates> | undefined>;

const SERVICES = 'the check of these numbers';

/** Bandwidth doesn't document how many numbers a request may contain. */
const NUMBERS_A_QUESTION = 250;
/** Number details cover one number at a time, so for a large order only the first ones are looked up. */
const MAX_ONE_BY_ONE = 10;
const CONCURRENCY = 4;

type AskingCalls = Pick<Calls, 'ask' | 'expect' | 'faultsIn'>;

/**
 * Makes the question to the activation checker, which only version 2 has. A 403 means that a role is missing, or that
 * the account is of the older kind, and a 404 that there is no checker: both are logged once, not for each order.
 */
export function makeAskChecker(deps: {
  readonly account: string;
  readonly hasChecker: boolean;
  readonly calls: AskingCalls;
  readonly now: () => number;
  readonly logOnce: Pick<Log, 'warn'>;
}): AskChecker {
  const { account, calls, now, logOnce } = deps;

  return async (numbers) => {
    if (!deps.hasChecker) return undefined;
    const answer = await calls.ask(`${account}/serviceActivationChecker`, SERVICES, {
      method: 'POST',
      json: true,
      body: JSON.stringify({ phoneNumbers: numbers }),
    });
    if (answer.status === 403 || answer.status === 404) {
      logOnce.warn(
        { status: answer.status },
        'bandwidth does not answer the activation checker, a role may be missing; using number details',
      );
      return undefined;
    }
    // A web page comes from a proxy and says nothing about the numbers.
    const faults = /^\s*[{[]/.test(answer.body) ? await calls.faultsIn(answer) : [];
    if (answer.status !== 200 && answer.status !== 201) throw statusError(answer, SERVICES, faults, now());
    const states = decodeServiceStates(answer.body);
    if (states !== undefined) return states;
    throw faults.length > 0 ? refusal(SERVICES, faults) : unreadable(SERVICES, 'an answer of another form');
  };
}

/** Makes the check of delivered numbers: the activation checker or, without it, the details of each number. */
export function makeCheckServices(deps: {
  readonly accountId: string;
  readonly askChecker: AskChecker;
  readonly calls: AskingCalls;
  readonly numberPath: (number: PhoneNumber) => string;
  readonly log: Log;
}): Carrier['checkServices'] {
  const { accountId, askChecker, calls, numberPath, log } = deps;

  async function byChecker(
    numbers: readonly PhoneNumber[],
  ): Promise<ReadonlyMap<PhoneNumber, ServiceStates> | undefined> {
    const states = new Map<PhoneNumber, ServiceStates>();
    for (let from = 0; from < numbers.length; from += NUMBERS_A_QUESTION) {
      const found = await askChecker(numbers.slice(from, from + NUMBERS_A_QUESTION));
      if (found === undefined) return undefined;
      for (const [number, each] of found) states.set(number, each);
    }
    return states;
  }

  async function statesByDetails(number: PhoneNumber): Promise<ServiceStates | CarrierError> {
    try {
      const path = `${numberPath(number)}/tndetails`;
      const found = await readNumberDocument({ calls, log }, path, (document) =>
        decodeDetails(document, number),
      );
      return found === 'none' ? NOTHING_KNOWN : statesInDetails(found, accountId);
    } catch (error) {
      if (error instanceof CarrierError) return error;
      throw error;
    }
  }

  async function byDetails(numbers: readonly PhoneNumber[]) {
    const answers = await pMap(
      numbers.slice(0, MAX_ONE_BY_ONE),
      async (number) => [number, await statesByDetails(number)] as const,
      { concurrency: CONCURRENCY },
    );
    const failures = answers.flatMap(([, each]) => (each instanceof CarrierError ? [each] : []));
    const [failure] = failures;
    if (failure !== undefined && failures.length === answers.length) throw failure;
    const states = new Map(
      answers.flatMap(([number, each]) => (each instanceof CarrierError ? [] : [[number, each] as const])),
    );
    return { states, failure };
  }

  return async (numbers) => {
    const checked = await byChecker(numbers);
    const { states, failure } =
      checked === undefined ? await byDetails(numbers) : { states: checked, failure: undefined };
    const groups = groupedStates(numbers.map((number) => [number, states.get(number) ?? NOTHING_KNOWN]));
    const missing = numbers.filter((number) => !states.has(number)).length;
    const isSample = checked === undefined && numbers.length > MAX_ONE_BY_ONE;
    const notKnown =
      failure?.advice ??
      (isSample
        ? `I checked only the first ${MAX_ONE_BY_ONE} numbers.`
        : missing > 0
          ? `Bandwidth's answer leaves out ${missing} of the numbers.`
          : undefined);
    // Services may start a little later, so these are asked about again. Asking again wouldn't help a sample, or a
    // service that is only waiting to be activated.
    const isOpen = groups.some(
      ({ voice, numbers: [first] }) =>
        voice.state === 'off' || (voice.state === 'not-known' && first !== undefined && !isSample),
    );
    return {
      groups,
      ...(notKnown === undefined ? {} : { notKnown }),
      ...(isOpen || failure !== undefined ? { again: true } : {}),
    };
  };
}

import pMap from 'p-map';
import type { PhoneNumber } from '../orders/domain/phone-number.js';
import { CarrierError, type NumberStanding } from '../orders/ports/carrier.js';
import type { Log } from '../orders/ports/log.js';
import type { LastOrder, NumberOnAnyAccount } from './decode/decode-numbers.js';
import { unreadable } from './errors.js';

/** Up to this many numbers are looked up individually, which also shows the services on them. */
const ONE_BY_ONE = 100;
/**
 * Up to this many are also looked up for the order that activated them. A card lists no more than these individually.
 */
const WITH_THEIR_ORDER = 10;
/** The limit of POST tns (error 15607). */
export const NUMBERS_A_LIST = 2500;
const CONCURRENCY = 4;

/** The lookups of numbers. Each throws CarrierError when Bandwidth doesn't answer. */
export interface NumberSources {
  /** Undefined for a number no account has. */
  details(number: PhoneNumber): Promise<NumberOnAnyAccount | undefined>;
  /** Returns the records Bandwidth has, and the numbers it says it doesn't know. */
  list(numbers: readonly PhoneNumber[]): Promise<{
    readonly records: readonly NumberOnAnyAccount[];
    readonly unknown: readonly PhoneNumber[];
  }>;
  isInService(number: PhoneNumber): Promise<boolean>;
  lastOrder(number: PhoneNumber): Promise<LastOrder | undefined>;
}

/** Returns whether each number is in service on this account, in the order given. Throws CarrierError. */
export async function lookUpNumbers(
  numbers: readonly PhoneNumber[],
  accountId: string,
  sources: NumberSources,
  log: Log,
): Promise<readonly NumberStanding[]> {
  const wanted = [...new Set(numbers)];
  const records =
    wanted.length <= ONE_BY_ONE
      ? await recordsOneByOne(wanted, sources)
      : await recordsFromLists(wanted, accountId, sources);
  const standings = await pMap(
    wanted,
    async (number) => {
      const standing = await standingOf(number, records.get(number), accountId, sources);
      return wanted.length <= WITH_THEIR_ORDER ? withItsOrder(standing, sources, log) : standing;
    },
    { concurrency: CONCURRENCY },
  );
  const byNumber = new Map(wanted.map((number, at) => [number, standings[at]]));
  return numbers.map((number) => byNumber.get(number) ?? { standing: 'not-ours', number });
}

type Records = Map<PhoneNumber, NumberOnAnyAccount | undefined>;

async function recordsOneByOne(numbers: readonly PhoneNumber[], sources: NumberSources): Promise<Records> {
  const records = await pMap(numbers, (number) => sources.details(number), { concurrency: CONCURRENCY });
  return new Map(numbers.map((number, at) => [number, records[at]]));
}

async function recordsFromLists(
  numbers: readonly PhoneNumber[],
  accountId: string,
  sources: NumberSources,
): Promise<Records> {
  const records: Records = new Map();
  for (let from = 0; from < numbers.length; from += NUMBERS_A_LIST) {
    const { records: listed, unknown } = await sources.list(numbers.slice(from, from + NUMBERS_A_LIST));
    for (const number of unknown) records.set(number, undefined);
    for (const record of listed) {
      const { number } = record.facts;
      // A number may be listed for several accounts. Ours takes precedence.
      if (records.get(number)?.accountId !== accountId) records.set(number, record);
    }
  }
  const missing = numbers.filter((number) => !records.has(number));
  if (missing.length > ONE_BY_ONE) {
    throw unreadable(
      'the details of these numbers',
      `the list leaves out ${missing.length} of ${numbers.length}`,
    );
  }
  return new Map([...records, ...(await recordsOneByOne(missing, sources))]);
}

/**
 * In service. On Bandwidth's Universal Platform a number that is InAccount is disconnected like any other; without
 * this, such an account couldn't disconnect anything.
 */
const working: readonly string[] = ['inservice', 'inaccount'];

export const isWorking = (status: string): boolean =>
  working.includes(status.toLowerCase().replace(/[^a-z]/g, ''));

async function standingOf(
  number: PhoneNumber,
  record: NumberOnAnyAccount | undefined,
  accountId: string,
  sources: NumberSources,
): Promise<NumberStanding> {
  if (record === undefined) return { standing: 'not-ours', number };
  if (record.accountId !== undefined && record.accountId !== accountId)
    return { standing: 'not-ours', number };
  const { status } = record;
  const inService: NumberStanding = { standing: 'in-service', record: record.facts };
  if (record.accountId === undefined || status === undefined) {
    // The account or the status is missing. One more lookup provides both.
    if (!(await sources.isInService(number))) {
      return record.accountId === undefined
        ? { standing: 'not-ours', number }
        : { standing: 'not-in-service', number };
    }
    if (status === undefined) return inService;
  }
  return isWorking(status) ? inService : { standing: 'not-in-service', number, status };
}

/** Optional information: a number can be disconnected without it. */
async function withItsOrder(
  standing: NumberStanding,
  sources: NumberSources,
  log: Log,
): Promise<NumberStanding> {
  if (standing.standing !== 'in-service') return standing;
  try {
    const order = await sources.lastOrder(standing.record.number);
    return order === undefined || order.disconnects
      ? standing
      : { ...standing, record: { ...standing.record, byOrder: order.id } };
  } catch (error) {
    if (!(error instanceof CarrierError)) throw error;
    log.warn({ err: error }, 'bandwidth lookup of the activating order failed');
    return standing;
  }
}

import pMap from 'p-map';
import { withExpiry } from '../domain/expiry.js';
import type { Known, NumberDetails } from '../domain/number-details.js';
import { isAbout, outcomeOfNumber } from '../domain/number-outcome.js';
import type { Order } from '../domain/order.js';
import { nationalDigits, type PhoneNumber } from '../domain/phone-number.js';
import type { OrderId, Person } from '../domain/request.js';
import { checkSearch } from '../domain/search/check-search.js';
import { isTollFreePrefix } from '../domain/search/criteria.js';
import { MAX_QUANTITY, type Search } from '../domain/search/search.js';
import { type Carrier, CarrierError } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { OrderIndex } from '../ports/order-index.js';
import type { OrderStore } from '../ports/order-store.js';
import { StoreError } from '../ports/store-errors.js';
import { within } from './ask-carrier.js';
import type { LinkOf } from './card-link.js';
import type { ListPlaces } from './list-places.js';

/** How many numbers one answer is about. Each costs a few requests to Bandwidth. */
export const MAX_LOOKED_UP = 10;

/** Everything about one number: what Bandwidth says now, and what our own orders did to it. */
export interface NumberLookup {
  readonly number: PhoneNumber;
  /** The details, or why Bandwidth couldn't be asked, as a sentence for people. */
  readonly details: NumberDetails | { readonly advice: string };
  /** Whether its sub-account is still on the account; asked only where Bandwidth gives no name for it. */
  readonly siteExists: Known;
  /** Whether it can be ordered now; `no` for a number that is already in use. */
  readonly offered: Known;
  /** Our orders about it, newest first; undefined if our own records couldn't be read. */
  readonly history: OrdersOfNumber | undefined;
}

export interface OrdersOfNumber {
  readonly orders: readonly Order[];
  /** The links to their cards, as far as Slack says; `missing` for a deleted card. */
  readonly links: ReadonlyMap<OrderId, string | 'missing'>;
  /** Whether there are orders that this person may not see here. */
  readonly hidden: boolean;
  /** How many earlier orders there are. */
  readonly earlier: number;
}

/**
 * Looks up at most {@link MAX_LOOKED_UP} numbers. Where something can't be found out, the result says so; nothing is
 * thrown.
 */
export type LookUpNumber = (numbers: readonly PhoneNumber[], by: Person) => Promise<readonly NumberLookup[]>;

/** The orders shown for a number. Hardly any has more than two: one that bought it, one that disconnected it. */
const MAX_ORDERS = 5;
const CONCURRENCY = 4;
const NAMED_WITHIN_MS = 1_500;
/** The size of a block with the same first seven digits. */
const NUMBERS_A_BLOCK = 1_000;

export function makeLookUpNumber(deps: {
  carrier: Pick<Carrier, 'numberDetails' | 'search'>;
  places: ListPlaces;
  index: Pick<OrderIndex, 'ofNumbers'>;
  orders: Pick<OrderStore, 'get'>;
  linkOf: LinkOf;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn'>;
}): LookUpNumber {
  const { carrier, places, index, orders, linkOf, clock, log } = deps;

  const ask = async <T>(asking: () => Promise<T>, what: string): Promise<T | { readonly advice: string }> => {
    try {
      return await asking();
    } catch (error) {
      if (!(error instanceof CarrierError)) throw error;
      log.warn({ err: error }, what);
      return { advice: error.advice };
    }
  };

  const historyOf = async (
    number: PhoneNumber,
    ids: readonly OrderId[],
    by: Person,
  ): Promise<OrdersOfNumber> => {
    const read = await Promise.all(ids.slice(0, MAX_ORDERS).map((id) => orders.get(id)));
    const all = read.flatMap((order) => (order !== undefined && isAbout(order, number) ? [order] : []));
    const about = all.filter((order) => maySee(order, by));
    const links = await Promise.all(
      about.map(async (order) => {
        const link = await linkOf(order);
        return link === undefined ? [] : [[order.id, link] as const];
      }),
    );
    const now = clock.now();
    return {
      orders: about.map((order) => withExpiry(order, now)),
      links: new Map(links.flat()),
      hidden: about.length < all.length,
      earlier: Math.max(0, ids.length - MAX_ORDERS),
    };
  };

  const historiesOf = async (
    numbers: readonly PhoneNumber[],
    by: Person,
  ): Promise<ReadonlyMap<PhoneNumber, OrdersOfNumber> | undefined> => {
    try {
      const ids = await index.ofNumbers(numbers);
      const read = async (number: PhoneNumber) =>
        [number, await historyOf(number, ids.get(number) ?? [], by)] as const;
      return new Map(await pMap(numbers, read, { concurrency: CONCURRENCY }));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.warn({ err: error }, 'orders of a number could not be read');
      return undefined;
    }
  };

  const detailsOf = (number: PhoneNumber) =>
    ask(async () => withNames(await carrier.numberDetails(number), places), 'number lookup failed');

  const offeredNow = async (number: PhoneNumber): Promise<Known> => {
    const found = await ask(() => carrier.search(searchAround(number)), 'availability lookup failed');
    if ('advice' in found) return 'not-known';
    if (found.some((each) => each.number === number)) return 'yes';
    return found.unread === undefined && found.length < searchAround(number).quantity ? 'no' : 'not-known';
  };

  return async (numbers, by) => {
    const asked = [...new Set(numbers)].slice(0, MAX_LOOKED_UP);
    const [found, histories] = await Promise.all([
      pMap(
        asked,
        async (number) => {
          const { details, siteExists } = await detailsOf(number).then((each) =>
            'advice' in each ? { details: each, siteExists: 'not-known' as const } : each,
          );
          return { number, details, siteExists, offered: await offer(details, offeredNow) };
        },
        { concurrency: CONCURRENCY },
      ),
      historiesOf(asked, by),
    ]);
    return found.map((each) => ({
      ...each,
      history: histories?.get(each.number),
    }));
  };
}

/**
 * People who were let in only to decide see their own orders here; the cards on which they are asked show them the
 * others.
 */
const maySee = ({ requester }: Order, by: Person): boolean =>
  requester.teamId === by.teamId && (by.unplaced !== true || requester.userId === by.userId);

/** The order that bought a number, among our own. */
export const buyingOrderOf = ({ number, history }: NumberLookup): Order | undefined =>
  history?.orders.find(
    (order) => order.request.kind === 'purchase' && outcomeOfNumber(order, number) === 'done',
  );

/** Whether the number is on our account, as far as is known. */
export function isOurs({ details }: NumberLookup): Known {
  if ('advice' in details) return 'not-known';
  switch (details.whereabouts) {
    case 'in-service':
    case 'not-in-service':
      return 'yes';
    case 'not-known':
    case 'not-in-service-here':
      return 'not-known';
    default:
      return 'no';
  }
}

async function offer(
  details: NumberLookup['details'],
  offeredNow: (number: PhoneNumber) => Promise<Known>,
): Promise<Known> {
  if ('advice' in details) return 'not-known';
  switch (details.whereabouts) {
    case 'unassigned':
    case 'no-record':
      return offeredNow(details.number);
    case 'in-service':
    case 'other-account':
      return 'no';
    default:
      return 'not-known';
  }
}

/** A search that lists the number if it can be ordered. Bandwidth can't be asked about one number. */
function searchAround(number: PhoneNumber): Search {
  const digits = nationalDigits(number);
  const prefix = digits.slice(0, 3);
  const search = checkSearch(
    isTollFreePrefix(prefix)
      ? { criteria: { tollFreeWildCardPattern: prefix }, quantity: MAX_QUANTITY }
      : {
          criteria: { npaNxxx: digits.slice(0, 7) },
          quantity: NUMBERS_A_BLOCK,
          lca: false,
          protected: 'MIXED',
        },
  );
  if (!('kind' in search)) throw new Error(`no search for ${number}: ${JSON.stringify(search)}`);
  return search;
}

/** Adds names where Bandwidth gave only ids. */
async function withNames(
  details: NumberDetails,
  places: ListPlaces,
): Promise<{ readonly details: NumberDetails; readonly siteExists: Known }> {
  const { site, location } = details;
  const inTime = within(NAMED_WITHIN_MS);
  if (site === undefined) return { details, siteExists: 'not-known' };
  const sites = site.name === site.id ? await inTime(() => places.sites()) : undefined;
  const named = sites?.find(({ id }) => id === site.id);
  const exists: Known =
    site.name !== site.id || named !== undefined
      ? 'yes'
      : sites === undefined || sites.unread !== undefined
        ? 'not-known'
        : 'no';
  const locations =
    location !== undefined && location.name === location.id && exists !== 'no'
      ? await inTime(() => places.locations(site.id))
      : undefined;
  const namedLocation = locations?.find(({ id }) => id === location?.id);
  return {
    details: {
      ...details,
      ...(named === undefined ? {} : { site: named }),
      ...(namedLocation === undefined ? {} : { location: namedLocation }),
    },
    siteExists: exists,
  };
}

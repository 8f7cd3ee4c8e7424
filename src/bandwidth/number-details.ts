import type { NumberDetails, Whereabouts } from '../orders/domain/number-details.js';
import type { PhoneNumber } from '../orders/domain/phone-number.js';
import type { ServiceStates } from '../orders/domain/service-states.js';
import { type Carrier, CarrierError } from '../orders/ports/carrier.js';
import type { Log } from '../orders/ports/log.js';
import type { Calls } from './calls.js';
import type { AskChecker } from './check-services.js';
import { decodeDetails, decodeNumberOrder, type NumberDocument } from './decode/decode-number-details.js';
import { isWorking } from './look-up.js';
import { readNumberDocument } from './read-number-document.js';
import type { XmlDocument } from './xml.js';

/** On no account. */
const UNASSIGNED: readonly string[] = ['available', 'reserved', 'removed', 'eliminated'];

/** What one of the two lookups found: a document, no record of the number, or why Bandwidth couldn't be asked. */
type Found = NumberDocument | 'none' | CarrierError;

const isDocument = (found: Found): found is NumberDocument =>
  found !== 'none' && !(found instanceof CarrierError);

/** Makes the lookup of one number: its details, and the order behind it, at once. */
export function makeNumberDetails(deps: {
  accountId: string;
  calls: Pick<Calls, 'ask' | 'expect' | 'faultsIn'>;
  numberPath: (number: PhoneNumber) => string;
  isInService: (number: PhoneNumber) => Promise<boolean>;
  askChecker: AskChecker;
  log: Log;
}): Carrier['numberDetails'] {
  const { accountId, calls, numberPath, isInService, askChecker, log } = deps;

  const found = async (asking: Promise<NumberDocument | 'none'>): Promise<Found> => {
    try {
      return await asking;
    } catch (error) {
      if (error instanceof CarrierError) return error;
      throw error;
    }
  };

  const read = (path: string, decode: (document: XmlDocument) => NumberDocument | undefined) =>
    readNumberDocument({ calls, log }, path, decode);

  /** Where the number is, by its own documents or, if they don't say, by the list of numbers in service. */
  const whereaboutsOf = async (
    number: PhoneNumber,
    details: Found,
    order: Found,
  ): Promise<{ whereabouts: Whereabouts; notRead?: string }> => {
    const documents = [details, order].filter(isDocument);
    if (documents.length === 0 && (details === 'none' || order === 'none'))
      return { whereabouts: 'no-record' };
    const account = documents.find((each) => each.accountId !== undefined)?.accountId;
    const status = plain(documents.find((each) => each.status !== undefined)?.status);
    if (account !== undefined && account !== accountId) return { whereabouts: 'other-account' };
    if (account === undefined && UNASSIGNED.includes(status)) return { whereabouts: 'unassigned' };
    if (account !== undefined && status !== '') {
      return { whereabouts: isWorking(status) ? 'in-service' : 'not-in-service' };
    }
    try {
      if (!(await isInService(number))) {
        return { whereabouts: account === undefined ? 'not-in-service-here' : 'not-in-service' };
      }
      return { whereabouts: status === '' || isWorking(status) ? 'in-service' : 'not-in-service' };
    } catch (error) {
      if (!(error instanceof CarrierError)) throw error;
      if (documents.length === 0) throw details instanceof CarrierError ? details : error;
      return { whereabouts: 'not-known', notRead: error.advice };
    }
  };

  const checkedNow = async (number: PhoneNumber): Promise<ServiceStates | CarrierError | undefined> => {
    try {
      return (await askChecker([number]))?.get(number);
    } catch (error) {
      if (error instanceof CarrierError) return error;
      throw error;
    }
  };

  return async (number) => {
    const path = numberPath(number);
    const [details, order] = await Promise.all([
      found(read(`${path}/tndetails`, (document) => decodeDetails(document, number))),
      found(read(path, (document) => decodeNumberOrder(document, number))),
    ]);
    // Without a role, the list of numbers in service may still answer. Any other failure would only happen again.
    if (details instanceof CarrierError && order instanceof CarrierError) {
      const trouble = [details, order].find((each) => each.trouble !== 'forbidden');
      if (trouble !== undefined) throw trouble;
    }
    const { whereabouts, notRead } = await whereaboutsOf(number, details, order);
    const checked = whereabouts === 'in-service' ? await checkedNow(number) : undefined;
    const advice = [details, order, checked].flatMap((each) =>
      each instanceof CarrierError ? [each.advice] : [],
    );
    return {
      ...described(number, whereabouts, [details, order].filter(isDocument)),
      ...(checked === undefined || checked instanceof CarrierError ? {} : { activation: checked }),
      notRead: [...new Set([...advice, ...(notRead === undefined ? [] : [notRead])])],
    };
  };
}

const plain = (status: string | undefined): string => (status ?? '').toLowerCase().replace(/[^a-z]/g, '');

/** Merges what the documents say; for each field, the first document that has it wins. */
function described(
  number: PhoneNumber,
  whereabouts: Whereabouts,
  documents: readonly NumberDocument[],
): Omit<NumberDetails, 'notRead'> {
  const said: NumberDocument = Object.assign({}, ...[...documents].reverse());
  const { status, city, state, rateCenter, siteId, peerId, inServiceSince, services, lastOrder } = said;
  const place = {
    ...(status === undefined ? {} : { status }),
    ...(city === undefined ? {} : { city }),
    ...(state === undefined ? {} : { state }),
    ...(rateCenter === undefined ? {} : { rateCenter }),
  };
  // The rest is another customer's business.
  if (whereabouts === 'other-account') return { number, whereabouts, ...place };
  return {
    number,
    whereabouts,
    ...place,
    ...(siteId === undefined ? {} : { site: { id: siteId, name: said.siteName ?? siteId } }),
    ...(peerId === undefined ? {} : { location: { id: peerId, name: said.peerName ?? peerId } }),
    ...(inServiceSince === undefined ? {} : { inServiceSince }),
    ...(services === undefined ? {} : { services }),
    ...(lastOrder === undefined ? {} : { lastOrder }),
  };
}

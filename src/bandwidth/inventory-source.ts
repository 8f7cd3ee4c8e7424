import type { PhoneNumber } from '../orders/domain/phone-number.js';
import { CarrierError } from '../orders/ports/carrier.js';
import type { InventorySource, NumberPage, NumberVerdict } from '../orders/ports/inventory.js';
import type { Log } from '../orders/ports/log.js';
import { type ApiVersion, pageKeyFor } from './api-version.js';
import { type Calls, documentIn, saysThereIsNone } from './calls.js';
import { isOnlyLinks } from './decode/decode.js';
import { decodeFaults } from './decode/decode-faults.js';
import {
  decodeBarePage,
  decodeLocationPage,
  decodeNumberPage,
  decodeTotal,
  decodeVerdicts,
  type UnreadablePage,
} from './decode/decode-inventory.js';
import { namesUnknownNumbers } from './decode/decode-numbers.js';
import { encodeNumberList, encodeQuery } from './encode.js';
import { type RequestName, refusal, unreadable } from './errors.js';
import { MalformedXml, type XmlDocument } from './xml.js';

/** How many rows a page is asked for: the documented maximum, or for bare numbers what Bandwidth's own client uses. */
const PAGE = { numbers: 2_500, bare: 1_000, location: 5_000 };

const NUMBERS: RequestName = "the list of the account's numbers";
const TOTALS: RequestName = "the count of the account's numbers";
const LOCATION: RequestName = 'the numbers of this location';

/** Reads the account's numbers. Every call is a background lookup. */
export function makeInventorySource(deps: {
  /** `/accounts/…` */
  account: string;
  accountId: string;
  calls: Calls['inventory'];
  version: ApiVersion;
  log: Log;
}): Omit<InventorySource, 'lookups' | 'sites' | 'locations'> {
  const { account, accountId, calls, version, log } = deps;
  const { writeNumber } = version;

  /** Undefined for an empty list. */
  const documentOf = async (
    path: string,
    asked: RequestName,
    root: string,
  ): Promise<XmlDocument | undefined> => {
    const answer = await calls.ask(path, asked);
    if (answer.status === 204) return undefined;
    if (answer.status === 404) {
      const document = await documentIn(answer);
      // Any other 404 is a wrong address or an error, and proves nothing.
      if (!(document instanceof MalformedXml) && isOnlyLinks(document)) return undefined;
    }
    return calls.expect(answer, asked, root);
  };

  const pageOf = async (
    path: string,
    asked: RequestName,
    root: string,
    decode: (document: XmlDocument) => Promise<NumberPage | UnreadablePage>,
  ): Promise<NumberPage> => {
    const document = await documentOf(path, asked, root);
    if (document === undefined) return emptyPage;
    const page = await decode(document);
    if (page !== 'unreadable' && page.rows > 0) return page;
    // An error can come with a count of zero, and must not become "there are no numbers".
    const faults = decodeFaults(document, log);
    if (faults.length > 0) throw refusal(asked, faults);
    if (page === 'unreadable') throw unreadable(asked, 'a list without rows or a count');
    return page;
  };

  return {
    async total(of) {
      try {
        const path = `${account}/${of === 'inService' ? 'inserviceNumbers' : 'discnumbers'}/totals`;
        const document = await calls.expect(await calls.ask(path, TOTALS), TOTALS, 'quantity');
        const count = decodeTotal(document);
        if (count === undefined) throw unreadable(TOTALS, 'no count');
        return count;
      } catch (error) {
        if (error instanceof CarrierError && error.trouble === 'forbidden') return undefined;
        throw error;
      }
    },

    listNumbers: (page = '1') =>
      pageOf(
        `/tns?${encodeQuery([
          ['accountId', accountId],
          ['page', pageKeyFor(version, page)],
          ['size', PAGE.numbers],
        ])}`,
        NUMBERS,
        'telephonenumbersresponse',
        (document) => decodeNumberPage(document, accountId, log),
      ),

    listBareNumbers: (page = '1') =>
      pageOf(
        `${account}/inserviceNumbers?${encodeQuery([
          ['page', pageKeyFor(version, page)],
          ['size', PAGE.bare],
        ])}`,
        NUMBERS,
        'tns',
        (document) => decodeBarePage(document, log),
      ),

    async listLocationNumbers(siteId, locationId, page = '1') {
      const peer = `${account}/sites/${encodeURIComponent(siteId)}/sippeers/${encodeURIComponent(locationId)}`;
      const query = encodeQuery([
        ['page', pageKeyFor(version, page)],
        ['size', PAGE.location],
        ['includeAttributes', false],
      ]);
      const read = await pageOf(
        `${peer}/tns?${query}`,
        LOCATION,
        'sippeertelephonenumbersresponse',
        (document) => decodeLocationPage(document, log),
      );
      // Here a page may be counted instead, and then a full one has no link to the next.
      const counted = read.nextPage === undefined && read.rows >= PAGE.location && /^\d{1,6}$/.test(page);
      return counted ? { ...read, nextPage: String(Number(page) + 1) } : read;
    },

    async judge(numbers) {
      const answer = await calls.ask('/tns', NUMBERS, {
        method: 'POST',
        body: encodeNumberList(numbers, writeNumber),
      });
      const faults = await calls.faultsIn(answer);
      // The list may come with a 400 when some of the numbers are unknown.
      const ordinary = faults.length > 0 && faults.every(namesUnknownNumbers);
      const read = ordinary && answer.status === 400 ? { ...answer, status: 200 } : answer;
      const document = await calls.expect(read, NUMBERS, 'telephonenumbersresponse');
      if (faults.length > 0 && !ordinary) throw refusal(NUMBERS, faults);
      const verdicts: Map<PhoneNumber, NumberVerdict> = await decodeVerdicts(document, accountId);
      for (const fault of faults) {
        for (const number of fault.numbers) {
          if (!verdicts.has(number)) verdicts.set(number, { verdict: 'not-ours' });
        }
      }
      return verdicts;
    },

    async isInService(number) {
      const path = `${account}/inserviceNumbers/${encodeURIComponent(writeNumber(number))}`;
      const answer = await calls.ask(path, NUMBERS);
      if (saysThereIsNone(answer)) return false;
      const isEmpty = answer.body.trim() === '' && answer.unreadable === undefined;
      if (answer.status === 200 && isEmpty) return true;
      await calls.expect(answer, NUMBERS, 'none');
      throw unreadable(NUMBERS, 'a body where none is expected');
    },
  };
}

const emptyPage: NumberPage = { numbers: [], rows: 0, unread: 0 };

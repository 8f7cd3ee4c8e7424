import type { AccountNumber } from '../../orders/domain/number-record.js';
import { type PhoneNumber, parsePhoneNumber } from '../../orders/domain/phone-number.js';
import type { NumberPage, NumberVerdict } from '../../orders/ports/inventory.js';
import type { Log } from '../../orders/ports/log.js';
import { isWorking } from '../look-up.js';
import { processInBatches } from '../process-in-batches.js';
import {
  childOf,
  complainOfUnread,
  element,
  listOf,
  one,
  readCount,
  rows,
  text,
  textsIn,
} from '../schema.js';
import { textOf, type XmlDocument } from '../xml.js';
import { readDate } from './decode.js';

/** A page that says neither that it is empty nor anything that can be read. */
export type UnreadablePage = 'unreadable';

const rowNames = [
  'fullnumber',
  'telephonenumber',
  'city',
  'state',
  'ratecenter',
  'status',
  'accountid',
  'inservicedate',
  'lastmodified',
  'lastmodifieddate',
] as const;

const linksShape = { links: one({ next: text }) };

const numbersSchema = element({
  ...linksShape,
  telephonenumbercount: text,
  telephonenumbers: one({ telephonenumber: rows }),
});

const bareSchema = element({
  ...linksShape,
  totalcount: text,
  telephonenumbers: one({ count: text, telephonenumber: rows }),
});

const locationSchema = element({
  ...linksShape,
  sippeertelephonenumbers: one({ sippeertelephonenumber: rows }),
});

const totalSchema = element({ count: text });

/** Decodes a page of GET tns. Numbers of other accounts, or not in service, are left out. */
export async function decodeNumberPage(
  document: XmlDocument,
  accountId: string,
  log: Log,
): Promise<NumberPage | UnreadablePage> {
  const found = numbersSchema.parse(document.content);
  const listed = found.telephonenumbers.telephonenumber;
  const counted = readCount(found.telephonenumbercount);
  if (listed.length === 0 && counted !== 0) return 'unreadable';
  const numbers: AccountNumber[] = [];
  const unread: string[] = [];
  await processInBatches(listed, (row) => {
    const each = detailedRow(row);
    if ('unread' in each) unread.push(each.unread);
    else if (isOurs(each, accountId)) numbers.push(each.number);
  });
  complainOfUnread(unread, log);
  return page({ numbers, rows: listed.length, unread: unread.length, next: found.links.next });
}

/** Decodes a page of GET inserviceNumbers. */
export async function decodeBarePage(document: XmlDocument, log: Log): Promise<NumberPage | UnreadablePage> {
  const { totalcount, links, telephonenumbers } = bareSchema.parse(document.content);
  const listed = telephonenumbers.telephonenumber;
  const total = readCount(totalcount);
  if (listed.length === 0 && total !== 0 && readCount(telephonenumbers.count) !== 0) return 'unreadable';
  return bareRows(listed, { next: links.next, total }, log);
}

/** Decodes a page of the numbers of one location. An empty location has an empty list, or none. */
export async function decodeLocationPage(document: XmlDocument, log: Log): Promise<NumberPage> {
  const { links, sippeertelephonenumbers } = locationSchema.parse(document.content);
  return bareRows(sippeertelephonenumbers.sippeertelephonenumber, { next: links.next }, log);
}

/** Decodes `<Quantity><Count>`. */
export function decodeTotal(document: XmlDocument): number | undefined {
  return readCount(totalSchema.parse(document.content).count);
}

/** Decodes the answer to POST tns: a verdict on each number that it names. */
export async function decodeVerdicts(
  document: XmlDocument,
  accountId: string,
): Promise<Map<PhoneNumber, NumberVerdict>> {
  const verdicts = new Map<PhoneNumber, NumberVerdict>();
  await processInBatches(numbersSchema.parse(document.content).telephonenumbers.telephonenumber, (row) => {
    const each = detailedRow(row);
    if ('unread' in each) return;
    const { number, owner } = each;
    // Without its account or its status, the row proves nothing.
    if (owner === undefined || number.status === undefined) return;
    // A number may be listed for several accounts. Ours takes precedence.
    if (owner === accountId) verdicts.set(number.number, verdictOn(number));
    else if (!verdicts.has(number.number)) verdicts.set(number.number, { verdict: 'not-ours' });
  });
  return verdicts;
}

function verdictOn(number: AccountNumber): NumberVerdict {
  const { status = '' } = number;
  return isWorking(status) ? { verdict: 'in-service', number } : { verdict: 'not-in-service', status };
}

interface DetailedRow {
  readonly number: AccountNumber;
  /** The id of the account that has it. */
  readonly owner?: string;
}

function detailedRow(row: unknown): DetailedRow | { readonly unread: string } {
  const found = textsIn(row, rowNames);
  const written = found.fullnumber ?? found.telephonenumber ?? textOf(row) ?? '';
  const number = parsePhoneNumber(written);
  if (number === undefined) return { unread: written };
  const since = readDate(found.inservicedate);
  const modified = readDate(found.lastmodified ?? found.lastmodifieddate);
  const read: { -readonly [Field in keyof AccountNumber]: AccountNumber[Field] } = { number };
  if (found.city !== undefined) read.city = found.city;
  if (found.state !== undefined) read.state = found.state;
  if (found.ratecenter !== undefined) read.rateCenter = found.ratecenter;
  if (found.status !== undefined) read.status = found.status;
  if (since !== undefined) read.inServiceSince = since;
  if (modified !== undefined) read.lastModified = modified;
  const site = namedIn(row, 'site', 'id', 'name');
  const location = namedIn(row, 'sippeer', 'peerid', 'peername');
  if (site !== undefined) read.site = site;
  if (location !== undefined) read.location = location;
  return found.accountid === undefined ? { number: read } : { number: read, owner: found.accountid };
}

function namedIn(
  row: unknown,
  name: string,
  idName: string,
  nameName: string,
): { readonly id: string; readonly name: string } | undefined {
  const [inner] = listOf(childOf(row, name));
  if (inner === undefined) return undefined;
  const id = textOf(listOf(childOf(inner, idName))[0]);
  return id === undefined ? undefined : { id, name: textOf(listOf(childOf(inner, nameName))[0]) ?? id };
}

/** The list belongs to one account, so a row without an account is ours, and one without a status is in service. */
const isOurs = ({ number, owner }: DetailedRow, accountId: string): boolean =>
  (owner === undefined || owner === accountId) && (number.status === undefined || isWorking(number.status));

async function bareRows(
  listed: readonly unknown[],
  { next, total }: { readonly next: string | undefined; readonly total?: number | undefined },
  log: Log,
): Promise<NumberPage> {
  const numbers: AccountNumber[] = [];
  const unread: string[] = [];
  await processInBatches(listed, (row) => {
    const written = textOf(row) ?? textsIn(row, ['fullnumber', 'telephonenumber']).fullnumber ?? '';
    const number = parsePhoneNumber(written);
    if (number === undefined) unread.push(written);
    else numbers.push({ number });
  });
  complainOfUnread(unread, log);
  return page({ numbers, rows: listed.length, unread: unread.length, next, total });
}

function page(given: {
  readonly numbers: readonly AccountNumber[];
  readonly rows: number;
  readonly unread: number;
  readonly next: string | undefined;
  readonly total?: number | undefined;
}): NumberPage {
  const { numbers, unread, total } = given;
  const nextPage = pageKeyIn(given.next);
  return {
    numbers,
    rows: given.rows,
    unread,
    ...(total === undefined ? {} : { total }),
    ...(nextPage === undefined ? {} : { nextPage }),
  };
}

/**
 * Returns only the key of the page from `Link=<https://other-host:443/…/tns?account=…&page=2012082912&size=500>;rel=…`.
 * The link's host, path and filters differ from the request's. Version 2 writes `page=+1201…`, where `+` isn't a space;
 * whatever decodes it on the way leaves ` 1201…`.
 */
function pageKeyIn(link: string | undefined): string | undefined {
  const [, sign, key] = /[?&]page=(\+|%2B|%20| )?([^&>;\s]+)/i.exec(link ?? '') ?? [];
  if (key === undefined) return undefined;
  return sign === undefined ? key : `+${key}`;
}

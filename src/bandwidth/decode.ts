import { z } from 'zod';
import type {
  CarrierFault,
  CarrierReport,
  FinalCarrierStatus,
  Location,
  OpenCarrierStatus,
  Site,
  Timestamp,
} from '../orders/order.js';
import { type PhoneNumber, parsePhoneNumber } from '../orders/phone-number.js';
import type { FoundNumber, ListedOrders, Log } from '../orders/ports.js';
import { inTurns } from './concurrency.js';
import { type Complaints, complaintsIn, decodeFaults } from './decode-faults.js';
import {
  complainOfUnread,
  element,
  listOf,
  many,
  numberTexts,
  one,
  readCount,
  readNumbers,
  rows,
  type Texts,
  text,
  textsIn,
} from './schema.js';
import type { XmlDocument } from './xml.js';

// ---- Searches ----

const rowNames = ['fullnumber', 'telephonenumber', 'city', 'state', 'ratecenter', 'lata', 'tier'] as const;
type Row = Texts<(typeof rowNames)[number]>;

const searchSchema = element({
  telephonenumberlist: one({ telephonenumber: numberTexts }),
  telephonenumberdetaillist: one({ telephonenumberdetail: rows }),
});

/** The numbers on offer, each once. ResultCount is not believed: it may count what is not listed. */
export async function decodeSearch(document: XmlDocument, log: Log): Promise<readonly FoundNumber[]> {
  const found = searchSchema.parse(document.content);
  const read = new Map<PhoneNumber, FoundNumber>();
  const unread: string[] = [];
  const readRow = (row: Row) => {
    const written = row.fullnumber ?? row.telephonenumber ?? '';
    const number = parsePhoneNumber(written);
    if (number === undefined) unread.push(written);
    else if (!read.has(number)) read.set(number, foundNumber(number, row));
  };
  const detailed = found.telephonenumberdetaillist.telephonenumberdetail;
  await inTurns(detailed, (row) => readRow(textsIn(row, rowNames)));
  await inTurns(found.telephonenumberlist.telephonenumber, (fullnumber) => readRow({ fullnumber }));
  complainOfUnread(unread, log);
  return [...read.values()];
}

function foundNumber(number: PhoneNumber, { city, state, ratecenter, lata, tier }: Row): FoundNumber {
  const found: { -readonly [Field in keyof FoundNumber]: FoundNumber[Field] } = { number };
  if (city !== undefined) found.city = city;
  if (state !== undefined) found.state = state;
  if (ratecenter !== undefined) found.rateCenter = ratecenter;
  if (lata !== undefined) found.lata = lata;
  if (tier !== undefined) found.tier = tier;
  return found;
}

// ---- Orders ----

const idShape = { id: text, orderid: text, orderstatus: text };
/** A new order stands under Order, a new disconnect under orderRequest. */
const takenSchema = element({
  orderstatus: text,
  order: one(idShape),
  orderrequest: one(idShape),
  completednumbers: numberTexts,
  failednumbers: numberTexts,
  disconnectedtelephonenumberlist: numberTexts,
  completedquantity: text,
  failedquantity: text,
  pendingquantity: text,
});

/** What the answer to a new order or disconnect says, whatever its root is called. */
export interface OrderAnswer extends Complaints {
  readonly id?: string;
  /** Bandwidth's word for how it stands. */
  readonly status?: string;
  /** It tells what became of numbers, which only an order that exists can. */
  readonly numbers: boolean;
}

export function decodeOrderAnswer(document: XmlDocument, log: Log): OrderAnswer {
  const found = takenSchema.parse(document.content);
  const { order, orderrequest } = found;
  const id = order.id ?? order.orderid ?? orderrequest.id ?? orderrequest.orderid;
  const status = found.orderstatus ?? order.orderstatus ?? orderrequest.orderstatus;
  return {
    ...complaintsIn(document, log),
    ...(id === undefined ? {} : { id }),
    ...(status === undefined ? {} : { status }),
    numbers:
      [found.completednumbers, found.failednumbers, found.disconnectedtelephonenumberlist].some(
        (numbers) => numbers.length > 0,
      ) ||
      [found.completedquantity, found.failedquantity, found.pendingquantity].some(
        (quantity) => (readCount(quantity) ?? 0) > 0,
      ),
  };
}

const reportSchema = element({
  orderstatus: text,
  completedquantity: text,
  completednumbers: numberTexts,
  failednumbers: numberTexts,
  summary: text,
  order: z.unknown().transform((elements) => listOf(elements).length > 0),
});

const statuses: Readonly<Record<string, OpenCarrierStatus | FinalCarrierStatus>> = {
  RECEIVED: 'received',
  PROCESSING: 'processing',
  BACKORDERED: 'backordered',
  COMPLETE: 'complete',
  COMPLETED: 'complete',
  PARTIAL: 'partial',
  FAILED: 'failed',
};

/**
 * What Bandwidth says of an order. Errors inside it are part of the report. Undefined when it says nothing of the
 * order at all: no status, and no order either.
 */
export function decodeReport(document: XmlDocument, log: Log): CarrierReport | undefined {
  const found = reportSchema.parse(document.content);
  if (found.orderstatus === undefined && !found.order) return undefined;
  const status = readStatus(found.orderstatus, log);
  const faults = decodeFaults(document, log);
  const completed = readNumbers(found.completednumbers, log);
  const completedQuantity = readCount(found.completedquantity);
  const listed = readNumbers(found.failednumbers, log);
  return {
    status,
    completed,
    ...(completedQuantity === undefined ? {} : { completedQuantity }),
    failed: listed.length > 0 ? listed : fellShort(status) ? blamed(faults, completed) : [],
    faults,
    ...(found.summary === undefined ? {} : { summary: found.summary }),
  };
}

function fellShort(status: CarrierReport['status']): boolean {
  return status === 'failed' || status === 'partial';
}

/** A finished order with an empty FailedNumbers may still name its failed numbers beside their errors. */
export function blamed(
  faults: readonly CarrierFault[],
  completed: readonly PhoneNumber[],
): readonly PhoneNumber[] {
  const numbers = new Set(faults.flatMap((fault) => fault.numbers));
  return [...numbers].filter((number) => !completed.includes(number));
}

/** A status we have never heard of does not end an order: it is looked at again, and somebody can read about it. */
export function readStatus(value: string | undefined, log: Log): CarrierReport['status'] {
  if (value === undefined) return 'received';
  const status = statuses[value.toUpperCase()];
  if (status === undefined) {
    log.warn(
      { orderStatus: value.slice(0, 40) },
      'Bandwidth reports an OrderStatus we do not know; taken as still processing',
    );
  }
  return status ?? 'processing';
}

/** One order or disconnect of a list. */
export interface ListedOrder {
  readonly id: string;
  readonly customerOrderId?: string;
  /** Digits that sort by date. */
  readonly date: string;
  /** Only when the date can be read without a doubt. */
  readonly createdAt?: Timestamp;
}

export interface OrderList {
  readonly rows: readonly ListedOrder[];
  readonly total?: number;
  /** The `page` of the next call: the list is paged by order id. */
  readonly nextPage?: string;
}

const orderRowNames = ['orderid', 'id', 'customerorderid', 'orderdate'] as const;
const statusRowNames = ['orderid', 'id', 'orderstatus'] as const;

/** `Link=<https://some-other-host:443/…/orders?page=ID&size=300>;rel="next"`: only the page is taken from it. */
function pageIn(link: string | undefined): string | undefined {
  return /[?&]page=([\w-]+)/.exec(link ?? '')?.[1];
}

const orderListSchema = element({
  listorderiduseriddate: one({
    totalcount: text,
    links: one({ next: text }),
    orderiduseriddate: rows,
  }),
});

export function decodeOrderList(document: XmlDocument): OrderList {
  const { totalcount, links, orderiduseriddate } = orderListSchema.parse(
    document.content,
  ).listorderiduseriddate;
  const total = readCount(totalcount);
  const nextPage = pageIn(links.next);
  return {
    rows: orderiduseriddate.flatMap((row) => listedOrder(textsIn(row, orderRowNames)) ?? []),
    ...(total === undefined ? {} : { total }),
    ...(nextPage === undefined ? {} : { nextPage }),
  };
}

/** The same list, where only the status of each order is wanted. */
export function decodeOrderStatuses(document: XmlDocument): ListedOrders {
  const { totalcount, links, orderiduseriddate } = orderListSchema.parse(
    document.content,
  ).listorderiduseriddate;
  const total = readCount(totalcount);
  const nextPage = pageIn(links.next);
  return {
    rows: orderiduseriddate.flatMap((row) => {
      const { orderid, id: plainId, orderstatus } = textsIn(row, statusRowNames);
      const id = orderid ?? plainId;
      const status = statuses[orderstatus?.toUpperCase() ?? ''];
      return id === undefined ? [] : [status === undefined ? { id } : { id, status }];
    }),
    ...(total === undefined ? {} : { total }),
    ...(nextPage === undefined ? {} : { nextPage }),
  };
}

function listedOrder(row: Texts<(typeof orderRowNames)[number]>): ListedOrder | undefined {
  const id = row.orderid ?? row.id;
  if (id === undefined) return undefined;
  const createdAt = readDate(row.orderdate);
  return {
    id,
    date: sortableDate(row.orderdate),
    ...(row.customerorderid === undefined ? {} : { customerOrderId: row.customerorderid }),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}

/** `2014-01-10T17-34-15Z` and `2013-12-20T06` occur. Their digits alone sort rightly; no date is made of them. */
function sortableDate(value: string | undefined): string {
  return (value ?? '').replace(/\D/g, '').padEnd(17, '0');
}

/** A whole UTC date, with `-` or `:` in its time; anything less may mean any hour of the day, or another zone. */
export function readDate(value: string | undefined): Timestamp | undefined {
  const read = /^(\d{4}-\d\d-\d\d)T(\d\d)[:-](\d\d)[:-](\d\d)(?:\.\d+)?Z$/.exec(value ?? '');
  if (read === null) return undefined;
  const [, day, hours, minutes, seconds] = read;
  const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(at) ? undefined : at;
}

// ---- Sub-accounts and locations ----

const sitesSchema = element({ sites: one({ site: many({ id: text, name: text }) }) });

export function decodeSites(document: XmlDocument): readonly Site[] {
  return sitesSchema
    .parse(document.content)
    .sites.site.flatMap(({ id, name }) => (id === undefined ? [] : [{ id, name: name ?? id }]));
}

const locationsSchema = element({
  sippeers: one({ sippeer: many({ peerid: text, peername: text, isdefaultpeer: text }) }),
});

/** The locations of a sub-account, its default first. */
export function decodeLocations(document: XmlDocument): readonly Location[] {
  const peers = locationsSchema.parse(document.content).sippeers.sippeer;
  const isDefault = (peer: { isdefaultpeer: string | undefined }) =>
    peer.isdefaultpeer?.toLowerCase() === 'true';
  return [...peers.filter(isDefault), ...peers.filter((peer) => !isDefault(peer))].flatMap(
    ({ peerid, peername }) => (peerid === undefined ? [] : [{ id: peerid, name: peername ?? peerid }]),
  );
}

import type {
  CarrierFault,
  CarrierReport,
  FinalCarrierStatus,
  OpenCarrierStatus,
} from '../../orders/domain/carrier-report.js';
import type { FoundNumber } from '../../orders/domain/kept-search.js';
import { type PhoneNumber, parsePhoneNumber } from '../../orders/domain/phone-number.js';
import type { Timestamp } from '../../orders/domain/request.js';
import { type PartlyRead, partlyRead } from '../../orders/ports/carrier.js';
import type { Log } from '../../orders/ports/log.js';
import { processInBatches } from '../process-in-batches.js';
import {
  childOf,
  complainOfUnread,
  element,
  elementsIn,
  holdsMore,
  listOf,
  numberStringsIn,
  one,
  phoneNumberTexts,
  readAllNumbers,
  readCount,
  readNumbers,
  rows,
  type Texts,
  text,
  textsIn,
} from '../schema.js';
import { textOf, type XmlDocument } from '../xml.js';
import { type Complaints, complaintsIn, decodeFaults } from './decode-faults.js';

// ---- Searches ----

const rowNames = ['fullnumber', 'telephonenumber', 'city', 'state', 'ratecenter', 'lata', 'tier'] as const;
type Row = Texts<(typeof rowNames)[number]>;

const searchSchema = element({
  resultcount: text,
  telephonenumberlist: one({ telephonenumber: phoneNumberTexts }),
  telephonenumberdetaillist: one({ telephonenumberdetail: rows }),
});

/**
 * Returns the numbers on offer, without repeats. ResultCount may include numbers that aren't listed, so it isn't
 * trusted; but when it is higher than what can be read, the list is marked incomplete.
 */
export async function decodeSearch(document: XmlDocument, log: Log): Promise<PartlyRead<FoundNumber>> {
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
  await processInBatches(detailed, (row) => readRow(textsIn(row, rowNames)));
  await processInBatches(found.telephonenumberlist.telephonenumber, (fullnumber) => readRow({ fullnumber }));
  complainOfUnread(unread, log);
  const counted = found.resultcount === undefined ? 0 : (readCount(found.resultcount) ?? 1);
  const isUnreadable = read.size === 0 && hasUnreadable(document.content);
  const listed = read.size + unread.length;
  if (counted > listed) log.warn({ counted, listed }, 'bandwidth counts more numbers than it lists');
  return partlyRead([...read.values()], Math.max(unread.length, counted - read.size, isUnreadable ? 1 : 0));
}

/** Whether unreadable content is present where numbers are expected. */
function hasUnreadable(content: unknown): boolean {
  const lists = {
    telephonenumberlist: 'telephonenumber',
    telephonenumberdetaillist: 'telephonenumberdetail',
  };
  return (
    holdsMore(content, ['resultcount', ...Object.keys(lists)]) ||
    Object.entries(lists).some(([list, entry]) =>
      listOf(childOf(content, list)).some((each) => holdsMore(each, [entry])),
    )
  );
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

const idShape = { id: text, orderid: text };
/** A new order is under Order, a new disconnect under orderRequest, and so on. */
const takenSchema = element({
  order: one(idShape),
  orderrequest: one(idShape),
  movetnsorder: one(idShape),
  tnoptionorder: one(idShape),
});

/** The answer to a new order or disconnect, whatever its root is called. */
export interface OrderAnswer extends Complaints {
  /** Only from the place where Bandwidth puts it. */
  readonly id?: string;
  /** Bandwidth's status. */
  readonly status?: string;
  /**
   * True if it contains, at any depth, what only an existing order can have: an id, a status, or results for numbers.
   */
  readonly existing: boolean;
  /** True if it contains a creation or completion date. A plain refusal with HTTP 400 also echoes a creation date. */
  readonly dated: boolean;
}

export function decodeOrderAnswer(document: XmlDocument, log: Log): OrderAnswer {
  const places = Object.values(takenSchema.parse(document.content));
  const id = places.map((place) => place.id ?? place.orderid).find((each) => each !== undefined);
  let status: string | undefined;
  let existing = false;
  let dated = false;
  // Errors are read at any depth, so what contradicts them is too: a wrongly refused order may be placed twice.
  for (const [name, each] of elementsIn(document)) {
    if (name === 'orderstatus') status ??= textOf(each);
    existing ||= belongsToAnOrder(name, each);
    dated ||= dates.includes(name) && textOf(each) !== undefined;
  }
  return {
    ...complaintsIn(document, log),
    ...(id === undefined ? {} : { id }),
    ...(status === undefined ? {} : { status }),
    existing,
    dated,
  };
}

const ids: readonly string[] = ['id', 'orderid', 'orderstatus'];
const numberLists: readonly string[] = [
  'completednumbers',
  'failednumbers',
  'disconnectedtelephonenumberlist',
];
const quantities: readonly string[] = ['completedquantity', 'failedquantity', 'pendingquantity'];
const dates: readonly string[] = ['ordercreatedate', 'ordercompletedate'];

function belongsToAnOrder(name: string, element: unknown): boolean {
  return (
    (ids.includes(name) && textOf(element) !== undefined) ||
    (numberLists.includes(name) && numberStringsIn(element).length > 0) ||
    (quantities.includes(name) && (readCount(textOf(element)) ?? 0) > 0)
  );
}

const reportSchema = element({
  orderstatus: text,
  completedquantity: text,
  completednumbers: phoneNumberTexts,
  failednumbers: phoneNumberTexts,
  summary: text,
  ordercompletedate: text,
  order: one({ orderstatus: text, siteid: text, ordercreatedate: text, customerorderid: text, name: text }),
});

export const statuses: Readonly<Record<string, OpenCarrierStatus | FinalCarrierStatus>> = {
  RECEIVED: 'received',
  PROCESSING: 'processing',
  BACKORDERED: 'backordered',
  COMPLETE: 'complete',
  COMPLETED: 'complete',
  PARTIAL: 'partial',
  FAILED: 'failed',
};

/**
 * Decodes the status of an order. Errors inside it are part of the report. Undefined when it has neither a status nor
 * an order.
 */
export function decodeReport(document: XmlDocument, log: Log): CarrierReport | undefined {
  const found = reportSchema.parse(document.content);
  const { order } = found;
  const echoes = Object.values(order).some((value) => value !== undefined);
  if (found.orderstatus === undefined && !echoes) return undefined;
  const { numbers: completed, unread } = readAllNumbers(found.completednumbers, log);
  const moved = found.ordercompletedate !== undefined || found.completednumbers.length > 0;
  const standing = readStatus([found.orderstatus, order.orderstatus], moved, log);
  const faults = decodeFaults(document, log);
  const completedQuantity = readCount(found.completedquantity);
  const listed = readNumbers(found.failednumbers, log);
  const isWhole = unread === 0 && (completedQuantity ?? 0) <= completed.length;
  return {
    ...standing,
    completed,
    ...(completedQuantity === undefined ? {} : { completedQuantity }),
    ...(unread === 0 ? {} : { unread }),
    failed:
      listed.length > 0 ? listed : fellShort(standing.status) && isWhole ? blamed(faults, completed) : [],
    faults,
    ...(found.summary === undefined ? {} : { summary: found.summary }),
  };
}

function fellShort(status: CarrierReport['status']): boolean {
  return status === 'failed' || status === 'partial';
}

/** Returns the numbers named next to errors: a finished order with an empty FailedNumbers may still have them. */
export function blamed(
  faults: readonly CarrierFault[],
  completed: readonly PhoneNumber[],
): readonly PhoneNumber[] {
  const numbers = new Set(faults.flatMap((fault) => fault.numbers));
  return [...numbers].filter((number) => !completed.includes(number));
}

/** Returns which order the document is about. Undefined when it is about none. */
export function decodeOrderIdentity(
  document: XmlDocument,
): { readonly customerOrderId?: string } | undefined {
  const { order } = reportSchema.parse(document.content);
  if (Object.values(order).every((value) => value === undefined)) return undefined;
  return order.customerorderid === undefined ? {} : { customerOrderId: order.customerorderid };
}

/**
 * Reads an order's status from all places where it may be. Only a known final status ends an order. An unknown one, two
 * that contradict each other, or none at all after numbers were delivered leave it open and are reported.
 */
export function readStatus(
  places: readonly (string | undefined)[],
  hasMoved: boolean,
  log: Log,
): Pick<CarrierReport, 'status' | 'unknownStatus'> {
  const words = [...new Set(places.flatMap((word) => word?.toUpperCase() ?? []))];
  const known = [...new Set(words.map((word) => statuses[word]))];
  const [status] = known;
  if (known.length === 1 && status !== undefined) return { status };
  // The answer to a new order may leave its status out, and then it was received.
  if (known.length === 0 && !hasMoved) return { status: 'received' };
  const unknownStatus = words.join(', ').slice(0, 40);
  log.warn({ orderStatus: unknownStatus }, 'unknown bandwidth OrderStatus');
  return { status: 'processing', unknownStatus };
}

const pageLinks: readonly string[] = ['first', 'previous', 'prev', 'next', 'last'];

/** Whether a document contains only links to pages, which is how Bandwidth represents an empty list. */
export function isOnlyLinks({ root, content }: XmlDocument): boolean {
  return root === 'links' && !holdsMore(content, pageLinks);
}

/**
 * Parses a complete UTC date, with `-` or `:` in its time. Anything less could be any hour of the day or another time
 * zone.
 */
export function readDate(value: string | undefined): Timestamp | undefined {
  const read = /^(\d{4}-\d\d-\d\d)T(\d\d)[:-](\d\d)[:-](\d\d)(?:\.\d+)?Z$/.exec(value ?? '');
  if (read === null) return undefined;
  const [, day, hours, minutes, seconds] = read;
  const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(at) ? undefined : at;
}

import { z } from 'zod';
import type {
  CarrierFault,
  CarrierReport,
  FinalCarrierStatus,
  Location,
  OpenCarrierStatus,
  Site,
} from '../orders/order.js';
import { type PhoneNumber, parsePhoneNumber } from '../orders/phone-number.js';
import type { FoundNumber, Log } from '../orders/ports.js';
import { textOf, type XmlDocument } from './xml.js';

/*
 * Bandwidth's documents as our own types. Each schema picks the fields we know; everything else is left where it is.
 * An element may be missing, empty, there once or many times: `one` and `many` settle that, and nothing below them
 * has to. Names are in lower case (see parseXml).
 */

const listOf = (elements: unknown): readonly unknown[] => (Array.isArray(elements) ? elements : []);

/** The children of one element, of those names; a name without any is there all the same, for the schema to see. */
const childrenOf = (element: unknown, names: readonly string[]): Record<string, unknown> => {
  const children: Record<string, unknown> = {};
  for (const name of names) children[name] = childOf(element, name);
  return children;
};

const childOf = (element: unknown, name: string): unknown =>
  typeof element === 'object' && element !== null && Object.hasOwn(element, name)
    ? (element as Record<string, unknown>)[name]
    : undefined;

/** The first element's text; undefined when missing or blank. */
const text = z.unknown().transform((elements) => textOf(listOf(elements)[0]));

/** One element's own children. */
const element = <Shape extends z.ZodRawShape>(shape: Shape) => {
  const names = Object.keys(shape);
  return z
    .unknown()
    .transform((given) => childrenOf(given, names))
    .pipe(z.object(shape));
};

/** The first element; a missing one has no children. */
const one = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .unknown()
    .transform((elements) => listOf(elements)[0])
    .pipe(element(shape));

/** All elements, however many. */
const many = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .unknown()
    .transform(listOf)
    .pipe(z.array(element(shape)));

const numberNames = ['fullnumber', 'telephonenumber'];

/** The texts of numbers: plain, under FullNumber, or under TelephoneNumber and FullNumber. */
const numberTexts = z.unknown().transform((elements) => listOf(elements).flatMap((each) => textsIn(each, 2)));

function textsIn(number: unknown, depth: number): readonly string[] {
  const text = textOf(number);
  if (text !== undefined) return [text];
  if (depth === 0) return [];
  return Object.values(childrenOf(number, numberNames)).flatMap((inner) =>
    listOf(inner).flatMap((each) => textsIn(each, depth - 1)),
  );
}

/** Numbers as numbers. One that cannot be read is left out and logged: a guess might be a stranger's. */
function readNumbers(texts: readonly string[], log: Log): readonly PhoneNumber[] {
  const numbers = new Set<PhoneNumber>();
  const unread: string[] = [];
  for (const each of texts) {
    const number = parsePhoneNumber(each);
    if (number === undefined) unread.push(each);
    else numbers.add(number);
  }
  if (unread.length > 0) {
    log.warn(
      { count: unread.length, first: unread.slice(0, 3).map((each) => each.slice(0, 40)) },
      'Bandwidth names telephone numbers that cannot be read; they are left out',
    );
  }
  return [...numbers];
}

function readCount(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

// ---- Errors ----

const faultShape = {
  code: text,
  errorcode: text,
  description: text,
  telephonenumber: numberTexts,
  telephonenumbers: numberTexts,
};

/** Every way Bandwidth has of saying what is wrong. */
const faultsSchema = element({
  error: many(faultShape),
  errorlist: one({ error: many(faultShape) }),
  errors: many({ ...faultShape, error: many(faultShape) }),
  responsestatus: many(faultShape),
  irisstatus: many(faultShape),
  resultcode: text,
  resultmessage: text,
});

/** "Order is pending": listed among the errors, and none. */
const PENDING = '5019';

/** What Bandwidth complains of, in its own codes and words; one fault for all the numbers it concerns. */
export function decodeFaults(document: XmlDocument, log: Log): readonly CarrierFault[] {
  return decodeErrors(document, log).filter(({ code }) => code !== PENDING);
}

function decodeErrors(document: XmlDocument, log: Log): readonly CarrierFault[] {
  const found = faultsSchema.parse(document.content);
  const entries = [
    ...found.error,
    ...found.errorlist.error,
    ...found.errors,
    ...found.errors.flatMap(({ error }) => error),
    ...found.responsestatus,
    ...found.irisstatus,
  ].map((entry) => ({
    code: entry.code ?? entry.errorcode ?? '',
    description: entry.description ?? '',
    numbers: [...entry.telephonenumber, ...entry.telephonenumbers],
  }));
  const legacy = { code: found.resultcode ?? '', description: found.resultmessage ?? '', numbers: [] };
  const grouped = new Map<string, { code: string; description: string; numbers: string[] }>();
  for (const { code, description, numbers } of [...entries, legacy]) {
    if (code === '' && description === '') continue;
    const key = JSON.stringify([code, description]);
    const group = grouped.get(key) ?? { code, description, numbers: [] };
    group.numbers.push(...numbers);
    grouped.set(key, group);
  }
  return [...grouped.values()].map((group) => ({ ...group, numbers: readNumbers(group.numbers, log) }));
}

// ---- Searches ----

const searchSchema = element({
  telephonenumberlist: one({ telephonenumber: numberTexts }),
  telephonenumberdetaillist: one({
    telephonenumberdetail: many({
      fullnumber: text,
      telephonenumber: text,
      city: text,
      state: text,
      ratecenter: text,
      lata: text,
      tier: text,
    }),
  }),
});

/** The numbers on offer, each once. ResultCount is not believed: it may count what is not listed. */
export function decodeSearch(document: XmlDocument, log: Log): readonly FoundNumber[] {
  const found = searchSchema.parse(document.content);
  const plain = found.telephonenumberlist.telephonenumber;
  const detailed = found.telephonenumberdetaillist.telephonenumberdetail;
  const details = new Map<string, Omit<FoundNumber, 'number'>>();
  for (const { fullnumber, telephonenumber, city, state, ratecenter, lata, tier } of detailed) {
    const number = parsePhoneNumber(fullnumber ?? telephonenumber ?? '');
    if (number === undefined) continue;
    details.set(number, {
      ...(city === undefined ? {} : { city }),
      ...(state === undefined ? {} : { state }),
      ...(ratecenter === undefined ? {} : { rateCenter: ratecenter }),
      ...(lata === undefined ? {} : { lata }),
      ...(tier === undefined ? {} : { tier }),
    });
  }
  const texts = [
    ...detailed.map(({ fullnumber, telephonenumber }) => fullnumber ?? telephonenumber ?? ''),
    ...plain,
  ];
  return readNumbers(texts, log).map((number) => ({ number, ...details.get(number) }));
}

// ---- Orders ----

const takenSchema = element({ order: one({ id: text, orderid: text }) });

/** What the answer to a new order says. */
export interface OrderAnswer {
  readonly id?: string;
  readonly faults: readonly CarrierFault[];
  /** Bandwidth says that the order is pending, so there is one. */
  readonly pending: boolean;
}

export function decodeOrderAnswer(document: XmlDocument, log: Log): OrderAnswer {
  const { order } = takenSchema.parse(document.content);
  const id = order.id ?? order.orderid;
  const errors = decodeErrors(document, log);
  return {
    ...(id === undefined ? {} : { id }),
    faults: errors.filter(({ code }) => code !== PENDING),
    pending: errors.some(({ code }) => code === PENDING),
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
    failed: listed.length > 0 ? listed : blamed(status, faults, completed),
    faults,
    ...(found.summary === undefined ? {} : { summary: found.summary }),
  };
}

/** A finished order with an empty FailedNumbers may still name its failed numbers beside their errors. */
function blamed(
  status: CarrierReport['status'],
  faults: readonly CarrierFault[],
  completed: readonly PhoneNumber[],
): readonly PhoneNumber[] {
  if (status !== 'failed' && status !== 'partial') return [];
  const numbers = new Set(faults.flatMap((fault) => fault.numbers));
  return [...numbers].filter((number) => !completed.includes(number));
}

/** A status we have never heard of does not end an order: it is looked at again, and somebody can read about it. */
function readStatus(value: string | undefined, log: Log): CarrierReport['status'] {
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

export interface OrderList {
  readonly rows: readonly { readonly id: string; readonly customerOrderId?: string; readonly date: string }[];
  readonly total?: number;
  /** The `page` of the next call: the list is paged by order id. */
  readonly nextPage?: string;
}

const orderListSchema = element({
  listorderiduseriddate: one({
    totalcount: text,
    links: one({ next: text }),
    orderiduseriddate: many({ orderid: text, id: text, customerorderid: text, orderdate: text }),
  }),
});

export function decodeOrderList(document: XmlDocument): OrderList {
  const { totalcount, links, orderiduseriddate } = orderListSchema.parse(
    document.content,
  ).listorderiduseriddate;
  const total = readCount(totalcount);
  // Link=<https://some-other-host:443/…/orders?page=ID&size=300>;rel="next": only the page is taken from it.
  const nextPage = /[?&]page=([\w-]+)/.exec(links.next ?? '')?.[1];
  const rows = orderiduseriddate.flatMap(({ orderid, id, customerorderid, orderdate }) => {
    const known = orderid ?? id;
    return known === undefined
      ? []
      : [
          {
            id: known,
            date: sortableDate(orderdate),
            ...(customerorderid === undefined ? {} : { customerOrderId: customerorderid }),
          },
        ];
  });
  return {
    rows,
    ...(total === undefined ? {} : { total }),
    ...(nextPage === undefined ? {} : { nextPage }),
  };
}

/** `2014-01-10T17-34-15Z` and `2013-12-20T06` occur. Their digits alone sort rightly; no date is made of them. */
function sortableDate(value: string | undefined): string {
  return (value ?? '').replace(/\D/g, '').padEnd(17, '0');
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

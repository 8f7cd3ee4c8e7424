import { document, field, responseStatus, tag } from './write-xml.js';

/** One row of GET /orders or GET /disconnects. */
interface ListedOrder {
  readonly id: string;
  readonly customerOrderId: string | undefined;
  /** The user that created it; absent for our own. */
  readonly createdBy?: string | undefined;
  readonly status: string;
  readonly count: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export type ListSort = 'newest first' | 'oldest first' | 'by id';
export type ListDays = 'created' | 'modified';

interface ListRules {
  /** The last part of the path, which also decides much of the spelling. */
  readonly of: 'orders' | 'disconnects';
  readonly userId: string;
  /** The list's own address, for the links. */
  readonly url: string;
  /** The answer for a list without rows. */
  readonly whenEmpty: 200 | 204 | 404;
  readonly sort: ListSort;
  readonly days: ListDays;
}

interface ListAnswer {
  readonly status: 200 | 204 | 400 | 404;
  readonly body: string;
}

const limits = {
  orders: { most: 1000, statuses: ['COMPLETE', 'PARTIAL', 'FAILED', 'BACKORDERED'], code: '15518' },
  disconnects: { most: 5000, statuses: ['COMPLETE', 'PARTIAL', 'FAILED'], code: '15532' },
} as const;

/** Whether an order is new: lists may leave these out. */
export function isPending(status: string): boolean {
  return status === 'RECEIVED' || status === 'PROCESSING';
}

/**
 * Returns the list of orders or disconnects. A page starts at the order in `page`; `1` is the first. Only disconnects
 * have defaults for page and size.
 */
export function listAnswer(
  query: URLSearchParams,
  rows: readonly ListedOrder[],
  rules: ListRules,
): ListAnswer {
  const { most, statuses, code } = limits[rules.of];
  const disconnects = rules.of === 'disconnects';
  const page = query.get('page') ?? (disconnects ? '1' : '');
  const sizeText = query.get('size') ?? (disconnects ? '300' : '');
  if (page === '' || sizeText === '') {
    return {
      status: 404,
      body: responseStatus('ErrorResponse', undefined, 'Size and page parameters are required'),
    };
  }
  const size = Number(sizeText);
  if (!Number.isInteger(size) || size < 1 || size > most) {
    return refused('1006', `size must be between 1 and ${most} (bounds are included)`);
  }
  const status = query.get('status')?.toUpperCase();
  if (status !== undefined && !(statuses as readonly string[]).includes(status)) {
    return refused(code, `Invalid 'status'. Valid values: ${statuses.join(', ').toLowerCase()}`);
  }
  const dates = readDates(query);
  if ('status' in dates) return dates;
  const customerOrderId = disconnects ? null : query.get('customerOrderId');
  const userId = query.get('userid');
  const fitting = rows
    .filter((row) => customerOrderId === null || row.customerOrderId === customerOrderId)
    .filter((row) => status === undefined || row.status === status)
    .filter(({ createdBy = rules.userId }) => userId === null || userId === createdBy)
    .filter((row) => {
      const at = rules.days === 'created' ? row.createdAt : row.modifiedAt;
      return at >= dates.from && at < dates.before;
    });
  if (rules.sort === 'newest first') fitting.reverse();
  if (rules.sort === 'by id') fitting.sort((one, other) => (one.id < other.id ? -1 : 1));
  const start = page === '1' ? 0 : fitting.findIndex((row) => row.id === page);
  const shown = start < 0 ? [] : fitting.slice(start, start + size);
  const following = start < 0 ? undefined : fitting[start + size];
  const link = (rel: string, at: string) => {
    const parameters = new URLSearchParams(query);
    parameters.set('page', at);
    parameters.set('size', String(size));
    return field(rel, `Link=<${rules.url}?${parameters}>;rel="${rel}";`);
  };
  const links = tag('Links', link('first', '1'), following === undefined ? '' : link('next', following.id));
  if (shown.length === 0 && rules.whenEmpty === 404) return { status: 404, body: document(links) };
  if (shown.length === 0 && rules.whenEmpty === 204) return { status: 204, body: '' };
  return {
    status: 200,
    body: document(
      tag(
        'ResponseSelectWrapper',
        tag(
          'ListOrderIdUserIdDate',
          field('TotalCount', fitting.length),
          links,
          ...shown.map((row) => rowXml(row, rules)),
        ),
      ),
    ),
  };
}

/** The two lists differ in how they spell the id and write dates. */
function rowXml(row: ListedOrder, { of, userId }: ListRules): string {
  const disconnect = of === 'disconnects';
  const date = (at: number) => {
    const text = new Date(at).toISOString();
    return disconnect ? text.replaceAll(':', '-') : text;
  };
  return tag(
    'OrderIdUserIdDate',
    field('CountOfTNs', row.count),
    field('CustomerOrderId', row.customerOrderId),
    field('userId', row.createdBy ?? userId),
    field(
      'lastModifiedDate',
      disconnect ? date(row.modifiedAt).replace(/\.\d+Z$/, 'Z') : date(row.modifiedAt),
    ),
    disconnect ? field('OrderId', row.id) : '',
    field('OrderType', disconnect ? 'disconnect' : 'new_number'),
    field('OrderDate', date(row.createdAt)),
    disconnect ? '' : field('orderId', row.id),
    field('OrderStatus', row.status),
    tag('TelephoneNumberDetails'),
  );
}

function refused(code: string, description: string): ListAnswer {
  return { status: 400, body: responseStatus('ErrorResponse', code, description) };
}

/** Reads days as YY-MM-DD: both or neither, the last one included. */
function readDates(query: URLSearchParams): { readonly from: number; readonly before: number } | ListAnswer {
  const start = query.get('startdate');
  const end = query.get('enddate');
  if (start === null && end === null) return { from: 0, before: Number.POSITIVE_INFINITY };
  if (start === null || end === null)
    return refused('15508', "'startdate' and 'enddate' must be used together");
  const from = day(start);
  const last = day(end);
  if (from === undefined) return refused('1007', 'startdate is not a valid date format.');
  if (last === undefined) return refused('1007', 'enddate is not a valid date format.');
  if (from > last) return refused('15509', "'startdate' must not be after 'enddate'");
  return { from, before: last + 24 * 60 * 60 * 1000 };
}

function day(text: string): number | undefined {
  const at = /^\d\d-\d\d-\d\d$/.test(text) ? Date.parse(`20${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

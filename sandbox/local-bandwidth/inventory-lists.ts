import type { LocalCarrier } from './carrier.js';
import { numberRow } from './number-documents.js';
import type { TelephoneNumber } from './numbers.js';
import { document, field, responseStatus, tag } from './write-xml.js';

/** Lists of the account's numbers. A page starts at the number in `page`; `1` is the first. */

interface ListAnswer {
  readonly status: number;
  readonly body: string;
}

const forbidden: ListAnswer = { status: 403, body: '' };

const byNumber = (one: TelephoneNumber, other: TelephoneNumber): number =>
  one.fullNumber < other.fullNumber ? -1 : 1;

const onAccount = ({ numbers, accountId }: LocalCarrier): readonly TelephoneNumber[] =>
  numbers
    .all()
    .filter(({ account }) => account?.accountId === accountId)
    .sort(byNumber);

const inService = (carrier: LocalCarrier): readonly TelephoneNumber[] =>
  onAccount(carrier).filter(({ status }) => status === 'Inservice');

const disconnected = (carrier: LocalCarrier): readonly TelephoneNumber[] =>
  onAccount(carrier).filter(({ status }) => status === 'Aging');

interface Rules {
  readonly root: string;
  /** Absent where the documentation names no default: then the parameter is required. */
  readonly usualSize?: number;
  readonly mostRows: number;
  readonly carrier: LocalCarrier;
  /** The address in links, which isn't the one that was asked for. */
  readonly url: string;
}

interface Page {
  readonly shown: readonly TelephoneNumber[];
  readonly links: string;
}

function pageOf(query: URLSearchParams, all: readonly TelephoneNumber[], rules: Rules): Page | ListAnswer {
  const { root, usualSize, mostRows, carrier, url } = rules;
  const refuse = (code: string, description: string): ListAnswer => ({
    status: 400,
    body: responseStatus(root, code, description),
  });
  const page = query.get('page') ?? (usualSize === undefined ? '' : '1');
  const size = Number(query.get('size') ?? usualSize);
  if (page === '') return refuse('1003', 'page is required');
  if (!Number.isInteger(size) || size < 1 || size > mostRows) {
    return refuse('1006', `size must be between 1 and ${mostRows} (bounds are included)`);
  }
  if (page !== '1' && !/^\d{10}$/.test(page)) return refuse('15516', 'Page must be a 10 digit phone number');
  const found = page === '1' ? 0 : all.findIndex(({ fullNumber }) => fullNumber >= page);
  const start = found < 0 ? all.length : found;
  const next = all[start + size];
  const link = (rel: string, key: string) =>
    field(rel, `Link=<${url}?account=${carrier.accountId}&page=${key}&size=${size}>;rel="${rel}";`);
  return {
    shown: all.slice(start, start + size),
    links: tag('Links', link('first', '1'), next === undefined ? '' : link('next', next.fullNumber)),
  };
}

const address = (path: string): string => `https://dashboard.bandwidth.com:443/v1.0/${path}`;

/** GET /tns. */
export function numbersAnswer(carrier: LocalCarrier, query: URLSearchParams): ListAnswer {
  if (query.get('accountId') !== carrier.accountId) return forbidden;
  const root = 'TelephoneNumbersResponse';
  // No specification has this filter, but Bandwidth's own client uses it.
  const statuses = query.get('status')?.toLowerCase().split(',');
  const listed = onAccount(carrier).filter(
    ({ status }) => statuses === undefined || statuses.includes(status.toLowerCase()),
  );
  const page = pageOf(query, listed, { root, mostRows: 2500, carrier, url: address('tns') });
  if ('status' in page) return page;
  const { shown, links } = page;
  const list = shown.length === 0 ? '' : tag('TelephoneNumbers', ...shown.map(numberRow));
  return {
    status: 200,
    body: document(tag(root, field('TelephoneNumberCount', shown.length), links, list)),
  };
}

/** GET …/inserviceNumbers. */
export function inServiceAnswer(carrier: LocalCarrier, query: URLSearchParams): ListAnswer {
  return bareAnswer(carrier, query, inService(carrier), 'inserviceNumbers');
}

/** GET …/discnumbers. */
export const disconnectedAnswer = (carrier: LocalCarrier, query: URLSearchParams): ListAnswer =>
  bareAnswer(carrier, query, disconnected(carrier), 'discnumbers');

function bareAnswer(
  carrier: LocalCarrier,
  query: URLSearchParams,
  all: readonly TelephoneNumber[],
  path: string,
): ListAnswer {
  if (all.length === 0) return { status: 204, body: '' };
  const url = address(`accounts/${carrier.accountId}/${path}`);
  const page = pageOf(query, all, { root: 'TNs', usualSize: 300, mostRows: 1000, carrier, url });
  if ('status' in page) return page;
  return {
    status: 200,
    body: document(
      tag(
        'TNs',
        field('TotalCount', all.length),
        page.links,
        tag(
          'TelephoneNumbers',
          field('Count', page.shown.length),
          ...page.shown.map(({ fullNumber }) => field('TelephoneNumber', fullNumber)),
        ),
      ),
    ),
  };
}

/** GET …/inserviceNumbers/totals and …/discnumbers/totals. */
export function totalAnswer(carrier: LocalCarrier, of: 'in service' | 'disconnected'): ListAnswer {
  const count = (of === 'in service' ? inService(carrier) : disconnected(carrier)).length;
  return { status: 200, body: document(tag('Quantity', field('Count', count))) };
}

/** GET …/sites/{site}/sippeers/{peer}/tns. The rows name neither: both are implied. */
export function locationAnswer(
  carrier: LocalCarrier,
  query: URLSearchParams,
  [siteId, peerId]: readonly string[],
): ListAnswer {
  const root = 'SipPeerTelephoneNumbersResponse';
  const peer = carrier.sites.find(({ id }) => id === siteId)?.peers.find(({ id }) => id === peerId);
  if (peer === undefined) {
    return { status: 404, body: responseStatus(root, '13011', `SIP peer '${peerId}' does not exist`) };
  }
  const all = inService(carrier).filter(
    ({ account }) => account?.siteId === siteId && account?.peerId === peerId,
  );
  const url = address(`accounts/${carrier.accountId}/sites/${siteId}/sippeers/${peerId}/tns`);
  const page = pageOf(query, all, { root, usualSize: 5000, mostRows: 5000, carrier, url });
  if ('status' in page) return page;
  const withAttributes = query.get('includeAttributes') !== 'false';
  return {
    status: 200,
    body: document(
      tag(
        root,
        page.links,
        tag(
          'SipPeerTelephoneNumbers',
          ...page.shown.map(({ fullNumber }) =>
            tag(
              'SipPeerTelephoneNumber',
              field('FullNumber', fullNumber),
              withAttributes ? field('CallForward', '') : '',
            ),
          ),
        ),
      ),
    ),
  };
}

/** GET …/sippeers/{sippeerId}/tns/{tn}: the one place that says whether its calls are forwarded. */
export function locationNumberAnswer(
  { numbers, accountId }: LocalCarrier,
  [siteId, peerId, fullNumber = '']: readonly string[],
): ListAnswer {
  const number = numbers.get(fullNumber);
  const { account } = number ?? {};
  const isThere =
    number?.status === 'Inservice' &&
    account?.accountId === accountId &&
    account.siteId === siteId &&
    account.peerId === peerId;
  if (!isThere) return { status: 404, body: '' };
  const body = tag(
    'SipPeerTelephoneNumber',
    field('FullNumber', fullNumber),
    field('CallForward', number.attached?.forwardedTo),
  );
  return { status: 200, body: document(tag('SipPeerTelephoneNumberResponse', body)) };
}

import { describe, expect, test } from '@jest/globals';
import { answeredPlacement } from '../../src/bandwidth/placement.js';
import type { Placement } from '../../src/orders/ports/carrier.js';
import { nock } from '../support/nock.js';
import { sampled } from '../support/properties.js';
import {
  ACCOUNT,
  aClient,
  aDisconnect,
  aPurchase,
  CARRIER_ORDER_ID,
  HOST,
  NOW,
  ORDER_ID,
  recordingLog,
  XML,
} from './support.js';

/*
 * Every combination of what an answer to a new order or disconnect may say. "Refused, nothing was ordered" is a promise,
 * so it is made only where nothing in the answer belongs to an order that exists.
 */

const kinds = {
  purchase: {
    request: aPurchase(),
    path: 'orders',
    root: 'OrderResponse',
    echo: 'Order',
    numbers:
      '<CompletedNumbers><TelephoneNumber><FullNumber>9105550123</FullNumber></TelephoneNumber></CompletedNumbers>',
  },
  disconnect: {
    request: aDisconnect(),
    path: 'disconnects',
    root: 'DisconnectTelephoneNumberOrderResponse',
    echo: 'orderRequest',
    numbers:
      '<DisconnectedTelephoneNumberList><TelephoneNumber>9105550123</TelephoneNumber></DisconnectedTelephoneNumberList>',
  },
} as const;
type Kind = keyof typeof kinds;

const httpStatuses = [200, 201, 202, 302, 400, 401, 403, 404, 408, 409, 422, 429, 499, 500, 503] as const;
const roots = ['its own', 'ErrorResponse', 'Response', 'SearchResult'] as const;
const orderStatuses = [undefined, 'RECEIVED', 'PARTIAL', 'QUANTUM'] as const;
const errors = {
  none: '',
  '5005': error('5005', 'The telephone number is unavailable for ordering'),
  'pending, with its code': error('5019', 'Order is pending.'),
  'pending, without a code': error('', 'Order is pending. Please check the status of your order later.'),
  'back-ordered':
    error('5520', 'Order backordered - awaiting additional numbers') + error('5005', 'unavailable'),
  'timed out': error('5086', 'Order request timed out. Please resubmit your request.'),
  'timed out, beside a code nobody knows':
    error('98765', 'Something else') +
    error('5086', 'Order request timed out. Please resubmit your request.'),
} as const;

function error(code: string, description: string): string {
  return `<Error>${code === '' ? '' : `<Code>${code}</Code>`}<Description>${description}</Description></Error>`;
}

interface Said {
  readonly http: (typeof httpStatuses)[number];
  readonly root: (typeof roots)[number];
  readonly orderStatus: (typeof orderStatuses)[number];
  readonly where: 'beside the order' | 'inside it';
  readonly id: boolean;
  readonly errors: keyof typeof errors;
  readonly numbers: boolean;
}

function documentFor(kind: Kind, said: Said): string {
  const { root: own, echo, numbers } = kinds[kind];
  const root = said.root === 'its own' ? own : said.root;
  const status = said.orderStatus === undefined ? '' : `<OrderStatus>${said.orderStatus}</OrderStatus>`;
  const id = said.id ? `<id>${CARRIER_ORDER_ID}</id>` : '';
  const inside = said.where === 'inside it' ? status : '';
  return `<${root}><ErrorList>${errors[said.errors]}</ErrorList><${echo}><SiteId>461</SiteId>${id}${inside}</${echo}>${
    said.where === 'inside it' ? '' : status
  }${said.numbers ? numbers : ''}</${root}>`;
}

function expected(said: Said): Placement['outcome'] {
  const success = [200, 201, 202].includes(said.http);
  const mayExist =
    said.id || said.orderStatus !== undefined || said.numbers || !['none', '5005'].includes(said.errors);
  if (success && said.id && said.root === 'its own') return 'taken';
  if (mayExist) return 'unknown';
  if (said.http === 429) return 'not-taken';
  if (success) {
    const isNo = said.errors === '5005' && said.root !== 'SearchResult' && said.http !== 202;
    return isNo ? 'refused' : 'unknown';
  }
  return [400, 401, 403, 404, 422].includes(said.http) ? 'refused' : 'unknown';
}

const every: readonly Said[] = httpStatuses.flatMap((http) =>
  roots.flatMap((root) =>
    orderStatuses.flatMap((orderStatus) =>
      (orderStatus === undefined
        ? (['beside the order'] as const)
        : (['beside the order', 'inside it'] as const)
      ).flatMap((where) =>
        [true, false].flatMap((id) =>
          (Object.keys(errors) as Said['errors'][]).flatMap((each) =>
            [true, false].map((numbers) => ({ http, root, orderStatus, where, id, errors: each, numbers })),
          ),
        ),
      ),
    ),
  ),
);

async function place(kind: Kind, status: number, body: string, headers: Record<string, string> = {}) {
  nock(HOST)
    .post(`${ACCOUNT}/${kinds[kind].path}`)
    .reply(status, body, { ...XML, ...headers });
  return aClient().bandwidth.place(ORDER_ID, kinds[kind].request);
}

describe.each(['purchase', 'disconnect'] as const)('A %s', (kind) => {
  test.each(httpStatuses)(
    'answered with HTTP %d is refused only where nothing can have been ordered, whatever else the answer says',
    async (http) => {
      const log = recordingLog();
      const wrong: unknown[] = [];
      for (const said of sampled(every.filter((each) => each.http === http))) {
        const placement = await answeredPlacement(
          { asked: 'this order', root: kinds[kind].root.toLowerCase(), now: NOW, log },
          { status: http, headers: {}, body: documentFor(kind, said) },
        );
        if (placement.outcome !== expected(said)) wrong.push({ said, outcome: placement.outcome });
      }
      expect(wrong).toEqual([]);
    },
  );

  test.each([
    ['RECEIVED', false, 'RECEIVED'],
    ['PARTIAL', true, 'PARTIAL'],
  ] as const)(
    'answered with %s, an error and no id is looked up, and what Bandwidth said is kept',
    async (orderStatus, numbers, word) => {
      const placement = await place(
        kind,
        201,
        documentFor(kind, {
          http: 201,
          root: 'its own',
          orderStatus,
          where: 'beside the order',
          id: false,
          errors: '5005',
          numbers,
        }),
      );
      expect(placement).toEqual({
        outcome: 'unknown',
        heard: 201,
        faults: [
          { code: '5005', description: 'The telephone number is unavailable for ordering', numbers: [] },
        ],
        advice: expect.stringContaining(
          `HTTP 201, status ${word}: “The telephone number is unavailable for ordering” (5005)`,
        ),
      });
    },
  );

  test('may exist if the Location of the refusal names it', async () => {
    const headers = { Location: `${HOST}/api/accounts/1/${kinds[kind].path}/${CARRIER_ORDER_ID}` };
    expect(await place(kind, 400, '', headers)).toMatchObject({ outcome: 'unknown' });
  });

  test.each([
    ['a document that breaks off', `<${kinds[kind].root}><${kinds[kind].echo}><id>e6b1`],
    ['JSON that names an order', '{"orderStatus":"RECEIVED","errors":[{"code":5005,"description":"no"}]}'],
  ])('may exist after a refusal in %s', async (_what, body) => {
    expect(await place(kind, 400, body)).toMatchObject({ outcome: 'unknown' });
  });

  const { root, echo, numbers } = kinds[kind];
  const gone = `<ErrorList>${error('5005', 'One is gone')}</ErrorList>`;
  const inOwn = (inner: string) => `<${root}>${gone}${inner}</${root}>`;
  const inside = (inner: string) => inOwn(`<${echo}><SiteId>461</SiteId>${inner}</${echo}>`);
  const beneath = (outer: string, inner: string) => `<${outer}>${gone}<${root}>${inner}</${root}></${outer}>`;
  const anId = `<id>${CARRIER_ORDER_ID}</id>`;
  describe.each([200, 201, 400])('answered with an error (HTTP %d)', (status) => {
    test.each([
      ['numbers inside the order', inside(numbers)],
      ['an id beside the order', inOwn(anId)],
      ['a status deep inside the order', inside('<State><OrderStatus>RECEIVED</OrderStatus></State>')],
      ['an id under Response', beneath('Response', `<${echo}>${anId}</${echo}>`)],
      ['an id under ErrorResponse', beneath('ErrorResponse', `<${echo}>${anId}</${echo}>`)],
      ['a status under Response', beneath('Response', '<OrderStatus>RECEIVED</OrderStatus>')],
      [
        'a quantity under ErrorResponse',
        beneath('ErrorResponse', '<CompletedQuantity>1</CompletedQuantity>'),
      ],
      ['numbers under Response', beneath('Response', numbers)],
    ])('and with %s may exist', async (_what, body) => {
      expect(await place(kind, status, body)).toMatchObject({
        outcome: 'unknown',
        faults: [{ code: '5005', description: 'One is gone' }],
      });
    });
  });

  // As in the refusals that Bandwidth publishes, all of them with HTTP 400.
  const request = `<CustomerOrderId>${ORDER_ID}</CustomerOrderId><OrderCreateDate>2026-03-02T10:00:00.174Z</OrderCreateDate>
    <ExistingTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>9105550123</TelephoneNumber></TelephoneNumberList></ExistingTelephoneNumberOrderType>`;

  test('refused with an echo of what was requested is refused', async () => {
    expect(await place(kind, 400, inside(request))).toMatchObject({ outcome: 'refused' });
  });

  test.each([200, 201])(
    'answered with an error and the date on which it was created may exist (HTTP %d)',
    async (status) => {
      expect(await place(kind, status, inside(request))).toMatchObject({ outcome: 'unknown' });
    },
  );

  test('is refused inside a success that echoes only what was sent', async () => {
    const sent = request.replace(/<OrderCreateDate>.*<\/OrderCreateDate>/, '');
    const nothing = '<OrderStatus/><CompletedQuantity>0</CompletedQuantity><CompletedNumbers/>';
    expect(await place(kind, 201, inside(sent + nothing))).toMatchObject({ outcome: 'refused' });
  });

  const fault = { code: '5016', description: 'The SiteId submitted is invalid.', numbers: [] };
  test.each([
    [
      'ErrorResponse',
      '<ErrorResponse><ResponseStatus><ErrorCode>5016</ErrorCode><Description>The SiteId submitted is invalid.</Description></ResponseStatus></ErrorResponse>',
    ],
    [
      'a bare Response',
      '<Response><ErrorCode>5016</ErrorCode><Description>The SiteId submitted is invalid.</Description></Response>',
    ],
    ['a Response of errors', `<Response><Errors>${error('5016', fault.description)}</Errors></Response>`],
    [
      'a bare ResponseStatus',
      '<ResponseStatus><ErrorCode>5016</ErrorCode><Description>The SiteId submitted is invalid.</Description></ResponseStatus>',
    ],
    ['a bare Error', error('5016', fault.description)],
    ['a bare ErrorList', `<ErrorList>${error('5016', fault.description)}</ErrorList>`],
    [
      'its own root, the error deep inside',
      `<${kinds[kind].root}><${kinds[kind].echo}><ErrorList>${error('5016', fault.description)}</ErrorList></${kinds[kind].echo}></${kinds[kind].root}>`,
    ],
    [
      'JSON errors',
      '{"data":null,"errors":[{"code":5016,"description":"The SiteId submitted is invalid."}]}',
    ],
    ['a JSON error', '{"error":{"code":"5016","description":"The SiteId submitted is invalid."}}'],
    ['JSON with a type', '{"type":"5016","description":"The SiteId submitted is invalid."}'],
    ['JSON as gateways write it', '{"error":"5016","message":"The SiteId submitted is invalid."}'],
  ])('refused under %s is refused in Bandwidth’s code and words', async (_root, body) => {
    expect(await place(kind, 400, body)).toEqual({
      outcome: 'refused',
      advice: expect.stringContaining('Bandwidth refused'),
      faults: [fault],
    });
  });

  test.each([
    [
      'a web page',
      '<!DOCTYPE html><html><head><title>Request blocked &amp; logged</title></head><body><h1>No</h1></body></html>',
      'Request blocked & logged',
    ],
    [
      'a web page with a heading',
      '<html><body><h1>Request <b>blocked</b></h1></body></html>',
      'Request blocked',
    ],
    ['a line of text', 'Request\nblocked', 'Request blocked'],
    [
      'words without a code',
      '<ErrorResponse><ResponseStatus><Description>Request blocked</Description></ResponseStatus></ErrorResponse>',
      'Request blocked',
    ],
    ['a JSON message', '{"message":"Request blocked"}', 'Request blocked'],
  ])('refused in %s is refused in those words', async (_what, body, description) => {
    expect(await place(kind, 403, body)).toMatchObject({
      outcome: 'refused',
      faults: [{ code: '', description, numbers: [] }],
    });
  });
});

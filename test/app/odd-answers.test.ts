import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { told } from '../support/search-steps.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => {
  world.bandwidth.failNothing();
  world.bandwidth.set({ orderDelayMs: 50 });
});

const POST = { method: 'POST', path: /\/orders$/ } as const;
const LOOK = { method: 'GET', path: /\/orders\/[\w-]+$/ } as const;
const sent = () =>
  world.bandwidth.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/orders'));

async function approved(words: string): Promise<Message> {
  const card = await world.requested(words);
  await world.ben.presses(card, 'Approve & order');
  return card;
}

describe('An approved order', () => {
  test.each([
    ['RECEIVED', ''],
    [
      'PARTIAL',
      '<CompletedNumbers><TelephoneNumber><FullNumber>9195550123</FullNumber></TelephoneNumber></CompletedNumbers>',
    ],
  ])(
    'answered with %s, an error and no id is looked up and found, not called refused',
    async (status, numbers) => {
      const before = sent().length;
      world.bandwidth.fail({
        ...POST,
        how: 201,
        accepted: true,
        says: `<OrderResponse><ErrorList><Error><Code>5005</Code><Description>One is gone</Description></Error></ErrorList><Order><SiteId>461</SiteId></Order><OrderStatus>${status}</OrderStatus>${numbers}</OrderResponse>`,
      });
      const card = await approved('919 x2');
      await world.says(card, 'your 2 numbers are active');
      const shown = card.versions.map((version) => asPlainText(version)).join('\n');
      expect(shown).not.toContain('Refused');
      expect(shown).toContain('5005: One is gone');
      await world.says(card, 'Bandwidth says:\n• 5005: One is gone');
      expect(sent()).toHaveLength(before + 1);
      expect(JSON.stringify(world.log)).toContain(`HTTP 201, status ${status}: “One is gone” (5005)`);
    },
  );

  test.each([
    ['application/json', '{"errors":[{"code":5016,"description":"The SiteId submitted is invalid."}]}'],
    [
      'application/xml',
      '<ErrorResponse><ResponseStatus><ErrorCode>5016</ErrorCode><Description>The SiteId submitted is invalid.</Description></ResponseStatus></ErrorResponse>',
    ],
  ])('refused in %s under another root shows Bandwidth’s code and words', async (contentType, says) => {
    world.bandwidth.fail({ ...POST, how: 400, contentType, says });
    const card = await approved('919 x2');
    await world.says(card, 'Refused by Bandwidth');
    expect(asPlainText(card)).toContain('5016: The SiteId submitted is invalid.');
  });

  test('refused by a gateway’s page shows what the page says', async () => {
    world.bandwidth.fail({
      ...POST,
      how: 403,
      contentType: 'text/html; charset=iso-8859-1',
      says: '<html><title>Blocked</title></html>',
    });
    const card = await approved('919 x2');
    await world.says(card, 'Refused by Bandwidth');
    expect(asPlainText(card)).toContain('• Blocked');
  });

  test('in an unknown status says so, and is followed to its end', async () => {
    world.bandwidth.set({ orderDelayMs: 'manual' });
    const stopSaying = world.bandwidth.fail({
      ...LOOK,
      how: 200,
      times: 1_000,
      says: '<OrderResponse><Order><SiteId>461</SiteId></Order><OrderStatus>QUANTUM</OrderStatus></OrderResponse>',
    });
    const card = await approved('919 x2');
    await world.says(card, "Bandwidth reports a status I don't know: QUANTUM");
    expect(asPlainText(card)).not.toContain('Received');
    stopSaying();
    world.bandwidth.finish(world.bandwidth.orders().at(-1)?.id ?? '');
    await world.says(card, 'Complete: 2 of 2 numbers');
    expect(asPlainText(card)).not.toContain('QUANTUM');
  });

  test('whose status is nested inside it is complete', async () => {
    world.bandwidth.fail({
      ...LOOK,
      how: 200,
      says: '<OrderResponse><CompletedQuantity>3</CompletedQuantity><Order><SiteId>461</SiteId><OrderStatus>COMPLETE</OrderStatus></Order><CompletedNumbers><TelephoneNumber><FullNumber>9195550123</FullNumber></TelephoneNumber><TelephoneNumber><FullNumber>91955501</FullNumber></TelephoneNumber></CompletedNumbers></OrderResponse>',
    });
    const card = await approved('919 x3');
    await world.says(card, 'Complete: 3 of 3 numbers');
    await world.says(card, "Bandwidth lists 1 delivered number that I can't read.");
    await world.says(card, 'Bandwidth counts 3 delivered numbers and lists 2.');
    expect(asPlainText(card)).not.toContain('did not list');
  });
});

test.each([
  ['counts seven and lists none', '<SearchResult><ResultCount>7</ResultCount></SearchResult>'],
  [
    'lists what nobody can read',
    '<SearchResult><TelephoneNumberList><Tn>9195550123</Tn></TelephoneNumberList></SearchResult>',
  ],
])(
  'Ana, whose search Bandwidth answers with a document that %s, is told that it cannot be read',
  async (_what, says) => {
    world.bandwidth.fail({ path: /availableNumbers/, how: 200, says });
    const said = await told(world, world.ana, () => world.ana.types(CHANNEL, '/numbers search 919'));
    expect(said).toContain("sent an answer I can't read");
    expect(said).not.toContain('none available');
  },
);

test('Ana, whose search Bandwidth refuses in JSON, reads its code and words', async () => {
  world.bandwidth.fail({
    path: /availableNumbers/,
    how: 400,
    contentType: 'application/json',
    says: '{"type":"validation","description":"919 is embargoed"}',
  });
  const said = await told(world, world.ana, () => world.ana.types(CHANNEL, '/numbers search 919'));
  expect(said).toContain('“919 is embargoed” (validation)');
});

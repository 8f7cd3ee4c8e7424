import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { disconnectApproved, makeStock, orderIdOn, shown } from '../support/disconnect-steps.js';
import { answerTo, bought, HOUR, plain, said, walked } from '../support/inventory.js';
import { queries, searched } from '../support/search-steps.js';
import { startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const start = async (given: Parameters<typeof startWorld>[0] = {}) => {
  world = await startWorld({ version: 'v2', settings: { UNDO_WINDOW: '0' }, ...given });
};

/** What was sent to Bandwidth since the start: each on a path of version 2, but for the token. */
const sent = () => world.bandwidth.requests.filter(({ path }) => !path.endsWith('/oauth2/token'));

/** Every number in what was sent. */
const numbersSent = (): readonly string[] =>
  sent().flatMap(({ path, body }) => [
    ...[...body.matchAll(/<(?:TelephoneNumber|Tn|ReservedTn)>([^<]+)</g)].map(([, number = '']) => number),
    ...[...path.matchAll(/\/(?:tns|inserviceNumbers)\/([^/]+)/g)].map(([, number = '']) =>
      decodeURIComponent(number),
    ),
  ]);

describe('With version 2 of the API', () => {
  test('two numbers are held, approved and bought, one is disconnected, and each is sent in E.164', async () => {
    await start();
    const [one = '', two = ''] = world.bandwidth.available('919439');
    const card = await world.requested(`${one} ${two}`);
    await world.says(card, 'Held until:');
    expect(world.bandwidth.reservations().map(({ telephoneNumber }) => telephoneNumber)).toEqual(
      expect.arrayContaining([one, two]),
    );
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 2 of 2 numbers');
    await world.says(card, `@ana your 2 numbers are active: ${shown(one)}, ${shown(two)}`);
    expect(world.bandwidth.orders()[0]?.requestXml).toContain(`<TelephoneNumber>+1${one}</TelephoneNumber>`);
    expect(world.bandwidth.orders()[0]?.requestXml).toContain('<ReservationIdList>');
    const back = await disconnectApproved(world, one);
    await world.says(back, 'Disconnected: 1 of 1 number');
    expect(world.bandwidth.numbersInService()).toEqual([two]);
    expect(sent().every(({ path }) => path.startsWith('/api/v2/'))).toBe(true);
    expect(numbersSent().length).toBeGreaterThan(6);
    expect(numbersSent().filter((number) => !/^\+1\d{10}$/.test(number))).toEqual([]);
  });

  test('an order of which one number is gone says which, in the usual words', async () => {
    await start();
    const [kept = '', lost = ''] = world.bandwidth.available('919439');
    world.bandwidth.set({ reservationsAllowed: false });
    const card = await world.requested(`${kept} ${lost}`);
    await world.says(card, 'No number is held.');
    world.bandwidth.anotherCustomerBuys(lost);
    world.bandwidth.fail({ path: /\/availableNumbers$/, how: 503, times: 9 });
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Partial: 1 of 2 numbers');
    await world.says(card, `Active: ${shown(kept)}`);
    expect(asPlainText(card)).toContain(
      `5005: The telephone number is unavailable for ordering — ${shown(lost)}`,
    );
  });

  test.each([
    ['required', 1],
    ['optional', 1],
    ['refused', 2],
  ] as const)('a search finds the same when countries are %s', async (countryCodes, asked) => {
    await start();
    world.bandwidth.set({ countryCodes });
    expect(await searched(world, '910')).toContain('(910) 241-4365');
    expect(queries(world)).toHaveLength(asked);
    expect(queries(world)[0]).toContain('countryCodeA3=USA');
    expect(await searched(world, '"100 Mile House", BC')).toContain('(250) 395-0001');
    expect(queries(world)[asked]).toContain('countryCodeA3=CAN');
  });

  test('the account is listed over several pages, and what a colleague did is reported', async () => {
    const stock = makeStock(2_510);
    await start({ clockStands: true, bandwidth: { inService: { ours: stock.all } } });
    await walked(world);
    expect(await said(world, 'list 910-242')).toContain('Numbers in 910-242 · 1–10 of 2,510');
    const pages = world.bandwidth.requests
      .filter(({ method, path }) => method === 'GET' && path.endsWith('/tns'))
      .map(({ query }) => /page=([^&]*)/.exec(query)?.[1]);
    expect(pages).toContain('%2B19102422500');

    await bought(world, '919');
    const [moved = ''] = stock.take(1);
    world.bandwidth.leaves(moved);
    world.goesBy(25 * HOUR);
    await walked(world);
    const report = plain(await answerTo(world, 'drift'));
    expect(report).not.toContain('Numbers that are gone');
    expect(report).toContain('Numbers that no order explains');
  });
});

describe.each([
  ['version 1', 'v1'],
  ['version 2', 'v2'],
] as const)('With %s of the API, and nothing that says which order is whose', (_words, version) => {
  const asTold = {
    bandwidth: {
      inService: { ours: ['9102414365'] },
      switches: { omitCustomerOrderIds: true, dashedDates: true, emptyLinks: true },
    },
  } as const;

  test('an order whose answer was lost is found, and not sent again', async () => {
    await start({ version, ...asTold });
    world.bandwidth.fail({ method: 'POST', path: /\/orders$/, how: 'reset-after-accept' });
    const card = await world.requested('919 x2');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'your 2 numbers are active');
    expect(world.bandwidth.orders()).toMatchObject([
      { customerOrderId: orderIdOn(card), status: 'COMPLETE' },
    ]);
  });

  test('a disconnect whose answer was lost is found by its numbers, and not sent again', async () => {
    await start({ version, ...asTold });
    world.bandwidth.fail({ method: 'POST', path: /\/disconnects$/, how: 'reset-after-accept' });
    const card = await disconnectApproved(world, '9102414365');
    await world.says(card, 'Disconnected: 1 of 1 number');
    expect(world.bandwidth.disconnects()).toHaveLength(1);
  });
});

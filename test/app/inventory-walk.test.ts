import { afterEach, describe, expect, test } from '@jest/globals';
import type { LocalBandwidthOptions } from '../../sandbox/local-bandwidth/local-bandwidth.js';
import { disconnectApproved, makeStock } from '../support/disconnect-steps.js';
import { askedAboutNumbers, bought, HOUR, passesUntil, plain, said, walked } from '../support/inventory.js';
import { until } from '../support/until.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const begin = async (ours: readonly string[], bandwidth: LocalBandwidthOptions = {}) => {
  world = await startWorld({
    clockStands: true,
    settings: { UNDO_WINDOW: '0' },
    bandwidth: { inService: { ours }, ...bandwidth },
  });
};

const asked = (): readonly string[] => askedAboutNumbers(world);

const day = 24 * HOUR;

describe('An account is read', () => {
  test('page by page, with its locations, and again only when its totals change, or at night', async () => {
    await begin(makeStock(2_600).all);
    await walked(world);
    expect(asked()).toEqual([
      'GET inserviceNumbers/totals',
      'GET discnumbers/totals',
      'GET api/tns 1',
      'GET api/tns 9102422500',
      'GET 461/sippeers',
      'GET 743/sippeers',
      'GET 651681/tns 1',
      'GET 651682/tns 1',
      'GET 303716/tns 1',
    ]);
    expect(await said(world, 'list')).toContain('1–10 of 2,600');

    const before = asked().length;
    world.goesBy(HOUR);
    await passesUntil(world, () => asked().length >= before + 2, 'the totals are compared');
    world.bandwidth.leaves('9102420007');
    world.goesBy(HOUR);
    await walked(world);
    expect(asked().slice(before, before + 5)).toEqual([
      'GET inserviceNumbers/totals',
      'GET discnumbers/totals',
      'GET inserviceNumbers/totals',
      'GET discnumbers/totals',
      'GET api/tns 1',
    ]);
    expect(asked().at(-1)).toBe('POST api/tns');
    expect(await said(world, 'list 910-242')).toContain('1–10 of 2,599');
    expect(await said(world, 'list 910-242-0007')).toContain('none in service');

    world.goesBy(day);
    await walked(world);
    expect(await said(world, 'list')).toContain('1–10 of 2,599');
  });

  test('from where it was when the app stopped in the middle', async () => {
    await begin(makeStock(2_600).all);
    await passesUntil(world, () => asked().includes('GET api/tns 9102422500'), 'two pages are read');
    await world.restart();
    await walked(world);
    expect(asked().filter((each) => each === 'GET api/tns 1')).toHaveLength(1);
    expect(asked().filter((each) => each.startsWith('GET inserviceNumbers'))).toHaveLength(1);
    expect(await said(world, 'list')).toContain('1–10 of 2,600');
  });

  test('as slowly as Bandwidth asks, and nobody waits for it', async () => {
    await begin(makeStock(30).all);
    world.bandwidth.fail({ method: 'GET', path: /\/tns$/, how: 429, resetSeconds: 90 });
    await passesUntil(world, () => asked().includes('GET api/tns 1'), 'Bandwidth refuses');
    const first = asked().length;
    world.goesBy(60_000);
    await world.requested('910-241-4365');
    expect(await said(world, 'who 910-242-0001')).toContain('is in service on your account');
    expect(asked().slice(first)).not.toContain('GET api/tns 1');
    await walked(world);
    expect(await said(world, 'list')).toContain('1–10 of 30');
  });

  test('although calls fail; people are told why it takes long', async () => {
    await begin(makeStock(30).all);
    const mend = world.bandwidth.fail({ method: 'GET', path: /\/tns$/, how: 503, times: 100 });
    const isResting = () => world.log.some(({ msg }) => String(msg).startsWith('inventory walk interrupted'));
    await passesUntil(world, isResting, 'the walk rests');
    const file = await said(world, 'list csv');
    expect(file).toContain("There is no file yet. I'm still reading the account's numbers from Bandwidth.");
    const answer = await said(world, 'list');
    expect(answer).toContain("I'm still reading the account's numbers from Bandwidth. 0 of 30 so far.");
    expect(answer).toContain('Bandwidth is having problems (HTTP 503).');
    mend();
    await walked(world);
    expect(await said(world, 'list')).toContain('1–10 of 30');
  });

  test('while it changes: what leaves or arrives in between is right afterwards', async () => {
    const stock = makeStock(5_100);
    await begin(stock.all);
    await walked(world);
    world.bandwidth.leaves('9102420001');
    world.goesBy(HOUR);
    const again = () => asked().filter((each) => each === 'GET api/tns 9102422501').length > 0;
    await passesUntil(world, again, 'the second page is read');
    // Its page has been read, and so has the key of the next page.
    world.bandwidth.leaves('9102420002');
    world.bandwidth.leaves('9102425001');
    await bought(world, '910-241-4365');
    await walked(world);
    const isListed = async () => (await said(world, 'list 910-241-4365')).includes('requested by @ana');
    await until(isListed, 'the number that was just bought');
    expect(await said(world, 'list 910-242')).toMatch(/of 5,09[78]/);
    world.goesBy(HOUR);
    await walked(world);
    expect(await said(world, 'list 910-242')).toContain('of 5,097');
  });

  test('without the role Numbers, as far as the other roles allow', async () => {
    await begin(makeStock(30).all, { switches: { lacksRoles: ['Numbers'] } });
    await walked(world);
    const answer = await said(world, 'list Raleigh office');
    expect(answer).toContain('1–10 of 30');
    expect(answer).toContain('my Bandwidth credentials lack the role Numbers');
    // Without the role, nothing tells where they are.
    const elsewhere = await said(world, 'list Boston, MA');
    expect(elsewhere).toContain('Numbers in Boston, MA: none in service as far as I know.');
    expect(elsewhere).toContain("30 more numbers may match: I don't know where they are yet.");
    const file = await said(world, 'list Boston, MA csv');
    expect(file).toContain(
      'No number matches as far as I know, so there is no file. 30 more numbers may match',
    );
    world.bandwidth.leaves('9102420001');
    world.goesBy(HOUR);
    await walked(world);
    expect(await said(world, 'list')).toContain('1–10 of 29');

    world.bandwidth.set({ lacksRoles: ['Numbers', 'InService'] });
    world.goesBy(day);
    await walked(world);
    // A number that the remaining list misses couldn't be asked about, so none would be dropped.
    expect(await said(world, 'list')).toContain('1–10 of 29');
  });

  test('not at all without any role, and people are told which one to add', async () => {
    await begin(makeStock(30).all, {
      switches: { lacksRoles: ['Numbers', 'InService', 'Locations'] },
    });
    await walked(world);
    const answer = await said(world, 'list');
    expect(answer).toContain("Bandwidth doesn't let me list the account's numbers.");
    expect(answer).toContain('the role Numbers');
    expect(answer).not.toContain('no numbers');
  });

  test('to the end, and then an account without numbers has none', async () => {
    await begin([]);
    await walked(world);
    expect(await said(world, 'list')).toContain('The account has no numbers in service.');
  });
});

test('A number that was disconnected here is off the list at once, and stays off', async () => {
  const stock = makeStock(30);
  await begin(stock.all);
  await walked(world);
  const card = await disconnectApproved(world, stock.one());
  const isDone = () => plain(card).includes('Disconnected: 1 of 1');
  await passesUntil(world, isDone, 'the disconnect is complete');
  // Drawing the card doesn't wait for the list, nor the list for the card.
  await until(async () => (await said(world, 'list')).includes('1–10 of 29'), 'the list without the number');
  world.goesBy(HOUR);
  await walked(world);
  expect(await said(world, 'list')).toContain('1–10 of 29');
  expect(world.slack.messages(CHANNEL).length).toBeGreaterThan(0);
});

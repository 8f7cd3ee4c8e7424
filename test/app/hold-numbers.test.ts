import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;

const heldNumbers = () => world.bandwidth.reservations().map(({ telephoneNumber }) => telephoneNumber);

const until = (done: () => boolean, describe: string) => world.slack.until(done, { describe });

/** Two numbers on offer that no other test of this file has touched. */
let next = 0;
function twoOnOffer(): [string, string] {
  const [one = '', two = ''] = world.bandwidth.available('919439').slice(next);
  next += 2;
  return [one, two];
}

async function declines(card: Awaited<ReturnType<World['requested']>>): Promise<void> {
  await world.ben.presses(card, 'Decline…');
  const form = await world.ben.form();
  await form.fill('Why?', 'We have enough');
  expect(await form.submit()).toBe('closed');
}

describe('Numbers Ana picked, while her order waits for approval', () => {
  beforeAll(async () => {
    world = await startWorld();
  });
  afterEach(() => {
    world.bandwidth.failNothing();
    world.bandwidth.set({ reservationsAllowed: true, reservationSeconds: 14_400 });
  });
  afterAll(() => world.close());

  test('are held: the card says until when, no other customer gets them, and the order names the reservations', async () => {
    const [one, two] = twoOnOffer();
    const card = await world.requested(`${one} ${two}`);
    await world.says(card, 'Held until:');
    expect(heldNumbers()).toEqual(expect.arrayContaining([one, two]));
    expect(world.bandwidth.anotherCustomerBuys(one)).toBe(false);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 2 of 2 numbers');
    expect(world.bandwidth.orders().at(-1)?.requestXml).toContain('<ReservationIdList>');
    expect(heldNumbers()).toEqual([]);
  });

  test('are released when Ben declines, when Ana cancels, and when she asks for others', async () => {
    const [one, two] = twoOnOffer();
    const declined = await world.requested(`${one} ${two}`);
    await world.says(declined, 'Held until:');
    await declines(declined);
    await until(() => heldNumbers().length === 0, 'the numbers to be released');
    const edited = await world.requested(`${one} ${two}`);
    await world.says(edited, 'Held until:');
    const [other = ''] = world.bandwidth.available('984200');
    await world.ana.presses(edited, 'Edit…');
    const form = await world.ana.form();
    await form.fill('Numbers', `${one} ${other}`);
    expect(await form.submit()).toBe('closed');
    await until(() => heldNumbers().includes(other) && !heldNumbers().includes(two), 'the other to be held');
    expect(heldNumbers()).toContain(one);
    expect(world.bandwidth.anotherCustomerBuys(two)).toBe(true);
    await world.ana.presses(edited, 'Cancel');
    await until(() => heldNumbers().length === 0, 'the numbers to be released');
    expect(world.bandwidth.anotherCustomerBuys(one)).toBe(true);
  });

  test('of which another customer has one: the card says which, and the order continues with the other', async () => {
    const [one, two] = twoOnOffer();
    world.bandwidth.anotherCustomerBuys(two);
    const card = await world.requested(`${one} ${two}`);
    await world.says(card, 'is no longer available. The order continues with (919) 439-');
    await world.says(card, ': 1 of 2 numbers');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Partial: 1 of 2 numbers');
    expect(world.bandwidth.orders().at(-1)).toMatchObject({ status: 'PARTIAL', numbers: [one] });
  });

  test('are not held where the account can’t; an approver is told that one is gone, and sees it on the card', async () => {
    world.bandwidth.set({ reservationsAllowed: false });
    const [one, two] = twoOnOffer();
    const card = await world.requested(`${one} ${two}`);
    await world.says(card, "No number is held. This Bandwidth account can't hold numbers.");
    world.bandwidth.anotherCustomerBuys(two);
    const before = world.ben.ephemerals(CHANNEL).length;
    await world.ben.presses(card, 'Approve & order');
    await until(() => world.ben.ephemerals(CHANNEL).length > before, 'Ben to be told');
    expect(asPlainText(world.ben.ephemerals(CHANNEL).at(-1) ?? card)).toContain('no longer available');
    await world.says(card, 'The order continues with (919) 439-');
    expect(asPlainText(card)).toContain('waiting for approval');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Partial: 1 of 2 numbers');
  });

  test('are available again once the hold has expired: the card says so, and they can still be ordered', async () => {
    world.bandwidth.set({ reservationSeconds: 2 });
    const [one, two] = twoOnOffer();
    const card = await world.requested(`${one} ${two}`);
    await world.says(card, 'The hold on');
    expect(world.bandwidth.available(one)).toEqual([one]);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 2 of 2 numbers');
  });

  test('are held although the answer was lost, and the order names that reservation', async () => {
    world.bandwidth.fail({ method: 'POST', path: /tnreservation$/, how: 'reset-after-accept' });
    const [one] = twoOnOffer();
    const card = await world.requested(one);
    await world.says(card, 'Held until:');
    expect(heldNumbers()).toEqual([one]);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
  });

  test('hold up no one’s approval while Bandwidth cannot be asked to hold them', async () => {
    const quiet = world.bandwidth.fail({ path: /tnreservation/, how: 503, times: 1_000 });
    const [one] = twoOnOffer();
    const card = await world.requested(one);
    await world.says(card, "I'm asking Bandwidth to hold");
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(heldNumbers()).toEqual([]);
    quiet();
  });

  test('are not held beyond the limit for one person’s orders, and the card says so', async () => {
    await world.restart({ MAX_HELD: '1' });
    const [one, two] = twoOnOffer();
    const card = await world.requested(`${one} ${two}`);
    await world.says(card, 'At most 1 number can be held per requester.');
    // Said before the first request for a number leaves.
    await world.says(card, 'Held until:');
    expect(heldNumbers()).toEqual([one]);
    await world.restart();
    await world.ana.presses(card, 'Cancel');
    await until(() => heldNumbers().length === 0, 'the number to be released');
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { moveApproved, moveAsked, moveForm, movesSent } from '../support/change-steps.js';
import { cardOf, makeStock, orderIdOn, shown, threadOf, toldBy } from '../support/disconnect-steps.js';
import { type KillableApp, makeKillableApp } from '../support/killable-app.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

const STRANGERS = '9735430199';
/** Locations of the local Bandwidth. Numbers start at the first. */
const MAIN = '651681';
const CONTACT_CENTER = '651682';
const BOSTON = '303716';

let world: World;
const where = (number: string): string | undefined => world.bandwidth.locationOf(number);

describe('Ana moves numbers', () => {
  const stock = makeStock(40);
  beforeAll(async () => {
    world = await startWorld({ version: 'v2', bandwidth: { inService: { ours: stock.all } } });
  });
  afterAll(() => world.close());
  afterEach(() => {
    world.bandwidth.failNothing();
    world.slack.workspace.clearModals(world.ana.id);
  });

  test('to another location: approvers see what is on each, Ben approves, and she moves them back', async () => {
    const [one = '', other = ''] = stock.take(2);
    world.bandwidth.attach(one, {
      e911: true,
      messaging: true,
      campaign: { id: 'CA1B2C3' },
      forwardedTo: '9195550100',
    });
    const card = await moveAsked(world, `${one}, ${other} to contact center`);
    expect(asRead(asPlainText(card))).toContain('Move: 2 numbers — waiting for approval');
    expect(asPlainText(card)).toContain('Contact center (651682)');
    expect(asPlainText(card)).toMatch(
      /Main SIP trunk \(651681\).*⚠️ E911 and messaging \(campaign CA1B2C3\) and forwarding/,
    );
    expect(asPlainText(card)).toContain('no E911, no messaging, no forwarding');
    expect(movesSent(world)).toBe(0);
    await world.ben.presses(card, 'Approve & move');
    await world.says(card, 'Moved: 2 of 2 numbers');
    expect([one, other].map(where)).toEqual([CONTACT_CENTER, CONTACT_CENTER]);
    expect(await threadOf(world, card, 2)).toEqual([
      'Approved by @ben.',
      `@ana your 2 numbers are moved: ${shown(one)}, ${shown(other)}`,
    ]);
    expect(world.bandwidth.moves()).toMatchObject([
      { status: 'COMPLETE', customerOrderId: orderIdOn(card), siteId: '461', peerId: CONTACT_CENTER },
    ]);

    await world.ana.presses(card, 'Change back…');
    const form = await world.ana.form();
    expect(form.value('Location')).toBe('Main SIP trunk');
    await form.fill('Reason', 'The contact center is closed');
    const back = await cardOf(world, form);
    await world.ben.presses(back, 'Approve & move');
    await world.says(back, 'Moved: 2 of 2 numbers');
    expect([one, other].map(where)).toEqual([MAIN, MAIN]);
    expect(movesSent(world)).toBe(2);
  });

  test('and finds the order by the location and by the number, which shows the order too', async () => {
    const number = stock.one();
    const card = await moveApproved(world, `${number} to 651682`);
    await world.says(card, 'Moved: 1 of 1 number');
    const listed = await toldBy(world, world.ana, () => world.ana.types(CHANNEL, '/numbers orders contact'));
    expect(listed).toContain('Moved: 1 of 1 number');
    const told = await toldBy(world, world.ana, () => world.ana.types(CHANNEL, `/numbers who ${number}`));
    expect(told).toContain('Contact center');
    expect(told).toContain('Moved: 1 of 1 number');
  });

  test('that are in different places; the form to move them back names the rest', async () => {
    const [main = '', boston = '', other = ''] = stock.take(3);
    const first = await moveApproved(world, `${boston} to Boston trunk`);
    await world.says(first, 'Moved: 1 of 1 number');
    const card = await moveApproved(world, `${main} ${other} ${boston} to contact center`);
    await world.says(card, 'Moved: 3 of 3 numbers');
    await world.ana.presses(card, 'Change back…');
    const form = await world.ana.form();
    expect(form.value('Numbers').split('\n')).toHaveLength(2);
    expect(asRead(form.asPlainText())).toContain(
      `/numbers move ${boston.replace(/(...)(...)/, '$1-$2-')} to ${BOSTON}`,
    );
  });

  test.each([
    ['is already there', (number: string) => `${number} to main sip trunk`, 'Already at this location'],
    ['isn’t hers', () => `${STRANGERS} to contact center`, 'Not on your Bandwidth account'],
  ])('but not one that %s', async (_, words, why) => {
    const before = world.slack.messages(CHANNEL).length;
    const form = await moveForm(world, words(stock.one()));
    await form.submit();
    await world.slack.until(
      () => asRead(form.asPlainText()).includes(why) || form.errors.Numbers?.includes(why),
    );
    expect(world.slack.messages(CHANNEL)).toHaveLength(before);
  });

  test('with messaging, but not to a location that has none', async () => {
    const number = stock.one();
    world.bandwidth.attach(number, { messaging: true });
    const form = await moveForm(world, `${number} to Boston trunk`);
    await form.submit();
    const why = `Messaging would stop: this location has none: ${shown(number)}.`;
    await world.slack.until(() => form.errors.Numbers === why || asRead(form.asPlainText()).includes(why));
    // Credentials without the role can't tell; then Bandwidth decides.
    world.bandwidth.set({ lacksRoles: ['Locations'] });
    const card = await cardOf(world, form);
    await world.ben.presses(card, 'Approve & move');
    await world.says(card, 'Move failed: 0 of 1 number');
    world.bandwidth.set({ lacksRoles: [] });
    expect(asPlainText(card)).toContain('13676');
    expect(where(number)).toBe(MAIN);
  });

  test('to a place that does not exist, or that several share a name with: she chooses in the form', async () => {
    const form = await moveForm(world, `${stock.one()} to Paris`);
    expect(asRead(form.asPlainText())).toContain('No location or sub-account is called “Paris”. Choose one.');
    await form.choose('Location', 'Contact center');
    world.slack.workspace.clearModals(world.ana.id);
    const vague = await moveForm(world, `${stock.one()} to Raleigh`);
    expect(asRead(vague.asPlainText())).toContain('2 locations fit “Raleigh”. Choose one.');
  });

  test('of which there are more than a card lists: all of them are in a file in the thread', async () => {
    const numbers = stock.take(11);
    const card = await moveAsked(world, `${numbers.join(' ')} to contact center`);
    expect(asPlainText(card)).toContain('11, all of them in a file in the thread');
    await world.slack.until(() => card.replies[0]?.files[0]?.name === `move-${orderIdOn(card)}.csv`);
    const rows = card.replies[0]?.files[0]?.text.trimEnd().split('\r\n') ?? [];
    expect(rows).toHaveLength(12);
    expect(rows[1]).toContain('Main SIP trunk');
  });

  test('and changes her mind: she edits where and which, and nobody approves what they saw before', async () => {
    const [one = '', other = ''] = stock.take(2);
    const sentBefore = movesSent(world);
    const card = await moveAsked(world, `${one} to contact center`);
    const { text, blocks } = card;
    await world.ana.presses(card, 'Edit…');
    const form = await world.ana.form();
    expect(form.value('Location')).toBe('Contact center');
    await form.choose('Location', 'Boston trunk');
    await form.fill('Numbers', `${one}\n${other}`);
    expect(await form.submit()).toBe('closed');
    await world.says(card, '*To location:* Boston trunk (303716)');
    expect(asPlainText(card)).toContain('2 numbers — waiting for approval');
    // In a client that is out of date.
    world.slack.workspace.rewrite(card, { text, blocks });
    expect(await toldBy(world, world.ben, () => world.ben.presses(card, 'Approve & move'))).toContain(
      'The order has changed since that card was drawn.',
    );
    await world.says(card, '*To location:* Boston trunk (303716)');
    expect(movesSent(world)).toBe(sentBefore);
    await world.ben.presses(card, 'Approve & move');
    await world.says(card, 'Moved: 2 of 2 numbers');
    expect([one, other].map(where)).toEqual([BOSTON, BOSTON]);
  });

  test('and Bandwidth moves some of them: the card says which, and why the others were not', async () => {
    const [one = '', gone = ''] = stock.take(2);
    const card = await moveAsked(world, `${one} ${gone} to contact center`);
    world.bandwidth.leaves(gone);
    await world.ben.presses(card, 'Approve & move');
    await world.says(card, 'Partly moved: 1 of 2 numbers');
    expect(asPlainText(card)).toContain('Telephone numbers of other accounts are skipped');
    expect((await threadOf(world, card, 2)).at(-1)).toContain('1 of the 2 numbers in your move was moved');
    expect(where(one)).toBe(CONTACT_CENTER);
  });

  test('but the credentials lack the role: nothing is moved, and the card says who can fix it', async () => {
    world.bandwidth.set({ lacksRoles: ['Moving'] });
    const number = stock.one();
    const card = await moveApproved(world, `${number} to contact center`);
    await world.says(card, 'Refused by Bandwidth');
    world.bandwidth.set({ lacksRoles: [] });
    expect(asPlainText(card)).toContain("Bandwidth doesn't allow this move.");
    expect(asPlainText(card)).toContain('Nothing was moved.');
    expect(where(number)).toBe(MAIN);
  });

  test('and Ben and Cleo both approve: it is sent once', async () => {
    const before = movesSent(world);
    const card = await moveAsked(world, `${stock.one()} to contact center`);
    await Promise.all([
      world.ben.presses(card, 'Approve & move'),
      world.cleo.presses(card, 'Approve & move').catch(() => undefined),
    ]);
    await world.says(card, 'Moved: 1 of 1 number');
    expect(movesSent(world)).toBe(before + 1);
  });
});

describe('A move whose answer was lost', () => {
  let killable: KillableApp;
  const stock = makeStock(10);
  beforeAll(async () => {
    killable = makeKillableApp(400);
    world = await startWorld({ run: killable.run, bandwidth: { inService: { ours: stock.all } } });
  });
  afterAll(async () => {
    await world.close();
    killable.remove();
  });
  afterEach(() => world.bandwidth.failNothing());

  test('in a kill -9 is found by its id, not sent again', async () => {
    const card = await moveAsked(world, `${stock.one()} to contact center`);
    world.bandwidth.fail({ method: 'POST', path: /\/moveTns$/, how: 'hang-after-accept' });
    await world.ben.presses(card, 'Approve & move');
    await world.slack.until(() => world.bandwidth.moves().length > 0);
    await killable.kill();
    await world.restart();
    await world.says(card, 'Moved: 1 of 1 number');
    expect(movesSent(world)).toBe(1);
  });

  test('is found although Bandwidth’s lists and orders name no CustomerOrderId; the card says that it may be someone else’s', async () => {
    world.bandwidth.set({ omitCustomerOrderIds: true });
    const before = movesSent(world);
    const card = await moveAsked(world, `${stock.one()} to contact center`);
    world.bandwidth.fail({ method: 'POST', path: /\/moveTns$/, how: 502, accepted: true });
    await world.ben.presses(card, 'Approve & move');
    await world.says(card, 'Moved: 1 of 1 number');
    world.bandwidth.set({ omitCustomerOrderIds: false });
    expect(asPlainText(card)).toContain('Bandwidth has a move of these numbers');
    expect(movesSent(world)).toBe(before + 1);
  });

  test('and that never arrived waits for a person', async () => {
    const before = movesSent(world);
    const number = stock.one();
    const card = await moveAsked(world, `${number} to contact center`);
    world.bandwidth.fail({ method: 'POST', path: /\/moveTns$/, how: 'reset-before-read' });
    await world.ben.presses(card, 'Approve & move');
    await world.says(card, 'Outcome unknown');
    killable.goesBy(40_000);
    await killable.kill();
    await world.restart();
    await world.says(card, '[Move again]');
    expect(movesSent(world)).toBe(before + 1);
    await world.ben.presses(card, 'Move again');
    await world.says(card, 'Moved: 1 of 1 number');
    expect(where(number)).toBe(CONTACT_CENTER);
    expect(movesSent(world)).toBe(before + 2);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import {
  messagingApproved,
  messagingAsked,
  messagingForm,
  moveApproved,
  optionsSent,
} from '../support/change-steps.js';
import { cardOf, makeStock, orderIdOn, shown, threadOf, toldBy } from '../support/disconnect-steps.js';
import { type KillableApp, makeKillableApp } from '../support/killable-app.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
const attached = (number: string) => world.bandwidth.attachedTo(number);

describe('Ana changes messaging', () => {
  const stock = makeStock(40);
  beforeAll(async () => {
    world = await startWorld({
      version: 'v2',
      bandwidth: { inService: { ours: [...stock.all, '8005550100'] } },
    });
  });
  afterAll(() => world.close());
  afterEach(() => {
    world.bandwidth.failNothing();
    world.bandwidth.set({ lacksRoles: [], provisioningDelayMs: 50 });
    world.slack.workspace.clearModals(world.ana.id);
  });

  test('to on, after Ben’s approval, and back to off', async () => {
    const [one = '', other = ''] = stock.take(2);
    const card = await messagingAsked(world, `${one} ${other} on`);
    expect(asRead(asPlainText(card))).toContain('Messaging change: 2 numbers — waiting for approval');
    expect(asPlainText(card)).toContain('no E911, no messaging');
    expect(optionsSent(world)).toBe(0);
    await world.ben.presses(card, 'Approve & change');
    await world.says(card, 'Messaging changed: 2 of 2 numbers');
    expect([one, other].map((each) => attached(each)?.messaging)).toEqual([true, true]);
    expect(world.bandwidth.optionsOrders()[0]).toMatchObject({ customerOrderId: orderIdOn(card) });
    expect(world.bandwidth.optionsOrders()[0]?.requestXml).not.toMatch(/PortOut|Passcode|A2pSettings/);
    await world.ana.presses(card, 'Change back…');
    const form = await world.ana.form();
    expect(form.value('Messaging')).toBe('Turn off');
    await form.fill('Reason', 'A mistake');
    const back = await cardOf(world, form);
    expect(asPlainText(back)).toContain('⚠️ Text messages to and from these numbers stop.');
    await world.ben.presses(back, 'Approve & change');
    await world.says(back, 'Messaging changed: 2 of 2 numbers');
    expect([one, other].map((each) => attached(each)?.messaging)).toEqual([false, false]);
  });

  test('to a campaign from the menu: the order waits until it is fully provisioned, and says so', async () => {
    world.bandwidth.set({ provisioningDelayMs: 'manual' });
    const number = stock.one();
    const card = await messagingAsked(world, number, { choose: 'Campaign CA1B2C3' });
    expect(asPlainText(card)).toContain('on, campaign CA1B2C3 (Appointment reminders)');
    await world.ben.presses(card, 'Approve & change');
    await world.says(card, 'Waiting until Bandwidth reports the campaign as fully provisioned');
    expect(attached(number)?.campaign).toEqual({ id: 'CA1B2C3', messageClass: 'F', provisioned: false });
    world.bandwidth.provision(number);
    world.goesBy(60_000);
    await world.says(card, 'Messaging changed: 1 of 1 number');
    expect((await threadOf(world, card, 2)).at(-1)).toBe(
      `@ana your number is changed: ${shown(number)}\nBandwidth reports the campaign as fully provisioned, so text messages can be sent.`,
    );
  });

  test('to a campaign that isn’t provisioned within a day: the order ends, and says what isn’t known', async () => {
    world.bandwidth.set({ provisioningDelayMs: 'manual' });
    const number = stock.one();
    const card = await messagingApproved(world, `${number} campaign cb7t2qk`);
    await world.says(card, 'Waiting until Bandwidth reports the campaign as fully provisioned');
    world.goesBy(24 * 60 * 60_000);
    await world.says(card, 'Messaging changed: 1 of 1 number');
    expect(asPlainText(card)).toContain(`⚠️ Not known to be fully provisioned: ${shown(number)}`);
    expect((await threadOf(world, card, 2)).at(-1)).toContain(
      "⚠️ Bandwidth doesn't report the campaign as fully provisioned for",
    );
  });

  test('but not to a campaign that isn’t hers, unless the credentials can’t tell: then Bandwidth refuses it', async () => {
    const number = stock.one();
    const form = await messagingForm(world, `${number} campaign CZZZZZZ`);
    await form.submit();
    const why = "This isn't one of your account's campaigns. Choose one.";
    await world.slack.until(() => form.errors.Messaging === why || asRead(form.asPlainText()).includes(why));
    world.bandwidth.set({ lacksRoles: ['Campaigns'] });
    const card = await cardOf(world, form);
    await world.ben.presses(card, 'Approve & change');
    await world.says(card, 'Messaging change failed: 0 of 1 number');
    expect(asPlainText(card)).toContain('12128');
    expect(attached(number)?.messaging).not.toBe(true);
  });

  test('but not to the campaign of a toll-free number, nor to off what is already off', async () => {
    const form = await messagingForm(world, '800-555-0100 campaign CB7T2QK');
    await form.submit();
    await world.slack.until(() =>
      `${form.errors.Numbers} ${asRead(form.asPlainText())}`.includes('Toll-free'),
    );
    world.slack.workspace.clearModals(world.ana.id);
    const off = await messagingForm(world, `${stock.one()} off`);
    await off.submit();
    await world.slack.until(() =>
      `${off.errors.Numbers} ${asRead(off.asPlainText())}`.includes('Already set this way'),
    );
    expect(world.slack.messages(CHANNEL).filter((each) => asPlainText(each).includes('800'))).toEqual([]);
  });

  test('but not to on at a location without messaging', async () => {
    const number = stock.one();
    const moved = await moveApproved(world, `${number} to Boston trunk`);
    await world.says(moved, 'Moved: 1 of 1 number');
    const form = await messagingForm(world, `${number} on`);
    await form.submit();
    await world.slack.until(() =>
      `${form.errors.Numbers} ${asRead(form.asPlainText())}`.includes('At a location without messaging'),
    );
    expect(attached(number)?.messaging).not.toBe(true);
  });

  test('and edits it from on to a campaign: what the card then says is approved', async () => {
    const number = stock.one();
    const sent = optionsSent(world);
    const card = await messagingAsked(world, `${number} on`);
    const { text, blocks } = card;
    await world.ana.presses(card, 'Edit…');
    const form = await world.ana.form();
    expect(form.value('Messaging')).toBe('Turn on');
    await form.choose('Messaging', 'Campaign CA1B2C3');
    expect(await form.submit()).toBe('closed');
    await world.says(card, '*Messaging:* on, campaign CA1B2C3');
    world.slack.workspace.rewrite(card, { text, blocks });
    expect(await toldBy(world, world.ben, () => world.ben.presses(card, 'Approve & change'))).toContain(
      'The order has changed since that card was drawn.',
    );
    await world.says(card, '*Messaging:* on, campaign CA1B2C3');
    expect(optionsSent(world)).toBe(sent);
    await world.ben.presses(card, 'Approve & change');
    await world.says(card, 'Messaging changed: 1 of 1 number');
    expect(attached(number)?.campaign?.id).toBe('CA1B2C3');
  });

  test('and part of it fails: the card says which, with Bandwidth’s harmless warnings', async () => {
    const [one = '', gone = ''] = stock.take(2);
    world.bandwidth.attach(one, { messaging: true });
    const card = await messagingAsked(world, `${one} ${gone} on`);
    world.bandwidth.leaves(gone);
    await world.ben.presses(card, 'Approve & change');
    await world.says(card, 'Messaging partly changed: 1 of 2 numbers');
    expect(asPlainText(card)).toContain(
      `5076: Telephone number is not available on this account — ${shown(gone)}`,
    );
    expect(asPlainText(card)).toContain('SMS already enabled');
  });

  test('but the credentials lack the role: nothing is changed', async () => {
    world.bandwidth.set({ lacksRoles: ['Options'] });
    const card = await messagingApproved(world, `${stock.one()} on`);
    await world.says(card, 'Refused by Bandwidth');
    expect(asPlainText(card)).toContain("Bandwidth doesn't allow this messaging change.");
    expect(asPlainText(card)).toContain('Nothing was changed.');
  });
});

describe('A messaging change whose answer was lost', () => {
  let killable: KillableApp;
  const stock = makeStock(5);
  beforeAll(async () => {
    killable = makeKillableApp(400);
    world = await startWorld({
      run: killable.run,
      bandwidth: { inService: { ours: stock.all }, switches: { provisioningDelayMs: 'manual' } },
    });
  });
  afterAll(async () => {
    await world.close();
    killable.remove();
  });
  afterEach(() => world.bandwidth.failNothing());

  test('in a kill -9 is found by its id, not sent again, and still waits for the campaign', async () => {
    const number = stock.one();
    const card = await messagingAsked(world, `${number} campaign CB7T2QK`);
    world.bandwidth.fail({ method: 'POST', path: /\/tnoptions$/, how: 'hang-after-accept' });
    await world.ben.presses(card, 'Approve & change');
    await world.slack.until(() => world.bandwidth.optionsOrders().length > 0);
    await killable.kill();
    await world.restart();
    await world.says(card, 'Waiting until Bandwidth reports the campaign as fully provisioned');
    world.bandwidth.provision(number);
    await killable.kill();
    await world.restart();
    await world.says(card, 'Messaging changed: 1 of 1 number');
    expect(optionsSent(world)).toBe(1);
  });
});

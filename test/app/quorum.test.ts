import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;

const thread = (card: Message) => card.replies.map((reply) => asPlainText(reply));
const ephemerals = (name: 'ana' | 'ben') =>
  world[name].ephemerals(CHANNEL).map((message) => asPlainText(message));

describe('Where two people must approve', () => {
  beforeAll(async () => {
    world = await startWorld({ settings: { APPROVALS_REQUIRED: '2' } });
  });
  afterAll(() => world.close());

  test('the card counts, the thread names each, and the order is sent after the second', async () => {
    const card = await world.requested('919');
    expect(asPlainText(card)).toContain('*Approved so far:* 0 of 2 approvals');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '*Approved so far:* 1 of 2 approvals; @ben');
    await world.says(card, 'Approved by @ben: 1 of 2 approvals.');
    expect(world.bandwidth.orders()).toEqual([]);
    await world.ben.presses(card, 'Approve & order');
    await world.slack.until(() => ephemerals('ben').length > 0);
    expect(ephemerals('ben').at(-1)).toBe(
      "You've already approved this: 1 of 2 approvals. Someone else has to approve it too: @telecom.",
    );
    expect(world.bandwidth.orders()).toEqual([]);
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(asPlainText(card)).toContain('*Approved by:* @ben and @cleo');
    expect(thread(card).filter((each) => each.startsWith('Approved'))).toEqual([
      'Approved by @ben: 1 of 2 approvals.',
      'Approved by @ben and @cleo.',
    ]);
    expect(world.bandwidth.orders()).toHaveLength(1);
  });

  test('and both press at once, both count, once each', async () => {
    const before = world.bandwidth.orders().length;
    const card = await world.requested('910');
    await Promise.all([
      world.ben.presses(card, 'Approve & order'),
      world.cleo.presses(card, 'Approve & order'),
    ]);
    await world.says(card, 'Complete: 1 of 1 number');
    expect(asPlainText(card)).toMatch(/Approved by:\* @(ben and @cleo|cleo and @ben)/);
    expect(world.bandwidth.orders()).toHaveLength(before + 1);
  });

  test('one approval given survives a restart', async () => {
    const card = await world.requested('910');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '1 of 2 approvals; @ben');
    await world.restart();
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
    expect(asPlainText(card)).toContain('*Approved by:* @ben and @cleo,');
  });

  test('an approval does not count once the person can’t approve anymore, and everyone is told whose', async () => {
    const card = await world.requested('910');
    const before = world.bandwidth.orders().length;
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '1 of 2 approvals; @ben');
    await world.restart({ APPROVERS: `${world.cleo.id},${world.dan.id}` });
    await world.cleo.presses(card, 'Approve & order');
    await world.says(
      card,
      "Approved by @cleo: 1 of 2 approvals. @ben's earlier approval no longer counts: they aren't an approver of this order now.",
    );
    await world.says(card, '*Approved so far:* 1 of 2 approvals; @cleo,');
    expect(world.bandwidth.orders()).toHaveLength(before);
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(asPlainText(card)).toContain('*Approved by:* @cleo and @dan,');
  });
});

describe('Where small orders need no approval', () => {
  beforeAll(async () => {
    world = await startWorld({ settings: { AUTO_APPROVE_UP_TO: '2' } });
  });
  afterAll(() => world.close());

  const ordered = async (words: string): Promise<Message> => {
    await world.ana.types(CHANNEL, `/numbers order ${words}`);
    const form = await world.ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'One more desk');
    expect(await form.submit()).toBe('closed');
    return world.message('One more desk');
  };

  test('Ana orders two, the rule approves it in its own name, and no person is said to have', async () => {
    const card = await ordered('919 x2');
    await world.says(card, 'Complete: 2 of 2 numbers');
    const shown = asRead(asPlainText(card));
    expect(shown).toMatch(/Approved by:\* the rule “AUTO_APPROVE_UP_TO: up to 2 a day” \(automatic\), /);
    expect(thread(card).map(asRead)[0]).toBe(
      'Approved automatically by the rule “AUTO_APPROVE_UP_TO: up to 2 a day”.',
    );
  });

  test('the next one needs Ben', async () => {
    const card = await world.requested('919');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Approved by @ben.');
    expect(asPlainText(card)).not.toContain('1 of 2 approvals');
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { approverGroup, asRead, CHANNEL, people, startWorld, type World } from '../support/world.js';

/** Cleo may approve nothing herself. */
const telecom = { ...approverGroup, members: [people.ben.id] };

let world: World;
type Name = 'ana' | 'ben' | 'cleo' | 'dan';

const shown = (card: Message) => asRead(asPlainText(card));
const DAY_MS = 24 * 60 * 60_000;

/** What someone is told, alone, after doing this. */
async function told(name: Name, act: () => Promise<{ readonly text?: string } | unknown>): Promise<string> {
  const before = world[name].ephemerals(CHANNEL).length;
  const answer = (await act()) as { readonly text?: string } | undefined;
  if (answer?.text !== undefined) return asRead(asPlainText(answer)).replace(/[*`]/g, '');
  await world.slack.until(() => world[name].ephemerals(CHANNEL).length > before);
  return asRead(asPlainText(world[name].ephemerals(CHANNEL).at(-1) ?? {})).replace(/[*`]/g, '');
}
const types = (name: Name, words: string) =>
  told(name, () => world[name].types(CHANNEL, `/numbers ${words}`));
const approves = (name: Name, card: Message) =>
  told(name, () => world[name].presses(card, 'Approve & order'));

describe('While Ben is away', () => {
  beforeAll(async () => {
    world = await startWorld({ slack: { userGroups: [telecom] } });
  });
  afterAll(() => world.close());

  test('Cleo can approve for him, and the card, the thread and the journal say so', async () => {
    const said = await types('ben', 'away for 3 days @cleo');
    expect(said).toMatch(
      /^Until 20\d\d-\d\d-\d\d \d\d:\d\d UTC, @cleo can approve orders for you, except orders that one of you requested\./,
    );
    const card = await world.requested('919');
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Approved by @cleo for @ben.');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(shown(card)).toContain('*Approved by:* @cleo for @ben,');
  });

  test('both of them see it, and approvers see it in the policy; others do not', async () => {
    expect(await types('ben', 'away')).toMatch(/^Until .* UTC, @cleo approves orders for you\./);
    expect(await types('cleo', 'away')).toMatch(
      /^No one approves orders for you\.\nUntil .* UTC, you approve orders for @ben\./,
    );
    expect(await types('ben', 'policy')).toMatch(/Away\n@cleo approves for @ben until .* UTC\./);
    expect(await types('ana', 'policy')).not.toContain('Away');
  });

  test('it survives a restart', async () => {
    await world.restart();
    expect(await types('ben', 'away')).toMatch(/^Until .* UTC, @cleo approves orders for you\./);
  });

  test('she can decline for him', async () => {
    const card = await world.requested('919');
    await world.cleo.presses(card, 'Decline…');
    const form = await world.cleo.form();
    await form.fill('Why?', 'Not now');
    expect(await form.submit()).toBe('closed');
    await world.says(card, '*Declined by:* @cleo for @ben');
  });

  test('but not what she requested herself', async () => {
    await world.cleo.types(CHANNEL, '/numbers order 919');
    const form = await world.cleo.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'For her own desk');
    expect(await form.submit()).toBe('closed');
    const card = await world.message('For her own desk');
    expect(await approves('cleo', card)).toMatch(/^This is your own request/);
  });

  test('and not what he requested himself', async () => {
    await world.ben.types(CHANNEL, '/numbers order 919');
    const form = await world.ben.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'For his own desk');
    expect(await form.submit()).toBe('closed');
    const card = await world.message('For his own desk');
    expect(await approves('cleo', card)).toBe('Only approvers can decide: @telecom.');
  });

  test('her own delegate approves nothing for him', async () => {
    // Cleo isn't an approver, so she has nothing to delegate.
    expect(await types('cleo', 'away tomorrow @dan')).toBe(
      "You aren't an approver, so there is nothing to delegate.",
    );
    world.slack.changeGroup(telecom.id, { members: [people.ben.id, people.cleo.id] });
    await world.restart();
    expect(await types('cleo', 'away tomorrow @dan')).toContain('@dan can approve orders for you');
    world.slack.changeGroup(telecom.id, { members: [people.ben.id] });
    await world.restart();
    const card = await world.requested('919');
    expect(await approves('dan', card)).toBe('Only approvers can decide: @telecom.');
    await types('cleo', 'back');
  });

  test('it ends when he is back, and can begin again with a different time', async () => {
    expect(await types('ben', 'back')).toMatch(/^Welcome back\./);
    expect(await types('ben', 'back')).toBe('No one approves orders for you, so there is nothing to end.');
    const card = await world.requested('919');
    expect(await approves('cleo', card)).toBe('Only approvers can decide: @telecom.');
    await types('ben', 'away for 1 day @cleo');
    world.goesBy(DAY_MS + 1_000);
    const later = await world.requested('919');
    expect(await approves('cleo', later)).toBe('Only approvers can decide: @telecom.');
    expect(await types('ben', 'away')).toMatch(/^No one approves orders for you\./);
  });

  test.each([
    ['away until Friday', "Say who approves orders for you: type @ and choose the person from Slack's list."],
    ['away @cleo', 'Say until when.'],
    ['away until 2026-02-30 @cleo', "2026-02-30 doesn't exist."],
    ['away until 2020-02-01 @cleo', 'That time has passed already. Nothing was changed.'],
    ['away for 52 weeks @cleo', 'You can delegate your approvals for at most 90 days.'],
    ['away until whenever @cleo', "I don't understand whenever as a time."],
    ['away until Friday @cleo @dan', 'You named several people. One person can approve orders for you.'],
    ['away until Friday @nobody', "I don't know @nobody. Type @ and choose the person from Slack's list."],
    ['away until Friday @ben', 'You can only choose someone else to approve orders for you.'],
  ])('“%s” is answered with what is wrong', async (words, sentence) => {
    expect(await types('ben', words)).toContain(sentence);
  });
});

describe('Where two must approve', () => {
  beforeAll(async () => {
    world = await startWorld({ settings: { APPROVALS_REQUIRED: '2' } });
  });
  afterAll(() => world.close());

  test('Cleo’s own approval and the one for Ben do not count as two', async () => {
    await types('ben', 'away until Friday @cleo');
    const card = await world.requested('919');
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Approved by @cleo: 1 of 2 approvals.');
    expect(await approves('cleo', card)).toMatch(/^You've already approved this/);
    expect(shown(card)).toContain('waiting for approval');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
  });

  test('Dan’s approval for Ben and Ben’s own do not count as two', async () => {
    await types('ben', 'away until Friday @dan');
    const card = await world.requested('919');
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, '1 of 2 approvals; @dan for @ben');
    expect(await approves('ben', card)).toMatch(
      /^Your delegate has already approved this for you: 1 of 2 approvals/,
    );
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, '*Approved by:* @dan for @ben and @cleo');
  });

  test('the approval of a delegate who left does not count, and everyone is told why', async () => {
    const card = await world.requested('919');
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, '1 of 2 approvals; @dan for @ben');
    world.slack.changePerson(people.dan.id, { deactivated: true });
    await world.cleo.presses(card, 'Approve & order');
    await world.says(
      card,
      "@dan's earlier approval for @ben no longer counts: they aren't known to be a full member now",
    );
    expect(shown(card)).toContain('waiting for approval');
    world.slack.changePerson(people.dan.id, { deactivated: false });
    // Accounts are remembered for an hour.
    await world.restart();
  });

  test('nor does one for an absent person who is no longer an approver', async () => {
    const card = await world.requested('919');
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, '1 of 2 approvals; @dan for @ben');
    world.slack.changeGroup(approverGroup.id, { members: [people.cleo.id] });
    await world.cleo.presses(card, 'Approve & order');
    await world.says(
      card,
      "@dan's earlier approval for @ben no longer counts: the person they stood in for isn't an approver of this order now",
    );
    expect(await approves('dan', card)).toBe('Only approvers can decide: @telecom.');
    world.slack.changeGroup(approverGroup.id, { members: approverGroup.members });
  });

  test('guests cannot stand in', async () => {
    world.slack.changePerson(people.dan.id, { guest: 'multi-channel' });
    expect(await types('cleo', 'away tomorrow @dan')).toMatch(
      /^Only full members of this workspace can approve/,
    );
    world.slack.changePerson(people.dan.id, { deactivated: true });
    expect(await types('cleo', 'away tomorrow @dan')).toMatch(
      /^Only full members of this workspace can approve/,
    );
  });
});

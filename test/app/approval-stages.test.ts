import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { temporaryFolder } from '../support/folder.js';
import { approverGroup, asRead, CHANNEL, people, startWorld, type World } from '../support/world.js';

const finance = { id: 'S0FINANCE', handle: 'finance', members: [people.dan.id, people.cleo.id] };

let world: World;
const folder = temporaryFolder();

type Name = 'ana' | 'ben' | 'cleo' | 'dan';

async function opens(...lines: readonly string[]): Promise<void> {
  const path = join(folder.path, 'policy.yml');
  writeFileSync(path, lines.join('\n'));
  world = await startWorld({
    slack: { userGroups: [approverGroup, finance] },
    settings: { POLICY_FILE: path },
  });
}

const shown = (card: Message) => asRead(asPlainText(card));
const toldAlone = (name: Name) =>
  asRead(asPlainText(world[name].ephemerals(CHANNEL).at(-1) ?? {})).replace(/[*`]/g, '');

/** What someone is told, alone, after typing this. */
async function answered(name: Name, words: string): Promise<string> {
  const before = world[name].ephemerals(CHANNEL).length;
  const answer = await world[name].types(CHANNEL, `/numbers ${words}`);
  if (answer.text !== undefined) return asRead(asPlainText(answer)).replace(/[*`]/g, '');
  await world.slack.until(() => world[name].ephemerals(CHANNEL).length > before);
  return toldAlone(name);
}

/** What someone is told, alone, after pressing **Approve & order**. */
async function refused(name: Name, card: Message): Promise<string> {
  const before = world[name].ephemerals(CHANNEL).length;
  await world[name].presses(card, 'Approve & order');
  await world.slack.until(() => world[name].ephemerals(CHANNEL).length > before);
  return toldAlone(name);
}

describe('Where finance and telecom must both approve', () => {
  beforeAll(() =>
    opens(
      'rules:',
      '  - name: Money first',
      '    approvals: [{from: [S0FINANCE]}, {from: [S0TELECOM]}]',
      '  - name: Large orders',
      '    above: 50',
      '    max_numbers_per_day: 60',
    ),
  );
  afterAll(() => world.close());

  test('the card shows both stages, and the order is sent when both are complete', async () => {
    const card = await world.requested('919');
    await world.says(
      card,
      '*Approved so far:* 0 of 2 approvals\n• From @finance: 0 of 1\n• From @telecom: 0 of 1',
    );
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Approved by @ben: 1 of 2 approvals. Still needed: 1 of @finance.');
    await world.says(card, '• From @finance: 0 of 1\n✅ From @telecom: 1 of 1: @ben');
    expect(world.bandwidth.orders()).toEqual([]);
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(shown(card)).toContain('*Approved by:* @ben and @dan');
  });

  test('Cleo is in both groups, and counts for the one that is missing, no matter who comes first', async () => {
    const card = await world.requested('919');
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Approved by @cleo: 1 of 2 approvals.');
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(shown(card)).toContain('*Approved by:* @cleo and @dan,');
  });

  test('Cleo alone can’t complete both', async () => {
    const card = await world.requested('919');
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Approved by @cleo: 1 of 2 approvals.');
    expect(await refused('cleo', card)).toMatch(/^You've already approved this: 1 of 2 approvals\./);
    expect(shown(card)).toContain('waiting for approval');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
  });

  test('a second approval of a complete stage is answered with what is still missing', async () => {
    world.slack.changeGroup(finance.id, { members: [people.dan.id] });
    await world.restart();
    const card = await world.requested('919');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '✅ From @telecom: 1 of 1: @ben');
    expect(await refused('cleo', card)).toBe(
      'Every stage you can approve has enough approvals already. 1 of 2 approvals so far; still needed: 1 of @finance.',
    );
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
  });

  test('an approval that no longer counts leaves its stage open, and is named', async () => {
    const before = world.bandwidth.orders().length;
    const card = await world.requested('919');
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, '✅ From @finance: 1 of 1: @dan');
    world.slack.changeGroup(finance.id, { members: [people.cleo.id] });
    await world.ben.presses(card, 'Approve & order');
    await world.says(
      card,
      "@dan's earlier approval no longer counts: they aren't an approver of this order now.",
    );
    await world.says(card, '• From @finance: 0 of 1\n✅ From @telecom: 1 of 1: @ben');
    expect(world.bandwidth.orders()).toHaveLength(before);
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
  });

  test('an edit restarts both stages', async () => {
    const card = await world.requested('919');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '✅ From @telecom: 1 of 1: @ben');
    await world.ana.presses(card, 'Edit…');
    const form = await world.ana.form();
    await form.fill('Reason', 'A better reason');
    expect(await form.submit()).toBe('closed');
    await world.says(card, '• From @finance: 0 of 1\n• From @telecom: 0 of 1');
  });

  test('policy test names every stage and every rule', async () => {
    expect(await answered('ana', 'policy test @ana order 5')).toBe(
      [
        'If @ana asked in #numbers to order 5 numbers:',
        'It would need approvals by 2 different people: 1 by @finance, and 1 by @telecom.',
        'Why: the rule “Money first” in the policy file, and the settings.',
        'This rule does not apply: “Large orders” (larger orders).',
      ].join('\n'),
    );
    expect(await answered('ana', 'policy test @ana order 51')).toMatch(
      /Numbers after this order: 5\d of 60 for the requester today\.\nWhy: the rules “Money first”, “Large orders”/,
    );
  });
});

describe('Where one of finance and two of telecom must approve', () => {
  beforeAll(() =>
    opens(
      'rules:',
      '  - name: Money and care',
      '    approvals: [{from: [S0FINANCE]}, {from: [S0TELECOM], count: 2}]',
    ),
  );
  afterAll(() => world.close());

  test.each<readonly [Name, Name, Name]>([
    ['dan', 'ben', 'cleo'],
    ['dan', 'cleo', 'ben'],
    ['ben', 'dan', 'cleo'],
    ['ben', 'cleo', 'dan'],
    ['cleo', 'dan', 'ben'],
    ['cleo', 'ben', 'dan'],
  ])('%s, then %s, then %s: the third completes both stages, and no one before', async (...order) => {
    const [first, second, third] = order;
    const before = world.bandwidth.orders().length;
    const card = await world.requested('919');
    await world[first].presses(card, 'Approve & order');
    await world.says(card, `Approved by @${first}: 1 of 3 approvals.`);
    await world[second].presses(card, 'Approve & order');
    await world.says(card, `Approved by @${second}: 2 of 3 approvals.`);
    expect(world.bandwidth.orders()).toHaveLength(before);
    await world[third].presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(world.bandwidth.orders()).toHaveLength(before + 1);
  });
});

describe('Where only some people can request, and rules are for sub-accounts', () => {
  beforeAll(() =>
    opens(
      `requesters: [S0TELECOM, ${people.ana.id}]`,
      'rules:',
      '  - name: Raleigh pays itself',
      '    sites: [1234]',
      '    approvals_required: 2',
      '  - name: Telecom knows',
      '    requesters: [S0TELECOM]',
      '    auto_approve_up_to: 2',
    ),
  );
  afterAll(() => world.close());

  test('Dan is told before he fills in a form', async () => {
    expect(await answered('dan', 'order 919')).toBe(
      "The policy names who can order and disconnect numbers, and you aren't one of them. Nothing was ordered or changed. Ask someone who is, or an admin to add you to the policy.",
    );
    expect(await answered('ana', 'policy test @dan order 3')).toContain(
      "It would be refused: the policy names who can order and disconnect numbers, and they aren't one of them.",
    );
  });

  test('what Ben orders needs no approval, because he is in telecom; Ana needs one', async () => {
    expect(await answered('ana', 'policy test @ben order 2')).toContain("It wouldn't need approval");
    expect(await answered('ana', 'policy test @ana order 2')).toContain(
      'These rules do not apply: “Raleigh pays itself” (other sub-accounts), “Telecom knows” (other requesters).\nTo include the rules for a sub-account, add its id, as in site 1234.',
    );
    expect(await answered('ana', 'policy test @ana order 2 site 1234')).toContain(
      'It would need approvals by 2 different people, of these: @telecom.',
    );
  });

  test('an order of someone who left the group after requesting it isn’t approved', async () => {
    await world.restart();
    world.slack.changeGroup(approverGroup.id, { members: [people.ben.id, people.cleo.id, people.dan.id] });
    await world.dan.types(CHANNEL, '/numbers order 919 x3');
    const form = await world.dan.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'For a while');
    expect(await form.submit()).toBe('closed');
    const card = await world.message('For a while');
    world.slack.changeGroup(approverGroup.id, { members: [people.ben.id, people.cleo.id] });
    expect(await refused('ben', card)).toContain(
      "@dan can't order or disconnect numbers now: the policy names who can order and disconnect numbers, and they aren't one of them.",
    );
    expect(world.bandwidth.orders()).toEqual([]);
  });
});

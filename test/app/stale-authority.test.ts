import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { temporaryFolder } from '../support/folder.js';
import { told } from '../support/search-steps.js';
import { approverGroup, CHANNEL, people, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const isWaiting = (card: Message) => asPlainText(card).includes('waiting for approval');
const groupQuestions = () => world.slack.calls.filter(({ method }) => method === 'usergroups.users.list');
const approves = (who: World['ben'], card: Message) =>
  told(world, who, () => who.presses(card, 'Approve & order'));

describe('Somebody removed from the approver group', () => {
  test('a minute ago approves nothing, although the group was read just before', async () => {
    world = await startWorld();
    const card = await world.requested('910 x1');
    await told(world, world.ben, () => world.ben.types(CHANNEL, '/numbers policy'));
    expect(groupQuestions()).not.toEqual([]);
    world.slack.changeGroup(approverGroup.id, { members: [people.cleo.id] });
    expect(await approves(world.ben, card)).toContain('Only approvers can decide');
    expect(isWaiting(card)).toBe(true);
    expect(world.bandwidth.orders()).toEqual([]);
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });

  test('after approving as the first of two does not count at the second approval', async () => {
    world = await startWorld({ settings: { APPROVALS_REQUIRED: '2' } });
    const card = await world.requested('910 x1');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '1 of 2');
    world.slack.changeGroup(approverGroup.id, { members: [people.cleo.id, people.dan.id] });
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Approved by @cleo');
    expect(isWaiting(card)).toBe(true);
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
    expect(world.bandwidth.orders()).toHaveLength(1);
  });

  test('or in a group that was disabled a minute ago approves nothing either', async () => {
    world = await startWorld();
    const card = await world.requested('910 x1');
    await told(world, world.ben, () => world.ben.types(CHANNEL, '/numbers policy'));
    world.slack.changeGroup(approverGroup.id, { disabled: true });
    expect(await approves(world.ben, card)).toContain('APPROVERS names the user group');
    expect(isWaiting(card)).toBe(true);
  });
});

describe('When Slack does not say who is in the group', () => {
  test.each([
    ['is rate limited', { retryAfter: 30 }, 'Slack limits how often I can ask who the approvers are.'],
    ['fails', { error: 'internal_error', times: 100 }, "Slack didn't tell me who the approvers are."],
    ['breaks', { status: 500, times: 100 }, "Slack didn't tell me who the approvers are."],
  ] as const)(
    'because it %s, the press is refused with the reason, and a named approver decides',
    async (_, fault, why) => {
      world = await startWorld({ settings: { APPROVERS: `${approverGroup.id},${people.dan.id}` } });
      const card = await world.requested('910 x1');
      await told(world, world.ben, () => world.ben.types(CHANNEL, '/numbers policy'));
      world.slack.fail('usergroups.users.list', fault);
      // It doesn't wait: half a minute later, Slack would answer.
      expect(await approves(world.ben, card)).toBe(
        `${why} Nothing was ordered or changed. Try again in a minute.`,
      );
      expect(isWaiting(card)).toBe(true);
      expect(world.bandwidth.orders()).toEqual([]);
      await world.dan.presses(card, 'Approve & order');
      await world.says(card, 'Complete');
    },
  );
});

describe('An approver group that no one in Slack can be in', () => {
  const folder = temporaryFolder();

  test('is named with its setting at startup, and in the answer to a press, which does not say to try again', async () => {
    const path = join(folder.path, 'policy.yml');
    writeFileSync(
      path,
      ['rules:', '  - name: Elsewhere', '    channels: [C0ELSEWHERE]', '    approvers: [S0OLD]'].join('\n'),
    );
    world = await startWorld({
      settings: { APPROVERS: `S0TYPO,${approverGroup.id}`, POLICY_FILE: path },
      slack: { userGroups: [approverGroup, { id: 'S0OLD', handle: 'old', members: [], disabled: true }] },
    });
    const said = (words: string) => () => world.log.some(({ msg }) => String(msg).includes(words));
    await world.slack.until(said('APPROVERS names the user group S0TYPO, which does not exist in Slack'));
    await world.slack.until(
      said('the rule "Elsewhere" in POLICY_FILE names the user group S0OLD, which is disabled in Slack'),
    );
    const card = await world.requested('910 x1');
    const answer = await approves(world.dan, card);
    expect(answer).toContain(
      "APPROVERS names the user group `S0TYPO`, which doesn't exist in Slack or is disabled.",
    );
    expect(answer).not.toContain('Try again');
    // Who is in the other group decides all the same.
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
    folder.remove();
  });
});

test('Many approvals in one second ask Slack for the group a few times, not once each', async () => {
  world = await startWorld();
  const cards: Message[] = [];
  for (let each = 0; each < 8; each += 1) cards.push(await world.requested('910 x1'));
  const before = groupQuestions().length;
  await Promise.all(cards.map((card) => world.ben.presses(card, 'Approve & order')));
  for (const card of cards) await world.says(card, 'Complete');
  expect(groupQuestions().length - before).toBeLessThan(8);
});

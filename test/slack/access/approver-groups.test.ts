import { describe, expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { ApproverGroupUnknown, makeApproverGroups } from '../../../src/slack/access/approver-groups.js';
import { nock } from '../../support/nock.js';
import { noon } from '../../support/sample-orders.js';

const MINUTE = 60_000;

function groups() {
  let now = noon;
  const warnings: string[] = [];
  const errors: string[] = [];
  const asked = makeApproverGroups({
    client: new WebClient('xoxb-test', { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true }),
    settingOf: (group) => (group === 'S1' ? 'APPROVERS' : 'the rule "x" in POLICY_FILE'),
    clock: { now: () => now },
    log: {
      warn: (_facts, sentence) => warnings.push(sentence),
      error: (_facts, sentence) => errors.push(sentence),
    },
  });
  return {
    includesAny: asked.includesAny,
    later: (milliseconds: number) => {
      now += milliseconds;
    },
    warnings,
    errors,
  };
}

/** The next question about this group is answered so. */
const answer = (group: string, reply: object) =>
  nock('https://slack.com')
    .post('/api/usergroups.users.list', new RegExp(`usergroup=${group}`))
    .reply(200, reply);
const members = (group: string, ...users: string[]) => answer(group, { ok: true, users });

describe('an approver group', () => {
  test('includes its members and no one else', async () => {
    const { includesAny } = groups();
    members('S1', 'U1', 'U2');
    members('S2', 'U3');
    expect(await includesAny(['S1', 'S2'], 'U3')).toBe(true);
    expect(await includesAny(['S1', 'S2'], 'U4')).toBe(false);
    expect(await includesAny([], 'U1')).toBe(false);
  });

  test('is read again after three minutes, not before', async () => {
    const { includesAny, later } = groups();
    members('S1', 'U1');
    expect(await includesAny(['S1'], 'U1')).toBe(true);
    later(3 * MINUTE - 1);
    expect(await includesAny(['S1'], 'U1')).toBe(true);
    later(1);
    members('S1', 'U2');
    expect(await includesAny(['S1'], 'U1')).toBe(false);
  });

  test('is read again when the clock has been set back: people who left it must not approve until then', async () => {
    const { includesAny, later } = groups();
    members('S1', 'U1');
    expect(await includesAny(['S1'], 'U1')).toBe(true);
    later(-60 * MINUTE);
    members('S1', 'U2');
    expect(await includesAny(['S1'], 'U1')).toBe(false);
  });

  test('is read once when two people press at the same time', async () => {
    const { includesAny } = groups();
    members('S1', 'U1');
    expect(await Promise.all([includesAny(['S1'], 'U1'), includesAny(['S1'], 'U2')])).toEqual([true, false]);
  });

  test('keeps its members for an hour while Slack cannot be asked, and no longer', async () => {
    const { includesAny, later, warnings } = groups();
    members('S1', 'U1');
    await includesAny(['S1'], 'U1');
    later(60 * MINUTE - 1);
    answer('S1', { ok: false, error: 'internal_error' });
    expect(await includesAny(['S1'], 'U1')).toBe(true);
    expect(warnings).toHaveLength(1);
    later(1);
    answer('S1', { ok: false, error: 'internal_error' });
    await expect(includesAny(['S1'], 'U1')).rejects.toBeInstanceOf(ApproverGroupUnknown);
  });

  test('that was never read lets no one approve, and says what to do', async () => {
    const { includesAny } = groups();
    answer('S1', { ok: false, error: 'internal_error' });
    await expect(includesAny(['S1'], 'U1')).rejects.toMatchObject({
      groupId: 'S1',
      advice: expect.stringContaining('Try again'),
    });
  });

  test.each([
    ['a permission the app lacks', 'missing_scope', 'missing a permission (`usergroups:read`)'],
    [
      "a group that Slack doesn't know",
      'no_such_subteam',
      "APPROVERS names the user group `S1`, which doesn't exist",
    ],
  ])('%s is named, because waiting won’t help', async (_, error, advice) => {
    const { includesAny } = groups();
    answer('S1', { ok: false, error });
    const refusal = await includesAny(['S1'], 'U1').then(
      () => undefined,
      (cause: ApproverGroupUnknown) => cause.advice,
    );
    expect(refusal).toContain(advice);
    expect(refusal).not.toContain('Try again');
  });

  test('that is wrong in a rule of the policy file names that rule', async () => {
    const { includesAny, errors } = groups();
    answer('S2', { ok: false, error: 'no_such_subteam' });
    await expect(includesAny(['S2'], 'U1')).rejects.toMatchObject({
      advice: expect.stringContaining('the rule "x" in POLICY_FILE names the user group `S2`'),
    });
    expect(errors).toEqual(['setting names an unknown or disabled user group']);
  });

  test('that cannot be read does not get in the way of another that includes the person', async () => {
    const { includesAny } = groups();
    answer('S1', { ok: false, error: 'no_such_subteam' });
    members('S2', 'U1');
    expect(await includesAny(['S1', 'S2'], 'U1')).toBe(true);
  });
});

describe('A press that releases money', () => {
  test('reads the group again, no matter how recently it was read', async () => {
    const { includesAny } = groups();
    members('S1', 'U1');
    expect(await includesAny(['S1'], 'U1')).toBe(true);
    members('S1', 'U2');
    expect(await includesAny(['S1'], 'U1', 'fresh')).toBe(false);
  });

  test('lets no one approve while Slack does not answer, although the earlier members are known', async () => {
    const { includesAny } = groups();
    members('S1', 'U1');
    expect(await includesAny(['S1'], 'U1')).toBe(true);
    answer('S1', { ok: false, error: 'internal_error' });
    await expect(includesAny(['S1'], 'U1', 'fresh')).rejects.toBeInstanceOf(ApproverGroupUnknown);
  });

  test('shares its request with everyone who presses before it is sent, and with no one after', async () => {
    const { includesAny } = groups();
    members('S1', 'U1');
    members('S1', 'U2');
    // The first question is under way when the others press, so its answer may be older than their presses.
    const presses = Array.from({ length: 300 }, () => includesAny(['S1'], 'U1', 'fresh'));
    const answers = await Promise.all(presses);
    expect(answers.filter((included) => included)).toHaveLength(1);
  });

  test('is refused at once while Slack limits the request, which is repeated when that is over', async () => {
    const { includesAny, later } = groups();
    nock('https://slack.com')
      .post('/api/usergroups.users.list')
      .reply(429, { ok: false, error: 'ratelimited' }, { 'retry-after': '30' });
    await expect(includesAny(['S1'], 'U1', 'fresh')).rejects.toBeInstanceOf(ApproverGroupUnknown);
    // No answer is prepared: a question now would fail with another error.
    await expect(includesAny(['S1'], 'U1', 'fresh')).rejects.toMatchObject({
      advice: expect.stringContaining('Slack limits how often I can ask'),
    });
    later(30_000);
    members('S1', 'U1');
    expect(await includesAny(['S1'], 'U1', 'fresh')).toBe(true);
  });
});

import { describe, expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { ApproverGroupUnknown, makeApproverGroups } from '../../src/slack/approver-groups.js';
import { nock } from '../support/nock.js';
import { noon } from '../support/sample-orders.js';

const MINUTE = 60_000;

function groups() {
  let now = noon;
  const warnings: string[] = [];
  const asked = makeApproverGroups({
    client: new WebClient('xoxb-test', { retryConfig: { retries: 0 } }),
    clock: { now: () => now },
    log: { warn: (_facts, sentence) => warnings.push(sentence) },
  });
  return {
    includesAny: asked.includesAny,
    later: (milliseconds: number) => {
      now += milliseconds;
    },
    warnings,
  };
}

/** The next question about this group is answered so. */
const answer = (group: string, reply: object) =>
  nock('https://slack.com')
    .post('/api/usergroups.users.list', new RegExp(`usergroup=${group}`))
    .reply(200, reply);
const members = (group: string, ...users: string[]) => answer(group, { ok: true, users });

describe('an approver group', () => {
  test('includes its members and nobody else', async () => {
    const { includesAny } = groups();
    members('S1', 'U1', 'U2');
    members('S2', 'U3');
    expect(await includesAny(['S1', 'S2'], 'U3')).toBe(true);
    expect(await includesAny(['S1', 'S2'], 'U4')).toBe(false);
    expect(await includesAny([], 'U1')).toBe(false);
  });

  test('is asked for again after three minutes, not before', async () => {
    const { includesAny, later } = groups();
    members('S1', 'U1');
    expect(await includesAny(['S1'], 'U1')).toBe(true);
    later(3 * MINUTE - 1);
    expect(await includesAny(['S1'], 'U1')).toBe(true);
    later(1);
    members('S1', 'U2');
    expect(await includesAny(['S1'], 'U1')).toBe(false);
  });

  test('is asked for again when the clock has been set back: who left it must not approve until then', async () => {
    const { includesAny, later } = groups();
    members('S1', 'U1');
    expect(await includesAny(['S1'], 'U1')).toBe(true);
    later(-60 * MINUTE);
    members('S1', 'U2');
    expect(await includesAny(['S1'], 'U1')).toBe(false);
  });

  test('is asked for once when two people press at the same time', async () => {
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

  test('that was never read lets nobody through, and says what to do', async () => {
    const { includesAny } = groups();
    answer('S1', { ok: false, error: 'missing_scope' });
    await expect(includesAny(['S1'], 'U1')).rejects.toMatchObject({
      groupId: 'S1',
      advice: expect.stringContaining('try again'),
    });
  });

  test('that cannot be read does not stand in the way of another that includes the person', async () => {
    const { includesAny } = groups();
    answer('S1', { ok: false, error: 'no_such_subteam' });
    members('S2', 'U1');
    expect(await includesAny(['S1', 'S2'], 'U1')).toBe(true);
  });
});

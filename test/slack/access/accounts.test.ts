import { describe, expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import type { Standing } from '../../../src/orders/domain/standing.js';
import type { Claim } from '../../../src/orders/ports/people.js';
import { makeAccounts, standingIn, type UserFacts } from '../../../src/slack/access/accounts.js';
import { sharingOf } from '../../../src/slack/access/channels.js';
import { type Installation, installationOf } from '../../../src/slack/access/installation.js';
import { claimOf } from '../../../src/slack/listeners/gate.js';
import { nock } from '../../support/nock.js';
import { noon } from '../../support/sample-orders.js';

const workspace: Installation = { id: 'T1', teamId: 'T1' };
const onGrid: Installation = { id: 'T1', teamId: 'T1', enterpriseId: 'E1' };
const wide: Installation = { id: 'E1', enterpriseId: 'E1' };

const grid = (enterprise_id: string, ...teams: string[]) => ({ enterprise_user: { enterprise_id, teams } });

describe('Who a person is, by what Slack says about the account', () => {
  test.each<[string, Installation, UserFacts, Standing]>([
    ['a colleague', workspace, { team_id: 'T1' }, 'member'],
    ['somebody of another company', workspace, { team_id: 'T2' }, 'outsider'],
    ['the same, said to be no stranger', workspace, { team_id: 'T2', is_stranger: false }, 'outsider'],
    ['a guest', workspace, { team_id: 'T1', is_restricted: true }, 'guest'],
    [
      'a single-channel guest',
      workspace,
      { team_id: 'T1', is_restricted: true, is_ultra_restricted: true },
      'single-channel-guest',
    ],
    ['a guest of another company', workspace, { team_id: 'T2', is_restricted: true }, 'outsider'],
    ['somebody who has left', workspace, { team_id: 'T1', deleted: true }, 'deactivated'],
    ['a bot', workspace, { team_id: 'T1', is_bot: true }, 'bot'],
    ['a workflow', workspace, { team_id: 'T1', is_workflow_bot: true }, 'bot'],
    ['a connector', workspace, { team_id: 'T1', is_connector_bot: true }, 'bot'],
    ['Slackbot, which says it is none', workspace, { id: 'USLACKBOT', team_id: 'T1', is_bot: false }, 'bot'],
    ['an account Slack says nothing of', workspace, {}, 'unknown'],
    [
      'on a Grid, somebody at home in the workspace',
      onGrid,
      { team_id: 'T1', ...grid('E1', 'T1') },
      'member',
    ],
    [
      'somebody at home elsewhere, and in it too',
      onGrid,
      { team_id: 'T2', ...grid('E1', 'T2', 'T1') },
      'member',
    ],
    ['the same, whose home is not told', onGrid, grid('E1', 'T2', 'T1'), 'member'],
    ['somebody of another workspace alone', onGrid, { team_id: 'T2', ...grid('E1', 'T2') }, 'colleague'],
    [
      'a guest of another workspace',
      onGrid,
      { team_id: 'T2', ...grid('E1', 'T2'), is_restricted: true },
      'guest',
    ],
    ['somebody of another organization', onGrid, { team_id: 'T9', ...grid('E9', 'T9') }, 'outsider'],
    ['somebody of a single workspace', onGrid, { team_id: 'T9' }, 'outsider'],
    ['in the whole organization, anybody of it', wide, { team_id: 'T2', ...grid('E1', 'T2') }, 'member'],
    ['a guest of it', wide, { ...grid('E1', 'T2'), is_restricted: true }, 'guest'],
    ['and nobody else', wide, { team_id: 'T9', ...grid('E9', 'T9') }, 'outsider'],
  ])('%s', (_, where, user, standing) => {
    expect(standingIn(where, user)).toBe(standing);
  });
});

describe('Where the app is installed, by auth.test', () => {
  test.each<[string, Parameters<typeof installationOf>[0], Installation]>([
    ['a workspace', { team_id: 'T1', is_enterprise_install: false }, workspace],
    ['a workspace of a Grid', { team_id: 'T1', enterprise_id: 'E1', is_enterprise_install: false }, onGrid],
    ['an organization', { team_id: 'E1', enterprise_id: 'E1', is_enterprise_install: true }, wide],
    [
      'an organization that names a workspace',
      { team_id: 'T1', enterprise_id: 'E1', is_enterprise_install: true },
      wide,
    ],
  ])('%s', (_, answer, installation) => {
    expect(installationOf(answer)).toEqual(installation);
  });
});

describe('Who acts, by the payload', () => {
  const user = { id: 'U1', team_id: 'T2' };
  test.each<[string, Installation, object, Claim | undefined]>([
    [
      'a command',
      workspace,
      { command: '/numbers', user_id: 'U1', team_id: 'T1' },
      { userId: 'U1', teamId: 'T1', typedHere: true },
    ],
    [
      'a command from elsewhere',
      workspace,
      { command: '/numbers', user_id: 'U1', team_id: 'T2' },
      { userId: 'U1', teamId: 'T2' },
    ],
    [
      'a command in another workspace of the Grid',
      wide,
      { command: '/numbers', user_id: 'U1', team_id: 'T2', enterprise_id: 'E1' },
      { userId: 'U1', teamId: 'T2', typedHere: true },
    ],
    [
      'the same, where the app is in one workspace of it alone',
      onGrid,
      { command: '/numbers', user_id: 'U1', team_id: 'T2', enterprise_id: 'E1' },
      { userId: 'U1', teamId: 'T2' },
    ],
    [
      'a press',
      workspace,
      { type: 'block_actions', user, team: { id: 'T1' } },
      { userId: 'U1', teamId: 'T2' },
    ],
    [
      'a press in an organization',
      wide,
      { type: 'block_actions', user, team: null },
      { userId: 'U1', teamId: 'T2' },
    ],
    [
      'a press that does not say whose',
      workspace,
      { type: 'block_actions', user: { id: 'U1' }, team: { id: 'T1' } },
      { userId: 'U1' },
    ],
    [
      'a form that names the team of its person',
      workspace,
      { type: 'view_submission', user: { id: 'U1' }, team: { id: 'T2' } },
      { userId: 'U1', teamId: 'T2' },
    ],
    [
      'an event',
      workspace,
      { type: 'event_callback', team_id: 'T1', event: { user: 'U1', user_team: 'T2' } },
      { userId: 'U1', teamId: 'T2' },
    ],
    [
      'an event of a bot',
      workspace,
      { type: 'event_callback', event: { user: 'U1', bot_id: 'B1' } },
      undefined,
    ],
    ['nobody', workspace, { type: 'block_actions' }, undefined],
  ])('%s', (_, where, body, claim) => {
    expect(claimOf(body, where)).toEqual(claim);
  });
});

test.each([
  [{ is_ext_shared: true, is_org_shared: false, is_shared: true }, 'external'],
  [{ is_ext_shared: true, is_org_shared: true, is_shared: true }, 'external'],
  [{ is_ext_shared: false, is_org_shared: true, is_shared: true }, 'internal'],
  [{ is_ext_shared: false }, 'internal'],
  [{ is_shared: true }, 'external'],
  [{ is_shared: false }, 'internal'],
  [{}, 'unknown'],
])('A channel about which Slack says %j is %s', (channel, sharing) => {
  expect(sharingOf(channel)).toBe(sharing);
});

describe('An account', () => {
  const HOUR = 60 * 60_000;
  function asked(where: Installation = workspace) {
    let now = noon;
    const accounts = makeAccounts({
      client: new WebClient('xoxb-test', { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true }),
      installation: { read: async () => where, get: async () => where },
      clock: { now: () => now },
      log: { warn: () => {} },
    });
    return {
      ...accounts,
      later: (milliseconds: number) => {
        now += milliseconds;
      },
    };
  }
  const answer = (reply: object) => nock('https://slack.com').post('/api/users.info').reply(200, reply);
  const member = { ok: true, user: { id: 'U1', team_id: 'T1' } };
  const left = { ok: true, user: { id: 'U1', team_id: 'T1', deleted: true } };
  const claim = { userId: 'U1', teamId: 'T1' };

  test('is looked up once an hour, and again for what releases money', async () => {
    const { standingOf, later } = asked();
    answer(member);
    expect(await standingOf(claim, 'recent')).toBe('member');
    later(HOUR - 1);
    expect(await standingOf(claim, 'recent')).toBe('member');
    answer(left);
    expect(await standingOf(claim, 'fresh')).toBe('deactivated');
    expect(await standingOf(claim, 'recent')).toBe('deactivated');
  });

  test('is not known while Slack does not answer, though it was known an hour ago', async () => {
    const { standingOf, later } = asked();
    answer(member);
    await standingOf(claim, 'recent');
    answer({ ok: false, error: 'internal_error' });
    expect(await standingOf(claim, 'fresh')).toBe('unknown');
    later(HOUR);
    answer({ ok: false, error: 'internal_error' });
    expect(await standingOf(claim, 'recent')).toBe('unknown');
  });

  test('of another team is an outsider without a lookup, unless both may be in one Grid', async () => {
    expect(await asked().standingOf({ userId: 'U1', teamId: 'T2' }, 'fresh')).toBe('outsider');
    answer({ ok: true, user: { id: 'U1', ...grid('E1', 'T2', 'T1') } });
    expect(await asked(onGrid).standingOf({ userId: 'U1', teamId: 'T2' }, 'fresh')).toBe('member');
  });

  test('that Slack does not show us is an outsider', async () => {
    answer({ ok: false, error: 'user_not_visible' });
    expect(await asked().standingOf(claim, 'fresh')).toBe('outsider');
  });

  test('without the permission is recognized by the payload, and looked up again a minute later', async () => {
    const { standingOf, canAsk, later } = asked();
    expect(await canAsk()).toBe(true);
    answer({ ok: false, error: 'missing_scope' });
    expect(await standingOf(claim, 'recent')).toBe('unverified');
    expect(await canAsk()).toBe(false);
    expect(await standingOf({ userId: 'U1', teamId: 'T2' }, 'recent')).toBe('outsider');
    later(60_000);
    answer(member);
    expect(await standingOf(claim, 'fresh')).toBe('member');
    expect(await canAsk()).toBe(true);
  });

  test.each<[string, Installation, Claim, Standing]>([
    ['of the workspace, by its press', onGrid, { userId: 'U1', teamId: 'T1' }, 'unverified'],
    ['let in to decide alone', onGrid, { userId: 'U1', teamId: 'T1', unplaced: true }, 'unplaced'],
    ['of the organization, somewhere in it', onGrid, { userId: 'U1', teamId: 'E1' }, 'unplaced'],
    ['of the organization that has the app', wide, { userId: 'U1', teamId: 'E1' }, 'unverified'],
    ['of another workspace', onGrid, { userId: 'U1', teamId: 'T2' }, 'unplaced'],
    ['of no workspace that is told', onGrid, { userId: 'U1' }, 'unplaced'],
    [
      'named by somebody else, where there is no Grid',
      workspace,
      { userId: 'U1', teamId: 'T1', unplaced: true },
      'unverified',
    ],
  ])('without the permission, %s', async (_, where, claim, standing) => {
    answer({ ok: false, error: 'missing_scope' });
    expect(await asked(where).standingOf(claim, 'fresh')).toBe(standing);
  });
});

import { describe, expect, test } from '@jest/globals';
import { placeClosed, slackRefusal, threadClosed } from '../../../src/slack/messages/slack-errors.js';

describe('A Slack error code', () => {
  test.each([
    'not_in_channel',
    'channel_not_found',
    'is_archived',
    'is_inactive',
    'no_permission',
    'restricted_action',
    'restricted_action_read_only_channel',
    'restricted_action_thread_only_channel',
    'restricted_action_non_threadable_channel',
    'restricted_action_thread_locked',
    'thread_locked',
    'channel_is_limited_access',
    'ekm_access_denied',
    'team_access_not_granted',
    'messages_tab_disabled',
    'user_disabled',
    'user_not_in_channel',
  ])('for a closed place, %s, names the problem and who can fix it', (code) => {
    expect(placeClosed.has(code)).toBe(true);
    const { why, fix } = slackRefusal(code);
    expect(why).not.toBe(slackRefusal('some_new_code').why);
    expect(fix).toMatch(/Add me|channel|admin|Join/);
    expect(fix).toContain(`\`${code}\``);
  });

  test('of a locked thread leaves the channel open for the outcome', () => {
    expect([...threadClosed]).toEqual(
      expect.arrayContaining(['restricted_action_thread_locked', 'thread_locked', 'thread_not_found']),
    );
  });

  test.each(['missing_scope', 'token_revoked', 'fatal_error', 'constructor', 'a `weird` <code>'])(
    'that says nothing about a place, %s, is shown to people as code',
    (code) => {
      expect(slackRefusal(code).fix).toMatch(/`[^`]+`/);
    },
  );
});

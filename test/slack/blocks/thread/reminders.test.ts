import { describe, expect, test } from '@jest/globals';
import type { Hold } from '../../../../src/orders/domain/hold.js';
import type { Policy } from '../../../../src/orders/policy/policy.js';
import { reminder } from '../../../../src/slack/blocks/thread/reminders.js';
import { usualPolicy } from '../../../support/orders/people.js';
import { noon, numbers, requester, waiting } from '../../../support/sample-orders.js';

const tomorrow = `<!date^${noon / 1000 + 86_400}^{date_short_pretty} {time}|2026-11-24 12:00 UTC>`;
const approvers = (changes: Partial<Policy['approvers']>, rest: Partial<Policy> = {}): Policy => ({
  ...usualPolicy,
  ...rest,
  approvers: { anyone: false, users: [], groups: [], ...changes },
});

describe('a reminder', () => {
  test('mentions the groups and people who can decide, and says until when', () => {
    const policy = approvers({ users: ['U1'], groups: ['S1'] });
    expect(reminder(waiting(), 'reminder-half', policy)).toBe(
      `<!subteam^S1>, <@U1> this order of 2 numbers in 910 is still waiting for approval. It expires ${tomorrow}.`,
    );
    expect(reminder(waiting(), 'reminder-hour', policy)).toBe(
      `<!subteam^S1>, <@U1> this order of 2 numbers in 910 expires ${tomorrow} unless it's approved by then.`,
    );
  });

  test('says how many of the numbers are held, and what happens after that', () => {
    const holds = numbers('9102414365', '9102414366').map(
      (number): Hold => ({ number, state: 'held', reservationId: 'R', until: noon + 86_400_000 }),
    );
    const said = (held: readonly Hold[]) =>
      reminder({ ...waiting(), holds: held }, 'reminder-holds', approvers({ users: ['U1'] }));
    expect(said(holds)).toBe(
      `<@U1> this order of 2 numbers in 910 is still waiting for approval. Its numbers are held until ${tomorrow}. After that, another Bandwidth customer may take them.`,
    );
    expect(said(holds.slice(1))).toContain(
      `1 of its numbers is held until ${tomorrow}. After that, another Bandwidth customer may take it.`,
    );
  });

  test('mentions no one where anyone can decide', () => {
    expect(reminder(waiting(), 'reminder-half', approvers({ anyone: true, users: ['U1'] }))).toBe(
      `Anyone here but the requester can decide: this order of 2 numbers in 910 is still waiting for approval. It expires ${tomorrow}.`,
    );
  });

  test('does not mention the requester, who can’t approve it', () => {
    const users = [requester.userId, 'U1'];
    expect(reminder(waiting(), 'reminder-half', approvers({ users }))).toMatch(/^<@U1> this order/);
    expect(reminder(waiting(), 'reminder-half', approvers({ users }, { allowSelfApproval: true }))).toMatch(
      /^<@UREQUESTER>, <@U1> this order/,
    );
  });

  test('does not mention people who have already approved', () => {
    const [first, second] = [
      { teamId: 'T1', userId: 'U1' },
      { teamId: 'T1', userId: 'U2' },
    ];
    const order = { ...waiting(), approvals: [{ by: first, at: noon }] };
    const policy = approvers({ users: [first.userId, second.userId] });
    expect(reminder(order, 'reminder-half', policy)).toMatch(/^<@U2> this order/);
  });

  test('says so if no one else can decide', () => {
    expect(reminder(waiting(), 'reminder-half', approvers({ users: [requester.userId] }))).toMatch(
      /^No one else can decide: this order/,
    );
  });

  test('mentions those of the rule that applies where the order was requested', () => {
    const rules = [
      { name: 'sales', channels: ['C910'], terms: approvers({ users: ['U7'] }) },
    ] satisfies Policy['rules'];
    expect(reminder(waiting(), 'reminder-hour', approvers({ users: ['U1'] }, { rules }))).toMatch(/^<@U7> /);
  });
});

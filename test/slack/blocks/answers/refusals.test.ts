import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../../src/orders/domain/order.js';
import { refused } from '../../../../src/orders/domain/transitions.js';
import type { Policy } from '../../../../src/orders/policy/policy.js';
import { refusalSentence, refusalUnderField } from '../../../../src/slack/blocks/answers/refusals.js';
import { limits } from '../../../../src/slack/blocks/limits.js';
import {
  afterReport,
  approvedOrder,
  cancelledOrder,
  declinedOrder,
  expiredOrder,
  noon,
  placedOrder,
  placingOrder,
  waiting,
} from '../../../support/sample-orders.js';

const policy: Policy = {
  approvers: { anyone: false, users: ['U1', 'U2'], groups: ['S1'] },
  approvalsRequired: 1,
  autoApproveUpTo: 0,
  rules: [],
  allowSelfApproval: false,
  allowSelfApprovalOfDisconnects: false,
  guestsMayRequest: false,
  externalChannels: 'refuse',
  undoWindowMs: 60_000,
  approvalTtlMs: 24 * 60 * 60_000,
  maxNumbersPerOrder: 1000,
  notify: 'thread',
};
const anyone: Policy = { ...policy, approvers: { anyone: true, users: [], groups: [] } };

describe('a person who can’t', () => {
  test('decide is told who can', () => {
    expect(refusalSentence('not-an-approver', { policy })).toBe(
      'Only approvers can decide: <!subteam^S1>, <@U1>, <@U2>.',
    );
    expect(refusalSentence('not-an-approver', { policy: anyone })).toContain(
      'Only full members of this workspace can approve or decline this order.',
    );
  });

  test('decide on their own request is told who can, and what they can do', () => {
    const sentence = refusalSentence('own-request', { policy });
    expect(sentence).toContain('<!subteam^S1>, <@U1>, <@U2>');
    expect(sentence).toContain('You can cancel it.');
    expect(refusalSentence('own-request', { policy: anyone })).toContain('anyone here but the requester');
  });

  test('decide on their own request is not named among those who can', () => {
    const order = waiting();
    const own = (users: readonly string[]) =>
      refusalSentence('own-request', {
        order,
        policy: { ...policy, approvers: { anyone: false, users, groups: [] } },
      });
    expect(own([order.requester.userId, 'U1'])).toBe(
      'This is your own request, so someone else has to decide: <@U1>. You can cancel it.',
    );
    expect(own([order.requester.userId])).toBe(
      'This is your own request, and no one else can decide on it. You can cancel it.',
    );
  });

  test('approve twice is told who else can, without those who have', () => {
    const order = { ...waiting(), approvals: [{ by: { teamId: 'T1', userId: 'U1' }, at: noon }] };
    expect(refusalSentence('approved-before', { order, policy })).toBe(
      "You've already approved this: 1 of 1 approval. Someone else has to approve it too: <!subteam^S1>, <@U2>.",
    );
  });

  test('cancel is told who can', () => {
    expect(refusalSentence('not-yours', { order: waiting(), policy })).toBe(
      'Only <@UREQUESTER> and the approvers (<!subteam^S1>, <@U1>, <@U2>) can cancel this order.',
    );
  });

  test('cancel an order that may be at Bandwidth is told that it is not sent until that is known', () => {
    expect(refusalSentence('perhaps-sent', { order: approvedOrder(), policy })).toBe(
      "I can't tell yet whether Bandwidth has this order already, so I didn't cancel it. I won't send it until I know. Try again in a minute.",
    );
  });

  test('edit is told who can, and what an approver can do instead', () => {
    expect(refusalSentence('not-the-requester', { order: waiting(), policy })).toBe(
      'Only <@UREQUESTER> can edit this order. Approvers can decline it and say what to change.',
    );
  });

  test('reads a few names, not hundreds', () => {
    const users = Array.from({ length: 200 }, (_, index) => `U${index}`);
    const many = { ...policy, approvers: { anyone: false, users, groups: [] } };
    expect(refusalSentence('not-an-approver', { policy: many })).toMatch(/<@U9> and 190 more\.$/);
  });
});

describe('under a field of a form, where Slack shows neither mentions nor times, a person is told', () => {
  const under = (order: Order) => refusalUnderField('already-decided', { order, policy });

  test.each([
    ['declined', declinedOrder('No'), 'This order was declined in the meantime, so nothing was changed.'],
    ['cancelled', cancelledOrder(), 'This order was canceled in the meantime, so nothing was changed.'],
    ['expired', expiredOrder(), 'This order expired in the meantime, so nothing was changed.'],
    ['approved', approvedOrder(), 'This order was approved in the meantime, so nothing was changed.'],
    ['placed', placedOrder(), 'This order was approved in the meantime, so nothing was changed.'],
    [
      'finished',
      afterReport({ status: 'failed' }),
      'This order was approved in the meantime, so nothing was changed.',
    ],
  ])('that it was %s', (_what, order, sentence) => {
    expect(under(order)).toBe(sentence);
  });

  test('why it is not done, in a sentence that fits there', () => {
    const codes = [
      'already-decided',
      'changed-since',
      'edited-too-often',
      'not-the-requester',
      'no-such-order',
    ] as const;
    for (const code of codes) {
      const sentence = refusalUnderField(code, { order: waiting(), policy });
      expect(sentence.length).toBeLessThanOrEqual(limits.fieldError);
      expect(sentence).not.toContain('<');
    }
  });
});

describe('a person who comes too late is told what happened', () => {
  const time = `<!date^${noon / 1000}^{date_short_pretty} {time}|2026-11-23 12:00 UTC>`;
  const late = (order: Parameters<typeof refusalSentence>[1]['order']) =>
    refusalSentence('already-decided', { order, policy });

  test.each([
    ['declined', declinedOrder('no'), `Already declined by <@UAPPROVER>, ${time}. Nothing was ordered.`],
    ['cancelled', cancelledOrder(), `Already canceled by <@UREQUESTER>, ${time}. Nothing was ordered.`],
    ['approved', approvedOrder(), `Already approved by <@UAPPROVER>, ${time}; it is about to be ordered.`],
    ['placing', placingOrder(), "it can't be stopped now"],
    ['placed', placedOrder(), "it can't be stopped now"],
    ['refused', refused(placingOrder(), { advice: '', faults: [] }, noon), 'Bandwidth refused it'],
    ['complete', afterReport({ status: 'complete' }), 'and finished'],
    ['waiting again', waiting(), 'is waiting for a decision again'],
  ])('%s', (_, order, sentence) => {
    expect(late(order)).toContain(sentence);
  });

  test('also when the order is gone', () => {
    expect(late(undefined)).toBe(refusalSentence('no-such-order', { policy }));
    expect(late(undefined)).toContain('nothing was done');
  });
});

test('a card that changed, too many numbers and no ticks each say what to do', () => {
  expect(refusalSentence('changed-since', { policy })).toContain('Read the updated card, then decide');
  expect(refusalSentence('too-many', { policy, over: { limit: 'order', most: 1000, left: 1000 } })).toContain(
    'at most 1,000 numbers',
  );
  expect(refusalSentence('nothing-picked', { policy })).toContain('Tick at least one number');
});

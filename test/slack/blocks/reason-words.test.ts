import { describe, expect, test } from '@jest/globals';
import type { OwnReason } from '../../../src/orders/domain/reason.js';
import { reasonWords } from '../../../src/slack/blocks/reason-words.js';

const reasons: ReadonlyArray<readonly [OwnReason, string]> = [
  [{ why: 'saved-too-slowly' }, "Saving this order took too long, so I haven't sent it yet."],
  [
    { why: 'people-not-known' },
    "I can't check with Slack whether the people who requested and approved this still may, so I haven't sent it yet. I'll keep trying.",
  ],
  [
    { why: 'requester-barred' },
    "The person who requested this is no longer allowed to order numbers, so I won't send it. Cancel it, and have someone else request it.",
  ],
  [
    { why: 'over-limit', limit: 'order', most: 1_000, quantity: 5_000 },
    "This order is on hold: it has 5,000 numbers, and the limit is 1,000 for one order. Cancel it and request fewer, or ask an admin to raise the limit. I'll check again every minute.",
  ],
  [
    { why: 'over-limit', limit: 'day', most: 20, left: 0, quantity: 1 },
    "This order is on hold: it has 1 number, and the limit is 20 a day for each requester, with none left. Cancel it and request fewer, or ask an admin to raise the limit. I'll check again every minute.",
  ],
  [
    { why: 'over-limit', limit: 'month', most: 500, left: 3, quantity: 4 },
    "This order is on hold: it has 4 numbers, and the limit is 500 a month for everyone, with 3 left. Cancel it and request fewer, or ask an admin to raise the limit. I'll check again every minute.",
  ],
  [
    { why: 'lines-lack-approval' },
    "What hasn't been sent yet is on hold: this order doesn't have enough approvals anymore. Cancel what is left and request it again. I'll check again every minute.",
  ],
  [
    { why: 'same-disconnect', carrierOrderId: 'c1', others: 0 },
    "Bandwidth already has a disconnect of these numbers, c1, without this order's ID, so this one is on hold. Check it in Bandwidth. If it did the job, press Undo here. If it failed, press Undo and request this again in 15 minutes.",
  ],
  [
    { why: 'same-disconnect', carrierOrderId: 'c1', others: 2 },
    "Bandwidth already has a disconnect of these numbers, c1 (and 2 more), without this order's ID, so this one is on hold. Check it in Bandwidth. If it did the job, press Undo here. If it failed, press Undo and request this again in 15 minutes.",
  ],
  [
    { why: 'looked-up-first', because: 'Bandwidth is busy.' },
    "Before I send this, I'll check that Bandwidth doesn't have it already. Bandwidth is busy.",
  ],
  [
    { why: 'looked-up-first', because: { why: 'answer-not-understood' } },
    "Before I send this, I'll check that Bandwidth doesn't have it already. I can't make sense of Bandwidth's answer.",
  ],
  [
    { why: 'second-refused' },
    "Bandwidth refused the second request. It has no record of the first so far. I'll keep looking.",
  ],
  [
    { why: 'resubmitter-not-approver' },
    "The person who resubmitted this can't approve it now, so I didn't send it. Another approver can resubmit it.",
  ],
  [
    { why: 'resubmission-lacks-approvals', required: 1, given: 0 },
    "I didn't resubmit this order: 1 approval is needed now, and it has 0 that count. An approver who resubmits it gives one. If that isn't enough, give it up and request it again.",
  ],
  [
    { why: 'resubmission-lacks-approvals', required: 2, given: 1 },
    "I didn't resubmit this order: 2 approvals are needed now, and it has 1 that counts. An approver who resubmits it gives one. If that isn't enough, give it up and request it again.",
  ],
  [
    { why: 'resubmission-over-limit', limit: 'month', most: 1 },
    "I didn't resubmit this order, because the limit is 1 a month for everyone now. Give it up and request fewer, or have an admin raise the limit.",
  ],
  [
    { why: 'resubmission-barred' },
    "The person who requested this is no longer allowed to order numbers, so I didn't resubmit it. Give it up, and have someone else request it.",
  ],
  [{ why: 'no-answer-yet' }, "Bandwidth hasn't answered yet."],
  [{ why: 'lookups-used-up' }, "I've reached this minute's lookup limit."],
];

describe('People read why an order waits', () => {
  test.each(reasons)('%j', (reason, sentence) => {
    expect(reasonWords(reason)).toBe(sentence);
  });

  test('in Bandwidth’s words, or those of an earlier version, if the record has them', () => {
    expect(reasonWords('Bandwidth is busy.')).toBe('Bandwidth is busy.');
  });
});

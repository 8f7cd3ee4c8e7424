import type { OwnReason } from '../../domain/reason.js';
import type { Unsent } from '../../policy/check-approval.js';

/* Why an order isn't sent, as its card says it. */

/** @param quantity how many numbers the order has. */
export function whyOnHold(check: Unsent, quantity: number): OwnReason {
  switch (check.verdict) {
    case 'needs-approval':
      return { why: 'lines-lack-approval' };
    case 'refused': {
      const { limit, most, left } = check.because;
      return { why: 'over-limit', limit, most, ...(limit === 'order' ? {} : { left }), quantity };
    }
    case 'not-an-approver':
      return { why: 'resubmitter-not-approver' };
    case 'barred':
      return { why: 'requester-barred' };
    case 'not-known':
      return { why: 'people-not-known' };
  }
}

/** For a disconnect that someone may have made in Bandwidth already. */
export const sameDisconnect = ([carrierOrderId = '', ...others]: readonly string[]): OwnReason => ({
  why: 'same-disconnect',
  carrierOrderId,
  others: others.length,
});

/** For a lost order that isn't resubmitted. */
export function whyNotResubmitted(check: Exclude<Unsent, { verdict: 'not-known' }>): OwnReason {
  switch (check.verdict) {
    case 'needs-approval':
      return { why: 'resubmission-lacks-approvals', required: check.needs.required, given: check.given };
    case 'refused': {
      const { limit, most } = check.because;
      return { why: 'resubmission-over-limit', limit, most };
    }
    case 'barred':
      return { why: 'resubmission-barred' };
    case 'not-an-approver':
      return { why: 'resubmitter-not-approver' };
  }
}

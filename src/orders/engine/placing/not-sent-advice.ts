import type { Unsent } from '../../policy/check-approval.js';
import type { Limit } from '../../policy/ruling.js';

/* What the card says about an order that isn't sent. */

export const SAVED_TOO_SLOWLY = "Saving this order took too long, so I haven't sent it yet.";

const limitWords: Readonly<Record<Limit['limit'], string>> = {
  order: 'for one order',
  day: 'a day for each requester',
  month: 'a month for everyone',
};

/** For an approved order that exceeds a limit. */
export function heldBackAdvice({ limit, most, left }: Limit, quantity: number): string {
  const rest = limit === 'order' ? '' : `, with ${left === 0 ? 'none' : inDigits(left)} left`;
  return `This order is on hold: it has ${inDigits(quantity)} ${quantity === 1 ? 'number' : 'numbers'}, and the limit is ${inDigits(most)} ${limitWords[limit]}${rest}. Cancel it and request fewer, or ask an admin to raise the limit. I check again every minute.`;
}

/** For lines that weren't sent when others of the same order were. */
export const LINE_NEEDS_APPROVAL =
  "What hasn't been sent yet is on hold: this order doesn't have enough approvals anymore. Cancel what is left and request it again. I check again every minute.";

/** For a disconnect that someone may have made in Bandwidth already, as `orderIds`. */
export const sameDisconnectAdvice = ([first = '', ...others]: readonly string[]): string =>
  `Bandwidth already has a disconnect of these numbers, ${first}${others.length === 0 ? '' : ` (and ${others.length} more)`}, without this order's ID, so I'm holding this one back. Check it in Bandwidth. If it did the job, press Undo here. If it failed, press Undo and request this again in 15 minutes.`;

/** For an order whose second request Bandwidth refused; its thread says it too. The first may have taken the numbers. */
export const SECOND_REFUSED =
  'Bandwidth refused the second request. The first left no trace so far; I keep looking for it.';

/** For a lost order that isn't resubmitted; its thread says it too. */
export function notResubmittedAdvice(check: Exclude<Unsent, { verdict: 'not-known' }>): string {
  switch (check.verdict) {
    case 'needs-approval':
      return notEnoughAdvice(check.needs.required, check.given);
    case 'refused': {
      const { limit, most } = check.because;
      return `I didn't send this again, because the limit is ${most} ${limitWords[limit]} now. Give it up and ask for fewer, or have an admin raise the limit.`;
    }
    case 'barred':
      return "The person who requested this may not order numbers now, so I didn't send it again. Give it up, and have someone else request it.";
    case 'not-an-approver':
      return check.advice;
  }
}

const notEnoughAdvice = (required: number, given: number): string =>
  `I didn't send this again: ${required === 1 ? '1 approval is' : `${required} approvals are`} needed now, and it has ${given} that ${given === 1 ? 'counts' : 'count'}. An approver who has it sent again gives one. If that isn't enough, give it up and request it again.`;

const inDigits = (quantity: number): string => quantity.toLocaleString('en-US');

import type { LimitName, OwnReason, Reason } from '../../orders/domain/reason.js';
import { count, figure } from './format.js';

const limitWords: Readonly<Record<LimitName, string>> = {
  order: 'for one order',
  day: 'a day for each requester',
  month: 'a month for everyone',
};

/** Says why something isn't done or isn't known. Not escaped: Bandwidth's words may be in it. */
export function reasonWords(reason: Reason): string {
  return typeof reason === 'string' ? reason : ownWords(reason);
}

function ownWords(reason: OwnReason): string {
  switch (reason.why) {
    case 'saved-too-slowly':
      return "Saving this order took too long, so I haven't sent it yet.";
    case 'people-not-known':
      return "I can't check with Slack whether the people who requested and approved this still may, so I haven't sent it yet. I'll keep trying.";
    case 'requester-barred':
      return "The person who requested this is no longer allowed to order numbers, so I won't send it. Cancel it, and have someone else request it.";
    case 'over-limit': {
      const { limit, most, left, quantity } = reason;
      const rest = left === undefined ? '' : `, with ${left === 0 ? 'none' : figure(left)} left`;
      return `This order is on hold: it has ${count(quantity, 'number')}, and the limit is ${figure(most)} ${limitWords[limit]}${rest}. Cancel it and request fewer, or ask an admin to raise the limit. I'll check again every minute.`;
    }
    case 'lines-lack-approval':
      return "What hasn't been sent yet is on hold: this order doesn't have enough approvals anymore. Cancel what is left and request it again. I'll check again every minute.";
    case 'same-disconnect': {
      const { carrierOrderId, others } = reason;
      return `Bandwidth already has a disconnect of these numbers, ${carrierOrderId}${others === 0 ? '' : ` (and ${others} more)`}, without this order's ID, so this one is on hold. Check it in Bandwidth. If it did the job, press Undo here. If it failed, press Undo and request this again in 15 minutes.`;
    }
    case 'looked-up-first':
      return `Before I send this, I'll check that Bandwidth doesn't have it already. ${reasonWords(reason.because)}`;
    case 'second-refused':
      return "Bandwidth refused the second request. It has no record of the first so far. I'll keep looking.";
    case 'resubmitter-not-approver':
      return "The person who resubmitted this can't approve it now, so I didn't send it. Another approver can resubmit it.";
    case 'resubmission-lacks-approvals': {
      const { required, given } = reason;
      return `I didn't resubmit this order: ${required === 1 ? '1 approval is' : `${required} approvals are`} needed now, and it has ${given} that ${given === 1 ? 'counts' : 'count'}. An approver who resubmits it gives one. If that isn't enough, give it up and request it again.`;
    }
    case 'resubmission-over-limit': {
      const { limit, most } = reason;
      return `I didn't resubmit this order, because the limit is ${figure(most)} ${limitWords[limit]} now. Give it up and request fewer, or have an admin raise the limit.`;
    }
    case 'resubmission-barred':
      return "The person who requested this is no longer allowed to order numbers, so I didn't resubmit it. Give it up, and have someone else request it.";
    case 'answer-not-understood':
      return "I can't make sense of Bandwidth's answer.";
    case 'no-answer-yet':
      return "Bandwidth hasn't answered yet.";
    case 'lookups-used-up':
      return "I've reached this minute's lookup limit.";
  }
}

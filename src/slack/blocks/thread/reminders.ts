import type { Reminder } from '../../../orders/domain/announcement.js';
import { holdsOf, isHold } from '../../../orders/domain/holds.js';
import type { OrderIn } from '../../../orders/domain/order.js';
import { namedNumbers } from '../../../orders/domain/request.js';
import type { StandIn } from '../../../orders/domain/who-decides.js';
import type { Policy } from '../../../orders/policy/policy.js';
import { approversOf } from '../../../orders/policy/ruling.js';
import { callNames, listNames } from '../approver-names.js';
import { figure, moment } from '../format.js';
import { requestInText } from '../order/describe-request.js';

/** The requester is the only approver and can't approve their own request. */
const NOBODY = 'No one else can decide:';

function whoCanDecide(
  order: OrderIn<'awaiting-approval'>,
  policy: Policy,
  standIns: readonly StandIn[],
): string {
  const approvers = approversOf(order, policy);
  if (approvers.anyone) return 'Anyone here but the requester can decide:';
  return listNames(callNames(approvers, standIns)) || NOBODY;
}

/**
 * Mentions the people who can decide. When anyone can, it mentions no one.
 *
 * @param standIns who is asked instead of approvers who are away.
 */
export function reminder(
  order: OrderIn<'awaiting-approval'>,
  kind: Reminder,
  policy: Policy,
  standIns: readonly StandIn[] = [],
): string {
  const who = whoCanDecide(order, policy, standIns);
  const request = requestInText(order.request);
  const until = moment(order.expiresAt);
  if (kind === 'reminder-holds') {
    const held = holdsOf(order).filter(isHold('held'));
    const end = moment(Math.min(...held.map((each) => each.until), order.expiresAt));
    const isAll = held.length === namedNumbers(order.request).length;
    const [number, are, them] = held.length === 1 ? ['number', 'is', 'it'] : ['numbers', 'are', 'them'];
    const which = isAll ? `Its ${number}` : `${figure(held.length)} of its numbers`;
    return `${who} this ${request} is still waiting for approval. ${which} ${are} held until ${end}. After that, another Bandwidth customer may take ${them}.`;
  }
  return kind === 'reminder-half'
    ? `${who} this ${request} is still waiting for approval. It expires ${until}.`
    : `${who} this ${request} expires ${until} unless it's approved by then.`;
}

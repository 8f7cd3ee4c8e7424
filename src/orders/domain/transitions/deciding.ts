import { isDeepStrictEqual } from 'node:util';
import type { AnnouncementKind } from '../announcement.js';
import { begin } from '../apply-event.js';
import type { Decider, RequiredApproval, Voided } from '../approval.js';
import { isEditAnnouncement } from '../editions.js';
import type { Order, OrderIn } from '../order.js';
import { namedNumbers, type OrderId, type OrderRequest, type Person, type Timestamp } from '../request.js';
import { requestDigest } from '../request-digest.js';
import { peopleAsked } from '../who-decides.js';
import { announceAgain, withEvent } from './write.js';

/* The request and what people and the policy decide. */

const oneApproval: RequiredApproval = { required: 1, standing: {} };

export function newOrder(given: {
  id: OrderId;
  request: OrderRequest;
  requester: Person;
  channelId: string;
  workspaceId?: string | undefined;
  now: Timestamp;
  expiresAt: Timestamp;
  /** Absent: one approval, and no limits. */
  needs?: RequiredApproval;
}): OrderIn<'awaiting-approval'> {
  const { id, request, requester, channelId, workspaceId, now, expiresAt, needs = oneApproval } = given;
  return begin(id, {
    what: 'requested',
    at: now,
    by: requester,
    channelId,
    ...(workspaceId === undefined ? {} : { workspaceId }),
    request,
    expiresAt,
    needs,
  });
}

/**
 * @param actAt the order isn't placed before this time; until then it can be undone.
 * @param voids people whose earlier approvals no longer count.
 */
export function approved(
  order: OrderIn<'awaiting-approval'>,
  by: Person | Decider,
  now: Timestamp,
  actAt: Timestamp = now,
  voids: readonly Voided[] = [],
): Order {
  return withEvent(order, {
    what: 'approved',
    at: now,
    ...deciderOf(by),
    seen: requestDigest(order),
    actAt,
    ...voiding(voids),
  });
}

const deciderOf = (decides: Person | Decider): Decider => ('by' in decides ? decides : { by: decides });

const voiding = (voids: readonly Voided[]) => (voids.length === 0 ? {} : { voids });

/** A policy rule approves it; no person needs to. */
export function approvedByRule(
  order: OrderIn<'awaiting-approval'>,
  rule: string,
  now: Timestamp,
  actAt: Timestamp,
): Order {
  return withEvent(order, { what: 'approved-by-rule', at: now, rule, actAt });
}

/** Someone approves an order that needs more approvals. */
export function approvalGiven(
  order: OrderIn<'awaiting-approval'>,
  by: Person | Decider,
  needs: RequiredApproval,
  now: Timestamp,
  voids: readonly Voided[] = [],
): Order {
  const seen = requestDigest(order);
  return withEvent(order, {
    what: 'approval-given',
    at: now,
    ...deciderOf(by),
    seen,
    needs,
    ...voiding(voids),
  });
}

export function declined(
  order: OrderIn<'awaiting-approval'>,
  by: Person | Decider,
  why: string,
  now: Timestamp,
): Order {
  return withEvent(order, { what: 'declined', at: now, ...deciderOf(by), why });
}

/** Replaces the request. What the thread was told about the previous one has to be announced again. */
export function edited(
  order: OrderIn<'awaiting-approval'>,
  by: Person,
  request: OrderRequest,
  now: Timestamp,
  expiresAt: Timestamp,
  needs = oneApproval,
): Order {
  const next = withEvent(order, { what: 'edited', at: now, by, request, expiresAt, needs });
  // An unchanged list of numbers isn't posted again.
  const listed = namedNumbers(order.request).join() === namedNumbers(request).join();
  const isCallValid = asksTheSame(order, next);
  const { begun: _, notified, ...others } = next;
  return {
    ...others,
    ...(isCallValid && notified !== undefined ? { notified } : {}),
    announced: order.announced.filter(
      (kind) =>
        isEditAnnouncement(kind) || (kind === 'numbers' && listed) || (kind === 'call' && isCallValid),
    ),
  };
}

/** Whether the same people are asked to decide on the same thing; its name and reason may differ. */
function asksTheSame(one: Order, other: Order): boolean {
  const asking = (order: Order) => ({
    who: order.status === 'awaiting-approval' ? peopleAsked(order) : undefined,
    what: { ...order.request, name: '', reason: '' },
  });
  return isDeepStrictEqual(asking(one), asking(other));
}

/** The policy's requirements for this order changed. Its approvals stay, and no one is called again. */
export function policyChanged(
  order: OrderIn<'awaiting-approval'>,
  needs: RequiredApproval,
  now: Timestamp,
): Order {
  return withEvent(order, { what: 'policy-changed', at: now, needs });
}

export function expired(order: OrderIn<'awaiting-approval'>, now: Timestamp): Order {
  return withEvent(order, { what: 'expired', at: now });
}

/** If some of its lines were sent, the others are canceled. */
export function cancelled(
  order: OrderIn<'awaiting-approval' | 'approved' | 'ordering'>,
  by: Person,
  now: Timestamp,
): Order {
  return withEvent(order, { what: 'cancelled', at: now, by });
}

/** Its approval is no longer sufficient: it waits again, with the approvals that still count. */
export function reopened(
  order: OrderIn<'approved'>,
  given: {
    readonly needs: RequiredApproval;
    readonly expiresAt: Timestamp;
    readonly voids: readonly Voided[];
    readonly requesterNotMember?: true;
  },
  now: Timestamp,
): Order {
  const { needs, expiresAt, voids, requesterNotMember } = given;
  const { rule } = order.approval;
  const next = withEvent(order, {
    what: 'reopened',
    at: now,
    needs,
    expiresAt,
    ...voiding(voids),
    ...(rule === undefined ? {} : { rule }),
    ...(rule === undefined || requesterNotMember === undefined ? {} : { requesterNotMember }),
  });
  const kept = next.status === 'awaiting-approval' ? next.approvals.length : 0;
  const outdated: readonly AnnouncementKind[] = [
    'approved',
    'reopened',
    'call',
    'reminder-holds',
    'reminder-half',
    'reminder-hour',
  ];
  const told = order.announced.filter((kind) => !outdated.includes(kind) && !kind.startsWith('approval-'));
  // The thread has already announced these.
  const heard = Array.from({ length: kept }, (_, index): AnnouncementKind => `approval-${index + 1}`);
  const { begun: _, notified: __, ...again } = announceAgain(next, outdated);
  return { ...again, announced: [...told, ...heard] };
}

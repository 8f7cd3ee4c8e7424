import { isHoldEvent } from './apply-hold-event.js';
import { type Approval, type Decider, type FirstApproval, validApprovals } from './approval.js';
import { type CarrierOrder, type CarrierReport, isFinalReport } from './carrier-report.js';
import { ImpossibleHistory } from './impossible-history.js';
import { cancelledBy, lookUpFrom } from './line-events.js';
import type { Order, OrderIn, OrderStatus, Progress } from './order.js';
import type { OrderEvent } from './order-event.js';
import { kindRules } from './order-kinds.js';
import { namedNumbers, type OrderRequest, type Person, type Timestamp } from './request.js';
import { MAX_FAILED_LOOKUPS } from './unanswered.js';

/** Returns where an order is after one more event. Throws ImpossibleHistory if it can't follow. */
export function progressAfter(order: Order, event: OrderEvent): Progress {
  const { at } = event;
  if (isHoldEvent(event)) return order;
  switch (event.what) {
    case 'requested':
      throw impossible(order, event);
    case 'edited':
      expectIn(order, event, 'awaiting-approval');
      return {
        status: 'awaiting-approval',
        expiresAt: event.expiresAt,
        approvals: [],
        needs: event.needs,
      };
    case 'policy-changed': {
      const { expiresAt, approvals } = expectIn(order, event, 'awaiting-approval');
      return { status: 'awaiting-approval', expiresAt, approvals, needs: event.needs };
    }
    case 'approval-given': {
      const { expiresAt, approvals } = expectIn(order, event, 'awaiting-approval');
      const { needs } = event;
      return {
        status: 'awaiting-approval',
        expiresAt,
        approvals: [...approvals, givenIn(event)],
        needs,
      };
    }
    case 'expired': {
      const { expiresAt } = expectIn(order, event, 'awaiting-approval');
      // The deadline rather than the time we noticed; but a deadline set by a wrong clock may never have come.
      return { status: 'expired', at: Math.min(expiresAt, at) };
    }
    case 'approved':
      return approvedBy(expectIn(order, event, 'awaiting-approval'), givenIn(event), event.actAt);
    case 'approved-by-rule':
      return approvedBy(expectIn(order, event, 'awaiting-approval'), { rule: event.rule, at }, event.actAt);
    case 'declined':
      expectIn(order, event, 'awaiting-approval');
      return { status: 'declined', ...deciderIn(event), why: event.why, at };
    case 'cancelled':
      return cancelledBy(event, expectIn(order, event, 'awaiting-approval', 'approved', 'ordering'));
    case 'placing':
      return sent(expectIn(order, event, 'approved').approval, at);
    case 'sent-before': {
      expectIn(order, event, 'awaiting-approval', 'approved', 'declined', 'expired', 'cancelled', 'placing');
      const { approval, sentAt } = event;
      return { status: 'placing', approval, sentAt, ...answerMissing, asking: lookUpFrom(at) };
    }
    case 'found-before': {
      const { approval } = expectIn(order, event, 'approved');
      return { status: 'placed', approval, carrierOrder: newCarrierOrder(event), asking: lookUpFrom(at) };
    }
    case 'placing-again':
      return sent({ ...expectIn(order, event, 'placing').approval, again: event.again }, at);
    case 'not-taken': {
      const { approval, sentAt } = expectIn(order, event, 'placing');
      const { again, ...first } = approval;
      const asking = { ...lookUpFrom(at), trouble: event.advice };
      return again === undefined
        ? { status: 'approved', approval: first, asking }
        : { status: 'placing', approval, sentAt, ...answerMissing, secondNotTaken: true, asking };
    }
    case 'held-back': {
      const held = expectIn(order, event, 'approved', 'placing');
      const asking = { ...lookUpFrom(at), trouble: event.advice };
      if (held.status === 'approved') return { status: 'approved', approval: held.approval, asking };
      return { ...held, failedLookups: event.looks ?? held.failedLookups, heldBack: true, asking };
    }
    case 'not-sent-again': {
      const { approval, sentAt } = expectIn(order, event, 'placing');
      const notSentAgain = { advice: event.advice };
      const asking = lookUpFrom(at);
      // It was looked up often enough before it was to be resubmitted.
      return {
        status: 'placing',
        approval,
        sentAt,
        answer: 'unknown',
        failedLookups: MAX_FAILED_LOOKUPS,
        notSentAgain,
        asking,
      };
    }
    case 'reopened': {
      const { approval } = expectIn(order, event, 'approved');
      const { needs, expiresAt, voids } = event;
      return { status: 'awaiting-approval', expiresAt, needs, approvals: stillCounting(approval, voids) };
    }
    case 'answer-unknown':
      return { ...expectIn(order, event, 'placing'), answer: 'unknown', asking: lookUpFrom(at) };
    case 'not-found': {
      const lost = expectIn(order, event, 'placing', 'given-up');
      const asking = lookUpFrom(at);
      if (lost.status === 'given-up') return { ...lost, noTrace: true, asking };
      const { heldBack, ...unheld } = lost;
      return { ...unheld, failedLookups: event.looks, asking };
    }
    case 'not-known':
      return { ...expectIn(order, event, 'placing'), notKnown: true };
    case 'given-up': {
      const { approval, sentAt } = expectIn(order, event, 'placing');
      const { by, noTrace, soughtUntil } = event;
      const since = approval.again === undefined ? sentAt : approval.at;
      return {
        status: 'given-up',
        approval,
        by,
        at,
        sentAt: since,
        noTrace,
        soughtUntil,
        asking: lookUpFrom(at),
      };
    }
    case 'sought-out':
      return {
        ...expectIn(order, event, 'given-up'),
        noTrace: true,
        endedAt: at,
        asking: lookUpFrom(at),
      };
    case 'wanted-again': {
      const { notSentAgain, ...lost } = expectIn(order, event, 'placing');
      return { ...lost, sendAgain: { ...deciderIn(event), at } };
    }
    case 'refused': {
      const { approval } = expectIn(order, event, 'placing');
      return { status: 'refused', approval, at, advice: event.advice, faults: event.faults };
    }
    case 'second-refused': {
      const { approval, sentAt } = expectIn(order, event, 'placing');
      const { advice, faults } = event;
      const asking = lookUpFrom(at);
      return {
        status: 'placing',
        approval,
        sentAt,
        ...answerMissing,
        secondRefused: { advice, faults },
        asking,
      };
    }
    case 'placed': {
      const { approval } = expectIn(order, event, 'placing', 'given-up');
      return { status: 'placed', approval, carrierOrder: newCarrierOrder(event), asking: lookUpFrom(at) };
    }
    case 'not-answered': {
      const open = expectIn(order, event, 'placing', 'placed', 'given-up');
      return { ...open, asking: { ...open.asking, trouble: event.advice } };
    }
    case 'reported':
      return afterReport(expectIn(order, event, 'placed'), event);
    case 'close-wanted': {
      const { notClosed, ...backordered } = expectIn(order, event, 'placed');
      return { ...backordered, closing: { by: event.by, at } };
    }
    case 'not-closed': {
      const { closing, ...backordered } = expectIn(order, event, 'placed');
      if (closing === undefined) throw impossible(order, event);
      const { advice, faults } = event;
      return { ...backordered, notClosed: { wanted: closing, advice, faults } };
    }
    case 'services-checked':
      return expectIn(order, event, 'complete', 'partial', 'failed');
    case 'followed': {
      const placed = expectIn(order, event, 'placed');
      const { placedAt } = placed.carrierOrder;
      return {
        ...placed,
        carrierOrder: { ...event.carrierOrder, placedAt },
        asking: lookUpFrom(at),
      };
    }
  }
}

const newCarrierOrder = (event: {
  readonly carrierOrderId: string;
  readonly at: Timestamp;
}): CarrierOrder => ({
  id: event.carrierOrderId,
  status: 'received',
  placedAt: event.at,
  completed: [],
});

function givenIn(event: Extract<OrderEvent, { what: 'approval-given' | 'approved' }>): FirstApproval {
  const { at, voids } = event;
  return { ...deciderIn(event), at, ...(voids === undefined ? {} : { voids }) };
}

const deciderIn = ({ by, for: away }: Decider): Decider => (away === undefined ? { by } : { by, for: away });

function approvedBy(
  { approvals }: OrderIn<'awaiting-approval'>,
  last: FirstApproval,
  actAt: Timestamp,
): Progress {
  const also = approvals.length === 0 ? {} : { also: approvals };
  return { status: 'approved', approval: { ...last, ...also }, asking: lookUpFrom(actAt) };
}

/** Includes approvals that a later policy accepts. */
function stillCounting(
  { also = [], ...last }: FirstApproval,
  voids: readonly Person[] = [],
): readonly Approval[] {
  return validApprovals([...also, last]).filter(
    ({ by }) => by !== undefined && !voids.some(({ userId }) => userId === by.userId),
  );
}

function sent(approval: Approval, at: Timestamp): Progress {
  return {
    status: 'placing',
    approval,
    sentAt: at,
    answer: 'sent',
    failedLookups: 0,
    asking: lookUpFrom(at),
  };
}

function afterReport(
  order: OrderIn<'placed'>,
  {
    at,
    report,
    carrierOrderId = order.carrierOrder.id,
    duplicates,
  }: Extract<OrderEvent, { what: 'reported' }>,
): Progress {
  const { approval, closing } = order;
  const { status, unknownStatus, ...outcome } = understood(order.request, report);
  if (isFinalReport(status)) {
    return {
      status,
      approval,
      carrierOrderId,
      at,
      outcome,
      ...(duplicates === undefined ? {} : { duplicates }),
      ...(closing === undefined ? {} : { closed: closing }),
    };
  }
  const { completed, completedQuantity, unread } = report;
  const { id, placedAt } = order.carrierOrder;
  const carrierOrder = {
    id,
    placedAt,
    status,
    completed,
    ...(completedQuantity === undefined ? {} : { completedQuantity }),
    ...(unread === undefined ? {} : { unread }),
    ...(unknownStatus === undefined ? {} : { unknownStatus }),
  };
  return { ...order, carrierOrder, asking: lookUpFrom(at) };
}

/** Completes a report on a kind that Bandwidth may mark complete without listing numbers. */
function understood(request: OrderRequest, report: CarrierReport): CarrierReport {
  const silent = report.status === 'complete' && report.completed.length === 0 && report.unread === undefined;
  if (!silent || !kindRules[request.kind].silentWhenComplete) return report;
  const kept = new Set([...report.failed, ...report.faults.flatMap(({ numbers }) => numbers)]);
  return { ...report, completed: namedNumbers(request).filter((number) => !kept.has(number)) };
}

const answerMissing = { answer: 'unknown', failedLookups: 0 } as const;

function expectIn<S extends OrderStatus>(order: Order, event: OrderEvent, ...statuses: S[]): OrderIn<S> {
  if (!isIn(order, statuses)) throw impossible(order, event);
  return order;
}

function isIn<S extends OrderStatus>(order: Order, statuses: readonly S[]): order is OrderIn<S> {
  return statuses.some((status) => status === order.status);
}

function impossible(order: Order, event: OrderEvent): ImpossibleHistory {
  return new ImpossibleHistory(`an order that is ${order.status} cannot become “${event.what}”`);
}

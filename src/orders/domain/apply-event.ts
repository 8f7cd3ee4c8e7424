import { holdsAfter, holdsAfterReport, isHoldEvent } from './apply-hold-event.js';
import { type Approval, type Decider, type FirstApproval, validApprovals } from './approval.js';
import { UNDRAWN, withCardIn } from './cards.js';
import { type CarrierOrder, type CarrierReport, isFinalReport } from './carrier-report.js';
import type { Hold } from './hold.js';
import { ImpossibleHistory } from './impossible-history.js';
import { afterLineEvent, askedFrom, cancelledBy, linesAfter } from './line-events.js';
import { withLines } from './lines-together.js';
import {
  type Facts,
  leavesNoTrace,
  MAX_FAILED_LOOKUPS,
  type Order,
  type OrderIn,
  type OrderStatus,
  type Progress,
} from './order.js';
import type { OrderEvent } from './order-event.js';
import { kindRules } from './order-kinds.js';
import { namedNumbers, type OrderId, type OrderRequest, type Person, type Timestamp } from './request.js';

/** Creates an order from its first event. */
export function begin(id: OrderId, event: OrderEvent): OrderIn<'awaiting-approval'> {
  if (event.what !== 'requested') throw new ImpossibleHistory(`it begins with “${event.what}”`);
  return {
    id,
    version: 1,
    revision: 1,
    request: event.request,
    edition: 1,
    requester: event.by,
    requestedAt: event.at,
    ...(event.workspaceId === undefined ? {} : { workspaceId: event.workspaceId }),
    holds: [],
    events: [event],
    journaled: 0,
    channelId: event.channelId,
    cards: withCardIn(
      [{ channelId: event.channelId, renderedRevision: UNDRAWN }],
      event.needs.approvalsChannel,
    ),
    announced: [],
    status: 'awaiting-approval',
    expiresAt: event.expiresAt,
    approvals: [],
    needs: event.needs,
  };
}

/**
 * Returns the order after one more event. This is the only place where an order's decided state changes. The rest (the
 * next lookup, the card, what was announced, `version`) is up to the transitions.
 */
export function applyEvent(order: Order, event: OrderEvent): Order {
  const { id, version, requester, requestedAt, workspaceId, journaled, channelId, cards } = order;
  const { announced, announcedLines, begun, announcedDirectly, notified, part } = order;
  if (event.line !== undefined) return afterLineEvent(order, event.line, event, applyEvent);
  const edits = event.what === 'edited';
  const facts: Facts = {
    id,
    version,
    revision: looksTheSame(order, event) ? order.revision : order.revision + 1,
    request: requestAfter(order, event),
    edition: edits ? order.edition + 1 : order.edition,
    requester,
    requestedAt,
    ...(workspaceId === undefined ? {} : { workspaceId }),
    holds: holdsOfNext(order, event),
    events: [...order.events, event],
    journaled,
    channelId,
    cards: withCardIn(cards, 'needs' in event ? event.needs.approvalsChannel : undefined),
    announced,
    ...(announcedLines === undefined ? {} : { announcedLines }),
    ...(begun === undefined ? {} : { begun }),
    ...(announcedDirectly === undefined ? {} : { announcedDirectly }),
    ...(notified === undefined ? {} : { notified }),
    ...(part === undefined ? {} : { part }),
  };
  const progress = progressAfter(order, event);
  const lines = linesAfter(order, event, progress);
  return lines === undefined ? { ...progress, ...facts } : withLines({ ...progress, ...facts }, lines);
}

function requestAfter({ request }: Order, event: OrderEvent): OrderRequest {
  if (event.what === 'edited') return event.request;
  return (event.what === 'sent-before' ? event.request : undefined) ?? request;
}

function holdsOfNext(order: Order, event: OrderEvent): readonly Hold[] {
  if (isHoldEvent(event)) return holdsAfter(order, event);
  return event.what === 'reported' && isFinalReport(event.report.status)
    ? holdsAfterReport(order, event.report)
    : order.holds;
}

/** Rebuilds the decided part of an order from its events; see {@link decided}. Throws ImpossibleHistory. */
export function rebuild(id: OrderId, events: readonly OrderEvent[]): Order {
  const [first, ...others] = events;
  if (first === undefined) throw new ImpossibleHistory('it has no events');
  return others.reduce<Order>(applyEvent, begin(id, first));
}

/** Returns everything about an order that its events decide. Two orders that are equal here have the same history. */
export function decided(order: Order): object {
  const {
    version,
    revision,
    events,
    journaled,
    announced,
    announcedLines,
    begun,
    announcedDirectly,
    notified,
    cards,
    ...state
  } = order;
  const { lines, ...common } = state;
  if (lines === undefined) return decidedProgress(common);
  return { ...decidedProgress(common), lines: lines.map(decidedProgress) };
}

function decidedProgress(progress: Progress): object {
  if (!('asking' in progress)) return progress;
  const { asking, ...others } = progress;
  const kept = { ...others, trouble: asking.trouble };
  if (!('failedLookups' in kept)) return kept;
  const { failedLookups, ...placing } = kept;
  return { ...placing, untraced: progress.status === 'placing' && leavesNoTrace(progress) };
}

/** Handles every event but the first, which only {@link begin} can. */
function progressAfter(order: Order, event: OrderEvent): Progress {
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
      return { status: 'placing', approval, sentAt, ...answerMissing, asking: askedFrom(at) };
    }
    case 'found-before': {
      const { approval } = expectIn(order, event, 'approved');
      return { status: 'placed', approval, carrierOrder: newCarrierOrder(event), asking: askedFrom(at) };
    }
    case 'placing-again':
      return sent({ ...expectIn(order, event, 'placing').approval, again: event.again }, at);
    case 'not-taken': {
      const { approval, sentAt } = expectIn(order, event, 'placing');
      const { again, ...first } = approval;
      const asking = { ...askedFrom(at), trouble: event.advice };
      return again === undefined
        ? { status: 'approved', approval: first, asking }
        : { status: 'placing', approval, sentAt, ...answerMissing, secondNotTaken: true, asking };
    }
    case 'held-back': {
      const held = expectIn(order, event, 'approved', 'placing');
      const asking = { ...askedFrom(at), trouble: event.advice };
      if (held.status === 'approved') return { status: 'approved', approval: held.approval, asking };
      return { ...held, failedLookups: event.looks ?? held.failedLookups, heldBack: true, asking };
    }
    case 'not-sent-again': {
      const { approval, sentAt } = expectIn(order, event, 'placing');
      const notSentAgain = { advice: event.advice };
      const asking = askedFrom(at);
      // The lookups before it was to be resubmitted were enough.
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
      return { ...expectIn(order, event, 'placing'), answer: 'unknown', asking: askedFrom(at) };
    case 'not-found': {
      const lost = expectIn(order, event, 'placing', 'given-up');
      const asking = askedFrom(at);
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
        asking: askedFrom(at),
      };
    }
    case 'sought-out':
      return {
        ...expectIn(order, event, 'given-up'),
        noTrace: true,
        endedAt: at,
        asking: askedFrom(at),
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
      const asking = askedFrom(at);
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
      return { status: 'placed', approval, carrierOrder: newCarrierOrder(event), asking: askedFrom(at) };
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
        asking: askedFrom(at),
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
  return { status: 'approved', approval: { ...last, ...also }, asking: askedFrom(actAt) };
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
  return { status: 'placing', approval, sentAt: at, answer: 'sent', failedLookups: 0, asking: askedFrom(at) };
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
  return { ...order, carrierOrder, asking: askedFrom(at) };
}

/** Completes a report on a kind that Bandwidth may mark complete without listing numbers. */
function understood(request: OrderRequest, report: CarrierReport): CarrierReport {
  const silent = report.status === 'complete' && report.completed.length === 0 && report.unread === undefined;
  if (!silent || !kindRules[request.kind].silentWhenComplete) return report;
  const kept = new Set([...report.failed, ...report.faults.flatMap(({ numbers }) => numbers)]);
  return { ...report, completed: namedNumbers(request).filter((number) => !kept.has(number)) };
}

/** An approved card already says "Ordering…", unless it showed a problem or offered Undo. */
function looksTheSame(order: Order, event: OrderEvent): boolean {
  // Holds are shown only while the order waits for approval.
  if (isHoldEvent(event)) return order.status !== 'awaiting-approval';
  return (
    event.what === 'placing' &&
    order.status === 'approved' &&
    order.asking.trouble === undefined &&
    !kindRules[order.request.kind].undoWindow
  );
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

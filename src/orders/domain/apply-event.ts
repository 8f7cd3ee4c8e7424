import { holdsAfter, holdsAfterReport, isHoldEvent } from './apply-hold-event.js';
import { UNDRAWN, withCardIn } from './cards.js';
import { isFinalReport } from './carrier-report.js';
import type { Hold } from './hold.js';
import { ImpossibleHistory } from './impossible-history.js';
import { afterLineEvent, linesAfter } from './line-events.js';
import { withLines } from './lines-together.js';
import type { Facts, Order, OrderIn, Progress } from './order.js';
import type { OrderEvent } from './order-event.js';
import { kindRules } from './order-kinds.js';
import { progressAfter } from './progress-after.js';
import type { OrderId, OrderRequest } from './request.js';
import { leavesNoTrace } from './unanswered.js';

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

/**
 * Whether the event changes nothing that the card shows. An approved card already says "Ordering…", unless it showed a
 * problem or offered Undo.
 */
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

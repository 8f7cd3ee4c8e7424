import type { Facts, LineProgress, Order } from './order.js';

/* An order is facts and progress; these functions separate the two. */

/** Returns the facts of an order: who asked for what, and its holds, events, cards and lines. */
export function factsOf(order: Facts): Facts {
  const { id, version, revision, request, edition, requester, requestedAt, workspaceId, holds, events } =
    order;
  const { journaled, lines, part, channelId, cards, announced, begun } = order;
  const { announcedLines, announcedDirectly, notified } = order;
  return {
    id,
    version,
    revision,
    request,
    edition,
    requester,
    requestedAt,
    ...(workspaceId === undefined ? {} : { workspaceId }),
    holds,
    events,
    journaled,
    ...(lines === undefined ? {} : { lines }),
    ...(part === undefined ? {} : { part }),
    channelId,
    cards,
    announced,
    ...(announcedLines === undefined ? {} : { announcedLines }),
    ...(begun === undefined ? {} : { begun }),
    ...(announcedDirectly === undefined ? {} : { announcedDirectly }),
    ...(notified === undefined ? {} : { notified }),
  };
}

/** Returns where a line is. Throws for a status that only whole orders have. */
export function progressOf(order: Order): LineProgress {
  const {
    id: _id,
    version: _version,
    revision: _revision,
    request: _request,
    edition: _edition,
    requester: _requester,
    requestedAt: _requestedAt,
    workspaceId: _workspaceId,
    holds: _holds,
    events: _events,
    journaled: _journaled,
    channelId: _channelId,
    cards: _cards,
    announced: _announced,
    announcedLines: _announcedLines,
    begun: _begun,
    announcedDirectly: _announcedDirectly,
    notified: _notified,
    lines: _lines,
    part: _part,
    ...progress
  } = order;
  switch (progress.status) {
    case 'awaiting-approval':
    case 'declined':
    case 'expired':
    case 'ordering':
      throw new TypeError(`no line of order ${order.id} can be ${progress.status}`);
    default:
      return progress;
  }
}

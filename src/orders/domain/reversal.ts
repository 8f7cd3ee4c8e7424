import { outcomeOfNumber } from './number-outcome.js';
import type { Order } from './order.js';
import type { MessagingChange, MessagingRequest, MoveRequest, NumberInService } from './request.js';

/**
 * Returns the requests that would bring the numbers of a finished order back to what they were before, the one for most
 * numbers first. Several if they were different. Numbers whose state before isn't known are left out.
 */
export function reversalsOf(order: Order): readonly (MoveRequest | MessagingRequest)[] {
  const { request } = order;
  if (order.status !== 'complete' && order.status !== 'partial') return [];
  if (request.kind !== 'move' && request.kind !== 'messaging') return [];
  const done = request.inService.filter(({ number }) => outcomeOfNumber(order, number) === 'done');
  return request.kind === 'move' ? movedBack(request, done) : switchedBack(request, done);
}

function movedBack(request: MoveRequest, done: readonly NumberInService[]): readonly MoveRequest[] {
  const groups = groupedBy(done, ({ site, location }) =>
    site === undefined || location === undefined ? undefined : `${site.id}/${location.id}`,
  );
  return groups.flatMap((inService) => {
    const { site, location } = inService[0] ?? {};
    return site === undefined || location === undefined ? [] : [{ ...request, inService, site, location }];
  });
}

function switchedBack(
  request: MessagingRequest,
  done: readonly NumberInService[],
): readonly MessagingRequest[] {
  const groups = groupedBy(done, (record) => {
    const before = messagingBefore(record, request.change);
    return before === undefined ? undefined : JSON.stringify(before);
  });
  return groups.flatMap((inService) => {
    const [first] = inService;
    const change = first === undefined ? undefined : messagingBefore(first, request.change);
    return change === undefined ? [] : [{ ...request, inService, change }];
  });
}

/** Undefined if it isn't known, or no different, or nothing that can be requested: a campaign is only replaced. */
function messagingBefore({ hanging }: NumberInService, change: MessagingChange): MessagingChange | undefined {
  if (hanging === undefined) return undefined;
  if (!hanging.messaging) return change.to === 'off' ? undefined : { to: 'off' };
  if (change.to === 'on') return undefined;
  const { campaign: id } = hanging;
  if (id === undefined) return change.to === 'off' ? { to: 'on' } : undefined;
  const isSame = change.to === 'campaign' && change.campaign.id === id;
  return isSame ? undefined : { to: 'campaign', campaign: { id } };
}

/** The largest group first. A record without a key is in none. */
function groupedBy(
  records: readonly NumberInService[],
  keyOf: (record: NumberInService) => string | undefined,
): readonly (readonly NumberInService[])[] {
  const groups = new Map<string, NumberInService[]>();
  for (const record of records) {
    const key = keyOf(record);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()].sort((one, other) => other.length - one.length);
}

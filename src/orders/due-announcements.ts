import { binds } from './holds.js';
import {
  type AnnouncementKind,
  type Approval,
  isFinal,
  isNowhere,
  NUMBERS_ON_A_CARD,
  type Order,
} from './order.js';

/** Over for good, everybody has been told, and no number is kept aside for it. */
export function isSettled(order: Order): boolean {
  const done = isFinal(order) && order.card.drawn === order.revision && dueAnnouncements(order).length === 0;
  return done && !order.holds.some(binds);
}

/** What the thread still has to hear, oldest first. */
export function dueAnnouncements(order: Order): readonly AnnouncementKind[] {
  return announcements(order).filter((kind) => !order.told.includes(kind));
}

function announcements(order: Order): readonly AnnouncementKind[] {
  const { request } = order;
  // The approver must be able to read every number that would stop working.
  const list = request.kind === 'disconnect' && request.inService.length > NUMBERS_ON_A_CARD;
  return [...(list ? ['numbers' as const] : []), ...announcementsOfStatus(order)];
}

function announcementsOfStatus(order: Order): readonly AnnouncementKind[] {
  switch (order.status) {
    case 'awaiting-approval':
      return [];
    case 'declined':
      return ['declined'];
    case 'cancelled':
      return ['cancelled'];
    case 'approved':
      return afterApproval(order.approval);
    case 'placing':
      return [
        ...afterApproval(order.approval),
        ...(order.answer === 'unknown' ? ['unknown' as const] : []),
        ...(isNowhere(order) ? ['nowhere' as const] : []),
      ];
    case 'refused':
      return [...afterApproval(order.approval), 'refused'];
    case 'placed':
      return [
        ...afterApproval(order.approval),
        ...(order.carrierOrder.status === 'backordered' ? ['backordered' as const] : []),
        ...(order.closing === undefined ? [] : ['closing' as const]),
        ...(order.notClosed === undefined ? [] : ['closing' as const, 'not-closed' as const]),
      ];
    case 'complete':
    case 'partial':
    case 'failed':
      return [
        ...afterApproval(order.approval),
        ...(order.closed === undefined ? [] : ['closing' as const]),
        'outcome',
      ];
  }
}

const afterApproval = ({ again }: Approval): readonly AnnouncementKind[] =>
  again === undefined ? ['approved'] : ['approved', 'again'];

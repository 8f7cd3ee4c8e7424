import { randomUUID } from 'node:crypto';
import type { Order, OrderIn } from '../../src/orders/domain/order.js';
import { parsePhoneNumber } from '../../src/orders/domain/phone-number.js';
import { announced, declined, journaled, newOrder, rendered } from '../../src/orders/domain/transitions.js';
import type { Log } from '../../src/orders/ports/log.js';

const requester = { teamId: 'T1', userId: 'U1' };
const approver = { teamId: 'T1', userId: 'U2' };

export function anOrder(id: string = randomUUID()): OrderIn<'awaiting-approval'> {
  const number = parsePhoneNumber('9102414365');
  if (number === undefined) throw new Error('not a number');
  return newOrder({
    id,
    request: {
      kind: 'purchase',
      name: 'Fayetteville 📞 "office"',
      wanted: { by: 'numbers', numbers: [number] },
      site: { id: '07030', name: 'Main' },
      reason: 'New <!channel> desk',
      partialAllowed: false,
      backOrder: false,
      protected: false,
    },
    requester,
    channelId: 'C1',
    now: 1_000,
    expiresAt: 1_000 + 86_400_000,
  });
}

/** The order declined: over, but nobody has been told yet. */
export function overButUntold(order: OrderIn<'awaiting-approval'>): Order {
  return declined(order, approver, 'too many', 2_000);
}

/** The same with its card drawn, its thread told and its events in the journal: nothing is left to do. */
export function settledAfter(order: Order): Order {
  const known = announced(rendered(order, { channelId: 'C1', ts: '1.2' }, order.revision), 'declined');
  return journaled(known, order.events.length);
}

/** A log that keeps its sentences. */
export function listeningLog(): Log & { readonly heard: Array<{ facts: object; sentence: string }> } {
  const heard: Array<{ facts: object; sentence: string }> = [];
  const hear = (facts: object, sentence: string) => void heard.push({ facts, sentence });
  return { debug: hear, info: hear, warn: hear, error: hear, heard };
}

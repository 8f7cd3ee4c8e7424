import { createHash } from 'node:crypto';
import { lostNumbers } from './holds.js';
import type { Facts } from './order.js';

/**
 * A short digest of everything a card shows for approval. The approve button carries it, so what was approved is what
 * gets ordered.
 */
export function requestDigest(order: Pick<Facts, 'request' | 'requester' | 'edition' | 'holds'>): string {
  const lost = (['gone', 'lapsed'] as const).map((state) => lostNumbers(order, state));
  return createHash('sha256')
    .update(JSON.stringify([order.request, order.requester, order.edition, lost]))
    .digest('base64url')
    .slice(0, 22);
}

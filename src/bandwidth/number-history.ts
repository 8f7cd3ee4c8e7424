import { LRUCache } from 'lru-cache';
import type { PhoneNumber } from '../orders/domain/phone-number.js';
import type { NumberHistory } from '../orders/ports/drift.js';
import { type Calls, saysThereIsNone } from './calls.js';
import { decodeChange, decodeCreator } from './decode/decode-history.js';
import { type RequestName, unreadable } from './errors.js';

const NUMBER: RequestName = 'the history of this number';
const ORDER: RequestName = 'the order behind this number';

/** How many creators of orders are remembered: one order often brought hundreds of numbers. */
const MAX_ENTRIES = 500;

/**
 * Looks up the order that last changed a number, and who created it. Two lookups each, at background priority; an order
 * that was looked up before takes none.
 */
export function makeNumberHistory(deps: {
  readonly account: string;
  readonly calls: Pick<Calls, 'background'>;
  readonly writeNumber: (number: PhoneNumber) => string;
}): NumberHistory {
  const { account, writeNumber } = deps;
  const { ask, expect } = deps.calls.background;
  /** An order's creator never changes. */
  const creators = new LRUCache<string, { readonly user?: string; readonly customerOrderId?: string }>({
    max: MAX_ENTRIES,
  });

  async function creatorOf(carrierOrderId: string) {
    const known = creators.get(carrierOrderId);
    if (known !== undefined) return known;
    const answer = await ask(`${account}/orders/${encodeURIComponent(carrierOrderId)}`, ORDER);
    // A number that was ported in has an order of another kind.
    if (saysThereIsNone(answer)) return {};
    const creator = decodeCreator(await expect(answer, ORDER, 'orderresponse'));
    creators.set(carrierOrderId, creator);
    return creator;
  }

  return {
    async lastChange(number) {
      const answer = await ask(`/tns/${encodeURIComponent(writeNumber(number))}`, NUMBER);
      if (saysThereIsNone(answer)) return undefined;
      const change = decodeChange(await expect(answer, NUMBER, 'telephonenumberresponse'), number);
      if (change === 'another number') throw unreadable(NUMBER, 'another number than asked for');
      if (change === undefined || change.disconnects) return change;
      return { ...change, ...(await creatorOf(change.carrierOrderId)) };
    },
  };
}

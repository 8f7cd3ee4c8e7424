import { expect, test } from '@jest/globals';
import type { Refusal } from '../../../src/orders/policy/refusal.js';
import { submitRequest } from '../../../src/slack/listeners/submit-request.js';
import { requester, waiting } from '../../support/sample-orders.js';

const never = async () => {
  throw new Error('nothing is recorded here');
};

test('A person who saves an edit of an order that has been decided is told that first, and nothing is looked up', async () => {
  const decided: Refusal = { refused: 'already-decided', order: waiting() };
  let lookups = 0;
  const submitted = await submitRequest(
    { mayEdit: async () => decided, requestOrder: never, editOrder: never },
    { orderId: 'o1', channelId: 'C1', edition: 1 },
    requester,
    async () => {
      lookups += 1;
      return { problem: 'one number is not on the account' };
    },
  );
  expect(submitted).toEqual({ result: 'refused', refusal: decided });
  expect(lookups).toBe(0);
});

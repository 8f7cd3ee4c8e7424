import { inBatches, type SortedKeys } from '../sorted-keys.js';
import type { RedisAnswers } from './redis-answers.js';
import type { Client } from './redis-connection.js';

/** A sorted set whose members all have the same score, so that Redis sorts them by their bytes. */
export function sortedKeysIn(
  client: Client,
  { answered, answeredWrite }: RedisAnswers,
  place: string,
  checkOpen: () => void,
): SortedKeys {
  return {
    async add(keys) {
      for (const batch of inBatches(keys)) {
        checkOpen();
        await answeredWrite(
          client.zAdd(
            place,
            batch.map((value) => ({ score: 0, value })),
          ),
        );
      }
    },
    async remove(keys) {
      for (const batch of inBatches(keys)) {
        checkOpen();
        await answeredWrite(client.zRem(place, batch));
      }
    },
    async last(from, to, limit) {
      checkOpen();
      return answered(
        client.zRange(place, `(${to}`, `[${from}`, {
          BY: 'LEX',
          REV: true,
          LIMIT: { offset: 0, count: limit },
        }),
      );
    },
  };
}

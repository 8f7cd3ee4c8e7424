import { describe, expect, test } from '@jest/globals';
import { makeKeyedQueue } from '../../../src/orders/engine/keyed-queue.js';
import { allQuiet } from '../../support/orders/manual-clock.js';

/** A queue whose runs last until they are let go, one by one. */
function makeWork() {
  const begun: string[] = [];
  const errors: unknown[] = [];
  const underWay: { key: string; end: (error?: Error) => void }[] = [];
  const queue = makeKeyedQueue(
    (key) =>
      new Promise((resolve, reject) => {
        begun.push(key);
        underWay.push({ key, end: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
    (_key, error) => errors.push(error),
  );
  const endNext = async (error?: Error) => {
    underWay.shift()?.end(error);
    await allQuiet();
  };
  return { queue, begun, errors, underWay, endNext };
}

describe('A queue', () => {
  test('that is asked three times while it runs runs once more, never two at once', async () => {
    const { queue, begun, underWay, endNext } = makeWork();
    void queue.enqueue('o1');
    void queue.enqueue('o1');
    void queue.enqueue('o1');
    void queue.enqueue('o1');
    await allQuiet();
    expect(begun).toHaveLength(1);
    expect(underWay).toHaveLength(1);
    await endNext();
    expect(begun).toHaveLength(2);
    expect(underWay).toHaveLength(1);
    await endNext();
    expect(begun).toHaveLength(2);
  });

  test('resolves only when a run has ended that began after the request', async () => {
    const { queue, endNext } = makeWork();
    const answered: string[] = [];
    void queue.enqueue('o1').then(() => answered.push('first'));
    await allQuiet();
    void queue.enqueue('o1').then(() => answered.push('second'));
    void queue.enqueue('o1').then(() => answered.push('third'));
    await endNext();
    expect(answered).toEqual(['first']);
    await endNext();
    expect(answered).toEqual(['first', 'second', 'third']);
  });

  test('can be asked again the moment it is done', async () => {
    const { queue, begun, endNext } = makeWork();
    void queue.enqueue('o1').then(() => queue.enqueue('o1'));
    await endNext();
    expect(begun).toHaveLength(2);
    void queue.enqueue('o1');
    await endNext();
    expect(begun).toHaveLength(3);
  });

  test('keeps one order from waiting for another', async () => {
    const { queue, begun } = makeWork();
    void queue.enqueue('o1');
    void queue.enqueue('o2');
    await allQuiet();
    expect(begun).toEqual(['o1', 'o2']);
  });

  test('continues after an error, and the request is still answered', async () => {
    const { queue, begun, errors, endNext } = makeWork();
    const first = queue.enqueue('o1');
    const second = queue.enqueue('o1');
    await endNext(new Error('broken'));
    await first;
    expect(errors).toHaveLength(1);
    expect(begun).toHaveLength(2);
    await endNext();
    await second;
    void queue.enqueue('o1');
    expect(begun).toHaveLength(3);
  });

  test('is idle only when all runs have ended, also those that were still to come', async () => {
    const { queue, endNext } = makeWork();
    await queue.idle();
    void queue.enqueue('o1');
    void queue.enqueue('o1');
    void queue.enqueue('o2');
    let idle = false;
    const waiting = queue.idle().then(() => {
      idle = true;
    });
    await endNext();
    await endNext();
    expect(idle).toBe(false);
    await endNext();
    await waiting;
    expect(idle).toBe(true);
  });
});

import { expect, test } from '@jest/globals';
import { lineIdOf } from '../../../../src/orders/domain/line-ids.js';
import { lineOf } from '../../../../src/orders/domain/lines.js';
import type { Order } from '../../../../src/orders/domain/order.js';
import { makeOrderPace } from '../../../../src/orders/engine/placing/order-pace.js';
import { lines, searched } from '../../../support/orders/people.js';
import { fc, runs } from '../../../support/properties.js';
import { waiting } from '../../../support/sample-orders.js';

const MINUTE = 60_000;
const several = { ...waiting(), request: lines(searched('910', 1), searched('919', 1)) };

const aLine = (id: string): Order => ({ ...lineOf(several, 1), id: lineIdOf(id, 1) });
const anOrder = (id: string): Order => ({ ...waiting(), id });

test('No minute has more orders than allowed, whatever arrives when, and everything is sent in the end', () => {
  const arrival = fc.record({ after: fc.integer({ min: 0, max: 20_000 }), isLine: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(arrival, { maxLength: 80 }),
      fc.integer({ min: 2, max: 20 }),
      (arrivals, perMinute) => {
        let now = 0;
        const pace = makeOrderPace({ perMinute, clock: { now: () => now } });
        const sent: number[] = [];
        const later: { at: number; order: Order }[] = [];
        const serve = (until: number) => {
          for (;;) {
            later.sort((one, other) => one.at - other.at);
            const [next] = later;
            if (next === undefined || next.at > until) break;
            later.shift();
            now = Math.max(now, next.at);
            const at = pace.take(next.order);
            if (at === undefined) sent.push(now);
            else later.push({ at, order: next.order });
          }
          now = Math.max(now, until);
        };
        arrivals.forEach(({ after, isLine }, index) => {
          serve(now + after);
          later.push({ at: now, order: isLine ? aLine(`o${index}`) : anOrder(`o${index}`) });
          serve(now);
        });
        serve(now + arrivals.length * MINUTE);
        expect(sent).toHaveLength(arrivals.length);
        for (const at of sent) {
          const inMinute = sent.filter((each) => each > at - MINUTE && each <= at).length;
          expect(inMinute).toBeLessThanOrEqual(perMinute);
        }
      },
    ),
    { numRuns: runs(200) },
  );
});

test('A single order is sent at once while hundreds of lines wait', () => {
  const pace = makeOrderPace({ perMinute: 20, clock: { now: () => 0 } });
  const times = Array.from({ length: 300 }, (_, index) => pace.take(aLine(`o${index}`)));
  expect(times.filter((at) => at === undefined)).toHaveLength(18);
  expect(pace.take(anOrder('someone’s'))).toBeUndefined();
  expect(pace.take(anOrder('another’s'))).toBeUndefined();
  expect(pace.take(anOrder('a third'))).toBe(MINUTE);
});

test('What was taken and not sent is available to another', () => {
  const pace = makeOrderPace({ perMinute: 2, clock: { now: () => 0 } });
  expect(pace.take(anOrder('one'))).toBeUndefined();
  expect(pace.take(anOrder('two'))).toBeUndefined();
  pace.giveBack(anOrder('one'));
  expect(pace.take(anOrder('three'))).toBeUndefined();
});

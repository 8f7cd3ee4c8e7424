import { expect, test } from '@jest/globals';
import { numbersToHold } from '../../../src/orders/domain/holds.js';
import { isFinal } from '../../../src/orders/domain/order.js';
import type { Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { makeHeldCalls } from '../../support/orders/held-calls.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { type Gate, type Instance, startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, phones, purchase, sam } from '../../support/orders/people.js';
import { cannotBeAsked, type HoldTurn, report } from '../../support/orders/scripted-carrier.js';
import { fc, runs } from '../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const RUNS = 200;
const HANGS_AFTER_MS = 30 * MINUTE;

const numbers = phones(2);
const orderIds = ['o1', 'o2'] as const;

type Happening =
  | {
      readonly what: 'request' | 'edit';
      readonly id: string;
      readonly by: Person;
      readonly which: readonly number[];
    }
  | { readonly what: 'approve' | 'decline' | 'settle'; readonly id: string }
  | { readonly what: 'pass' | 'crash' }
  | { readonly what: 'go on'; readonly picks: readonly number[] }
  | { readonly what: 'time'; readonly ms: number }
  | { readonly what: 'clock'; readonly ms: number }
  | { readonly what: 'store'; readonly is: 'fine' | 'down' };

/** What happens, and in which process. */
type Told = Happening & { readonly at: number };

const at = fc.nat(1);
const id = fc.constantFrom(...orderIds);
const which = fc.subarray([0, 1], { minLength: 1 });
const told = <H extends Happening>(weight: number, happening: { [K in keyof H]: fc.Arbitrary<H[K]> }) => ({
  weight,
  arbitrary: fc.record({ ...happening, at }) as unknown as fc.Arbitrary<H & { at: number }>,
});
const just = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const anyHappening: fc.Arbitrary<Told> = fc.oneof(
  told(20, {
    what: just('go on' as const),
    picks: fc.array(fc.nat(7), { minLength: 1, maxLength: 6, size: 'max' }),
  }),
  told(3, { what: just('request' as const), id, by: just(ana, sam), which }),
  told(1, { what: just('edit' as const), id, by: just(ana, sam), which }),
  told(3, { what: just('approve' as const, 'decline' as const, 'settle' as const), id }),
  told(2, { what: just('pass' as const, 'crash' as const) }),
  told(4, {
    what: just('time' as const),
    ms: just(1, 1, 3 * SECOND, 3 * SECOND, 10 * SECOND, 40 * SECOND, 40 * SECOND, 4 * MINUTE),
  }),
  told(1, { what: just('time' as const), ms: just(HOUR, 5 * HOUR) }),
  told(2, {
    what: just('clock' as const),
    ms: just(-DAY, -HOUR, -90 * SECOND, 90 * SECOND, HOUR, 5 * HOUR, DAY),
  }),
  told(1, { what: just('store' as const), is: just('fine' as const, 'down' as const) }),
);

const keptUnheard: HoldTurn = (keep) => {
  keep();
  return cannotBeAsked()();
};
const turns: Readonly<Record<string, HoldTurn>> = {
  answered: (keep) => keep(),
  'kept, answer lost': keptUnheard,
  lost: cannotBeAsked(),
};

const anyLife = fc.record({
  /** What takes its time; everything else is done at once. */
  slow: fc.constantFrom(
    ['hold'],
    ['hold', 'findHold', 'release'],
    ['hold', 'findHold', 'release', 'replace'],
    [''],
  ),
  happenings: fc.array(anyHappening, { minLength: 10, maxLength: 60, size: 'max' }),
  holds: fc.array(fc.constantFrom(...Object.keys(turns)), { maxLength: 12, size: 'max' }),
  /** Whether the lookups, and the releases, work. */
  lookups: fc.array(fc.boolean(), { maxLength: 6, size: 'max' }),
  releases: fc.array(fc.boolean(), { maxLength: 4, size: 'max' }),
  processes: fc.constantFrom(1, 2),
});

type Life = typeof anyLife extends fc.Arbitrary<infer L> ? L : never;

/** Everything happens as told; then all trouble ends, what still waits is declined, and time goes by. */
async function live({ slow, happenings, holds, lookups, releases, processes }: Life) {
  const app = startOrdersApp({ approvalTtlMs: 4 * DAY }, 100);
  await app.engine.stop();
  app.carrier.says(report('complete'));
  app.carrier.onHold(...holds.flatMap((name) => turns[name] ?? []));
  app.carrier.onFindHold(...lookups.map((works) => (works ? () => undefined : cannotBeAsked())));
  app.carrier.onRelease(...releases.map((works) => (works ? () => {} : cannotBeAsked())));
  const begin = () => {
    const held = makeHeldCalls();
    const quick = makeHeldCalls();
    quick.open();
    const gate: Gate = (call, go) =>
      (slow.some((each) => call.startsWith(each)) ? held : quick).gate(call, go);
    const die = () => {
      held.close();
      quick.close();
    };
    return { held, die, instance: app.start(gate) };
  };
  const running = Array.from({ length: processes }, begin);
  const ignoreOutage = () => {};
  const act = async (instance: Instance, happening: Happening): Promise<unknown> => {
    switch (happening.what) {
      case 'request':
      case 'edit': {
        const request = purchase({
          wanted: { by: 'numbers', numbers: happening.which.flatMap((each) => numbers[each] ?? []) },
        });
        const { id, by } = happening;
        if (happening.what === 'request') {
          return instance.requestOrder({ id, request, requester: by, channelId: 'C1' });
        }
        return instance.editOrder(id, by, { edition: app.store.onRecord(id)?.edition ?? 1, request });
      }
      case 'approve': {
        const onCard = app.store.onRecord(happening.id);
        if (onCard === undefined) return undefined;
        return instance.reviewOrder(happening.id, ben, { verdict: 'approve', seen: requestDigest(onCard) });
      }
      case 'decline':
        return instance.reviewOrder(happening.id, ben, { verdict: 'decline', why: 'no' });
      case 'settle':
        return instance.engine.settle(happening.id);
      case 'pass':
        return instance.engine.pass();
      default:
        return undefined;
    }
  };
  const asked = { what: 'request', id: 'o1', by: ana, which: [0, 1], at: 0 } as const;
  for (const happening of [asked, ...happenings]) {
    const process = running[happening.at % processes] ?? begin();
    switch (happening.what) {
      case 'crash':
        process.die();
        running[happening.at % processes] = begin();
        break;
      case 'go on':
        for (const pick of happening.picks) await process.held.letOn(pick);
        break;
      case 'time':
        await app.clock.advance(happening.ms);
        break;
      case 'clock':
        app.clock.jump(happening.ms);
        break;
      case 'store':
        app.store.failWhen(() => happening.is === 'down');
        break;
      default:
        void act(process.instance, happening).catch(ignoreOutage);
    }
    await allQuiet();
  }
  app.store.recover();
  for (const { held } of running) held.open();
  await allQuiet();
  const [{ instance } = begin()] = running;
  for (const id of orderIds) {
    const order = app.store.onRecord(id);
    if (order?.status === 'awaiting-approval') {
      await instance.reviewOrder(id, ben, { verdict: 'decline', why: 'no' });
    }
  }
  const goOn = async (passes: number) => {
    for (let pass = 0; pass < passes; pass += 1) {
      for (const { instance } of running) await instance.engine.pass();
      await app.clock.advance(20 * SECOND);
    }
  };
  const onRecord = () => orderIds.flatMap((id) => app.store.onRecord(id) ?? []);
  const left = () => [...app.carrier.reserved.values()].filter(({ until }) => until > app.clock.trueTime());
  // Whatever our clock says, what has ended leaves nothing behind.
  await goOn(60);
  const stillNamed = onRecord().flatMap((order) => (isFinal(order) ? [] : numbersToHold(order.request)));
  const leftByEnded = left().filter(({ number }) => !stillNamed.includes(number));
  // A clock that was set back has an order placed late; by now every time that was ever set has come.
  app.clock.jump(60 * DAY);
  await goOn(45);
  return { app, leftByEnded, left: left(), orders: onRecord() };
}

test(
  'whatever becomes of requests, answers, processes and clocks: no order that has ended leaves a reservation behind',
  async () => {
    await fc.assert(
      fc.asyncProperty(anyLife, async (life) => {
        const { app, leftByEnded, left, orders } = await live(life);
        expect(leftByEnded).toEqual([]);
        expect(orders.filter((order) => !isFinal(order)).map(({ status }) => status)).toEqual([]);
        expect(left).toEqual([]);
        expect(await app.store.open()).toEqual([]);
        await app.expectAllInJournal();
      }),
      { numRuns: runs(RUNS) },
    );
  },
  HANGS_AFTER_MS,
);

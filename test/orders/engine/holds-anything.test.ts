import { expect, test } from '@jest/globals';
import { numbersToHold } from '../../../src/orders/domain/holds.js';
import { isFinal } from '../../../src/orders/domain/order.js';
import type { Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { type Desk, type Gate, openOffice } from '../../support/orders/office.js';
import { anna, ben, phones, purchase, sam } from '../../support/orders/people.js';
import { cannotBeAsked, type HoldTurn, report } from '../../support/orders/scripted-carrier.js';
import { makeTurnstile } from '../../support/orders/turnstile.js';
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
  told(3, { what: just('request' as const), id, by: just(anna, sam), which }),
  told(1, { what: just('edit' as const), id, by: just(anna, sam), which }),
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
  const office = openOffice({ approvalTtlMs: 4 * DAY }, 100);
  await office.engine.stop();
  office.carrier.says(report('complete'));
  office.carrier.onHold(...holds.flatMap((name) => turns[name] ?? []));
  office.carrier.onFindHold(...lookups.map((works) => (works ? () => undefined : cannotBeAsked())));
  office.carrier.onRelease(...releases.map((works) => (works ? () => {} : cannotBeAsked())));
  const begin = () => {
    const turnstile = makeTurnstile();
    const quick = makeTurnstile();
    quick.open();
    const gate: Gate = (call, go) =>
      (slow.some((each) => call.startsWith(each)) ? turnstile : quick).gate(call, go);
    const die = () => {
      turnstile.close();
      quick.close();
    };
    return { turnstile, die, desk: office.start(gate) };
  };
  const running = Array.from({ length: processes }, begin);
  const ignoreOutage = () => {};
  const act = async (desk: Desk, happening: Happening): Promise<unknown> => {
    switch (happening.what) {
      case 'request':
      case 'edit': {
        const request = purchase({
          wanted: { by: 'numbers', numbers: happening.which.flatMap((each) => numbers[each] ?? []) },
        });
        const { id, by } = happening;
        if (happening.what === 'request') {
          return desk.requestOrder({ id, request, requester: by, channelId: 'C1' });
        }
        return desk.editOrder(id, by, { edition: office.store.onRecord(id)?.edition ?? 1, request });
      }
      case 'approve': {
        const onCard = office.store.onRecord(happening.id);
        if (onCard === undefined) return undefined;
        return desk.reviewOrder(happening.id, ben, { verdict: 'approve', seen: requestDigest(onCard) });
      }
      case 'decline':
        return desk.reviewOrder(happening.id, ben, { verdict: 'decline', why: 'no' });
      case 'settle':
        return desk.engine.settle(happening.id);
      case 'pass':
        return desk.engine.pass();
      default:
        return undefined;
    }
  };
  const asked = { what: 'request', id: 'o1', by: anna, which: [0, 1], at: 0 } as const;
  for (const happening of [asked, ...happenings]) {
    const process = running[happening.at % processes] ?? begin();
    switch (happening.what) {
      case 'crash':
        process.die();
        running[happening.at % processes] = begin();
        break;
      case 'go on':
        for (const pick of happening.picks) await process.turnstile.letOn(pick);
        break;
      case 'time':
        await office.clock.advance(happening.ms);
        break;
      case 'clock':
        office.clock.jump(happening.ms);
        break;
      case 'store':
        office.store.failWhen(() => happening.is === 'down');
        break;
      default:
        void act(process.desk, happening).catch(ignoreOutage);
    }
    await allQuiet();
  }
  office.store.recover();
  for (const { turnstile } of running) turnstile.open();
  await allQuiet();
  const [{ desk } = begin()] = running;
  for (const id of orderIds) {
    const order = office.store.onRecord(id);
    if (order?.status === 'awaiting-approval') {
      await desk.reviewOrder(id, ben, { verdict: 'decline', why: 'no' });
    }
  }
  const goOn = async (passes: number) => {
    for (let pass = 0; pass < passes; pass += 1) {
      for (const { desk } of running) await desk.engine.pass();
      await office.clock.advance(20 * SECOND);
    }
  };
  const onRecord = () => orderIds.flatMap((id) => office.store.onRecord(id) ?? []);
  const left = () =>
    [...office.carrier.reserved.values()].filter(({ until }) => until > office.clock.trueTime());
  // Whatever our clock says, what has ended leaves nothing behind.
  await goOn(60);
  const stillNamed = onRecord().flatMap((order) => (isFinal(order) ? [] : numbersToHold(order.request)));
  const leftByEnded = left().filter(({ number }) => !stillNamed.includes(number));
  // A clock that was set back has an order placed late; by now every time that was ever set has come.
  office.clock.jump(60 * DAY);
  await goOn(45);
  return { office, leftByEnded, left: left(), orders: onRecord() };
}

test(
  'whatever becomes of requests, answers, processes and clocks: no order that has ended leaves a reservation behind',
  async () => {
    await fc.assert(
      fc.asyncProperty(anyLife, async (life) => {
        const { office, leftByEnded, left, orders } = await live(life);
        expect(leftByEnded).toEqual([]);
        expect(orders.filter((order) => !isFinal(order)).map(({ status }) => status)).toEqual([]);
        expect(left).toEqual([]);
        expect(await office.store.open()).toEqual([]);
        await office.expectAllInJournal();
      }),
      { numRuns: runs(RUNS) },
    );
  },
  HANGS_AFTER_MS,
);

import { expect, test } from '@jest/globals';
import { dueAnnouncements, isSettled } from '../../../src/orders/domain/due-announcements.js';
import { isHold } from '../../../src/orders/domain/holds.js';
import { orderAndLineOf } from '../../../src/orders/domain/line-ids.js';
import { lineOf, linesOf } from '../../../src/orders/domain/lines.js';
import { isFinal, type Order } from '../../../src/orders/domain/order.js';
import type { PhoneNumber } from '../../../src/orders/domain/phone-number.js';
import {
  namedNumbers,
  type OrderRequest,
  type Person,
  severalLines,
} from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { isRefusal } from '../../../src/orders/policy/refusal.js';
import { BoardUnreachable } from '../../../src/orders/ports/order-board.js';
import { makeHeldCalls } from '../../support/orders/held-calls.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { type Instance, startOrdersApp } from '../../support/orders/orders-app.js';
import {
  ana,
  bea,
  ben,
  disconnect,
  gus,
  lines,
  longDisconnect,
  phone,
  purchase,
  sam,
  searchAndOrder,
  searched,
} from '../../support/orders/people.js';
import {
  cannotBeAsked,
  lostOnTheWay,
  notTaken,
  type PlaceTurn,
  report,
  saysNo,
  taken,
  takenButAnswerLost,
} from '../../support/orders/scripted-carrier.js';
import { visible } from '../../support/orders/visible.js';
import { fc, runs } from '../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const RUNS = 600;
const HANGS_AFTER_MS = 30 * MINUTE;

type Happening =
  | {
      readonly what: 'press';
      readonly who: Person;
      readonly attempt: 'approve' | 'decline' | 'cancel';
      readonly at: number;
    }
  | { readonly what: 'ask again' | 'settle' | 'pass' | 'crash'; readonly at: number }
  /** One call under way (in any process) goes on by half: it takes effect, or its answer comes back. */
  | { readonly what: 'go on'; readonly at: number; readonly picks: readonly number[] }
  | { readonly what: 'time'; readonly ms: number }
  /** Somebody sets the clock. */
  | { readonly what: 'clock'; readonly ms: number }
  | { readonly what: 'slack'; readonly is: 'fine' | 'down' | 'forgetful' | 'closed to us' }
  | { readonly what: 'store'; readonly is: 'fine' | 'down' };

const attempts = ['approve', 'approve', 'approve', 'approve', 'decline', 'cancel'] as const;
const at = fc.nat(1);
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      what: fc.constant('go on' as const),
      at,
      picks: fc.array(fc.nat(7), { minLength: 1, maxLength: 16, size: 'max' }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('press' as const),
      who: fc.constantFrom(ben, bea, gus, ben, ana, sam),
      attempt: fc.constantFrom(...attempts),
      at,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom('settle' as const, 'pass' as const, 'ask again' as const),
      at,
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('crash' as const), at }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('time' as const),
      ms: fc.constantFrom(1, 300, 2_000, 10_000, 40_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('clock' as const),
      ms: fc.constantFrom(-90_000, -3_000, 3_000, 90_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('slack' as const),
      is: fc.constantFrom('fine' as const, 'down' as const, 'forgetful' as const, 'closed to us' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('store' as const),
      is: fc.constantFrom('fine' as const, 'down' as const),
    }),
  },
);

const anyPlacing: fc.Arbitrary<{ name: string; turn: PlaceTurn }> = fc.constantFrom(
  { name: 'taken', turn: taken },
  { name: 'taken, answer lost', turn: takenButAnswerLost },
  { name: 'lost on the way', turn: lostOnTheWay },
  { name: 'not taken', turn: notTaken() },
  { name: 'refused', turn: saysNo },
);

const anyReport = fc.constantFrom(
  () => report('received'),
  () => report('processing'),
  () => report('backordered'),
  cannotBeAsked(),
  cannotBeAsked({ trouble: 'throttled', retryAt: 0 }),
);
const anyLookUp = fc.constantFrom(cannotBeAsked(), () => []);

interface Life {
  readonly request: OrderRequest;
  readonly undoWindowMs: number;
  readonly happenings: readonly Happening[];
  readonly placings: readonly { readonly name: string; readonly turn: PlaceTurn }[];
  readonly reports: readonly (() => ReturnType<typeof report>)[];
  readonly lookUps: readonly (() => readonly string[])[];
  readonly processes: number;
}

/** Two to four lines, with numbers of their own; one line is any other purchase. */
const anyLines = fc
  .array(fc.boolean(), { minLength: 2, maxLength: 4, size: 'max' })
  .map((picked) =>
    picked.map((isPicked, index) =>
      isPicked
        ? { by: 'numbers' as const, numbers: [phone(`910241436${index}`), phone(`910241437${index}`)] }
        : searched(`91${index}`, index + 1),
    ),
  );

const anyLife: fc.Arbitrary<Life> = fc.record({
  request: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(purchase(), searchAndOrder(2), disconnect(), longDisconnect()),
    },
    { weight: 3, arbitrary: anyLines.map((all) => lines(...all)) },
  ),
  undoWindowMs: fc.constantFrom(0, 5 * SECOND, MINUTE),
  happenings: fc.array(anyHappening, { minLength: 5, maxLength: 40, size: 'max' }),
  placings: fc.array(anyPlacing, { maxLength: 4, size: 'max' }),
  reports: fc.array(anyReport, { maxLength: 6, size: 'max' }),
  lookUps: fc.array(anyLookUp, { maxLength: 4, size: 'max' }),
  processes: fc.constantFrom(1, 1, 2),
});

/** Everything happens as told; then all trouble ends, and a quarter of an hour goes by. */
async function live(life: Life) {
  const { request, undoWindowMs, happenings, placings, reports, lookUps, processes } = life;
  const app = startOrdersApp({ undoWindowMs }, 100);
  await app.engine.stop();
  const wins: { who: Person; attempt: string; order: Order }[] = [];
  const intentsMissing: string[] = [];
  /** The numbers whose reservations were unaccounted for when an order left. */
  const unanswered: PhoneNumber[] = [];
  /** By how much each POST left before its undo window was over. */
  const tooEarly: number[] = [];
  let clockIsOff = 0;
  app.carrier.onReport(...reports);
  app.carrier.onFind(...lookUps);
  app.carrier.onPlace(
    // After those told, one more is certainly taken.
    ...[...placings.map(({ turn }) => turn), ...Array.from({ length: 4 }, () => taken)].map(
      (turn): PlaceTurn =>
        (accept) => {
          const { line } = orderAndLineOf(app.carrier.posts.at(-1) ?? '');
          const whole = app.order('o1');
          const order = line === undefined ? whole : lineOf(whole, line);
          unanswered.push(...order.holds.filter(isHold('asked')).map(({ number }) => number));
          if (order.status !== 'placing') intentsMissing.push(order.status);
          else if (request.kind === 'disconnect') {
            const early = order.approval.at + undoWindowMs - order.sentAt;
            if (early > 0) tooEarly.push(early);
          }
          return turn(accept);
        },
    ),
  );

  const begin = () => {
    const held = makeHeldCalls();
    return { held, instance: app.start(held.gate) };
  };
  const running = Array.from({ length: processes }, begin);
  const runningAt = (at: number) => running[at % processes] ?? begin();
  const ignoreOutage = () => {};
  const ask = (instance: Instance) =>
    instance
      .requestOrder({ id: 'o1', request, requester: ana, channelId: 'C1' })
      .then(() => {}, ignoreOutage);

  const press = (instance: Instance, who: Person, attempt: 'approve' | 'decline' | 'cancel') => {
    const onCard = app.store.onRecord('o1');
    if (onCard === undefined) return;
    const verdict =
      attempt === 'approve'
        ? { verdict: attempt, seen: requestDigest(onCard) }
        : { verdict: 'decline' as const, why: 'no' };
    const answer =
      attempt === 'cancel' ? instance.cancelOrder('o1', who) : instance.reviewOrder('o1', who, verdict);
    void answer.then((result) => {
      if (!isRefusal(result)) wins.push({ who, attempt, order: result });
    }, ignoreOutage);
  };

  void ask(runningAt(0).instance);
  await allQuiet();
  for (const happening of happenings) {
    switch (happening.what) {
      case 'press':
        press(runningAt(happening.at).instance, happening.who, happening.attempt);
        break;
      case 'ask again':
        void ask(runningAt(happening.at).instance);
        break;
      case 'settle':
        void runningAt(happening.at).instance.engine.settle('o1');
        break;
      case 'pass':
        void runningAt(happening.at).instance.engine.pass().catch(ignoreOutage);
        break;
      case 'crash':
        runningAt(happening.at).held.close();
        running[happening.at % processes] = begin();
        break;
      case 'go on':
        for (const pick of happening.picks) await runningAt(happening.at).held.letOn(pick);
        break;
      case 'time':
        await app.clock.advance(happening.ms);
        break;
      case 'clock':
        app.clock.jump(happening.ms);
        clockIsOff += happening.ms;
        break;
      case 'slack':
        app.board.trouble = slackIn(happening.is);
        break;
      case 'store':
        app.store.failWhen(() => happening.is === 'down');
        break;
    }
    await allQuiet();
  }

  if (clockIsOff < 0) app.clock.jump(-clockIsOff);
  app.board.trouble = undefined;
  app.store.recover();
  app.carrier.says(report('complete'));
  for (const { held } of running) held.open();
  await allQuiet();
  for (let pass = 0; pass < 45; pass += 1) {
    for (const { instance } of running) await instance.engine.pass();
    await app.clock.advance(20 * SECOND);
  }
  const happened = (what: Happening['what']) => happenings.some((happening) => happening.what === what);
  return {
    app,
    wins,
    intentsMissing,
    tooEarly,
    unanswered,
    undisturbed: processes === 1 && !happened('crash') && !happened('store'),
  };
}

function slackIn(state: 'fine' | 'down' | 'forgetful' | 'closed to us'): (() => void) | undefined {
  let calls = 0;
  switch (state) {
    case 'fine':
      return undefined;
    case 'down':
      return () => {
        throw new Error('Slack does not answer');
      };
    case 'forgetful':
      return () => {
        calls += 1;
        if (calls % 2 === 1) throw new Error('Slack does not answer');
      };
    case 'closed to us':
      return () => {
        throw new BoardUnreachable('not_in_channel');
      };
  }
}

const isSentAgain = (line: Order): boolean => 'approval' in line && line.approval?.again !== undefined;

test(
  'whatever happens, in whatever order: one decision, at most one order at Bandwidth, never while it can be undone, and a card that says so',
  async () => {
    await fc.assert(
      fc.asyncProperty(anyLife, async (life) => {
        const { app, wins, intentsMissing, tooEarly, unanswered, undisturbed } = await live(life);
        const { accepted, posts } = app.carrier;
        const order = app.store.onRecord('o1');
        const won = (attempt: string) => wins.filter((win) => win.attempt === attempt);

        // Nothing leaves without its intent on record, and never twice unless Bandwidth certainly did not take it.
        expect(intentsMissing).toEqual([]);
        expect(tooEarly).toEqual([]);
        const several = severalLines(life.request);
        const wantedBy = (id: string) => {
          const { line } = orderAndLineOf(id);
          return line === undefined ? life.request : { ...life.request, wanted: several[line - 1] };
        };
        expect(accepted.map(({ request }) => request)).toEqual(
          accepted.map(({ orderId }) => wantedBy(orderId)),
        );
        expect(new Set(accepted.map(({ orderId }) => orderId)).size).toBe(accepted.length);
        expect(accepted.length).toBeLessThanOrEqual(Math.max(several.length, 1));
        const refusedAttempts = life.placings
          .slice(0, posts.length)
          .filter(({ name }) => name === 'not taken');
        // Once, nobody asked, where each number can be bought once; a dead process may never have sent the first.
        const sentAgain = order === undefined ? [] : linesOf(order).filter(isSentAgain);
        const again = sentAgain.length > 0;
        for (const { request } of sentAgain) expect(request).toMatchObject({ wanted: { by: 'numbers' } });
        expect(posts.length).toBeLessThanOrEqual(
          Math.max(several.length, 1) + refusedAttempts.length + sentAgain.length,
        );

        if (order === undefined) {
          expect([...posts, ...wins, ...app.board.drawings]).toEqual([]);
          return;
        }

        // One decision, by somebody who may, and it stands.
        expect(won('approve').length + won('decline').length).toBeLessThanOrEqual(1);
        expect(won('cancel').length + won('decline').length).toBeLessThanOrEqual(1);
        const allowed = [ben, bea, gus].map(({ userId }) => userId);
        for (const { who, attempt } of wins)
          expect([...allowed, ...(attempt === 'cancel' ? [ana.userId] : [])]).toContain(who.userId);
        for (const { who } of won('decline')) expect(order).toMatchObject({ status: 'declined', by: who });
        for (const { who } of won('cancel')) {
          const canceled = linesOf(order).filter(({ status }) => status === 'cancelled');
          expect(canceled.length).toBeGreaterThan(0);
          for (const line of canceled) expect(line).toMatchObject({ by: who });
          if (several.length === 0) expect(order).toMatchObject({ status: 'cancelled', by: who });
        }
        for (const { who } of won('approve')) {
          // What was canceled before it was sent keeps who approved it.
          expect('approval' in order && order.approval?.by).toEqual(who);
        }
        if (order.status === 'declined' || order.status === 'cancelled') expect(accepted).toEqual([]);

        // What Bandwidth took is followed to its end; what it did not take is never called complete.
        for (const line of linesOf(order)) {
          const [taken] = accepted.filter(({ orderId }) => orderId === line.id);
          if (taken !== undefined) {
            // But for numbers that a reservation keeps from it whose answer was lost.
            const { keptFrom } = taken;
            expect(unanswered).toEqual(expect.arrayContaining([...keptFrom]));
            const rest = namedNumbers(line.request).length - keptFrom.length;
            expect(line.status).toBe(keptFrom.length === 0 ? 'complete' : rest === 0 ? 'failed' : 'partial');
          } else
            expect(['awaiting-approval', 'declined', 'cancelled', 'placing', 'refused']).toContain(
              line.status,
            );
        }
        expect(isFinal(order)).toBe(linesOf(order).every(isFinal));

        if (order.status === 'complete') {
          const numbers = life.request.kind === 'disconnect' ? namedNumbers(life.request) : [];
          expect(order.outcome.completed).toEqual(numbers);
        }

        // What was kept aside for it is taken or given back.
        if (isFinal(order)) expect([...app.carrier.reserved]).toEqual([]);
        await app.expectAllInJournal();

        // The card and its thread tell it.
        // Two processes without leases may each post a card: the one on record counts.
        const [{ place, renderedRevision }] = order.cards;
        const shown = place && app.board.shows(place);
        expect(renderedRevision).toBe(order.revision);
        expect(shown && visible(shown)).toEqual(visible(order));
        expect(dueAnnouncements(order)).toEqual([]);
        expect(isSettled(order)).toBe(isFinal(order));
        for (const kind of order.announced) expect(app.board.announced).toContain(kind);
        expect(new Set(order.announced).size).toBe(order.announced.length);
        if (undisturbed) {
          expect(app.board.cards()).toBe(1);
          // What is told of a second sending does not count what was told of the first.
          const since = again ? order.announced.slice(1) : order.announced;
          expect(again ? app.board.announced.slice(-since.length) : app.board.announced).toEqual(since);
          if (isFinal(order)) expect(app.clock.timers()).toBe(0);
        }
      }),
      { numRuns: runs(RUNS) },
    );
  },
  HANGS_AFTER_MS,
);

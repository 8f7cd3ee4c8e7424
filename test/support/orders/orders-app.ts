import { afterEach } from '@jest/globals';
import { makeCarrierClock } from '../../../src/bandwidth/carrier-clock.js';
import type { Order } from '../../../src/orders/domain/order.js';
import type { OrderRequest, Person, Timestamp } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import type { Sharing, Standing } from '../../../src/orders/domain/standing.js';
import { confirmWrites } from '../../../src/orders/engine/confirm-writes.js';
import { type Engine, makeEngine } from '../../../src/orders/engine/engine.js';
import { alone } from '../../../src/orders/engine/lease-guard.js';
import { makeSentOrders } from '../../../src/orders/engine/placing/sent-orders.js';
import { notingWrites } from '../../../src/orders/engine/tracking/noting-writes.js';
import { makeOpenOrders } from '../../../src/orders/engine/tracking/open-orders.js';
import { makeCheckApproval } from '../../../src/orders/policy/check-approval.js';
import { makeCircumstances } from '../../../src/orders/policy/circumstances.js';
import { makeDelegates } from '../../../src/orders/policy/delegates.js';
import { type Limits, makeLimits } from '../../../src/orders/policy/limits.js';
import type { Policy, Stage } from '../../../src/orders/policy/policy.js';
import { asReviewer } from '../../../src/orders/policy/reviewers.js';
import { stagesOf } from '../../../src/orders/policy/ruling.js';
import type { Leases } from '../../../src/orders/ports/leases.js';
import type { Ledger, LedgerArchive } from '../../../src/orders/ports/ledger.js';
import type { Log } from '../../../src/orders/ports/log.js';
import type { OrderBoard } from '../../../src/orders/ports/order-board.js';
import type { OrderStore } from '../../../src/orders/ports/order-store.js';
import type { Accounts, ApproverGroups, Channels } from '../../../src/orders/ports/people.js';
import { type CancelOrder, makeCancelOrder } from '../../../src/orders/use-cases/cancel-order.js';
import { type CheckNumbers, makeCheckNumbers } from '../../../src/orders/use-cases/check-numbers.js';
import { type CloseBackOrder, makeCloseBackOrder } from '../../../src/orders/use-cases/close-back-order.js';
import {
  type DelegateApprovals,
  makeDelegateApprovals,
} from '../../../src/orders/use-cases/delegate-approvals.js';
import {
  type EditOrder,
  type MayEdit,
  makeEditOrder,
  makeMayEdit,
} from '../../../src/orders/use-cases/edit-order.js';
import { makeEvaluatePolicy } from '../../../src/orders/use-cases/evaluate-policy.js';
import { type ExplainPolicy, makeExplainPolicy } from '../../../src/orders/use-cases/explain-policy.js';
import { makeRecheckAvailability } from '../../../src/orders/use-cases/recheck-availability.js';
import { makeAskAgain, type ReopenOrder } from '../../../src/orders/use-cases/reopen-order.js';
import { makeRequestOrder, type RequestOrder } from '../../../src/orders/use-cases/request-order.js';
import {
  type CheckAgain,
  type GiveUp,
  makeCheckAgain,
  makeGiveUp,
  makeOrderAgain,
  type OrderAgain,
} from '../../../src/orders/use-cases/resume-order.js';
import {
  type MayReview,
  makeMayReview,
  makeReviewOrder,
  type ReviewOrder,
} from '../../../src/orders/use-cases/review-order.js';
import { makeDelegationStore } from '../../../src/store/delegation-store.js';
import { makeJournal } from '../../../src/store/journal-store.js';
import { makeLedger } from '../../../src/store/ledger-store.js';
import type { Namespace } from '../../../src/store/namespace.js';
import { expectConsistentRecord } from '../consistent-record.js';
import { allQuiet, type ManualClock, makeManualClock } from './manual-clock.js';
import { makeMemoryNamespace } from './memory-namespace.js';
import { type MemoryStore, makeMemoryStore } from './memory-store.js';
import { ana, approverGroup, ben, gus, purchase, usualPolicy } from './people.js';
import { makeRecordingBoard, type RecordingBoard } from './recording-board.js';
import { cannotBeAsked, makeScriptedCarrier, type ScriptedCarrier } from './scripted-carrier.js';

/** Every outside call of the app goes through a gate: it may be kept waiting, or never return. */
export type Gate = <T>(call: string, go: () => Promise<T>) => Promise<T>;

/** One running process of the app. */
export interface Instance {
  readonly engine: Engine;
  /** What an instance does with each pass, even if another instance makes it. */
  readonly restoreLost: () => Promise<void>;
  readonly requestOrder: RequestOrder;
  readonly reviewOrder: ReviewOrder;
  readonly mayReview: MayReview;
  readonly mayEdit: MayEdit;
  readonly editOrder: EditOrder;
  readonly askAgain: ReopenOrder;
  readonly cancelOrder: CancelOrder;
  readonly checkAgain: CheckAgain;
  readonly orderAgain: OrderAgain;
  readonly giveUp: GiveUp;
  readonly closeBackOrder: CloseBackOrder;
  readonly checkNumbers: CheckNumbers;
  readonly limits: Limits;
  readonly explainPolicy: ExplainPolicy;
  readonly delegateApprovals: DelegateApprovals;
}

export interface OrdersApp extends Instance {
  readonly clock: ManualClock;
  readonly store: MemoryStore;
  readonly ledger: Ledger & LedgerArchive;
  readonly carrier: ScriptedCarrier;
  readonly board: RecordingBoard;
  /** Who is in the approver group; an error when Slack cannot say. */
  members: readonly string[] | Error;
  /** What Slack says about people; everyone else is a member of T1, or an outsider with another team. */
  readonly standings: Map<string, Standing>;
  /** Who the channel is shared with. */
  sharing: Sharing;
  /** The workspace of the channel, where the app is installed in several. */
  workspaceId: string | undefined;
  /** What happened, in order: `saved placing`, `POST`, `drew placed`, `told approved` … */
  readonly journal: readonly string[];
  /** What was logged at `error`. */
  readonly errors: readonly string[];
  /** When each POST was sent. */
  readonly postedAt: readonly Timestamp[];
  /** Starts another process on the same store, carrier and board; with `leases`, next to others that share them. */
  start(gate?: Gate, leases?: Leases, policy?: Partial<Policy>): Instance;
  /** Ana requests `request`; resolves when the card is posted. */
  request(id: string, request?: OrderRequest): Promise<void>;
  /** Ben approves what the card shows. */
  approve(id: string, by?: Person): Promise<void>;
  /** Remembers everything that is stored; the function it returns takes the store back to that. */
  snapshot(): () => void;
  /** The order on record; throws when there is none. */
  order(id: string): Order;
  /** Expects that the record is consistent, and that every event is in the journal, once. */
  expectAllInJournal(): Promise<unknown>;
  /** In which of these stages a person's approval can count, as Slack knows them now. */
  stagesOf(stages: readonly Stage[], person: Person): Promise<readonly boolean[]>;
  /** Lets time pass with a pass every five seconds (or as given), as the poller asks for. */
  live(ms: number, instance?: Instance, every?: number): Promise<void>;
}

export const LOOK_UP_AFTER_MS = 30_000;
/** The app gives up on Bandwidth after this; what is still on its way then never arrives. */
const HOLD_WITHIN_MS = 10_000;
const POLL_MS = 5_000;
const channelId = 'C1';

/** Every order that any test makes in its app, and the journal, must pass verification. */
const apps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await allQuiet();
  for (const check of apps.splice(0)) await check();
});

/** @param maxHeld how many numbers a person's orders can hold; none, if a test is about something else. */
export function startOrdersApp(
  changes: Partial<Policy> = {},
  maxHeld = 0,
  ordersPerMinute = 1_000,
): OrdersApp {
  const usual = { ...usualPolicy, ...changes };
  const journal: string[] = [];
  const errors: string[] = [];
  const postedAt: Timestamp[] = [];
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (_facts, sentence) => errors.push(sentence),
  };
  const clock = makeManualClock();
  const store = makeMemoryStore(journal);
  const tallies = makeMemoryNamespace();
  const ledger = makeLedger(tallies);
  const carrier = makeScriptedCarrier(journal, clock.trueTime);
  const board = makeRecordingBoard(journal);
  const delegations = makeDelegationStore(makeMemoryNamespace());
  const namespaces = { journal: makeMemoryNamespace(), claims: makeMemoryNamespace() };
  const archive = makeJournal({ entries: namespaces.journal, claims: namespaces.claims, clock });
  const groups: ApproverGroups = {
    async includesAny(groupIds, userId) {
      if (app.members instanceof Error) throw app.members;
      return groupIds.includes(approverGroup) && app.members.includes(userId);
    },
    async membersOf(groupIds) {
      if (app.members instanceof Error) throw app.members;
      return groupIds.includes(approverGroup) ? app.members : [];
    },
  };

  const accounts: Accounts = {
    standingOf: async ({ userId, teamId }) =>
      app.standings.get(userId) ?? (teamId === ana.teamId ? 'member' : 'outsider'),
    canAsk: async () => true,
  };
  const channels: Channels = {
    about: async () => ({
      sharing: app.sharing,
      ...(app.workspaceId === undefined ? {} : { workspaceId: app.workspaceId }),
    }),
  };

  function start(
    gate: Gate = (_call, go) => go(),
    leases: Leases = alone,
    otherwise: Partial<Policy> = {},
  ): Instance {
    const policy = { ...usual, ...otherwise };
    const known = { lookupAfterMs: LOOK_UP_AFTER_MS, maxHeld };
    const carrierClock = makeCarrierClock(clock, clock.trueTime);
    const carrierNow = () => carrierClock.now();
    const open = makeOpenOrders({ now: clock.now, carrierNow, ...known });
    /** Every answer from Bandwidth has its time. */
    const atBandwidth: Gate = async (call, go) => {
      const answer = await gate(call, go);
      carrierClock.learn(new Date(clock.trueTime()).toISOString());
      return answer;
    };
    const gatedStore: OrderStore = {
      insert: (order) => gate('insert', () => store.insert(order)),
      get: (id) => gate('get', () => store.get(id)),
      replace: (current, next) => gate(`replace ${next.status}`, () => store.replace(current, next)),
      open: () => gate('open', () => store.open()),
      openAbout: (question) => gate('open', () => store.openAbout(question)),
    };
    const sure = confirmWrites({ orders: gatedStore, settle: (id) => engine.settleSoon(id), clock, log });
    const noting = notingWrites(sure, open);
    const sent = makeSentOrders({
      alone: leases.alone,
      open,
      count: (order) => limits.countSent(order),
      clock,
      log,
    });
    const orders = sent.remembering(noting);
    const gated = (name: keyof typeof namespaces): Namespace => {
      const namespace = namespaces[name];
      return {
        ...namespace,
        get: (key) => gate(`${name} get`, () => namespace.get(key)),
        insertIfAbsent: (key, value) => gate(`${name} insert`, () => namespace.insertIfAbsent(key, value)),
        replace: (key, current, next) => gate(`${name} replace`, () => namespace.replace(key, current, next)),
      };
    };
    const gatedBoard: OrderBoard = {
      show: (order, card, begin) => gate('show', () => board.show(order, card, begin)),
      findCard: (...given) => gate('findCard', () => board.findCard(...given)),
      tell: (order, kind, begunAt) => gate(`tell ${kind}`, () => board.tell(order, kind, begunAt)),
      isAnnounced: (order, post) => gate(`isAnnounced ${post.kind}`, () => board.isAnnounced(order, post)),
      peopleToNotify: (order) => gate('peopleToNotify', () => board.peopleToNotify(order)),
      notify: (order, userId, at) => gate(`notify ${userId}`, () => board.notify(order, userId, at)),
      isNotified: (...given) => gate('isNotified', () => board.isNotified(...given)),
      tellDirectly: (order, kind) => gate(`tellDirectly ${kind}`, () => board.tellDirectly(order, kind)),
      tellUnreachable: (order, why) => gate('tellUnreachable', () => board.tellUnreachable(order, why)),
    };
    const limits = makeLimits({
      ledger: {
        ...ledger,
        read: (month, scope) => gate('read ledger', () => ledger.read(month, scope)),
        begin: (...given) => gate('begin ledger', () => ledger.begin(...given)),
        replace: (current, next) => gate('write ledger', () => ledger.replace(current, next)),
      },
      orders: sent.rememberingForLimits(noting),
      archive: store,
      policy,
      clock,
      log,
    });
    const circumstances = makeCircumstances({ accounts, groups, channels, policy, log });
    const delegates = makeDelegates({ delegations, clock });
    const checkApproval = makeCheckApproval({ policy, groups, accounts, circumstances, limits, clock, log });
    const engine = makeEngine({
      orders,
      open,
      journal: makeJournal({ entries: gated('journal'), claims: gated('claims'), clock }),
      leases,
      carrier: {
        place: (id, request, reservationIds) =>
          atBandwidth('place', () => {
            postedAt.push(clock.now());
            return carrier.place(id, request, reservationIds);
          }),
        find: (sent) => atBandwidth('find', () => carrier.find(sent)),
        findLike: (unsent) => atBandwidth('find', () => carrier.findLike(unsent)),
        report: (kind, id) => atBandwidth('report', () => carrier.report(kind, id)),
        isProvisioned: () => Promise.resolve(true),
        closeBackOrder: (id, order) => atBandwidth('close', () => carrier.closeBackOrder(id, order)),
        checkServices: (numbers) => atBandwidth('services', () => carrier.checkServices(numbers)),
        hold: (number) => {
          const leftAt = clock.trueTime();
          return atBandwidth('hold', () =>
            clock.trueTime() - leftAt > HOLD_WITHIN_MS ? cannotBeAsked()() : carrier.hold(number),
          );
        },
        findHold: (number) => atBandwidth('findHold', () => carrier.findHold(number)),
        release: (reservationId) => atBandwidth('release', () => carrier.release(reservationId)),
        listOrders: (kind, from) => atBandwidth('list', () => carrier.listOrders(kind, from)),
        lookups: () => carrier.lookups(),
        now: carrierNow,
      },
      board: gatedBoard,
      limits,
      checkApproval,
      sent,
      clock,
      log,
      ordersPerMinute,
      ...known,
    });
    const deps = { orders, engine, policy, limits, groups, accounts, circumstances, delegates, clock, log };
    return {
      engine,
      restoreLost: () => sent.restoreLost(noting),
      requestOrder: makeRequestOrder(deps),
      reviewOrder: makeReviewOrder({
        ...deps,
        recheckNumbers: makeRecheckAvailability({
          ...deps,
          carrier: {
            notOffered: (numbers) => gate('notOffered', () => carrier.notOffered(numbers)),
            now: carrierNow,
          },
        }),
      }),
      mayReview: makeMayReview(deps),
      mayEdit: makeMayEdit(deps),
      editOrder: makeEditOrder(deps),
      askAgain: makeAskAgain(deps),
      cancelOrder: makeCancelOrder({
        ...deps,
        carrier: { findLike: (unsent) => atBandwidth('find', () => carrier.findLike(unsent)) },
        sent,
      }),
      checkAgain: makeCheckAgain(deps),
      orderAgain: makeOrderAgain({ ...deps, checkApproval }),
      giveUp: makeGiveUp(deps),
      closeBackOrder: makeCloseBackOrder(deps),
      checkNumbers: makeCheckNumbers({ ...deps, carrier }),
      limits,
      delegateApprovals: makeDelegateApprovals({ ...deps, delegations, journal: archive }),
      explainPolicy: makeExplainPolicy({
        ...deps,
        evaluatePolicy: makeEvaluatePolicy({ limits, circumstances }),
      }),
    };
  }

  const order = (id: string): Order => {
    const found = store.onRecord(id);
    if (found === undefined) throw new Error(`there is no order ${id}`);
    return found;
  };

  const checkRecord = (atRest: boolean) =>
    expectConsistentRecord(
      { orders: store, journal: archive, delegations, explanations: { all: async () => [] } },
      { atRest },
    );
  apps.push(() => checkRecord(false));

  const app: OrdersApp = {
    ...start(),
    clock,
    store,
    ledger,
    carrier,
    board,
    members: [gus.userId],
    standings: new Map(),
    sharing: 'internal',
    workspaceId: undefined,
    journal,
    errors,
    postedAt,
    start,
    async request(id, request = purchase()) {
      await app.requestOrder({ id, request, requester: ana, channelId });
      await allQuiet();
    },
    async approve(id, by = ben) {
      await app.reviewOrder(id, by, { verdict: 'approve', seen: requestDigest(order(id)) });
      await allQuiet();
    },
    snapshot() {
      const back = [store, tallies, ...Object.values(namespaces)].map((each) => each.snapshot());
      return () => {
        for (const goBack of back) goBack();
      };
    },
    order,
    stagesOf: async (stages, person) =>
      stagesOf(await asReviewer({ groups, accounts }, stages, person), stages),
    expectAllInJournal: () => checkRecord(true),
    async live(ms, instance = app, every = POLL_MS) {
      for (let left = ms; left > 0; left -= every) {
        const looked = instance.restoreLost();
        await instance.engine.pass().catch(() => {});
        await looked;
        await clock.advance(Math.min(left, every));
      }
    },
  };
  return app;
}

import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { changeOrder } from '../change-order.js';
import type { SecondSending } from '../domain/approval.js';
import { type CarrierReport, isFinalReport, type OpenCarrierStatus } from '../domain/carrier-report.js';
import { dueDirectAnnouncements } from '../domain/due-announcements.js';
import { withExpiry } from '../domain/expiry.js';
import { reservationIds } from '../domain/holds.js';
import { asksPeople, isFinal, type Order, type OrderIn } from '../domain/order.js';
import { askedQuantity, type OrderId, type Timestamp } from '../domain/request.js';
import {
  answerUnknown,
  cardUnreachable,
  drawn,
  followed,
  foundBefore,
  heldBack,
  heldBackAgain,
  notAnswered,
  notClosed,
  notConcluded,
  notFound,
  notKnown,
  notSentAgain,
  notTaken,
  notTurnedUp,
  placed,
  placing,
  placingAgain,
  refused,
  reopened,
  reported,
  secondRefused,
  soughtOut,
  told,
  toldDirectly,
} from '../domain/transitions.js';
import { makeJournalWriter } from '../journal/write-journal.js';
import type { CheckApproval, Unsent } from '../policy/check-approval.js';
import type { Limits } from '../policy/limits.js';
import type { Limit } from '../policy/ruling.js';
import {
  BoardUnreachable,
  type Carrier,
  CarrierError,
  type Clock,
  type Journal,
  type Leases,
  type Log,
  type OrderBoard,
  type OrderStore,
  type Placement,
} from '../ports.js';
import { jointOutcome, makeDuplicateOrders, stillOpen } from './duplicate-orders.js';
import { makeHoldNumbers } from './hold-numbers.js';
import { type KeyedQueue, makeKeyedQueue } from './keyed-queue.js';
import { type LeaseGuard, makeLeaseGuard } from './lease-guard.js';
import { makeLoopGuard } from './loop-guard.js';
import {
  failedLookups,
  firstMayTurnUp,
  nextLookForGivenUp,
  nextSearchAfterFailure,
  nextSearchAt,
  sendingAgain,
} from './lost-order.js';
import {
  firstAskAt,
  isDue,
  nextBoardStep,
  nextCarrierStep,
  nextFindAt,
  nextLookAt,
  nextTryAt,
} from './next-step.js';
import { makePaced } from './paced.js';
import { lookBeforeSendingAt, type SentOrders } from './sent-orders.js';
import { makeWakeTimers } from './timers.js';
import { makeLookupLoop } from './tracking/lookup-loop.js';
import { notingReads, type OpenOrders } from './tracking/open-orders.js';
import { makeReconciliation } from './tracking/reconcile-open-orders.js';

/** The one engine. A click, a tick, a callback and a restart all only ask it to settle an order. */
export interface Engine {
  /** Does everything that is due for this order now, and resolves when nothing is. Never rejects. */
  settle(id: OrderId): Promise<void>;
  /** The same without waiting for it; what runs is still waited for by {@link Engine.stop}. */
  ask(id: OrderId): void;
  /**
   * Settles every open order that has something due. Resolves when Bandwidth has been asked all it may be asked now;
   * cards are brought up to date meanwhile and not waited for, lest a Slack that hangs keep the next pass from
   * Bandwidth. Throws StoreError when the orders cannot be listed.
   */
  pass(): Promise<void>;
  /** Begins nothing new and resolves when what was under way has ended. What is left is on record. */
  stop(): Promise<void>;
}

/** What failed in Slack, how many times in a row, and when it is tried again. */
type Troubles = Map<OrderId, { readonly failures: number; readonly nextAt: Timestamp }>;

/** How soon to look again at an order that another instance works on: what it leaves undone is ours. */
const LOOK_AGAIN_MS = 500;
/** Orders that people have just decided about: hundreds at once would keep the next press waiting. */
const BEGUN_AT_ONCE = { width: 6, quietMs: 50, heldMs: 2_000, longestMs: 100 };
/** So often an order is sent although its card was drawn at that moment; then it is looked for once more. */
const REDRAWN_WHILE_SENDING = 5;
/** How many orders one pass works on at a time. */
const PASS_WIDTH = 8;
/** After each so many orders, one of those who work on them lets others have their turn. */
const WORKED_IN_A_TURN = 5;
/** A request must leave within this part of the time it has to be answered in: the carrier knows only of the rest. */
const SENT_WITHIN = 1 / 5;
/** No revision: the card is due for a redraw. */
const UNDRAWN = 0;
/** Said on the card of an order that did not leave in time. */
const TOO_SLOW = "Saving this order took too long, so I haven't sent it yet.";
/** Said on the card when the fault is in our own reading of an answer. */
const NO_SENSE = "I can't make sense of Bandwidth's answer.";

const limitWords: Readonly<Record<Limit['limit'], string>> = {
  order: 'for one order',
  day: 'a day for each requester',
  month: 'a month for everybody',
};

const isAskedAbout = (order: Order): order is OrderIn<'placing' | 'placed' | 'given-up'> =>
  order.status === 'placing' || order.status === 'placed' || order.status === 'given-up';

/** Whether this is still the request that was looked for in vain, and nobody has decided about it since. */
const waitsAsBefore = (order: Order, before: OrderIn<'placing'>): order is OrderIn<'placing'> =>
  order.status === 'placing' &&
  order.answer === before.answer &&
  order.sentAt === before.sentAt &&
  order.soughtInVain === before.soughtInVain &&
  order.sendAgain?.at === before.sendAgain?.at &&
  order.secondNotTaken === before.secondNotTaken;

/** Said on the card, and in the thread, of a lost order that was to be sent again and must not be. */
function notAgainAdvice(check: Exclude<Unsent, { verdict: 'not-known' }>): string {
  switch (check.verdict) {
    case 'needs-approval':
      return notEnoughAdvice(check.needs.required, check.given);
    case 'refused': {
      const { limit, most } = check.because;
      return `I didn't send this again, because the limit is ${most} ${limitWords[limit]} now. Give it up and ask for fewer, or have an admin raise the limit.`;
    }
    case 'barred':
      return "The person who requested this may not order numbers now, so I didn't send it again. Give it up, and have somebody else request it.";
    case 'not-an-approver':
      return check.advice;
  }
}

const notEnoughAdvice = (required: number, given: number): string =>
  `I didn't send this again: ${required === 1 ? '1 approval is' : `${required} approvals are`} needed now, and it has ${given} that ${given === 1 ? 'counts' : 'count'}. An approver who has it sent again gives one. If that isn't enough, give it up and request it again.`;

/** Said on the card of a disconnect that may have been made at Bandwidth by somebody else. */
const besideAdvice = ([first = '', ...others]: readonly string[]): string =>
  `Bandwidth already has a disconnect of these numbers, ${first}${others.length === 0 ? '' : ` (and ${others.length} more)`}, without this order's ID, so I'm holding this one back. Check it in Bandwidth. If it did the job, press Undo here. If it failed, press Undo and request this again in 15 minutes.`;

/** Said on the card of an approved order that must not go out. */
function heldBackAdvice({ limit, most, left }: Limit, quantity: number): string {
  const rest = limit === 'order' ? '' : `, with ${left === 0 ? 'none' : inDigits(left)} left`;
  return `This order is on hold: it has ${inDigits(quantity)} ${quantity === 1 ? 'number' : 'numbers'}, and the limit is ${inDigits(most)} ${limitWords[limit]}${rest}. Cancel it and request fewer, or ask an admin to raise the limit. I check again every minute.`;
}

const inDigits = (quantity: number): string => quantity.toLocaleString('en-US');

export function makeEngine(deps: {
  /** Through which everybody writes, so that it is known in `open` at once. */
  orders: OrderStore;
  open: OpenOrders;
  journal: Pick<Journal, 'append'>;
  leases: Leases;
  carrier: Pick<
    Carrier,
    | 'place'
    | 'find'
    | 'findUnsent'
    | 'report'
    | 'listOrders'
    | 'lookups'
    | 'closeBackOrder'
    | 'hold'
    | 'findHold'
    | 'release'
    | 'now'
  >;
  board: OrderBoard;
  limits: Pick<Limits, 'withdraw' | 'giveBack'>;
  /** Whether an order may go out with the approval it has. */
  checkApproval: CheckApproval;
  /** Through which `orders` is written, too. */
  sent: Pick<SentOrders, 'isUntriedByOthers' | 'isCertainlyUnsent'>;
  clock: Clock;
  log: Log;
  /** The longest one POST to Bandwidth may take; the carrier must give up before that. */
  placeWithinMs: number;
  /** The most numbers that one person's orders hold together. */
  maxHeld: number;
}): Engine {
  const { open, leases, carrier, board, limits, clock, log } = deps;
  const orders = notingReads(deps.orders, open);
  const compare = makeReconciliation({ orders, open, alone: leases.alone, clock, log });
  const lookAround = makeLookupLoop({ carrier, open, alone: leases.alone, ask: askAbout, moved, clock, log });
  const twins = makeDuplicateOrders({ carrier, log });
  /** Orders to be asked about now, whatever their record says. */
  const toBeAsked = new Set<OrderId>();
  const boardTroubles: Troubles = new Map();
  /** Kept apart: a list of numbers that cannot be uploaded must not hold up the card, nor what else the thread hears. */
  const listTroubles: Troubles = new Map();
  /** What stands in Slack but is not on record, because the store was away; until it is, nothing is posted again. */
  const unnoted = new Map<OrderId, (order: Order) => Order>();
  /** At most one at a time: what it misses, the next pass sees. */
  let cardSweep: Promise<void> | undefined;
  let stopped = false;
  const paced = makePaced({ ...BEGUN_AT_ONCE, stopped: () => stopped });

  const complain = (line: string) => (orderId: string, error: unknown) => {
    open.doubt();
    log.error(
      { orderId, err: error },
      `the ${line} work on this order was interrupted; it will be taken up again`,
    );
  };
  const carrierLane = makeKeyedQueue(inTurn('carrier', workWithCarrier), complain('carrier'));
  const boardLane = makeKeyedQueue(inTurn('card', workWithBoard), complain('card'));
  const carrierAlarms = makeWakeTimers(clock, (id) => void carrierLane.ask(id));
  const cardAlarms = makeWakeTimers(clock, (id) => void boardLane.ask(id));
  const journalKeeper = makeJournalWriter({ orders, journal: deps.journal });
  const journalLane = makeKeyedQueue(journalKeeper.work, complain('journal'));

  async function change(id: OrderId, next: (order: Order) => Order): Promise<void> {
    await changeOrder(orders, id, next);
    void boardLane.ask(id);
    void journalLane.ask(id);
  }

  const holds = makeHoldNumbers({
    orders,
    carrier,
    clock,
    log,
    maxHeld: deps.maxHeld,
    requestWithinMs: deps.placeWithinMs,
    change,
  });

  /** Each line of work has a lease of its own, so that neither holds up the other in another instance either. */
  function inTurn(line: string, work: (id: OrderId, turn: LeaseGuard) => Promise<void>) {
    return async (id: OrderId): Promise<void> => {
      const turn = makeLeaseGuard(leases, `${line} ${id}`);
      try {
        await work(id, turn);
      } finally {
        await turn.end();
      }
    };
  }

  async function workWithCarrier(id: OrderId, turn: LeaseGuard): Promise<void> {
    const headway = makeLoopGuard();
    while (!stopped) {
      const order = await orders.get(id);
      if (order === undefined || stopped) return;
      headway.check(order);
      if (journalKeeper.isBehind(order)) void journalLane.ask(id);
      const due = nextCarrierStep(order, clock.now(), deps.placeWithinMs, holds.plan(id));
      const step = toBeAsked.has(id) && order.status === 'placed' ? ({ do: 'ask', order } as const) : due;
      if (step.do === 'nothing') {
        holds.forget(id);
        return giveBack(order);
      }
      const isFollowed = order.status === 'placed' && order.closing === undefined;
      if (step.do === 'wait' && isFollowed) return lookAround.soon();
      if (step.do === 'wait') return carrierAlarms.set(id, step.until);
      if (step.do === 'ask' && !toBeAsked.has(id) && carrier.lookups().left < 1) return;
      const whose = await turn.whose();
      if (whose === 'taken') return carrierAlarms.set(id, clock.now() + LOOK_AGAIN_MS);
      if (whose === 'just begun') continue;
      toBeAsked.delete(id);
      switch (step.do) {
        case 'place': {
          const later = await place(step.order);
          if (later !== undefined) return carrierAlarms.set(id, later);
          break;
        }
        case 'find':
          await (step.order.status === 'placing' ? find(step.order) : findGivenUp(step.order));
          break;
        case 'ask people':
          log.warn({ orderId: id }, 'what became of the order cannot be seen; people are asked');
          await changePlacing(id, (current) =>
            asksPeople(current) ? current : notKnown(current, clock.now()),
          );
          break;
        case 'ask':
          await askHowItGoes(step.order);
          break;
        case 'close':
          await close(step.order);
          break;
        case 'hold':
          await holds.hold(order, step.numbers);
          break;
        case 'release':
          await holds.release(order, step.holds);
          break;
        case 'ask the time':
          await holds.askTheTime(order, step.number);
          break;
        case 'lapse':
          await holds.lapse(order, step.holds);
          break;
        case 'expire':
          await expire(id);
          break;
      }
    }
  }

  /** Somebody may decide at the last moment: what is written first counts. */
  async function expire(id: OrderId): Promise<void> {
    const order = await changeOrder<never>(orders, id, (current) => withExpiry(current, clock.now()));
    void boardLane.ask(id);
    void journalLane.ask(id);
    if (order?.status === 'expired') log.info({ orderId: id }, 'a request expired: nobody decided in time');
  }

  /**
   * What an order that is over did not bring counts against no limit any more. Also of one that nobody approved: it may
   * have been counted by a process that died before it wrote the approval.
   */
  async function giveBack(order: Order): Promise<void> {
    if (!isFinal(order) || !('at' in order)) return;
    const approval = 'approval' in order ? order.approval : undefined;
    await limits.giveBack(order.id, approval?.at ?? order.at);
  }

  /**
   * The policy may be another than at the approval; and the order may be at Bandwidth although the record knows nothing
   * of it. Gives a time where it is to be tried again then.
   */
  async function place(order: OrderIn<'approved'>): Promise<Timestamp | undefined> {
    const looksFirst = !deps.sent.isCertainlyUnsent(order);
    if (looksFirst) {
      const at = deps.sent.isUntriedByOthers(order) ? clock.now() : lookBeforeSendingAt(order, clock.now());
      if (at > clock.now()) return at;
      if (!(await isUnknownToBandwidth(order))) return undefined;
    }
    const check = await deps.checkApproval(order);
    for (let losses = 0; losses < REDRAWN_WHILE_SENDING; losses += 1) {
      // The card was drawn meanwhile, which is no reason to look once more; another decision is.
      const seen = looksFirst || losses > 0 ? await orders.get(order.id) : order;
      if (seen?.status !== 'approved' || seen.approval.at !== order.approval.at) return undefined;
      const now = clock.now();
      // Had the clock been set back meanwhile, it could be undone again.
      if (nextCarrierStep(seen, now, deps.placeWithinMs, holds.plan(order.id)).do !== 'place')
        return undefined;
      if (check.verdict !== 'sufficient') {
        await doNotSend(seen, check, now);
        return undefined;
      }
      if (await send(seen, now, placing(seen, now))) return undefined;
    }
    return undefined;
  }

  /** Says why an approved order does not go out, and has it wait: for people, a limit, or Slack. */
  async function doNotSend(order: OrderIn<'approved'>, check: Unsent, now: Timestamp): Promise<void> {
    const { id, approval } = order;
    const changeApproved = (next: (current: OrderIn<'approved'>) => Order) =>
      change(id, (current) =>
        current.status === 'approved' && current.approval.at === approval.at ? next(current) : current,
      );
    if (check.verdict === 'needs-approval') {
      log.warn(
        { orderId: id, required: check.needs.required },
        'the approval of an order does not suffice any more',
      );
      await changeApproved((current) => reopened(current, check, now));
      return limits.withdraw(id, approval.at);
    }
    const advice =
      check.verdict === 'refused'
        ? heldBackAdvice(check.because, askedQuantity(order.request))
        : check.advice;
    log.warn({ orderId: id, ...check }, 'an approved order is held back');
    const nextAt = nextTryAt(order.asking.failures + 1, now);
    await changeApproved((current) => heldBack(current, advice, now, nextAt));
  }

  /**
   * Looks for an order that is about to be sent. What carries its id is followed. A disconnect of the same numbers alone
   * may be a colleague's, made at Bandwidth, so it only holds ours back. While that cannot be seen, none is sent.
   */
  async function isUnknownToBandwidth(order: OrderIn<'approved'>): Promise<boolean> {
    const { id, request, approval } = order;
    try {
      const { ours, sameNumbers } = await carrier.findUnsent({ id, request, sentAt: approval.at });
      const [carrierOrderId, ...others] = ours;
      if (carrierOrderId === undefined) {
        if (sameNumbers.length === 0) return true;
        await holdBackBeside(order, sameNumbers);
        return false;
      }
      log.error(
        { orderId: id, carrierOrderId, others },
        'Bandwidth has an order that the database knew nothing of',
      );
      const now = clock.now();
      await change(id, (current) =>
        current.status === 'approved' ? foundBefore(current, carrierOrderId, now, now) : current,
      );
    } catch (error) {
      const foreseen = error instanceof CarrierError;
      log[foreseen ? 'warn' : 'error'](
        { orderId: id, err: error },
        'an order could not be looked for before it is sent',
      );
      const now = clock.now();
      const nextAt = nextTryAt(order.asking.failures + 1, now, foreseen ? error.retryAt : undefined);
      const advice = `Before I send this, I check that Bandwidth doesn't have it already. ${foreseen ? error.advice : NO_SENSE}`;
      await change(id, (current) =>
        current.status === 'approved' ? heldBack(current, advice, now, nextAt) : current,
      );
    }
    return false;
  }

  async function holdBackBeside(order: OrderIn<'approved'>, sameNumbers: readonly string[]): Promise<void> {
    log.warn({ orderId: order.id, sameNumbers }, 'Bandwidth has a disconnect of the same numbers already');
    const now = clock.now();
    const nextAt = nextTryAt(order.asking.failures + 1, now);
    await change(order.id, (current) =>
      current.status === 'approved' ? heldBack(current, besideAdvice(sameNumbers), now, nextAt) : current,
    );
  }

  /**
   * The intent is saved first. Gives false where that write lost: somebody else is placing or cancelling this order, or
   * its card was drawn just then.
   */
  async function send(
    order: OrderIn<'approved' | 'placing'>,
    sentAt: Timestamp,
    intent: Order,
  ): Promise<boolean> {
    if (!(await orders.replace(order, intent))) return false;
    void boardLane.ask(order.id);
    if (clock.now() - sentAt > deps.placeWithinMs * SENT_WITHIN) {
      await notSent(order, sentAt);
      return true;
    }
    log.info(
      { orderId: order.id, approvedBy: order.approval.by?.userId ?? order.approval.rule },
      'placing the order with Bandwidth',
    );
    const reservations = reservationIds(order, carrier.now() ?? clock.now());
    const placement = await carrier
      .place(order.id, order.request, reservations)
      .catch((error: unknown): Placement => {
        log.error({ orderId: order.id, err: error }, 'placing the order broke off');
        return { outcome: 'unknown', advice: 'Something broke while the order was on its way.' };
      });
    log.info({ orderId: order.id, ...placement }, 'Bandwidth was sent the order');
    const now = clock.now();
    await changePlacing(order.id, (sent) => {
      switch (placement.outcome) {
        case 'taken':
          return placed(sent, placement.carrierOrderId, now, firstAskAt(now));
        case 'refused':
          return sent.approval.again === undefined
            ? refused(sent, placement, now)
            : secondRefused(sent, placement, now);
        case 'not-taken': {
          const failures = order.asking.failures + 1;
          return notTaken(sent, placement.advice, now, nextTryAt(failures, now, placement.retryAt), failures);
        }
        case 'unknown':
          return answerUnknown(sent, now, nextFindAt(0, now), placement);
      }
    });
    return true;
  }

  /**
   * We were asleep since, or the store was: by the time the answer came, others may look for this request in vain and
   * send it again. Where they have not begun to, it is certain that there is none.
   */
  async function notSent(order: OrderIn<'approved' | 'placing'>, sentAt: Timestamp): Promise<void> {
    log.warn({ orderId: order.id }, 'the order was put on record too slowly to be sent now');
    const now = clock.now();
    const failures = order.asking.failures + 1;
    await changePlacing(order.id, (current) =>
      current.answer === 'sent' && current.sentAt === sentAt
        ? notTaken(current, TOO_SLOW, now, nextTryAt(failures, now), failures)
        : current,
    );
  }

  async function find(order: OrderIn<'placing'>): Promise<void> {
    // Where there were two requests the first is looked for, too, which may have been sent long before the second.
    const sought = order.approval.again === undefined ? order : { ...order, sentAt: order.approval.at };
    const found = await answerAbout(order, () => carrier.find(sought));
    if (found === undefined) return;
    const now = clock.now();
    const [carrierOrderId, ...others] = found;
    if (others.length > 0) {
      log.error({ orderId: order.id, found }, 'Bandwidth knows several orders by this CustomerOrderId');
    }
    if (carrierOrderId === undefined) {
      const again = sendingAgain(order, now);
      if (again !== undefined) return sendAgain(order, again);
    }
    await changePlacing(order.id, (sent) => {
      if (carrierOrderId !== undefined) return placed(sent, carrierOrderId, now, now);
      if (sent.answer === 'sent') return answerUnknown(sent, now, nextFindAt(0, now));
      if (sent.secondRefused !== undefined && !firstMayTurnUp(sent, now)) {
        return refused(sent, sent.secondRefused, now);
      }
      return notFound(sent, now, nextSearchAt(sent, now), failedLookups(sent, now));
    });
  }

  /**
   * What goes out again needs as much approval as it did the first time. The card may be drawn while that is checked,
   * which is no reason to look once more.
   */
  async function sendAgain(order: OrderIn<'placing'>, again: SecondSending): Promise<void> {
    const check = await deps.checkApproval(order, again.by);
    if (check.verdict !== 'sufficient') return doNotSendAgain(order, check);
    log.warn(
      { orderId: order.id, onTheWordOf: again.by?.userId },
      'the order left no trace; sending it again',
    );
    for (let losses = 0; losses < REDRAWN_WHILE_SENDING; losses += 1) {
      const seen = await orders.get(order.id);
      if (seen === undefined || !waitsAsBefore(seen, order)) return;
      const now = clock.now();
      if (await send(seen, now, placingAgain(seen, again, now))) return;
    }
  }

  /** Has people asked again, who hear why; only where Slack cannot say whether it may, it is tried again by itself. */
  async function doNotSendAgain(order: OrderIn<'placing'>, check: Unsent): Promise<void> {
    log.warn({ orderId: order.id, ...check }, 'a lost order is not sent again');
    const now = clock.now();
    await changePlacing(order.id, (current) => {
      if (!waitsAsBefore(current, order)) return current;
      if (check.verdict !== 'not-known') {
        return notSentAgain(current, notAgainAdvice(check), now, nextSearchAt(current, now));
      }
      const nextAt = nextTryAt(current.asking.failures + 1, now);
      return heldBackAgain(current, check.advice, now, nextAt, failedLookups(current, now));
    });
  }

  /** Nobody waits for it any more; but should it have arrived, its numbers are paid for, and people must hear of it. */
  async function findGivenUp(order: OrderIn<'given-up'>): Promise<void> {
    const found = await answerAbout(order, () => carrier.find(order));
    if (found === undefined) return;
    const now = clock.now();
    const [carrierOrderId] = found;
    if (carrierOrderId !== undefined) {
      log.warn({ orderId: order.id, found }, 'an order that was given up has turned up at Bandwidth');
    }
    await change(order.id, (current) => {
      if (current.status !== 'given-up' || current.endedAt !== undefined) return current;
      if (carrierOrderId !== undefined) return placed(current, carrierOrderId, now, now);
      return now >= current.soughtUntil
        ? soughtOut(current, now)
        : notTurnedUp(current, now, nextLookForGivenUp(current, now));
    });
  }

  async function askHowItGoes(order: OrderIn<'placed'>): Promise<void> {
    const { id: carrierOrderId, status: before } = order.carrierOrder;
    const report = await answerAbout(order, () => carrier.report(order.request.kind, carrierOrderId));
    if (report === undefined) return;
    const { status } = report;
    if (status !== before) log.info({ orderId: order.id, carrierOrderId, status }, 'Bandwidth moved on');
    const conclude = await conclusion(order, report);
    if (conclude === undefined) return;
    const now = clock.now();
    await change(order.id, (current) => {
      if (current.status !== 'placed') return current;
      // Wanted sooner since we asked: what happened then may not be in this report.
      const wanted = current.asking.nextAt === order.asking.nextAt ? undefined : current.asking.nextAt;
      return conclude(current, now, wanted ?? nextLookAt(current, status, now));
    });
  }

  /**
   * Looks first, because the last such request may have been carried out without our hearing of it. One that comes too
   * late, or twice, does no harm: Bandwidth closes only what is back-ordered.
   */
  async function close(order: OrderIn<'placed'>): Promise<void> {
    await askHowItGoes(order);
    const seen = await orders.get(order.id);
    if (seen?.status !== 'placed' || seen.asking.failures > 0 || seen.closing === undefined) return;
    if (seen.carrierOrder.status !== 'backordered') return;
    const { by } = seen.closing;
    log.info({ orderId: seen.id, closedBy: by.userId }, 'closing the back-order at Bandwidth');
    const closing = await answerAbout(seen, () => carrier.closeBackOrder(seen.carrierOrder.id, seen));
    if (closing?.outcome === 'refused') {
      log.warn({ orderId: seen.id, ...closing }, 'Bandwidth would not close the back-order');
      await change(seen.id, (current) =>
        current.status === 'placed' ? notClosed(current, closing, clock.now()) : current,
      );
    } else if (closing !== undefined) await askHowItGoes(seen);
  }

  /** What follows from a report; undefined when something else must be asked first and could not be. */
  async function conclusion(
    order: OrderIn<'placed'>,
    report: CarrierReport,
  ): Promise<((current: OrderIn<'placed'>, now: Timestamp, nextAt: Timestamp) => Order) | undefined> {
    if (order.approval.again === undefined || !isFinalReport(report.status)) {
      return (current, now, nextAt) => reported(current, report, now, nextAt);
    }
    if (report.status === 'complete') {
      // People must hear of another, because it may have cost money; but a list we cannot read now must not keep the
      // outcome from them.
      const others = await twins.idsOf(order).catch((error: unknown) => {
        log.error({ orderId: order.id, err: error }, 'whether both of two requests arrived cannot be seen');
        return [];
      });
      return (current, now, nextAt) =>
        reported(current, report, now, nextAt, others.length > 0 ? { twins: others } : {});
    }
    // It may have ended so only because another has the numbers.
    const others = await answerAbout(order, () => twins.reportsOf(order));
    if (others === undefined) return undefined;
    const open = stillOpen(others);
    if (open !== undefined) return (current, now, nextAt) => followed(current, open, now, nextAt);
    if (others.length > 0) {
      const { report: joint, ...ids } = jointOutcome(
        order.request,
        { carrierOrderId: order.carrierOrder.id, report },
        others,
      );
      return (current, now, nextAt) => reported(current, joint, now, nextAt, ids);
    }
    return (current, now, nextAt) =>
      firstMayTurnUp(current, now) ? notConcluded(current, nextAt) : reported(current, report, now, nextAt);
  }

  /** What Bandwidth answers; undefined when it could not be asked, and then that is on record. */
  async function answerAbout<T>(
    order: OrderIn<'placing'> | OrderIn<'placed'> | OrderIn<'given-up'>,
    question: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await question();
    } catch (error) {
      const foreseen = error instanceof CarrierError;
      log[foreseen ? 'warn' : 'error'](
        { orderId: order.id, err: error },
        'Bandwidth could not be asked about this order',
      );
      const advice = foreseen ? error.advice : NO_SENSE;
      const named = foreseen ? error.retryAt : undefined;
      const now = clock.now();
      const nextAt =
        order.status === 'placing'
          ? nextSearchAfterFailure(order, now, named)
          : nextTryAt(order.asking.failures + 1, now, named);
      await change(order.id, (current) =>
        current.status === order.status && isAskedAbout(current)
          ? notAnswered(current, advice, now, nextAt)
          : current,
      );
      return undefined;
    }
  }

  async function changePlacing(id: OrderId, next: (order: OrderIn<'placing'>) => Order): Promise<void> {
    await change(id, (current) => (current.status === 'placing' ? next(current) : current));
  }

  async function workWithBoard(id: OrderId, turn: LeaseGuard): Promise<void> {
    const headway = makeLoopGuard();
    while (!stopped) {
      const owed = unnoted.get(id);
      if (owed !== undefined) await note(id, owed);
      const order = await orders.get(id);
      if (order === undefined || stopped) return;
      headway.check(order);
      const listAt = listTroubles.get(id)?.nextAt ?? 0;
      const listWaits = !isDue(listAt, clock.now());
      const step = nextBoardStep(order, clock.now(), listWaits);
      if (step.do === 'nothing') {
        boardTroubles.delete(id);
        if (listWaits) return cardAlarms.set(id, listAt);
        listTroubles.delete(id);
        return;
      }
      const troubles = step.do === 'tell' && step.kind === 'numbers' ? listTroubles : boardTroubles;
      const trouble = troubles.get(id);
      if (trouble !== undefined && !isDue(trouble.nextAt, clock.now()))
        return cardAlarms.set(id, trouble.nextAt);
      const whose = await turn.whose();
      if (whose === 'taken') return cardAlarms.set(id, clock.now() + LOOK_AGAIN_MS);
      if (whose === 'just begun') continue;
      try {
        if (step.do === 'draw') {
          const place = await board.show(order);
          await note(id, (current) => {
            // Where another instance has posted a card meanwhile, that one counts.
            if (current.card.place?.ts !== order.card.place?.ts) return current;
            // If it drew another revision, nobody knows which of the two Slack shows: it is drawn once more.
            const mayBeCovered = ![order.card.drawn, order.revision].includes(current.card.drawn);
            return drawn(current, place, mayBeCovered ? UNDRAWN : order.revision);
          });
        } else {
          await board.tell(order, step.kind);
          await note(id, (current) => told(current, step.kind, order.edition));
        }
        troubles.delete(id);
      } catch (error) {
        const failures = (trouble?.failures ?? 0) + 1;
        troubles.set(id, { failures, nextAt: nextTryAt(failures, clock.now()) });
        log.warn(
          { orderId: order.id, err: error },
          'the card or its thread could not be brought up to date; it will be tried again',
        );
        // A channel that lets in no files has its card all the same.
        if (error instanceof BoardUnreachable) await tellRequester(order, error, troubles === boardTroubles);
      }
    }
  }

  async function note(id: OrderId, change: (order: Order) => Order): Promise<void> {
    unnoted.set(id, change);
    await changeOrder(orders, id, change);
    unnoted.delete(id);
  }

  /**
   * Nothing can be posted, so the requester hears of it alone: that it is so, and what there is to tell of the order.
   * What cannot be said that way either is said at the next attempt to post.
   */
  async function tellRequester(order: Order, { why }: BoardUnreachable, noCard: boolean): Promise<void> {
    const { id } = order;
    try {
      if (noCard && order.card.unreachable !== why) {
        await board.tellUnreachable(order, why);
        await note(id, (current) => cardUnreachable(current, why));
      }
      for (const kind of dueDirectAnnouncements(order)) {
        await board.tellDirectly(order, kind);
        await note(id, (current) => toldDirectly(current, kind));
      }
    } catch (err) {
      log.error(
        { orderId: id, why, err },
        'the requester could not be told directly either; it will be tried again',
      );
    }
  }

  async function askAbout(ids: readonly OrderId[]): Promise<void> {
    for (const id of ids) toBeAsked.add(id);
    await sweep(ids, carrierLane);
    for (const id of ids) toBeAsked.delete(id);
  }

  /** A list has no more to say of an order than its status; so nothing else of it changes. */
  async function moved(id: OrderId, status: OpenCarrierStatus): Promise<void> {
    const now = clock.now();
    await change(id, (current) => {
      if (current.status !== 'placed') return current;
      const { completed, completedQuantity, unread } = current.carrierOrder;
      const report = {
        status,
        completed,
        ...(completedQuantity === undefined ? {} : { completedQuantity }),
        ...(unread === undefined ? {} : { unread }),
        failed: [],
        faults: [],
      };
      return reported(current, report, now, nextLookAt(current, status, now));
    }).catch((err: unknown) => complain('carrier')(id, err));
  }

  async function settle(id: OrderId): Promise<void> {
    if (stopped) return;
    await Promise.all([carrierLane.ask(id), boardLane.ask(id)]);
    // What the carrier's answers changed last is drawn and kept before we call it settled.
    await Promise.all([boardLane.ask(id), journalLane.ask(id)]);
  }

  async function pass(): Promise<void> {
    if (stopped) return;
    const behind: OrderId[] = [];
    await compare((order) => {
      if (journalKeeper.isBehind(order)) behind.push(order.id);
    });
    void sweep(behind, journalLane);
    const due = open.due();
    const cards = due.board.filter((id) => isDue(boardTroubles.get(id)?.nextAt ?? 0, clock.now()));
    cardSweep ??= sweep(cards, boardLane).finally(() => {
      cardSweep = undefined;
    });
    await Promise.all([sweep(due.carrier, carrierLane), lookAround.look()]);
  }

  async function sweep(ids: readonly OrderId[], lane: KeyedQueue): Promise<void> {
    let next = 0;
    const worker = async () => {
      for (let id = ids[next++]; id !== undefined && !stopped; id = ids[next++]) {
        await lane.ask(id);
        // A store that answers at once would keep everybody else waiting for thousands of orders.
        if (next % WORKED_IN_A_TURN === 0) await yieldToEventLoop();
      }
    };
    await Promise.all(Array.from({ length: PASS_WIDTH }, worker));
  }

  return {
    settle,
    ask: (id) => paced(() => settle(id)),
    pass,
    async stop() {
      stopped = true;
      carrierAlarms.clear();
      cardAlarms.clear();
      await Promise.all([lookAround.stop(), carrierLane.idle(), cardSweep]);
      // What the carrier's last answers changed is noted and kept before the store is closed.
      await Promise.all([boardLane.idle(), journalLane.idle()]);
    },
  };
}

import {
  firstAskAt,
  isDue,
  nextBoardStep,
  nextCarrierStep,
  nextFindAt,
  nextLookAt,
  nextTryAt,
} from './advance.js';
import { changeOrder } from './change-order.js';
import { makeHoldNumbers } from './hold-numbers.js';
import { reservationIds } from './holds.js';
import { type Lane, makeLane } from './lane.js';
import type { OpenCarrierStatus, Order, OrderId, OrderIn, Timestamp } from './order.js';
import {
  BoardUnreachable,
  type Carrier,
  CarrierError,
  type Clock,
  type Leases,
  type Log,
  type OrderBoard,
  type OrderStore,
  type Placement,
} from './ports.js';
import {
  answerUnknown,
  cardUnreachable,
  drawn,
  lapsed,
  notAnswered,
  notClosed,
  notFound,
  notTaken,
  placed,
  placing,
  placingAgain,
  refused,
  reported,
  told,
} from './transitions.js';
import { makeTurn, type Turn } from './turn.js';

/** The one engine. A click, a tick, a callback and a restart all only ask it to settle an order. */
export interface Engine {
  /** Does everything that is due for this order now, and resolves when nothing is. Never rejects. */
  settle(id: OrderId): Promise<void>;
  /** The same without waiting for it; what runs is still waited for by {@link Engine.stop}. */
  ask(id: OrderId): void;
  /**
   * Settles every open order. Resolves when Bandwidth has been asked about each; cards are brought up to date meanwhile
   * and not waited for, lest a Slack that hangs keep the next pass from Bandwidth. Throws StoreError when the orders
   * cannot be listed.
   */
  pass(): Promise<void>;
  /** Begins nothing new and resolves when what was under way has ended. What is left is on record. */
  stop(): Promise<void>;
}

/** What failed in Slack, how many times in a row, and when it is tried again. */
type Troubles = Map<OrderId, { readonly failures: number; readonly nextAt: Timestamp }>;

/** A wait shorter than this gets its own timer; a longer one is left to the next pass. */
const WORTH_A_TIMER_MS = 10_000;
/** How soon to look again at an order that another instance works on: what it leaves undone is ours. */
const LOOK_AGAIN_MS = 500;
/** How many orders one pass works on at a time. */
const PASS_WIDTH = 8;
const openStatuses: Readonly<Record<OpenCarrierStatus, true>> = {
  received: true,
  processing: true,
  backordered: true,
};
/** Said on the card when the fault is in our own reading of an answer. */
const NO_SENSE = 'I cannot make sense of what Bandwidth answers.';

export function makeEngine(needs: {
  orders: OrderStore;
  leases: Leases;
  carrier: Pick<Carrier, 'place' | 'find' | 'report' | 'closeBackOrder' | 'hold' | 'findHold' | 'release'>;
  board: OrderBoard;
  clock: Clock;
  log: Log;
  /** The longest one POST to Bandwidth may take; the carrier must give up before that. */
  placeWithinMs: number;
  /** The most numbers that one person's orders hold together. */
  maxHeld: number;
}): Engine {
  const { orders, leases, carrier, board, clock, log } = needs;
  const alarms = new Map<OrderId, { at: Timestamp; callOff: () => void }>();
  const boardTroubles: Troubles = new Map();
  /** Kept apart: a list of numbers that cannot be uploaded must not hold up the card, nor what else the thread hears. */
  const listTroubles: Troubles = new Map();
  /** At most one at a time: what it misses, the next pass sees. */
  let cardSweep: Promise<void> | undefined;
  let stopped = false;

  const complain = (line: string) => (orderId: string, error: unknown) =>
    log.error(
      { orderId, err: error },
      `the ${line} work on this order was interrupted; it will be taken up again`,
    );
  const carrierLane = makeLane(inTurn('carrier', workWithCarrier), complain('carrier'));
  const boardLane = makeLane(inTurn('card', workWithBoard), complain('card'));

  async function change(id: OrderId, next: (order: Order) => Order): Promise<void> {
    await changeOrder(orders, id, next);
    void boardLane.ask(id);
  }

  const holds = makeHoldNumbers({ orders, carrier, clock, log, maxHeld: needs.maxHeld, change });

  /** Each line of work has a lease of its own, so that neither holds up the other in another instance either. */
  function inTurn(line: string, work: (id: OrderId, turn: Turn) => Promise<void>) {
    return async (id: OrderId): Promise<void> => {
      const turn = makeTurn(leases, `${line} ${id}`);
      try {
        await work(id, turn);
      } finally {
        await turn.end();
      }
    };
  }

  async function workWithCarrier(id: OrderId, turn: Turn): Promise<void> {
    while (!stopped) {
      const order = await orders.get(id);
      if (order === undefined || stopped) return;
      const step = nextCarrierStep(order, clock.now(), needs.placeWithinMs, holds.trouble(id));
      if (step.do === 'nothing') return holds.forget(id);
      if (step.do === 'wait') return wakeAt(id, step.until);
      const whose = await turn.whose();
      if (whose === 'taken') return wakeAt(id, clock.now() + LOOK_AGAIN_MS);
      if (whose === 'just begun') continue;
      switch (step.do) {
        case 'place':
          await place(step.order);
          break;
        case 'find':
          await find(step.order);
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
        case 'lapse':
          await change(id, (current) => lapsed(current, step.numbers, clock.now()));
          break;
      }
    }
  }

  const place = (order: OrderIn<'approved'>): Promise<void> => send(order, placing(order, clock.now()));

  /** The intent is saved first. If that write loses, somebody else is placing or cancelling this order. */
  async function send(order: OrderIn<'approved' | 'placing'>, intent: Order): Promise<void> {
    if (!(await orders.replace(order, intent))) return;
    void boardLane.ask(order.id);
    log.info({ orderId: order.id, approvedBy: order.approval.by.userId }, 'placing the order with Bandwidth');
    const reservations = reservationIds(order, clock.now());
    const placement = await carrier
      .place(order.id, order.request, reservations)
      .catch((error: unknown): Placement => {
        log.error({ orderId: order.id, err: error }, 'placing the order broke off');
        return { outcome: 'unknown', advice: 'Something broke while the order was on its way.' };
      });
    log.info({ orderId: order.id, ...placement }, 'Bandwidth was sent the order');
    // A second request may be refused because the first, lost one took the numbers.
    const [first] = placement.outcome === 'refused' ? await twinsOf(intent) : [];
    const now = clock.now();
    await changePlacing(order.id, (sent) => {
      if (first !== undefined) return placed(sent, first, now, now);
      switch (placement.outcome) {
        case 'taken':
          return placed(sent, placement.carrierOrderId, now, firstAskAt(now));
        case 'refused':
          return refused(sent, placement, now);
        case 'not-taken': {
          const failures = order.asking.failures + 1;
          return notTaken(sent, placement.advice, now, nextTryAt(failures, now, placement.retryAt), failures);
        }
        case 'unknown':
          return answerUnknown(sent, now, nextFindAt(0, now));
      }
    });
  }

  async function find(order: OrderIn<'placing'>): Promise<void> {
    const found = await answerAbout(order, () => carrier.find(order));
    if (found === undefined) return;
    const now = clock.now();
    const [carrierOrderId, ...others] = found;
    if (others.length > 0) {
      log.error({ orderId: order.id, found }, 'Bandwidth knows several orders by this CustomerOrderId');
    }
    if (carrierOrderId === undefined && order.sendAgain !== undefined) {
      return send(order, placingAgain(order, order.sendAgain, now));
    }
    await changePlacing(order.id, (sent) => {
      if (carrierOrderId !== undefined) return placed(sent, carrierOrderId, now, now);
      if (sent.answer === 'sent') return answerUnknown(sent, now, nextFindAt(0, now));
      return notFound(sent, now, nextFindAt(sent.asking.times + 1, now));
    });
  }

  async function askHowItGoes(order: OrderIn<'placed'>): Promise<void> {
    const { id: carrierOrderId, status: before } = order.carrierOrder;
    const report = await answerAbout(order, () => carrier.report(order.request.kind, carrierOrderId));
    if (report === undefined) return;
    const { status } = report;
    if (status !== before) log.info({ orderId: order.id, carrierOrderId, status }, 'Bandwidth moved on');
    const twins = status in openStatuses ? [] : await twinsOf(order, carrierOrderId);
    const now = clock.now();
    await change(order.id, (current) => {
      if (current.status !== 'placed') return current;
      // Wanted sooner since we asked: what happened then may not be in this report.
      const wanted = current.asking.nextAt === order.asking.nextAt ? undefined : current.asking.nextAt;
      const nextAt = wanted ?? nextLookAt(current, status, now);
      return reported(current, report, now, nextAt, twins);
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

  /**
   * Where an order was sent a second time on somebody's word: every other carrier order with its id. People must hear
   * of one, because it may have cost money; but a list we cannot read now must not keep the outcome from them.
   */
  async function twinsOf(order: Order, known?: string): Promise<readonly string[]> {
    if (!('approval' in order) || order.approval?.again === undefined) return [];
    const { id, request, approval } = order;
    try {
      const found = await carrier.find({ id, request, sentAt: approval.at });
      const others = found.filter((carrierOrderId) => carrierOrderId !== known);
      if (others.length > 0)
        log.error({ orderId: id, others }, 'an order that was sent again had arrived before');
      return others;
    } catch (error) {
      log.error({ orderId: id, err: error }, 'whether the first of two requests arrived cannot be seen');
      return [];
    }
  }

  /** What Bandwidth answers; undefined when it could not be asked, and then that is on record. */
  async function answerAbout<T>(
    order: OrderIn<'placing'> | OrderIn<'placed'>,
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
      const nextAt = nextTryAt(order.asking.failures + 1, now, named);
      await change(order.id, (current) =>
        current.status === order.status && (current.status === 'placing' || current.status === 'placed')
          ? notAnswered(current, advice, now, nextAt)
          : current,
      );
      return undefined;
    }
  }

  async function changePlacing(id: OrderId, next: (order: OrderIn<'placing'>) => Order): Promise<void> {
    await change(id, (current) => (current.status === 'placing' ? next(current) : current));
  }

  async function workWithBoard(id: OrderId, turn: Turn): Promise<void> {
    while (!stopped) {
      const order = await orders.get(id);
      if (order === undefined || stopped) return;
      const listAt = listTroubles.get(id)?.nextAt ?? 0;
      const listWaits = !isDue(listAt, clock.now());
      const step = nextBoardStep(order, listWaits);
      if (step.do === 'nothing') {
        boardTroubles.delete(id);
        if (listWaits) return wakeAt(id, listAt);
        listTroubles.delete(id);
        return;
      }
      const troubles = step.do === 'tell' && step.kind === 'numbers' ? listTroubles : boardTroubles;
      const trouble = troubles.get(id);
      if (trouble !== undefined && !isDue(trouble.nextAt, clock.now())) return wakeAt(id, trouble.nextAt);
      const whose = await turn.whose();
      if (whose === 'taken') return wakeAt(id, clock.now() + LOOK_AGAIN_MS);
      if (whose === 'just begun') continue;
      try {
        if (step.do === 'draw') {
          const place = await board.show(order);
          await changeOrder(orders, id, (current) => drawn(current, place, order.revision));
        } else {
          await board.tell(order, step.kind);
          await changeOrder(orders, id, (current) =>
            current.told.includes(step.kind) ? current : told(current, step.kind),
          );
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
        if (troubles === boardTroubles) await tellIfUnreachable(order, error);
      }
    }
  }

  async function tellIfUnreachable(order: Order, error: unknown): Promise<void> {
    if (!(error instanceof BoardUnreachable) || order.card.unreachable === error.why) return;
    await board.tellUnreachable(order, error.why);
    await changeOrder(orders, order.id, (current) => cardUnreachable(current, error.why));
  }

  function wakeAt(id: OrderId, at: Timestamp): void {
    if (at - clock.now() > WORTH_A_TIMER_MS) return;
    const alarm = alarms.get(id);
    // Carrier and card may both be waiting; whoever wakes first has the other look again, too.
    if (alarm !== undefined && alarm.at <= at) return;
    alarm?.callOff();
    const callOff = clock.wakeAt(at, () => {
      alarms.delete(id);
      void settle(id);
    });
    alarms.set(id, { at, callOff });
  }

  async function settle(id: OrderId): Promise<void> {
    if (stopped) return;
    await Promise.all([carrierLane.ask(id), boardLane.ask(id)]);
    // What the carrier's answers changed last is drawn before we call it settled.
    await boardLane.ask(id);
  }

  async function pass(): Promise<void> {
    if (stopped) return;
    const open = await orders.open();
    cardSweep ??= sweep(open, boardLane).finally(() => {
      cardSweep = undefined;
    });
    await sweep(open, carrierLane);
  }

  async function sweep(ids: readonly OrderId[], lane: Lane): Promise<void> {
    const waiting = [...ids];
    const worker = async () => {
      for (let id = waiting.shift(); id !== undefined && !stopped; id = waiting.shift()) await lane.ask(id);
    };
    await Promise.all(Array.from({ length: PASS_WIDTH }, worker));
  }

  return {
    settle,
    ask: (id) => void settle(id),
    pass,
    async stop() {
      stopped = true;
      for (const { callOff } of alarms.values()) callOff();
      alarms.clear();
      await Promise.all([carrierLane.idle(), boardLane.idle(), cardSweep]);
    },
  };
}

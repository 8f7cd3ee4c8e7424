import { listsAll } from './carrier-report.js';
import { orderIdOf } from './line-ids.js';
import { linesOf, wholeOf } from './lines.js';
import type { Order, OrderStatus } from './order.js';
import { kindRules } from './order-kinds.js';
import type { PhoneNumber } from './phone-number.js';
import { namedNumbers, type OrderId, type OrderRequest, type Site, type Timestamp } from './request.js';

/** A number that one of our orders bought and none has disconnected since. */
export interface OwnedNumber {
  readonly number: PhoneNumber;
  readonly orderId: OrderId;
  /** Where the order asked for it, or where our last move brought it. */
  readonly site: Site;
  readonly since: Timestamp;
}

/** What our orders, all taken together, did to the numbers of the account. */
export interface OrderEffects {
  /** The numbers that our orders say should be in service. */
  owned(): Iterable<OwnedNumber>;
  /**
   * How our orders account for a number that is in service. `in-progress`: an order may just be bringing or taking it.
   * `disconnected`: one of our orders disconnected it, and none has bought it since.
   */
  standingOf(
    number: PhoneNumber,
  ):
    | { readonly standing: 'owned'; readonly owned: OwnedNumber }
    | { readonly standing: 'in-progress' }
    | { readonly standing: 'disconnected'; readonly at: Timestamp }
    | undefined;
  /**
   * Whether a carrier order belongs to one of our orders. `ended`: to one that, as far as we know, ended without
   * delivering anything, such as one that someone gave up.
   */
  ownerOf(carrierOrder: {
    readonly id: string;
    readonly customerOrderId?: string;
  }):
    | { readonly owner: 'ours' }
    | { readonly owner: 'ended'; readonly orderId: OrderId; readonly status: OrderStatus }
    | undefined;
  /** How many orders may have delivered, or disconnected, numbers that they don't list. */
  readonly unlisted: number;
}

type LastEffect =
  | { readonly did: 'bought'; readonly owned: OwnedNumber }
  | { readonly did: 'disconnected'; readonly at: Timestamp };

/** One of our orders moved a number. */
interface Move {
  readonly site: Site;
  readonly at: Timestamp;
}

/** Whether such an order changes which numbers are on the account, or where. The others change what works on them. */
const changesAccount = ({ kind }: OrderRequest): boolean =>
  kind === 'move' || kindRules[kind].effect !== 'changes';

/** Collects the effects of orders, given in any sequence. Keeps one small entry for each number. */
export function collectOrderEffects(): { add(order: Order): void; readonly effects: OrderEffects } {
  const last = new Map<PhoneNumber, LastEffect>();
  const moves = new Map<PhoneNumber, Move>();
  const inProgress = new Set<PhoneNumber>();
  /** The status of each order, or line, that ended without delivering anything; `delivering` for all others. */
  const statuses = new Map<OrderId, OrderStatus | 'delivering'>();
  const carrierOrderIds = new Map<string, OrderId>();
  let unlisted = 0;

  const timeOf = (effect: LastEffect): Timestamp =>
    effect.did === 'bought' ? effect.owned.since : effect.at;
  const note = (number: PhoneNumber, effect: LastEffect) => {
    const before = last.get(number);
    if (before === undefined || timeOf(before) <= timeOf(effect)) last.set(number, effect);
  };
  const noteProgress = (numbers: readonly PhoneNumber[]) => {
    for (const number of numbers) inProgress.add(number);
  };

  const noteMove = (number: PhoneNumber, move: Move) => {
    const before = moves.get(number);
    if (before === undefined || before.at <= move.at) moves.set(number, move);
  };
  /** With the sub-account it was moved to since. */
  const whereNow = (owned: OwnedNumber): OwnedNumber => {
    const move = moves.get(owned.number);
    return move === undefined || move.at < owned.since ? owned : { ...owned, site: move.site };
  };

  /** An order that may have arrived: its numbers, if it names them. */
  const noteUnderWay = (request: OrderRequest) => {
    if (!changesAccount(request)) return;
    noteProgress(namedNumbers(request));
    if (namedNumbers(request).length === 0) unlisted += 1;
  };

  const add = (order: Order): void => linesOf(order).forEach(addLine);

  function addLine(order: Order): void {
    const { id, request } = order;
    const orderId = wholeOf(order).id;
    statuses.set(id, 'delivering');
    for (const event of order.events) {
      if ('carrierOrderId' in event && event.carrierOrderId !== undefined) {
        carrierOrderIds.set(event.carrierOrderId, id);
      }
      if (event.what === 'followed') carrierOrderIds.set(event.carrierOrder.id, id);
      if (event.what === 'reported') for (const each of event.duplicates ?? []) carrierOrderIds.set(each, id);
    }
    switch (order.status) {
      case 'placing':
        noteUnderWay(request);
        return;
      case 'given-up':
        // It may still turn up while it is looked up.
        if (order.endedAt === undefined) noteUnderWay(request);
        else statuses.set(id, order.status);
        return;
      case 'placed':
        noteUnderWay(request);
        if (changesAccount(request)) noteProgress(order.carrierOrder.completed);
        return;
      case 'complete':
      case 'partial':
      case 'failed': {
        if (!changesAccount(request)) return;
        const { outcome, at } = order;
        const { completed, failed } = outcome;
        for (const number of completed) {
          if (request.kind === 'purchase') {
            note(number, { did: 'bought', owned: { number, orderId, site: request.site, since: at } });
          } else if (kindRules[request.kind].effect === 'removes') note(number, { did: 'disconnected', at });
          else if (request.kind === 'move') noteMove(number, { site: request.site, at });
        }
        if (listsAll(outcome)) {
          if (completed.length === 0) statuses.set(id, order.status);
          return;
        }
        unlisted += 1;
        const accounted = new Set([...completed, ...failed]);
        noteProgress(namedNumbers(request).filter((number) => !accounted.has(number)));
        return;
      }
      default:
        statuses.set(id, order.status);
    }
  }

  const effects: OrderEffects = {
    *owned() {
      for (const [number, effect] of last) {
        if (effect.did === 'bought' && !inProgress.has(number)) yield whereNow(effect.owned);
      }
    },
    standingOf(number) {
      const effect = last.get(number);
      if (effect?.did === 'bought') return { standing: 'owned', owned: whereNow(effect.owned) };
      if (inProgress.has(number)) return { standing: 'in-progress' };
      return effect === undefined ? undefined : { standing: 'disconnected', at: effect.at };
    },
    ownerOf({ id, customerOrderId }) {
      const orderId = carrierOrderIds.get(id) ?? customerOrderId;
      const status = orderId === undefined ? undefined : statuses.get(orderId);
      if (status === undefined || orderId === undefined) return undefined;
      return status === 'delivering'
        ? { owner: 'ours' }
        : { owner: 'ended', orderId: orderIdOf(orderId), status };
    },
    get unlisted() {
      return unlisted;
    },
  };
  return { add, effects };
}

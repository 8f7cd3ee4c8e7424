import { lineOf, wholeOf } from '../domain/lines.js';
import type { Order } from '../domain/order.js';
import type { Log } from '../ports/log.js';
import type { OrderStore } from '../ports/order-store.js';
import { OutcomeUnknown } from '../ports/store-errors.js';

/** Where an order is, as the log names it: its status or, once it's placed, Bandwidth's. */
export type LoggedState =
  | Exclude<Order['status'], 'placed'>
  | Extract<Order, { status: 'placed' }>['carrierOrder']['status'];

/** Every state; the compiler asks for a new one. */
const states: Readonly<Record<LoggedState, true>> = {
  'awaiting-approval': true,
  approved: true,
  placing: true,
  ordering: true,
  received: true,
  processing: true,
  backordered: true,
  complete: true,
  partial: true,
  failed: true,
  refused: true,
  'given-up': true,
  declined: true,
  cancelled: true,
  expired: true,
};

export const loggedStates = Object.keys(states) as readonly LoggedState[];

/** The message of the line that is written for each change of state. */
export const STATE_CHANGED = 'order state changed';

/**
 * Returns the same store, which logs one line for each change of an order's state once it's on record: which order, who
 * caused it, from where, to where.
 */
export function loggingChanges(orders: OrderStore, log: Pick<Log, 'info'>): OrderStore {
  const written = async (
    write: () => Promise<boolean>,
    before: Order | undefined,
    after: Order,
  ): Promise<boolean> => {
    const tell = () => {
      for (const facts of changesOf(before, after)) log.info(facts, STATE_CHANGED);
    };
    try {
      const done = await write();
      if (done) tell();
      return done;
    } catch (error) {
      if (error instanceof OutcomeUnknown) void error.becomes.then((done) => done === true && tell());
      throw error;
    }
  };
  return {
    ...orders,
    insert: (order) => written(() => orders.insert(order), undefined, order),
    replace: (current, next) => written(() => orders.replace(current, next), current, next),
  };
}

const stateOf = (order: Order): LoggedState =>
  order.status === 'placed' ? order.carrierOrder.status : order.status;

/**
 * Returns the fields of each log line: one for the order if its state changed, and one for each of its lines whose
 * state did.
 */
function changesOf(before: Order | undefined, after: Order): readonly object[] {
  const ofLines = (after.lines ?? []).flatMap((line, index) =>
    before?.lines?.[index] === undefined || before.lines[index] === line
      ? []
      : changeOf(lineOf(before, index + 1), lineOf(after, index + 1)),
  );
  return [...changeOf(before, after), ...ofLines];
}

function changeOf(before: Order | undefined, after: Order): readonly object[] {
  const [from, to] = [before && stateOf(before), stateOf(after)];
  if (from === to) return [];
  const event = after.events.at(-1);
  const rule = event !== undefined && 'rule' in event ? event.rule : undefined;
  const carrierOrderId = after.status === 'placed' ? after.carrierOrder.id : undefined;
  return [
    {
      orderId: wholeOf(after).id,
      ...(after.part === undefined ? {} : { line: after.part.line }),
      kind: after.request.kind,
      ...(from === undefined ? { channelId: after.channelId } : { from }),
      to,
      event: event?.what,
      by: authorOf(event),
      ...(rule === undefined ? {} : { rule }),
      ...(carrierOrderId === undefined ? {} : { carrierOrderId }),
    },
  ];
}

/** Returns the user id of the person who caused it; `app` if it was the time, a rule or Bandwidth. */
function authorOf(event: Order['events'][number] | undefined): string {
  return event !== undefined && 'by' in event && event.by !== undefined ? event.by.userId : 'app';
}

import type { OrderKind } from '../../orders/domain/order-kinds.js';
import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import type { ActivationRequest, DisconnectRequest } from '../../orders/domain/request.js';
import type { Carrier, FoundBefore, SentOrder } from '../../orders/ports/carrier.js';
import type { Log } from '../../orders/ports/log.js';
import type { Activations } from '../activations.js';
import { decodeOrderIdentity } from '../decode/decode.js';
import { decodeChangeList } from '../decode/decode-change-list.js';
import { decodeDisconnectIdentity } from '../decode/decode-disconnect.js';
import { decodeMoveIdentity } from '../decode/decode-move.js';
import type { LastOrder } from '../decode/decode-numbers.js';
import { decodeOptionsIdentity } from '../decode/decode-options.js';
import { kindsAtBandwidth } from '../order-kinds.js';
import type { ReadOrders } from '../read-orders.js';
import { findChange } from './find-change.js';
import { findDisconnect } from './find-disconnect.js';
import { findOrder } from './find-order.js';

/** The elements of the list, and of one of its rows. */
const listOfMoves = ['movetnsorders', 'movetnsordersummary'] as const;
const listOfOptions = ['tnoptionorders', 'tnoptionordersummary'] as const;

/** Looks for orders whose answers were lost, each kind in its own way. */
export function makeFindLike(deps: {
  orders: Pick<ReadOrders, 'listPage' | 'readChanges' | 'readOrder' | 'daysSince'>;
  lastOrder(number: PhoneNumber): Promise<LastOrder | undefined>;
  activations: Pick<Activations, 'find'>;
  log: Log;
}): Carrier['findLike'] {
  const { lastOrder, activations, log } = deps;
  const { listPage, readChanges, readOrder, daysSince } = deps.orders;

  /** Each gets orders of its own kind only. */
  const finders: Readonly<Record<OrderKind, { find(sent: SentOrder): Promise<FoundBefore> }>> = {
    purchase: {
      async find({ id, sentAt }) {
        const sources = {
          readPage: (page: string, by: string) => listPage('purchase', page, [['customerOrderId', by]]),
          open: async (each: string) => decodeOrderIdentity(await readOrder('purchase', each)),
        };
        return { ours: await findOrder({ id, sentAt }, sources, log), sameNumbers: [] };
      },
    },
    disconnect: {
      find(sent: SentOrder & { readonly request: DisconnectRequest }) {
        const days = daysSince(sent.sentAt);
        const sources = {
          readPage: (page: string) => listPage('disconnect', page, days),
          open: async (id: string) => decodeDisconnectIdentity(await readOrder('disconnect', id), log),
          lastOrder,
        };
        return findDisconnect(sent, sources, log);
      },
    },
    move: {
      find: (sent) =>
        findChange(sent, {
          asked: kindsAtBandwidth.move.list,
          readPage: (by) => readChanges('move', by, (list) => decodeChangeList(list, ...listOfMoves)),
          open: async (id) => decodeMoveIdentity(await readOrder('move', id), log),
        }),
    },
    messaging: {
      find: (sent) =>
        findChange(sent, {
          asked: kindsAtBandwidth.messaging.list,
          readPage: (by) => readChanges('messaging', by, (list) => decodeChangeList(list, ...listOfOptions)),
          open: async (id) => decodeOptionsIdentity(await readOrder('messaging', id), log),
        }),
    },
    activation: {
      async find({ id, request }: SentOrder & { readonly request: ActivationRequest }) {
        return { ours: await activations.find(id, request), sameNumbers: [] };
      },
    },
  };

  return (sent) => finders[sent.request.kind].find(sent);
}

import type { CarrierReport } from '../orders/domain/carrier-report.js';
import type { OrderKind } from '../orders/domain/order-kinds.js';
import type {
  DisconnectRequest,
  MessagingRequest,
  MoveRequest,
  OrderId,
  OrderRequest,
  PurchaseRequest,
} from '../orders/domain/request.js';
import type { Log } from '../orders/ports/log.js';
import type { WriteNumber } from './api-version.js';
import { decodeReport } from './decode/decode.js';
import { decodeDisconnectReport } from './decode/decode-disconnect.js';
import { decodeMoveReport } from './decode/decode-move.js';
import { decodeOptionsReport } from './decode/decode-options.js';
import { encodeDisconnect, encodeMessaging, encodeMove, encodeOrder } from './encode.js';
import type { RequestName } from './errors.js';
import type { XmlDocument } from './xml.js';

/**
 * Where a kind of order is sent, and how it is written and read. `find-like.ts` has how a lost one is found. Each row
 * gets requests of its own kind only.
 */
interface KindAtBandwidth {
  /** Below the account. */
  readonly path: string;
  /** The root of the answer to a new order. */
  readonly root: string;
  /** The root of the document that reports the status of an order. */
  readonly reportRoot: string;
  readonly asked: RequestName;
  /** What a sentence calls the list of them. */
  readonly list: RequestName;
  encode(
    orderId: OrderId,
    request: OrderRequest,
    writeNumber: WriteNumber,
    reservationIds: readonly string[],
  ): string;
  /** Undefined when the document says nothing about an order. */
  decode(document: XmlDocument, log: Log): CarrierReport | undefined;
}

/** The kinds whose documents are XML. Activations are JSON: see `activations.ts`. */
export type XmlKind = Exclude<OrderKind, 'activation'>;

export const kindsAtBandwidth: Readonly<Record<XmlKind, KindAtBandwidth>> = {
  purchase: {
    path: '/orders',
    root: 'orderresponse',
    reportRoot: 'orderresponse',
    asked: 'this order',
    list: 'the list of orders',
    encode: (id, request: PurchaseRequest, writeNumber, reservationIds) =>
      encodeOrder(id, request, writeNumber, reservationIds),
    decode: decodeReport,
  },
  disconnect: {
    path: '/disconnects',
    root: 'disconnecttelephonenumberorderresponse',
    reportRoot: 'disconnecttelephonenumberorderresponse',
    asked: 'this disconnect',
    list: 'the list of disconnects',
    encode: (id, request: DisconnectRequest, writeNumber) => encodeDisconnect(id, request, writeNumber),
    decode: decodeDisconnectReport,
  },
  move: {
    path: '/moveTns',
    root: 'movetnsorderresponse',
    reportRoot: 'movetnsorder',
    asked: 'this move',
    list: 'the list of moves',
    encode: (id, request: MoveRequest, writeNumber) => encodeMove(id, request, writeNumber),
    decode: decodeMoveReport,
  },
  messaging: {
    path: '/tnoptions',
    root: 'tnoptionorderresponse',
    reportRoot: 'tnoptionorder',
    asked: 'this messaging change',
    list: 'the list of option changes',
    encode: (id, request: MessagingRequest, writeNumber) => encodeMessaging(id, request, writeNumber),
    decode: decodeOptionsReport,
  },
};

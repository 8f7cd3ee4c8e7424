import type { OrderKind } from '../../../orders/domain/order-kinds.js';
import { activationDrawing } from './activation.js';
import { disconnectDrawing } from './disconnect.js';
import type { KindDrawing } from './kind.js';
import { messagingDrawing } from './messaging.js';
import { moveDrawing } from './move.js';
import { purchaseDrawing } from './purchase.js';

export const kindDrawings: Readonly<Record<OrderKind, KindDrawing>> = {
  purchase: purchaseDrawing,
  disconnect: disconnectDrawing,
  move: moveDrawing,
  messaging: messagingDrawing,
  activation: activationDrawing,
};

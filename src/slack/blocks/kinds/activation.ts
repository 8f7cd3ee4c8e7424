import { NUMBERS_ON_A_CARD } from '../../../orders/domain/order.js';
import { SHORT_ID } from '../../../orders/domain/order-keywords.js';
import type { ActivationRequest } from '../../../orders/domain/request.js';
import { codeSpan } from '../../text/escape.js';
import { listNumbers } from '../format.js';
import type { Labeled } from '../order/card-lines.js';
import { destinationInWords, listLines } from '../order/line-list.js';
import type { KindDrawing } from './kind.js';
import { place } from './request-columns.js';

export const activationDrawing: KindDrawing = {
  paragraphs: (request: ActivationRequest, askedBy) => [
    [{ label: 'Numbers', value: listNumbers(request.numbers, NUMBERS_ON_A_CARD) }],
    { columns: [askedBy, ...columns(request)] },
  ],
  placeColumns: (request: ActivationRequest) => columns(request),
  outcomeNotes: () => [],
  waitingNotes: () => [],
  // It can't be edited.
  changes: () => [],
};

/** What is activated, where the numbers are, and by which order they came. */
const columns = ({ services, site, location, alsoTo = [], purchaseId }: ActivationRequest): Labeled[] => [
  { label: 'Services', value: services.join(' and ') },
  { label: 'Sub-account', value: place(site) },
  ...(location === undefined ? [] : [{ label: 'Location', value: place(location) }]),
  ...(alsoTo.length === 0
    ? []
    : [{ label: 'Also in', value: listLines(alsoTo.map(destinationInWords), ROOM_FOR_PLACES) }]),
  { label: 'Bought by order', value: codeSpan(purchaseId.slice(0, SHORT_ID)) },
];

/** A column has room for two thousand characters. */
const ROOM_FOR_PLACES = 600;

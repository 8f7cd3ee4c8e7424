import { NUMBERS_ON_A_CARD } from '../../../orders/domain/order.js';
import type { PurchaseRequest } from '../../../orders/domain/request.js';
import { describeSearch } from '../../commands/describe-search.js';
import type { Labeled, Line } from '../card/card-lines.js';
import { count, listNumbers, typed } from '../vocabulary.js';
import type { KindDrawing } from './kind.js';
import { differing, nameColumns, place, shortPlace } from './request-columns.js';

export const purchaseDrawing: KindDrawing = {
  paragraphs: (request: PurchaseRequest, askedBy) => [
    wantedLines(request),
    { columns: [askedBy, ...placeColumns(request), ...optionColumns(request)] },
  ],
  placeColumns: (request: PurchaseRequest) => placeColumns(request),
  outcomeNotes: () => [],
  waitingNotes: () => [],
  changes: (before: PurchaseRequest, after: PurchaseRequest) => [
    ...differing('Quantity', quantity(before), quantity(after)),
    ...(before.site.id === after.site.id
      ? []
      : differing('Sub-account', shortPlace(before.site), shortPlace(after.site))),
    ...(before.location?.id === after.location?.id
      ? []
      : differing('Location', location(before), location(after))),
    ...differing('Options', optionWords(before), optionWords(after)),
  ],
};

/** Where the numbers go. Without a location, it's the sub-account's default one. */
const placeColumns = ({ site, location }: PurchaseRequest): Labeled[] => [
  { label: 'Sub-account', value: place(site) },
  ...(location === undefined ? [] : [{ label: 'Location', value: place(location) }]),
];

function optionColumns(request: PurchaseRequest): Labeled[] {
  const unusual = unusualOptions(request);
  return [
    ...nameColumns(request),
    ...(unusual.length === 0 ? [] : [{ label: 'Options', value: unusual.join(' · ') }]),
  ];
}

function wantedLines({ wanted }: PurchaseRequest): Line[] {
  if (wanted.by === 'numbers') {
    return [{ label: 'Numbers', value: listNumbers(wanted.numbers, NUMBERS_ON_A_CARD) }];
  }
  return [
    { label: 'Search', value: typed(describeSearch(wanted.search), 300) },
    { label: 'Quantity', value: `${count(wanted.search.quantity, 'number')}; Bandwidth chooses which` },
  ];
}

/** The options that differ from those the form starts with. */
function unusualOptions(request: PurchaseRequest): string[] {
  return [
    ...(request.partialAllowed ? [] : ['all numbers or none']),
    ...(request.backOrder ? ['back-order what is not in stock'] : []),
    ...(request.protected ? ['protected numbers'] : []),
  ];
}

/** Which options of the form were checked and which weren't. */
function optionWords(request: PurchaseRequest): string {
  return [
    request.partialAllowed ? 'partial delivery allowed' : 'all numbers or none',
    request.backOrder ? 'back-order what is not in stock' : 'no back-order',
    request.protected ? 'protected numbers' : 'not protected',
  ].join(' · ');
}

const quantity = ({ wanted }: PurchaseRequest): string =>
  wanted.by === 'search' ? count(wanted.search.quantity, 'number') : '';

const location = ({ location: chosen }: PurchaseRequest): string =>
  chosen === undefined ? "the sub-account's default location" : shortPlace(chosen);

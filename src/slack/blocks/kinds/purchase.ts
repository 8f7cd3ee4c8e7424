import { NUMBERS_ON_A_CARD } from '../../../orders/domain/order.js';
import { type LineOfSeveral, type PurchaseRequest, severalLines } from '../../../orders/domain/request.js';
import { count, listNumbers, typed } from '../format.js';
import type { Labeled, Line, Room } from '../order/card-lines.js';
import { describeSearch } from '../order/describe-search.js';
import { listAllWanted, listWanted } from '../order/line-list.js';
import type { KindDrawing } from './kind.js';
import { differing, nameColumns, place, shortPlace } from './request-columns.js';

export const purchaseDrawing: KindDrawing = {
  paragraphs: (request: PurchaseRequest, askedBy, room) => [
    ...wantedParagraphs(request, room),
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
function placeColumns(request: PurchaseRequest): Labeled[] {
  const { site, location } = request;
  const elsewhere = severalLines(request).filter(({ to }) => to !== undefined).length;
  return [
    { label: 'Sub-account', value: place(site) },
    ...(location === undefined ? [] : [{ label: 'Location', value: place(location) }]),
    ...(elsewhere === 0
      ? []
      : [{ label: 'Elsewhere', value: `${count(elsewhere, 'line')}, as marked with →` }]),
  ];
}

function optionColumns(request: PurchaseRequest): Labeled[] {
  const unusual = unusualOptions(request);
  return [
    ...nameColumns(request),
    ...(unusual.length === 0 ? [] : [{ label: 'Options', value: unusual.join(' · ') }]),
  ];
}

function wantedParagraphs({ wanted }: PurchaseRequest, room: Room): Line[][] {
  switch (wanted.by) {
    case 'numbers':
      return [[{ label: 'Numbers', value: listNumbers(wanted.numbers, NUMBERS_ON_A_CARD) }]];
    case 'search':
      return [
        [
          { label: 'Search', value: typed(describeSearch(wanted.search), 300) },
          { label: 'Quantity', value: `${count(wanted.search.quantity, 'number')}; Bandwidth chooses which` },
        ],
      ];
    case 'lines':
      return inSections(wanted.lines, room);
  }
}

/** Approvers must be able to read every line. */
function inSections(lines: readonly LineOfSeveral[], room: Room): Line[][] {
  const { quoted } = room;
  const parts = room.inService.history ? listAllWanted(lines, quoted) : [listWanted(lines, quoted)];
  return parts.map((value, index) => {
    return [index === 0 ? { label: count(lines.length, 'line'), value } : value];
  });
}

/** The options that differ from those the form starts with. */
function unusualOptions(request: PurchaseRequest): string[] {
  return [
    ...(request.partialAllowed ? [] : [allOrNone(request)]),
    ...(request.backOrder ? ['back-order what is not in stock'] : []),
    ...(request.protected ? ['protected numbers'] : []),
  ];
}

/** Which options of the form were checked and which weren't. */
function optionWords(request: PurchaseRequest): string {
  return [
    request.partialAllowed ? 'partial delivery allowed' : allOrNone(request),
    request.backOrder ? 'back-order what is not in stock' : 'no back-order',
    request.protected ? 'protected numbers' : 'not protected',
  ].join(' · ');
}

/** Each line is an order of its own at Bandwidth, which may fail while others are delivered. */
const allOrNone = ({ wanted }: PurchaseRequest): string =>
  wanted.by === 'lines' ? 'each line in full or not at all' : 'all numbers or none';

function quantity({ wanted }: PurchaseRequest): string {
  switch (wanted.by) {
    case 'search':
      return count(wanted.search.quantity, 'number');
    case 'numbers':
      return '';
    case 'lines':
      return listWanted(wanted.lines, 600);
  }
}

const location = ({ location: chosen }: PurchaseRequest): string =>
  chosen === undefined ? "the sub-account's default location" : shortPlace(chosen);

import { NUMBERS_ON_A_CARD, type Order } from '../../../orders/domain/order.js';
import type { DisconnectRequest, PurchaseRequest } from '../../../orders/domain/request.js';
import { describeSearch } from '../../commands/describe-search.js';
import { modeWords, protectedWords } from '../disconnect-options.js';
import { count, figure, listNumbers, mention, moment, typed } from '../vocabulary.js';
import type { Line, Room } from './card-lines.js';
import { numberLine, summaryLines } from './numbers-in-service.js';

/** Who requested what. */
export function requestParagraphs({ request, requester, requestedAt }: Order, room: Room): Line[][] {
  const askedBy = { label: 'Requested by', value: `${mention(requester)}, ${moment(requestedAt)}` };
  return request.kind === 'purchase'
    ? [[askedBy, ...purchaseLines(request)]]
    : [[askedBy, ...disconnectLines(request)], ...whatWouldBeCut(request, room)];
}

function purchaseLines(request: PurchaseRequest): Line[] {
  const { name, site, location } = request;
  return [
    ...wantedLines(request),
    { label: 'Name', value: typed(name, 200) },
    { label: 'Sub-account', value: place(site) },
    {
      label: 'Location',
      value: location === undefined ? "the sub-account's default location" : place(location),
    },
    { label: 'Options', value: optionWords(request) },
  ];
}

function disconnectLines(request: DisconnectRequest): Line[] {
  const { label, meaning } = modeWords[request.mode];
  return [
    { label: 'Name', value: typed(request.name, 200) },
    { label: 'Mode', value: request.mode === 'normal' ? label : `⚠️ ${label}. ${meaning}` },
    { label: 'Protected', value: protectedWords[request.protected].label },
  ];
}

/** How many lines about numbers fit into one section, even with long place names. */
const LINES_IN_A_SECTION = 5;

/** Approvers must see what stops working. */
function whatWouldBeCut({ inService }: DisconnectRequest, room: Room): Line[][] {
  const { words, history } = room.inService;
  if (inService.length > NUMBERS_ON_A_CARD) {
    const all = {
      label: 'Numbers',
      value: `${figure(inService.length)}, all of them in a file in the thread`,
    };
    return [[all, ...summaryLines(inService, words)]];
  }
  const lines = inService.map((record) => numberLine(record, words, history));
  return [lines.slice(0, LINES_IN_A_SECTION), lines.slice(LINES_IN_A_SECTION)];
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

/** Only the id when the name isn't known. */
const place = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === id ? typed(id, 60) : `${typed(name, 150)} (${typed(id, 60)})`;

/** Which options of the form were checked and which weren't. */
export function optionWords(request: PurchaseRequest): string {
  return [
    request.partialAllowed ? 'partial delivery allowed' : 'all numbers or none',
    request.backOrder ? 'back-order what is not in stock' : 'no back-order',
    request.protected ? 'protected numbers' : 'not protected',
  ].join(' · ');
}

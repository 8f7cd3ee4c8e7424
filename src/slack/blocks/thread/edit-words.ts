import {
  type DisconnectRequest,
  namedNumbers,
  type OrderRequest,
  type PurchaseRequest,
} from '../../../orders/domain/request.js';
import { optionWords } from '../card/request-lines.js';
import { modeWords, protectedWords } from '../disconnect-options.js';
import { count, listNumbers, quoted, typed } from '../vocabulary.js';

/** How many numbers to list per change. */
const NUMBERS_SHOWN = 20;

/** Describes the changes, one line each. For a long text only the new version. */
export function changeLines(before: OrderRequest, after: OrderRequest): string[] {
  return [
    ...numberLines(before, after),
    ...differing('Name', typed(before.name, 100), typed(after.name, 100)),
    ...(before.kind === 'purchase' && after.kind === 'purchase' ? purchaseLines(before, after) : []),
    ...(before.kind === 'disconnect' && after.kind === 'disconnect' ? disconnectLines(before, after) : []),
    ...(before.reason === after.reason ? [] : [`• *Reason:*\n${quoted(after.reason, 1000)}`]),
  ];
}

function numberLines(before: OrderRequest, after: OrderRequest): string[] {
  const [had, has] = [new Set(namedNumbers(before)), new Set(namedNumbers(after))];
  const gone = [...had].filter((number) => !has.has(number));
  const added = [...has].filter((number) => !had.has(number));
  return [
    ...(gone.length === 0 ? [] : [`• *Removed:* ${listNumbers(gone, NUMBERS_SHOWN)}`]),
    ...(added.length === 0 ? [] : [`• *Added:* ${listNumbers(added, NUMBERS_SHOWN)}`]),
  ];
}

function purchaseLines(before: PurchaseRequest, after: PurchaseRequest): string[] {
  return [
    ...differing('Quantity', quantity(before), quantity(after)),
    ...(before.site.id === after.site.id
      ? []
      : differing('Sub-account', place(before.site), place(after.site))),
    ...(before.location?.id === after.location?.id
      ? []
      : differing('Location', location(before), location(after))),
    ...differing('Options', optionWords(before), optionWords(after)),
  ];
}

const disconnectLines = (before: DisconnectRequest, after: DisconnectRequest): string[] => [
  ...differing('Mode', modeWords[before.mode].label, modeWords[after.mode].label),
  ...differing('Protected', protectedWords[before.protected].label, protectedWords[after.protected].label),
];

const differing = (label: string, before: string, after: string): string[] =>
  before === after ? [] : [`• *${label}:* ${before} → ${after}`];

const quantity = ({ wanted }: PurchaseRequest): string =>
  wanted.by === 'search' ? count(wanted.search.quantity, 'number') : '';

const location = ({ location: chosen }: PurchaseRequest): string =>
  chosen === undefined ? "the sub-account's default location" : place(chosen);

const place = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === id ? typed(id, 40) : `${typed(name, 100)} (${typed(id, 40)})`;

import type { InventoryFilter } from '../../orders/domain/inventory-filter.js';
import { isAreaCode } from '../../orders/domain/search/criteria.js';
import { dashed, withDigits } from '../text/typed-digits.js';
import { placeOf } from '../text/typed-places.js';
import { asTyped } from '../text/typed-text.js';

/** What `/numbers list …` asks for; `file` when it is to be sent as CSV. */
export type ListWords =
  | { readonly filter: InventoryFilter | { readonly by: 'me' }; readonly file: boolean }
  | { readonly fault: ListFault };

export type ListFault = {
  readonly why: 'no-such-person' | 'several-people' | 'too-many-digits' | 'not-a-prefix' | 'no-such-state';
  readonly typed: string;
  /** Words that would be understood. */
  readonly didYouMean?: string;
};

const FILE = /(?:^|\s+)(?:(?:as|in|to)\s+)?(?:an?\s+)?(?:csv|excel|file|spreadsheet)$/i;
const FILLERS =
  /^(?:(?:all|my|our|the|numbers?|in|for|of|from|by|with|sub-?account|site|location)\s+)+(?=\S)/i;
const ALL = /^(?:all|every|everything|numbers?|the numbers|all numbers)?$/i;
const UNEXPLAINED = /^(?:unexplained|unknown|orphan(?:s|ed)?|foreign|without(?: an)? orders?)$/i;
const PERSON = /<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g;
const NATIONAL = 10;

/** Parses `910`, `910-555`, `NC`, `Raleigh, NC`, a sub-account, `@ana`, `me` or `unexplained`. Never throws. */
export function readListWords(text: string): ListWords {
  const people = [...text.matchAll(PERSON)].map(([, userId = '']) => userId);
  const [userId, other] = [...new Set(people)];
  if (other !== undefined) return fault('several-people', text);
  const typed = asTyped(text).trim().replace(/\s+/g, ' ').replace(/\?+$/, '');
  const file = FILE.test(typed);
  const words = typed.replace(FILE, '').trim();
  const read = (filter: InventoryFilter | { readonly by: 'me' }): ListWords => ({ filter, file });
  if (userId !== undefined) return read({ by: 'requester', userId });
  if (ALL.test(words)) return read({ by: 'all' });
  if (UNEXPLAINED.test(words)) return read({ by: 'unexplained' });
  if (/^(?:me|mine|my|my own)$/i.test(words)) return read({ by: 'me' });
  if (words.startsWith('@')) return fault('no-such-person', words);
  const bare = words.replace(FILLERS, '');
  return /\d/.test(bare) && !/\p{L}{2}/u.test(bare) ? readDigits(bare, words, read) : readName(bare, read);
}

function readDigits(bare: string, words: string, read: (filter: InventoryFilter) => ListWords): ListWords {
  if (!/^[\d\s().+*x/-]+$/i.test(bare)) {
    const meant = withDigits(bare);
    return fault('not-a-prefix', bare, meant === undefined ? undefined : dashed(meant.replace(/\D/g, '')));
  }
  const all = bare.replace(/\D/g, '');
  const withCountry = all.length === NATIONAL + 1 || /^(?:\+|1[\s.()*/-])/.test(bare);
  const digits = withCountry ? all.replace(/^1/, '') : all;
  // `+1` would match every number.
  if (digits === '') return read({ by: 'all' });
  if (digits.length > NATIONAL) return fault('too-many-digits', bare);
  const namesSite = /^(?:sub-?account|site|location)\b/i.test(words);
  // A sub-account's id is a number too, and hardly ever begins like an area code.
  return namesSite || (digits.length >= 3 && !isAreaCode(digits.slice(0, 3)))
    ? read({ by: 'name', name: digits })
    : read({ by: 'prefix', digits });
}

function readName(bare: string, read: (filter: InventoryFilter) => ListWords): ListWords {
  const { name, state, unknownState, unclear } = placeOf(bare);
  if (state !== undefined && unclear === undefined) {
    return read(name === undefined ? { by: 'place', state } : { by: 'place', state, city: name });
  }
  if (unknownState !== undefined && bare.includes(',')) return fault('no-such-state', unknownState);
  return read({ by: 'name', name: bare });
}

/** Formats a filter so that it can be typed again. */
export function printFilter(filter: InventoryFilter | { readonly by: 'me' }): string {
  switch (filter.by) {
    case 'all':
      return '';
    case 'me':
    case 'unexplained':
      return filter.by;
    case 'prefix':
      return dashed(filter.digits);
    case 'place':
      return filter.city === undefined ? filter.state : `${filter.city}, ${filter.state}`;
    case 'name':
      return filter.name;
    case 'requester':
      return `<@${filter.userId}>`;
  }
}

const fault = (why: ListFault['why'], typed: string, didYouMean?: string): ListWords => ({
  fault: { why, typed, ...(didYouMean === undefined || didYouMean === '' ? {} : { didYouMean }) },
});

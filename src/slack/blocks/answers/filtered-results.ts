import type { FoundNumber, KeptSearch } from '../../../orders/domain/kept-search.js';
import { nationalDigits, type PhoneNumber } from '../../../orders/domain/phone-number.js';
import { consecutiveRows } from '../../../orders/domain/search/apply-filters.js';
import type { NoLikeness } from '../../../orders/domain/search/more-like.js';
import { lessFiltered } from '../../../orders/domain/search/nearby-searches.js';
import { type Pattern, type PatternKind, patternsOf } from '../../../orders/domain/search/number-patterns.js';
import { MAX_QUANTITY, type Search } from '../../../orders/domain/search/search.js';
import { codeSpan } from '../../text/escape.js';
import { dashed } from '../../text/typed-digits.js';
import { count, figure, listNumbers } from '../format.js';

// What results say about the filters that this app applied.

const MAX_REASONS = 2;

const reasons: Readonly<Record<PatternKind, (text: string) => string>> = {
  repeat: (text) => `ends in ${text}`,
  round: (text) => `ends in ${text}`,
  step: (text) => `ends in ${text}`,
  pairs: (text) => `ends in ${text}`,
  palindrome: (text) => `ends in ${text}, the same backwards`,
  word: (text) => `spells ${text}`,
};

function reasonOf({ kind, text, atEnd }: Pattern): string {
  return atEnd || kind === 'word' ? reasons[kind](text) : `has ${text} in it`;
}

/** Returns why each of these numbers is among the results; empty where the filter's own words say it. */
export function reasonsFor(
  { search: { filters = {} }, found }: KeptSearch,
  page: readonly FoundNumber[],
): ReadonlyMap<PhoneNumber, string> {
  if (filters.inARow !== undefined) return rowReasons(found, page);
  if (filters.easy === undefined && filters.like === undefined) return new Map();
  return new Map(page.map(({ number }) => [number, whyEasy(number)]));
}

/** "ends in 4444 · spells PIZZA". */
export function whyEasy(number: PhoneNumber): string {
  return patternsOf(number).slice(0, MAX_REASONS).map(reasonOf).join(' · ');
}

function rowReasons(
  found: readonly FoundNumber[],
  page: readonly FoundNumber[],
): ReadonlyMap<PhoneNumber, string> {
  const shown = new Set(page.map(({ number }) => number));
  return new Map(
    consecutiveRows(found).flatMap((row) => {
      const [first, last] = [row.at(0), row.at(-1)];
      if (first === undefined || last === undefined) return [];
      const words = `${figure(row.length)} in a row: ${local(first.number)} to ${local(last.number).slice(4)}`;
      return row.flatMap(({ number }) => (shown.has(number) ? [[number, words] as const] : []));
    }),
  );
}

/** `241-4365`, which is enough beside the whole number. */
const local = (number: PhoneNumber): string => dashed(nationalDigits(number)).slice(4);

/**
 * Says that this app filtered the results, how many numbers it looked at, and whether others may match. Undefined for a
 * search without filters.
 */
export function filterNote({ search, filtered, unread }: KeptSearch): string | undefined {
  if (filtered === undefined) return undefined;
  const { lookedAt, matched } = filtered;
  const lead = `Filtered by this app, not by Bandwidth: ${matched === 0 ? 'none' : figure(matched)} of`;
  switch (beyond({ lookedAt, unread })) {
    case 'none':
      return `${lead} all ${count(lookedAt, 'available number')} ${matched === 1 ? 'matches' : 'match'}.`;
    case 'maybe':
      return `${lead} the ${figure(lookedAt)} numbers that Bandwidth returned. It returns no more than that at once, so others may match: ${narrower(search)}.`;
    case 'unread':
      return `⚠️ ${lead} the ${figure(lookedAt)} numbers that I could read. Bandwidth returned ${figure(unread ?? 0)} more that I can't read, so others may match.`;
  }
}

/** Whether Bandwidth has more numbers than were looked at. */
export function beyond({
  lookedAt,
  unread,
}: {
  readonly lookedAt: number;
  readonly unread: number | undefined;
}): 'none' | 'maybe' | 'unread' {
  if (lookedAt + (unread ?? 0) >= MAX_QUANTITY) return unread === undefined ? 'maybe' : 'unread';
  return unread === undefined ? 'none' : 'unread';
}

function narrower({ criteria: { areaCode } }: Search): string {
  return areaCode === undefined
    ? 'search a smaller area to look at them'
    : `search a prefix, such as ${areaCode}-241, to look at them`;
}

/** "none of the 5,000 I looked at match"; undefined if the filters aren't why nothing was found. */
export function noneMatch({ filtered }: KeptSearch): string | undefined {
  return filtered === undefined || filtered.lookedAt === 0
    ? undefined
    : `none of the ${figure(filtered.lookedAt)} I looked at match`;
}

/** Returns searches of the same place that find more; empty if the filters aren't why nothing was found. */
export function easierSearches({ search, filtered }: KeptSearch): readonly Search[] {
  return filtered === undefined || filtered.lookedAt === 0
    ? []
    : lessFiltered(search, filtered.longestRow).slice(0, 3);
}

/** The private answer to **More like this** that found nothing to look for. */
export function noLikenessSentence(why: NoLikeness, picked: readonly PhoneNumber[]): string {
  switch (why) {
    case 'nothing-picked':
      return 'Tick a number first, then press *More like this* again.';
    case 'no-pattern': {
      const plain = picked.filter((number) => patternsOf(number).length === 0);
      const have = plain.length === 1 ? 'has' : 'have';
      return `${listNumbers(plain, 3)} ${have} no pattern that I know, such as a repeated digit or a word. Tick only numbers that have one, or search for ${codeSpan('easy')} ones.`;
    }
    case 'different-patterns':
      return `The ${count(picked.length, 'number')} you ticked have different patterns. Tick only one of them.`;
  }
}

import type { FoundNumber } from '../kept-search.js';
import { type PhoneNumber, parsePhoneNumber } from '../phone-number.js';
import { type Filters, groupsOf } from './filters.js';
import { isLike, memorability, patternsOf } from './number-patterns.js';

/** A number that matches, and how far to the front it belongs. */
export interface ScoredNumber {
  readonly match: FoundNumber;
  /** 0 for all where the filters don't put numbers in order. */
  readonly score: number;
}

/** What is left of the numbers Bandwidth returned, in the order in which people see them. */
export interface Filtered {
  readonly found: readonly FoundNumber[];
  /** How many match, of which `found` may have only the first. */
  readonly matched: number;
  /** The most numbers in a row among those that match the other filters, if a row was searched for. */
  readonly longestRow?: number;
}

/** Returns what judges each number by itself: undefined for one that doesn't match. The filters are well-formed. */
export function judgeBy(filters: Filters): (found: FoundNumber) => ScoredNumber | undefined {
  const passes = passesBy(filters);
  const like = parsePhoneNumber(filters.like ?? '');
  const model = like === undefined ? undefined : patternsOf(like)[0];
  const isRanked = filters.easy !== undefined || model !== undefined;
  return (match) => {
    const { number } = match;
    if (!passes(number)) return undefined;
    if (!isRanked) return { match, score: 0 };
    const patterns = patternsOf(number);
    if (patterns.length === 0) return undefined;
    if (model !== undefined && (number === like || !isLike(patterns, model))) return undefined;
    return { match, score: memorability(number, patterns) };
  };
}

function passesBy({ starting = '', ending = '', without }: Filters): (number: PhoneNumber) => boolean {
  const excluded = without === undefined ? [] : groupsOf(without);
  return (number) => {
    const seven = number.slice(-7);
    return (
      seven.startsWith(starting) && seven.endsWith(ending) && !excluded.some((group) => seven.includes(group))
    );
  };
}

/** Puts the matches in order and returns at most `quantity` numbers. */
export function chosenFrom(
  matches: readonly ScoredNumber[],
  { inARow }: Filters,
  quantity: number,
): Filtered {
  if (inARow !== undefined) {
    return inRows(
      matches.map(({ match }) => match),
      Number(inARow),
      quantity,
    );
  }
  const found = matches
    .toSorted((one, other) => other.score - one.score)
    .slice(0, quantity)
    .map(({ match }) => match);
  return { found, matched: matches.length };
}

/** Returns whole rows, the shortest first, so that a long one isn't broken up if a shorter one will do. */
function inRows(found: readonly FoundNumber[], least: number, quantity: number): Filtered {
  const rows = consecutiveRows(found);
  const longestRow = rows.reduce((most, { length }) => Math.max(most, length), 0);
  const enough = rows.filter(({ length }) => length >= least).sort((one, other) => one.length - other.length);
  const matched = enough.reduce((sum, { length }) => sum + length, 0);
  const kept: FoundNumber[] = [];
  for (const row of enough) {
    if (kept.length > 0 && kept.length + row.length > quantity) break;
    kept.push(...row);
  }
  return { found: kept.slice(0, quantity), matched, longestRow };
}

/** Splits numbers into rows of consecutive ones with the same NPA-NXX, lowest first. */
export function consecutiveRows(found: readonly FoundNumber[]): readonly (readonly FoundNumber[])[] {
  const byNumber = new Map(found.map((each) => [Number(each.number), each]));
  const rows: FoundNumber[][] = [];
  let last: number | undefined;
  for (const [number, each] of [...byNumber].sort(([one], [other]) => one - other)) {
    const row = last !== undefined && follows(last, number) ? rows.at(-1) : undefined;
    if (row === undefined) rows.push([each]);
    else row.push(each);
    last = number;
  }
  return rows;
}

const follows = (one: number, next: number): boolean =>
  next - one === 1 && Math.floor(one / 10_000) === Math.floor(next / 10_000);

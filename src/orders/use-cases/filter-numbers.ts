import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { FoundNumber } from '../domain/kept-search.js';
import { chosenFrom, type Filtered, judgeBy, type ScoredNumber } from '../domain/search/apply-filters.js';
import type { Filters } from '../domain/search/filters.js';

/** Takes a fraction of a millisecond, so that others are answered in between. */
const NUMBERS_A_TURN = 500;

/** Applies well-formed filters to what Bandwidth returned and keeps at most `quantity` numbers. */
export async function filterNumbers(
  filters: Filters,
  returned: readonly FoundNumber[],
  quantity: number,
): Promise<Filtered> {
  const judge = judgeBy(filters);
  const matches: ScoredNumber[] = [];
  for (const [index, each] of returned.entries()) {
    const match = judge(each);
    if (match !== undefined) matches.push(match);
    if ((index + 1) % NUMBERS_A_TURN === 0) await yieldToEventLoop();
  }
  return chosenFrom(matches, filters, quantity);
}

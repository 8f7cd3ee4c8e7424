import pMap from 'p-map';
import type { FoundNumber } from '../orders/domain/kept-search.js';
import { nationalDigits, type PhoneNumber } from '../orders/domain/phone-number.js';
import { isTollFreePrefix } from '../orders/domain/search.js';
import type { PartlyRead } from '../orders/ports.js';
import { encodeQuery } from './encode.js';

const AT_ONCE = 6;
/** A block of seven digits has no more numbers than this. */
const NUMBERS_A_BLOCK = 1000;
/** The most one search answers with. */
const MOST_NUMBERS = 5000;

/**
 * Which of these numbers Bandwidth does not offer to anybody just now. There is no such question about one number, so
 * the block of a thousand that each is in is searched for. Toll-free numbers have no blocks: of those nothing is said
 * when there are more than one search can list. Throws CarrierError.
 */
export async function notOffered(
  numbers: readonly PhoneNumber[],
  search: (query: string) => Promise<PartlyRead<FoundNumber>>,
): Promise<readonly PhoneNumber[]> {
  const blocks = [...new Set(numbers.map(blockOf))];
  const missing = await pMap(
    blocks,
    async (block) => {
      const wanted = numbers.filter((number) => blockOf(number) === block);
      const most = block.length === 3 ? MOST_NUMBERS : NUMBERS_A_BLOCK;
      const found = await search(queryFor(block, most));
      if (block.length === 3 && found.length >= most) return [];
      // One that can't be read may be any of them.
      if (found.unread !== undefined) return [];
      const offered = new Set(found.map(({ number }) => number));
      return wanted.filter((number) => !offered.has(number));
    },
    { concurrency: AT_ONCE },
  );
  const all = new Set(missing.flat());
  return numbers.filter((number) => all.has(number));
}

/** Seven digits, or the three of a toll-free number. */
function blockOf(number: PhoneNumber): string {
  const digits = nationalDigits(number);
  return isTollFreePrefix(digits.slice(0, 3)) ? digits.slice(0, 3) : digits.slice(0, 7);
}

function queryFor(block: string, quantity: number): string {
  return block.length === 3
    ? encodeQuery([
        ['tollFreeWildCardPattern', block],
        ['quantity', quantity],
      ])
    : encodeQuery([
        ['npaNxxx', block],
        ['quantity', quantity],
        ['LCA', false],
        ['protected', 'MIXED'],
      ]);
}

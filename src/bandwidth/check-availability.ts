import pMap from 'p-map';
import type { FoundNumber } from '../orders/domain/kept-search.js';
import { nationalDigits, type PhoneNumber } from '../orders/domain/phone-number.js';
import { isTollFreePrefix } from '../orders/domain/search/criteria.js';
import type { PartlyRead } from '../orders/ports/carrier.js';
import { encodeQuery } from './encode.js';

const CONCURRENCY = 6;
/** The size of a block with the same first seven digits. */
const NUMBERS_A_BLOCK = 1000;
/** The most numbers one search returns. */
const MAX_NUMBERS = 5000;

/**
 * Returns the numbers that Bandwidth doesn't currently offer to anyone. Bandwidth can't be asked about a single number,
 * so this searches the block of a thousand around each one. Toll-free numbers have no blocks: when there are more of
 * them than one search can list, none are reported. Throws CarrierError.
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
      const most = block.length === 3 ? MAX_NUMBERS : NUMBERS_A_BLOCK;
      const found = await search(queryFor(block, most));
      if (block.length === 3 && found.length >= most) return [];
      // An unreadable number may be any of them.
      if (found.unread !== undefined) return [];
      const offered = new Set(found.map(({ number }) => number));
      return wanted.filter((number) => !offered.has(number));
    },
    { concurrency: CONCURRENCY },
  );
  const all = new Set(missing.flat());
  return numbers.filter((number) => all.has(number));
}

/** The first seven digits, or the first three of a toll-free number. */
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

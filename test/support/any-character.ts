import { fc } from './properties.js';

const HALF_PAIRS = { first: 0xd800, count: 0x800 };

/** Any code point but halves of surrogate pairs: what fast-check calls `binary`, which takes it a second to prepare. */
export const anyCharacter = fc
  .integer({ min: 0, max: 0x10ffff - HALF_PAIRS.count })
  .map((index) => String.fromCodePoint(index < HALF_PAIRS.first ? index : index + HALF_PAIRS.count));

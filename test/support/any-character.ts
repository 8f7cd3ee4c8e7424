import { fc } from './properties.js';

const HALF_PAIRS = { first: 0xd800, count: 0x800 };

/**
 * Any code point except halves of surrogate pairs: what fast-check calls `binary`, but without the second it takes to
 * prepare.
 */
export const anyCharacter = fc
  .integer({ min: 0, max: 0x10ffff - HALF_PAIRS.count })
  .map((index) => String.fromCodePoint(index < HALF_PAIRS.first ? index : index + HALF_PAIRS.count));

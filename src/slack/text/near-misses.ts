import { distance } from 'fastest-levenshtein';
import { isAreaCode, isTollFreePrefix, states } from '../../orders/domain/search/criteria.js';

/*
 * Guesses what a mistyped area code or state meant. A key next to the right one is likelier than one across the
 * keyboard.
 */

const MAX_NEAR_MISSES = 3;
const KEYBOARD = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

function keyDistance(one: string, other: string): number {
  const place = (key: string) => {
    const row = KEYBOARD.findIndex((keys) => keys.includes(key));
    // Each row of keys is offset by half a key from the row above.
    return row < 0 ? undefined : { row, column: (KEYBOARD[row] ?? '').indexOf(key) + row / 2 };
  };
  const [here, there] = [place(one), place(other)];
  if (here === undefined || there === undefined) return one === other ? 0 : 5;
  return Math.hypot(here.row - there.row, here.column - there.column);
}

/** Returns how unlikely it is that one was typed for the other. Both have the same length. */
function keyboardDistance(typed: string, meant: string): number {
  const keys = [...meant.toLowerCase()].map((key, at) => keyDistance(typed.toLowerCase()[at] ?? ' ', key));
  return keys.reduce((sum, each) => sum + each, 0);
}

/** Returns the codes of the states that were probably meant, likeliest first. */
export function statesNear(typed: string): readonly string[] {
  if (typed.length <= 2) {
    return Object.keys(states)
      .map((code) => ({ code, off: keyboardDistance(typed, code) + 2 * (distance(typed, code) - 1) }))
      .sort((a, b) => a.off - b.off)
      .slice(0, MAX_NEAR_MISSES)
      .map(({ code }) => code);
  }
  return (
    Object.entries(states)
      .map(([code, name]) => ({ code, off: distance(typed.toLowerCase(), name.toLowerCase()) }))
      .sort((a, b) => a.off - b.off)
      // Anything further off probably wasn't meant to be a state.
      .filter(({ off }) => off <= (typed.length > 5 ? 2 : 1))
      .slice(0, MAX_NEAR_MISSES)
      .map(({ code }) => code)
  );
}

/** Returns valid area codes one digit away from the typed one. */
export function areaCodesNear(typed: string): readonly string[] {
  const changed = [0, 1, 2].flatMap((at) =>
    [...'0123456789'].map((digit) => typed.slice(0, at) + digit + typed.slice(at + 1)),
  );
  return changed
    .filter((code) => isAreaCode(code) && !isTollFreePrefix(code))
    .sort((a, b) => keyboardDistance(typed, a) - keyboardDistance(typed, b))
    .slice(0, 2);
}

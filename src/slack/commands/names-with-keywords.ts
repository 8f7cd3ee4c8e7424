import { areaCodesOf } from '../../orders/domain/search/area-codes.js';
import { isPlaceName } from '../../orders/domain/search/criteria.js';
import { criterionWords } from '../criteria/table.js';
import { withDigits } from '../text/typed-digits.js';
import { isStateCode, isTwoPlaces, STATE, stateCodeOf } from '../text/typed-places.js';

/**
 * Names that contain more than plain words: digits (`QUEENS 8`) or a word of the grammar (`Zip City`). Anything between
 * a name's first word and its state may belong to the name.
 */

/** A state that ends a name: at the end of the text, or before options and criteria. */
const stateAnywhere = new RegExp(String.raw`(?<=[\s,;])(${STATE})(?![\p{L}\p{N}*]|[-./][\p{L}\d])`, 'iu');
/** Codes that are also words: in lowercase they count as a state only at the very end. */
const ENGLISH = /^(?:in|or|me|hi|ok|oh|as|la|de|ma|pa|id|al|co|mo)$/;

/** Returns the first state after this point, and its position. */
export function stateAfter(
  text: string,
  from: number,
): { readonly state: string; readonly start: number; readonly end: number } | undefined {
  const rest = text.slice(from);
  const found = stateAnywhere.exec(rest);
  const [, word] = found ?? [];
  const state = word === undefined ? undefined : stateCodeOf(word);
  if (found === null || word === undefined || state === undefined) return undefined;
  const start = from + found.index;
  const end = start + word.length;
  return ENGLISH.test(word) && text.slice(end).trim() !== '' ? stateAfter(text, end) : { state, start, end };
}

/** Whether digits can only be part of a name in this state. */
export function belongsToName(token: string, state: string): boolean {
  if (/^(?:\d{1,2}|\d{4}|\d{8,9}|\d{11,})$/.test(token)) return true;
  // An area code of another state can't belong to this place.
  if (/^\d{3}$/.test(token)) return areaCodesOf(state).length > 0 && !areaCodesOf(state).includes(token);
  return /^\d[\p{L}\d]*\p{L}[\p{L}\d]*$/u.test(token) && withDigits(token) === undefined;
}

const TAIL =
  /(?:[\s,;]+(?:[x×]\s*\d+|protected\s+\p{L}+|(?:(?:order|sort)(?:ed)?\s+)?by\s+[\p{L}-]+|(?:no\s+)?lca))+$/iu;
const KEYWORD = /^(?:rc|rate\s*cent(?:er|re))(?=[\s:=])\s*[:=]?\s*/iu;
const KEYWORDS = Object.values(criterionWords).flatMap(({ typed }) => typed.word ?? []);
/** Keywords, which aren't a name on their own. */
const OURS = new RegExp(
  String.raw`^(?:[x×]?[\d*().+/-]+|x|in|or|and|from|with|for|numbers?|tollfree|toll|free|code|state|area|npa|nxx|prefix|protected|ending|lca|no|by|order|none|only|mixed|${KEYWORDS.join('|')})$`,
  'iu',
);

/** Returns the whole text as one quoted name with its state, in case that was meant: `"Zip City", AL`. */
export function asOneName(text: string): readonly string[] {
  // `Lake protected NC` ends with its state, although `protected …` could be an option.
  const whole = nameBefore(text, '');
  const [tail = ''] = TAIL.exec(text) ?? [];
  return whole.length > 0 ? whole : nameBefore(text.slice(0, text.length - tail.length), tail);
}

function nameBefore(head: string, tail: string): readonly string[] {
  const keyword = KEYWORD.exec(head)?.[0] ?? '';
  const words = head.slice(keyword.length).split(/(?<=[\s,;])/u);
  for (const length of [3, 2, 1]) {
    const state = length < words.length ? stateCodeOf(words.slice(-length).join('')) : undefined;
    if (state === undefined) continue;
    const name = words
      .slice(0, -length)
      .join('')
      .replace(/[\s,;]+$/u, '');
    return isOneName(name) ? quotedName(name, keyword !== '', state, tail) : [];
  }
  return [];
}

const isOneName = (name: string): boolean =>
  isPlaceName(name) &&
  !isStateCode(name) &&
  !isTwoPlaces(name) &&
  !/[,;]\s*\p{L}{2}$/u.test(name) &&
  !name.split(/[\s,;]+/u).every((word) => OURS.test(word));

/** A name that ends in digits is more likely a rate center. */
function quotedName(name: string, isRateCenter: boolean, state: string, tail: string): readonly string[] {
  const rest = `${state}${tail.replace(/^[\s,;]+/u, ' ')}`;
  const [city, rateCenter] = [`"${name}", ${rest}`, `rc "${name}" ${rest}`];
  if (isRateCenter) return [rateCenter];
  return /\d|:/.test(name) ? [city, rateCenter] : [city];
}

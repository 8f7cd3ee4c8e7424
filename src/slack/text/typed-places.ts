import { states } from '../../orders/domain/search/criteria.js';
import { isKnownCity } from './cities.js';

const stateCodes: ReadonlyMap<string, string> = new Map([
  ...Object.keys(states).map((code): [string, string] => [code, code]),
  ...Object.entries(states).map(([code, name]): [string, string] => [name.toUpperCase(), code]),
]);
/** The pattern of a state, by its code or its name. */
export const STATE = `(?:${[...stateCodes.keys()].sort((a, b) => b.length - a.length).join('|')})`;

export interface Place {
  readonly name?: string;
  readonly state?: string;
  readonly unknownState?: string;
  /** Set when it may mean several places or contain no state. */
  readonly unclear?: true;
}

/** Codes that are everyday English words: `show me`, `this or that`. */
const WORDS = /^(?:me|or|hi|ok|oh|as)$/;

/** Parses `Raleigh, NC`, `Raleigh North Carolina`, `NC`, `New York, NY`, `NC, Raleigh`; a name alone has no state. */
export function placeOf(words: string): Place {
  const parts = words
    .replace(/^IN (?=\p{L})/u, '')
    .split(/\s*[,;]\s*/)
    .filter((part) => part !== '')
    .filter((part, index) => index === 0 || !/^(?:u\.?s\.?(?:a\.?)?|united states|canada)$/i.test(part));
  const [first = '', second] = parts;
  if (second === undefined) return lonePlace(first);
  const last = parts.at(-1) ?? second;
  const name = withoutIn(parts.slice(0, -1).join(', '));
  const state = stateCodeOf(last);
  const leading = stateCodeOf(first);
  if (state === undefined && leading !== undefined && parts.length === 2)
    return { name: last, state: leading };
  if (state === undefined) return { name, unknownState: last };
  return parts.length > 2 || isTwoPlaces(name) ? { name, state, unclear: true } : { name, state };
}

/** `Raleigh in NC`. */
const withoutIn = (name: string): string => name.replace(/ in$/i, '');

/** `Raleigh NC or Durham, NC`. */
export const isTwoPlaces = (name: string): boolean =>
  [...name.matchAll(/([\p{L}.]+),? (?:or|and|&) /giu)].some(([, word = '']) =>
    isStateCode(word.replaceAll('.', '')),
  );

function lonePlace(text: string): Place {
  const whole = stateCodeOf(text);
  if (whole !== undefined) return { state: whole };
  const words = text.split(/\s+/);
  for (const length of [3, 2, 1]) {
    const state = length < words.length ? stateCodeOf(words.slice(-length).join(' ')) : undefined;
    if (state === undefined) continue;
    const name = withoutIn(words.slice(0, -length).join(' '));
    const unclear = isTwoPlaces(name) || (WORDS.test(words.at(-1) ?? '') && !isKnownCity(name));
    return unclear ? { name, state, unclear } : { name, state };
  }
  const last = words.at(-1) ?? '';
  const looksLikeState = /^(?:\p{Lu}{2}|\p{Ll}{2})$/u.test(last) && !isKnownCity(text);
  if (!looksLikeState) return { name: text };
  const name = words.slice(0, -1).join(' ');
  return { ...(name === '' ? {} : { name }), unknownState: last };
}

export function isStateCode(text: string): boolean {
  return text === text.toUpperCase() && Object.hasOwn(states, text);
}

export function stateCodeOf(text: string): string | undefined {
  const plain = text.normalize('NFD').replace(/[\p{M}.]/gu, '');
  return stateCodes.get(plain.replace(/\s+/g, ' ').trim().toUpperCase());
}

/** What to search for when someone names a country. */
const countries: ReadonlyMap<string, readonly string[]> = new Map([
  ['canada', ['Toronto, ON', 'ON', 'BC']],
  ...['us', 'usa', 'u.s.', 'u.s.a.', 'united states', 'america'].map((name): [string, string[]] => [
    name,
    ['NC', 'Raleigh, NC', '910'],
  ]),
]);

/** Undefined when the name isn't a country. */
export function searchesInCountry(name: string): readonly string[] | undefined {
  return countries.get(name.toLowerCase());
}

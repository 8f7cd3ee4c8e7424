import { typingDistance } from '../../orders/domain/search/typing-distance.js';
import byState from './cities.json' with { type: 'json' };

/**
 * Well-known cities and their states, in lowercase, for when the state isn't typed. Some names belong to several
 * states.
 */
const citiesByState: Readonly<Record<string, readonly string[]>> = byState;

/** Returns well-known cities that a mistyped name probably meant, likeliest first. */
export function knownCitiesNear(name: string): readonly { readonly name: string; readonly state: string }[] {
  const lower = name.toLowerCase();
  const most = lower.length > 7 ? 2 : lower.length > 4 ? 1 : 0;
  return Object.entries(citiesByState)
    .flatMap(([state, cities]) =>
      cities.map((city) => ({ state, name: capitalized(city), off: typingDistance(lower, city) })),
    )
    .filter(({ off }) => off > 0 && off <= most)
    .sort((one, other) => one.off - other.off)
    .slice(0, 3);
}

const capitalized = (city: string): string =>
  city.replace(/(?<![\p{L}'])\p{L}/gu, (letter) => letter.toUpperCase());

/** Returns the states a well-known city may be in; empty for any other. */
export function statesOfKnownCity(name: string): readonly string[] {
  const lower = name.toLowerCase();
  return Object.entries(citiesByState)
    .filter(([, cities]) => cities.includes(lower))
    .map(([code]) => code);
}

export function isKnownCity(name: string): boolean {
  return statesOfKnownCity(name).length > 0;
}

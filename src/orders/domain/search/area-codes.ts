import byState from './area-codes.json' with { type: 'json' };

/**
 * The area codes of each state, used only to suggest searches. New codes appear every year, and only Bandwidth knows
 * which ones it sells.
 */
const areaCodes: Readonly<Record<string, string>> = byState;

/** Returns the area codes of a state (two letters), lowest first; empty for an unknown state. */
export const areaCodesOf = (state: string): readonly string[] => areaCodes[state]?.split(' ') ?? [];

/** Returns the area codes that begin with these digits, lowest first. */
export const areaCodesFrom = (digits: string): readonly string[] =>
  [...new Set(Object.values(areaCodes).flatMap((codes) => codes.split(' ')))]
    .filter((code) => code.startsWith(digits))
    .sort();

/** Returns the state of an area code, or the first one if several share it. */
export const stateOf = (areaCode: string): string | undefined =>
  Object.keys(areaCodes).find((state) => areaCodesOf(state).includes(areaCode));

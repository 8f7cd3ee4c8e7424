import byState from './area-codes.json' with { type: 'json' };

/**
 * The area codes of each state, to suggest where else to look. A suggestion, never a rule: new codes appear every
 * year, and Bandwidth alone knows which it sells.
 */
const areaCodes: Readonly<Record<string, string>> = byState;

/** The area codes of a state (two letters), lowest first; none for a state we do not know. */
export const areaCodesOf = (state: string): readonly string[] => areaCodes[state]?.split(' ') ?? [];

/** The area codes that begin with these digits, lowest first. */
export const areaCodesFrom = (digits: string): readonly string[] =>
  [...new Set(Object.values(areaCodes).flatMap((codes) => codes.split(' ')))]
    .filter((code) => code.startsWith(digits))
    .sort();

/** The state an area code belongs to (the first, where several share it). */
export const stateOf = (areaCode: string): string | undefined =>
  Object.keys(areaCodes).find((state) => areaCodesOf(state).includes(areaCode));

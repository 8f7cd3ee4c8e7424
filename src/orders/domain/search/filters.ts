import { nationalDigits, parsePhoneNumber } from '../phone-number.js';
import type { Criteria, Criterion } from './criteria.js';
import { patternsOf } from './number-patterns.js';

/**
 * The search filters, one row each. Bandwidth knows none of them: they are applied to what it returns, in
 * `apply-filters.ts`.
 *
 * A new filter takes three steps, and the compiler asks for each:
 * 1. Here: its name in {@link filterNames} and its row in {@link filterRules}; in `apply-filters.ts`, what it keeps.
 * 2. In `slack/filters/`: how people type, read and fill it in, and its row in `filters/table.ts`.
 * 3. In `test/filters.test.ts`: one example, which is then typed, printed, searched for and submitted in the form.
 */

/** In the order in which sentences name them. */
export const filterNames = ['starting', 'ending', 'without', 'inARow', 'easy', 'like'] as const;

export type Filter = (typeof filterNames)[number];

export type Filters = Readonly<Partial<Record<Filter, string>>>;

/** Why a value is invalid on its own. */
export type MalformedFilterCode =
  | 'bad-starting'
  | 'bad-ending'
  | 'bad-without'
  | 'bad-row'
  | 'bad-easy'
  | 'bad-like';

interface FilterRules {
  /** Any filters that narrow combine; of those that also put the numbers in order, one. */
  readonly role: 'narrows' | 'orders';
  readonly fits: (value: string) => boolean;
  readonly malformed: MalformedFilterCode;
  /** Spells the value as {@link Filters} has it. Omitted when the value is used as given. */
  readonly tidied?: (value: string) => string;
}

export const ROW = { fewest: 2, most: 100 } as const;
/** The digits after the area code. Seven would be a whole number. */
export const MAX_DIGITS = 6;
export const MAX_GROUPS = 10;

export const filterRules: Readonly<Record<Filter, FilterRules>> = {
  starting: { role: 'narrows', fits: (value) => /^[2-9]\d{0,5}$/.test(value), malformed: 'bad-starting' },
  ending: { role: 'narrows', fits: (value) => /^\d{1,6}$/.test(value), malformed: 'bad-ending' },
  /** Groups of digits with spaces between them. */
  without: {
    role: 'narrows',
    fits: (value) => {
      const groups = groupsOf(value);
      return (
        groups.length <= MAX_GROUPS && groups.every((group) => /^\d{1,6}$/.test(group)) && leavesAny(groups)
      );
    },
    malformed: 'bad-without',
    tidied: (value) => [...new Set(groupsOf(value))].join(' '),
  },
  /** How many. */
  inARow: {
    role: 'orders',
    fits: (value) => /^\d{1,3}$/.test(value) && Number(value) >= ROW.fewest && Number(value) <= ROW.most,
    malformed: 'bad-row',
    tidied: (value) => value.replace(/^0+(?=\d)/, ''),
  },
  /** Has no value but `true`. */
  easy: { role: 'orders', fits: (value) => value === 'true', malformed: 'bad-easy' },
  /** Ten digits of a number that has a pattern. */
  like: {
    role: 'orders',
    fits: (value) => {
      const number = parsePhoneNumber(value);
      return number !== undefined && patternsOf(number).length > 0;
    },
    malformed: 'bad-like',
    tidied: (value) => {
      const number = parsePhoneNumber(value);
      return number === undefined ? value : nationalDigits(number);
    },
  },
};

export function isFilter(field: string): field is Filter {
  return Object.hasOwn(filterRules, field);
}

/** Returns the filters that a search names, in the order of {@link filterNames}. */
export function givenFilters(filters: Filters | undefined): readonly Filter[] {
  return filters === undefined ? [] : filterNames.filter((name) => filters[name] !== undefined);
}

/** The groups of digits that `without` excludes. */
export function groupsOf(without: string): readonly string[] {
  return without.split(' ');
}

/** The first digit after the area code is one of 2 to 9. */
export function leavesAny(groups: readonly string[]): boolean {
  return ![...'23456789'].every((digit) => groups.includes(digit));
}

/** Uses one spelling for each value; undefined without filters. */
export function tidiedFilters(filters: Filters | undefined): Filters | undefined {
  const given = givenFilters(filters).map((name) => {
    const value = filters?.[name] ?? '';
    return [name, filterRules[name].tidied?.(value) ?? value] as const;
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** Two conditions that no number can meet together. */
export interface Contradiction {
  readonly field: Filter;
  readonly value: string;
  readonly other: Filter | Criterion;
  readonly otherValue: string;
}

interface Part {
  readonly field: Filter | Criterion;
  readonly value: string;
  readonly digits: string;
  /** Where they stand among the seven digits after the area code. */
  readonly at: number;
}

const SEVEN = 7;

/**
 * Finds the first contradiction between well-formed filters, and between them and the criteria.
 *
 * @param wide whether the search may return numbers outside of its prefix.
 */
export function contradiction(
  filters: Filters,
  criteria: Criteria,
  wide: boolean,
): Contradiction | undefined {
  const { ending, inARow, without } = filters;
  const parts = fixedParts(filters, wide ? {} : criteria);
  const filterParts = parts.filter((part): part is Part & { field: Filter } => isFilter(part.field));
  for (const part of filterParts) {
    const other = parts.find((each) => each !== part && !agree(each, part));
    if (other !== undefined) {
      return { field: part.field, value: part.value, other: other.field, otherValue: other.value };
    }
  }
  if (ending !== undefined && inARow !== undefined) {
    return { field: 'inARow', value: inARow, other: 'ending', otherValue: ending };
  }
  if (without === undefined) return undefined;
  const groups = groupsOf(without);
  const whole = Array.from({ length: SEVEN }, (_, at) => digitAt(parts, at) ?? ' ').join('');
  const excluded = groups.find((group) => whole.includes(group));
  const part =
    parts.find(({ digits }) => groups.some((group) => digits.includes(group))) ??
    (excluded === undefined ? undefined : parts.at(-1));
  return part === undefined
    ? undefined
    : { field: 'without', value: without, other: part.field, otherValue: part.value };
}

function fixedParts({ starting, ending }: Filters, { npaNxx, npaNxxx }: Criteria): readonly Part[] {
  const part = (field: Part['field'], value: string | undefined, digits = value, at = 0): readonly Part[] =>
    value === undefined || digits === undefined ? [] : [{ field, value, digits, at }];
  return [
    ...part('npaNxx', npaNxx, npaNxx?.slice(3)),
    ...part('npaNxxx', npaNxxx, npaNxxx?.slice(3)),
    ...part('starting', starting),
    ...part('ending', ending, ending, SEVEN - (ending?.length ?? 0)),
  ];
}

const inPart = ({ digits, at }: Part, index: number): string | undefined => digits[index - at];

function digitAt(parts: readonly Part[], index: number): string | undefined {
  return parts.map((part) => inPart(part, index)).find((digit) => digit !== undefined);
}

function agree(one: Part, other: Part): boolean {
  return Array.from({ length: SEVEN }, (_, index) => [inPart(one, index), inPart(other, index)]).every(
    ([here, there]) => here === undefined || there === undefined || here === there,
  );
}

import { groupsOf, leavesAny, MAX_DIGITS, MAX_GROUPS } from '../../orders/domain/search/filters.js';
import { END, sticky } from '../criteria/criterion.js';
import { CRITERION_KEYWORDS } from '../criteria/table.js';
import { withoutNonDigits } from '../text/typed-digits.js';
import { type FilterWords, OURS } from './filter.js';

/** The filters by digits after the area code: `starting 241`, `ending 00`, `without 13 and 666`. */

const TOKEN = String.raw`\s*[:=]?\s*([^\s,;]+)`;
const DIGIT_TOKEN = String.raw`\s*[:=]?\s*([+(]*\d[^\s,;]*)`;
/** Words that aren't meant as digits, so the digits are missing. */
const OTHER = String.raw`(?:in|with|from|for|and|or|x\s*\d+|protected|lca|no|by|easy|without|starting|like|city|state|toll\S*|${CRITERION_KEYWORDS})`;

const STARTING = '(?:starting|starts|beginning|begins)';
const ENDING = '(?:ending|ends)';
const WITHOUT = '(?:without|excluding|except|w/o)';
const NEXT = String.raw`(?:\s*[,;&]\s*(?:and\s+|or\s+)?|\s+(?:and|or|nor|&)\s+)`;

function wrongDigits(shown: string, value: string, example: string): string {
  if (value === '') return `Which digits? For example: ${example}.`;
  const word = example.split(' ')[0];
  if (!/^\d+$/.test(value)) return `“${word}” takes digits, not ${shown}. For example: ${example}.`;
  return `${shown} has ${value.length} digits; “${word}” takes 1 to ${MAX_DIGITS}.`;
}

export const starting: FilterWords = {
  noun: '“starting”',
  typed: {
    starts: STARTING,
    word: 'starting',
    rules: [
      { pattern: sticky(`${STARTING}${END}(?:\\s+(?:with|in|at|from))?${DIGIT_TOKEN}`), read: typedDigits },
      { pattern: sticky(`${STARTING}${END}(?!\\s+${OTHER}${END})${TOKEN}`), read: typedDigits },
      { pattern: sticky(`${STARTING}${END}`), read: () => '' },
    ],
  },
  print: (value) => `starting ${value}`,
  describe: (value) => `starting with ${value} after the area code`,
  malformed: (shown, value) =>
    /^[01]\d{0,5}$/.test(value)
      ? `No number starts with ${value.charAt(0)} after its area code. For example: starting 241.`
      : wrongDigits(shown, value, 'starting 241'),
  remedies: (value, { instead }) => [
    ...(/^\d{7,}$/.test(value) ? [instead(value.slice(0, MAX_DIGITS))] : []),
    instead(
      withoutNonDigits(value)
        .replace(/^[01]+/, '')
        .slice(0, MAX_DIGITS),
    ),
    instead('241'),
  ],
  form: {
    label: 'Starting with',
    hint: `Digits after the area code. ${OURS}`,
    example: '241',
    most: 20,
    read: bareDigits,
  },
};

export const ending: FilterWords = {
  noun: '“ending”',
  typed: {
    starts: String.raw`ending|ends\s*(?:in|with)|ends(?=\s+\d)`,
    word: 'ending',
    rules: [
      { pattern: sticky(String.raw`${ENDING}(?:\s*(?:in|with))?${END}${DIGIT_TOKEN}`), read: typedDigits },
      // Anything else may be a place, or the option of a vanity word: `ending in Raleigh, NC`.
      { pattern: sticky(`ending${END}(?!\\s+${OTHER}${END})${TOKEN}`), read: typedDigits },
    ],
    // `ending 910` and `ending PIZZA` say where the word stands, and in which area code.
    rulesBesideVanity: [
      {
        pattern: sticky(String.raw`${ENDING}(?:\s*(?:in|with))?${END}\s*(\d{1,2}|\d{4,})${END}`),
        read: typedDigits,
      },
    ],
  },
  print: (value) => `ending ${value}`,
  describe: (value) => `ending in ${value}`,
  malformed: (shown, value) =>
    /^[a-z]+$/i.test(value)
      ? `“ending” takes digits, such as ending 00, not ${shown}. For letters, use vanity, such as vanity PIZZA ending.`
      : wrongDigits(shown, value, 'ending 00'),
  remedies: (value, { draft, instead }) => [
    ...(/^[a-z]{4,7}$/i.test(value) ? [`vanity ${value.toUpperCase()} ending in ${instead(undefined)}`] : []),
    ...(draft.criteria.localVanity === undefined
      ? [instead(withoutNonDigits(value).slice(-MAX_DIGITS))]
      : []),
    instead('00'),
    instead(undefined),
  ],
  form: { label: 'Ending in', hint: `Digits. ${OURS}`, example: '00', most: 20, read: bareDigits },
};

export const without: FilterWords = {
  noun: '“without”',
  typed: {
    starts: WITHOUT,
    word: 'without',
    rules: [
      { pattern: sticky(`${WITHOUT}${END}${DIGIT_TOKEN}((?:${NEXT}\\d+${END})*)`), read: groups },
      { pattern: sticky(`${WITHOUT}${END}(?!\\s+${OTHER}${END})${TOKEN}`), read: typedDigits },
      { pattern: sticky(`${WITHOUT}${END}`), read: () => '' },
    ],
  },
  print: (value) => `without ${groupsOf(value).join(' and ')}`,
  describe: (value) => `without ${inWords(groupsOf(value))}`,
  malformed: (shown, value) => {
    const all = groupsOf(value);
    const long = all.find((group) => group.length > MAX_DIGITS);
    if (value === '' || !/^[\d ]+$/.test(value)) return wrongDigits(shown, value, 'without 13');
    if (long !== undefined) return wrongDigits(long, long, 'without 13');
    if (!leavesAny(all))
      return 'Every number has a digit from 2 to 9, so that leaves none. For example: without 13.';
    return `“without” takes ${MAX_GROUPS} groups of digits at most, not ${all.length}.`;
  },
  remedies: (value, { instead }) => {
    const short = groupsOf(value).filter((group) => /^\d{1,6}$/.test(group));
    return [
      ...(short.length === 0 ? [] : [instead(short.slice(0, 2).join(' '))]),
      instead('13'),
      instead(undefined),
    ];
  },
  form: {
    label: 'Without',
    hint: `Digits that must not occur after the area code, with commas between them. ${OURS}`,
    example: '13, 666',
    most: 100,
    read: (text) =>
      /^\d/.test(text)
        ? text
            .split(/(?:[\s,;&]|\b(?:and|or)\b)+/i)
            .join(' ')
            .trim()
        : text,
  },
};

function typedDigits([, value = '']: readonly (string | undefined)[]): string {
  return /^\d[\d./-]*$/.test(value) ? withoutNonDigits(value) : value;
}

function groups([, first = '', more = '']: readonly (string | undefined)[]): string {
  return [first, ...(more.match(/\d+/g) ?? [])].join(' ');
}

function bareDigits(text: string): string {
  return /^[\d\s./-]+$/.test(text) ? withoutNonDigits(text) : text;
}

function inWords(all: readonly string[]): string {
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

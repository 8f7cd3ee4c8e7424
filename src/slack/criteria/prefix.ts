import type { Criterion } from '../../orders/domain/search/criteria.js';
import { dashed } from '../text/typed-digits.js';
import { END, missing, type Rephrase, type Rule, sticky } from './criterion.js';

/** What area code, NPA-NXX and NPA-NXX-X have in common: the same digits, more or fewer of them. */

/** A last digit that belongs to the next words: `910-555 5 in a row`. */
const NOT_A_COUNT = String.raw`(?<!\s\d{1,2}(?=\s+(?:numbers\s+)?(?:in\s+a\s+row|consecutive|sequential)(?:[\s,;]|$)))`;

/** `(910) 555-1`: a country code, then groups of digits with any usual separators. */
export function digitGroups(...groups: readonly string[]): RegExp {
  const [first = '', ...rest] = groups;
  const more = rest.map((group) => String.raw`[-.\s/]*(${group})`).join('');
  return sticky(String.raw`(?:\+1[-.\s/]*|1[-.\s/]+)?\(?(${first})\)?${more}${END}${NOT_A_COUNT}`);
}

/** `area code` before the digits; their count decides what they mean. */
export function prefixRule(field: Criterion, keyword: string): Rule {
  return {
    pattern: sticky(String.raw`${keyword}${END}\s*[:=]?`),
    read: (_, { sees }) => (sees(/\s*[+(]*\d/y) ? undefined : missing(field)),
  };
}

/** In the form: `(910) 555`, `910.555`. */
export function prefixDigits(text: string): string {
  return /^[\d\s().+/-]+$/.test(text) ? text.replace(/^\+?1[\s.-]+/, '').replace(/\D/g, '') : text;
}

/** An exchange starts with 2 to 9, as its area code does. */
export function exchangeRemedies(
  field: 'npaNxx' | 'npaNxxx',
  value: string,
  { instead }: Rephrase,
): string[] {
  return [
    instead({ [field]: value.replace(/^[01]/, '2').replace(/^(\d{3})[01]/, '$12') }),
    instead({ [field]: value.replace(/^[01]/, '9').replace(/^(\d{3})[01]/, '$15') }),
    ...(field === 'npaNxxx' ? [dashed(value.slice(1))] : []),
    value.slice(0, 3),
  ];
}

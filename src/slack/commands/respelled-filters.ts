import { typingDistance } from '../../orders/domain/search/typing-distance.js';
import { filterWords } from '../filters/table.js';

/** What people type instead of a filter's own words. */
const respellings: readonly (readonly [typed: RegExp, meant: string])[] = [
  [/\bin[\s-]*(?:an?|one|the)?[\s-]*(?:rows?|raw|rwo)\b/gi, 'in a row'],
  [/\b(?:in\s+)?(?:an?\s+)?rows?\s+of\s+[x×]?(\d+)/gi, 'in a row x$1'],
  [/\b(?:consequ?tive|consecutives|sequencial|sequence|contiguous|back[\s-]to[\s-]back)\b/gi, 'in a row'],
  [/\b(?:ez|easiest|easily|simple|memorible|memorabel)\b/gi, 'easy'],
  [/\b(?:w\/?out|wo|exclude|excl|minus|avoid|not|no)(?=\s+\d)/gi, 'without'],
  [/\b(?:without\s+\d{1,6})(?:\s+\d{1,6})+\b/gi, ''],
  [/\b(?:start|begin|begining)(?:\s+(?:with|in))?(?=\s+\d)/gi, 'starting'],
  [/\b(?:end|finishing|finish)(?:\s+(?:with|in))?(?=\s+\d)/gi, 'ending'],
  [/\b(?:similar\s+to|same\s+as)(?=\s+[(+]?\d)/gi, 'like'],
];

/** Returns the text with filters respelled as the grammar expects. Some of the results may not parse. */
export function respelledFilters(text: string): readonly string[] {
  const each = respellings.flatMap(([typed, meant]) => {
    const other = meant === '' ? text.replace(typed, listed) : text.replace(typed, meant);
    return other === text ? [] : [other];
  });
  return [...each, ...mistyped(text)];
}

/** `without 13 666` as `without 13 and 666`. */
const listed = (words: string): string => words.replace(/(?<=\d)\s+(?=\d)/g, ' and ');

/** `eazy`, `withuot`: one typo. */
function mistyped(text: string): readonly string[] {
  return Object.values(filterWords).flatMap(({ typed: { word } }) =>
    (text.match(/\p{L}+/gu) ?? []).flatMap((token) =>
      token.length > 2 && typingDistance(token.toLowerCase(), word) === 1
        ? [text.replace(new RegExp(`(?<!\\p{L})${token}(?!\\p{L})`, 'u'), word)]
        : [],
    ),
  );
}

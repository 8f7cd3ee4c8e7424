import { orderIdOf } from './line-ids.js';
import { isFinal, type Order } from './order.js';
import {
  everyOrder,
  idKeyword,
  idsOf,
  nationalDigitsOf,
  numberKeyword,
  openByKeyword,
  prefixKeyword,
  requestedByKeyword,
  searchedPrefixesOf,
  wordKeyword,
  wordsIn,
  wordsOf,
} from './order-keywords.js';

/** Which orders are looked for. Everything that is set has to match; nothing set means all orders. */
export interface OrderFilter {
  /** The installation of the requester. */
  readonly teamId?: string;
  /** `waiting`: for approval. `open`: not ended, also waiting. `done`: ended. */
  readonly state?: 'waiting' | 'open' | 'done';
  /** The user id of the requester. */
  readonly requestedBy?: string;
  /**
   * Words that all have to match. Each is one of: the first 3 to 10 digits of a number that the order names, delivered
   * or searches for; a word of a place, a search criterion, a sub-account, a location or the order's name; a
   * sub-account's id; an id of the order or of its carrier order, or at least the first eight characters of one.
   * Capitalization and punctuation don't matter.
   */
  readonly about?: string;
}

/** How to look for orders. */
export interface OrderLookup {
  /** Every order that matches has one of these keywords; others may have them too. */
  readonly anyOf: readonly string[];
  readonly matches: (order: Order) => boolean;
}

/** One meaning of a word that people type. `rank`: how few orders share its keyword. */
interface Meaning {
  readonly keyword: string;
  readonly rank: number;
  readonly matches: (order: Order) => boolean;
}

const WORDS_TYPED = 10;
const MAX_TYPED = 1_000;

export function lookupFor(filter: OrderFilter): OrderLookup {
  const { teamId, state, requestedBy, about = '' } = filter;
  const words = typedWords(about).map(meaningsOf);
  // Only punctuation or an emoji, which no order has as a word.
  if (words.length === 0 && about.trim() !== '') return { anyOf: [], matches: () => false };
  const matches = (order: Order) =>
    (teamId === undefined || order.requester.teamId === teamId) &&
    (requestedBy === undefined || order.requester.userId === requestedBy) &&
    (state === undefined || isIn(state, order)) &&
    words.every((meanings) => meanings.some((meaning) => meaning.matches(order)));
  return { anyOf: fewest(filter, words), matches };
}

function fewest(
  { state, requestedBy }: OrderFilter,
  words: ReadonlyArray<readonly Meaning[]>,
): readonly string[] {
  const rankOf = ([first]: readonly Meaning[]) => first?.rank ?? 0;
  const [rarest] = [...words].sort((one, other) => rankOf(other) - rankOf(one));
  if (rarest !== undefined && rankOf(rarest) >= WHOLE) return rarest.map(({ keyword }) => keyword);
  if (state !== undefined && state !== 'done' && requestedBy !== undefined)
    return [openByKeyword(requestedBy)];
  if (state === 'waiting') return [state];
  if (rarest !== undefined) return rarest.map(({ keyword }) => keyword);
  if (requestedBy !== undefined) return [requestedByKeyword(requestedBy)];
  return [state ?? everyOrder];
}

const isIn = (state: NonNullable<OrderFilter['state']>, order: Order): boolean =>
  state === 'waiting' ? order.status === 'awaiting-approval' : isFinal(order) === (state === 'done');

/** Returns ids and numbers in one piece, everything else in words. */
const typedWords = (about: string): readonly string[] =>
  about
    .slice(0, MAX_TYPED)
    .replace(SPELLED_NUMBER, ' $1$2$3 ')
    .replace(SPELLED_BEGINNING, ' $1$2$3 ')
    .split(/[\s,;]+/u)
    .flatMap((part) => (isIdLike(part) ? part.toLowerCase() : wordsIn(part)))
    .slice(0, WORDS_TYPED);

/** The first four digits of a number or more, with separators: `(910) 241-4365`, `910-241`, `910-24`. */
const SPELLED_NUMBER =
  /(?<![\w-])(?:\+?1[\s.-]*)?\(?(\d{3})\)?[\s.-]*(\d{3})(?:[\s.-]*(\d{1,4}))?(?![\w-])/gu;

const SPELLED_BEGINNING = /(?<![\w-])(?:\((\d{3})\)\s*|(\d{3})-)(\d{1,2})(?![\w-])/gu;

/** The first eight characters of a UUID or more, as Bandwidth and we write them, or the id of a line. */
const isIdLike = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f-]*(?:x\d{3})?)?$/i.test(text);

/** The rank of an id or a whole number. */
const WHOLE = 100;

/** The first one has the fewest orders. */
function meaningsOf(word: string): readonly Meaning[] {
  const asId: Meaning = {
    keyword: idKeyword(word),
    rank: WHOLE,
    matches: (order) => idsOf(order).some((id) => id.toLowerCase().startsWith(orderIdOf(word))),
  };
  const asWord: Meaning = {
    keyword: wordKeyword(word),
    rank: word.length,
    matches: (order) => wordsOf(order).includes(word),
  };
  return [
    ...(isIdLike(word) ? [asId] : []),
    ...(/^\d{3,10}$/.test(word) ? [startOfNumber(word)] : []),
    ...(word.includes('-') ? [] : [asWord]),
  ];
}

function startOfNumber(digits: string): Meaning {
  const whole = digits.length === 10;
  return {
    keyword: whole ? numberKeyword(digits) : prefixKeyword(digits.slice(0, digits.length < 6 ? 3 : 6)),
    rank: whole ? WHOLE : digits.length * 2,
    matches: (order) =>
      [...searchedPrefixesOf(order), ...nationalDigitsOf(order)].some((each) => each.startsWith(digits)),
  };
}

import type { Criterion } from '../../orders/domain/search/criteria.js';
import { END, type Reader, sticky } from '../criteria/criterion.js';
import type { RuleFault } from '../criteria/search-fault.js';
import { CRITERION_KEYWORDS } from '../criteria/table.js';
import { isStateCode, type Place, placeOf } from '../text/typed-places.js';
import { belongsToName, stateAfter } from './names-with-keywords.js';
import type { Scanner } from './scanner.js';
import { OPTION, optionHere } from './search-options.js';

// Reads the name of a city or rate center among what people type to search.

/** Words that end a place because something else starts with them. */
const stop = sticky(`(?:${OPTION}|${CRITERION_KEYWORDS})${END}`);

const word = sticky(String.raw`(?:[\p{L}'](?:[\p{L}\p{M}\p{N}.'!&()/+#-]|:(?=[\p{L}\p{N}]))*|[&/](?=\s))`);
/** How far after a name's first word to look for its state, in characters. */
const MAX_LENGTH = 100;
/** The longest text that people are asked about. */
const MAX_TEXT_LENGTH = 300;
/** One piece of a name that is more than words. */
const piece = /[^\s,;]+/gu;
const quoted = sticky('"([^"]*)"');

type PlaceField = Parameters<Reader['readPlace']>[0];

/**
 * Returns a function that reads a name, in quotes or not, with its state.
 *
 * @param asks whether words that could also be one name are a fault; if not, they are read as criteria.
 * @param give takes a value that was read.
 * @param isOtherwiseClear whether the whole text can be read without asking.
 */
export function makePlaceReader(deps: {
  readonly scanner: Scanner;
  readonly asks: boolean;
  readonly give: (field: Criterion, value: string) => RuleFault | undefined;
  readonly isOtherwiseClear: () => boolean;
}): Reader['readPlace'] {
  const { scanner, asks, give, isOtherwiseClear } = deps;
  const { text, take, sees } = scanner;

  /** Consecutive words that don't start an option or keyword, with the commas between them. */
  function takeWords(): string {
    const start = scanner.at;
    let end = scanner.at;
    while (end === start || !sees(stop)) {
      if (take(word) === undefined) break;
      end = scanner.at;
      take(/[\s,;]+/y);
    }
    const words = text.slice(start, end);
    const more = sees(/[\d"*]/y) || (sees(stop) && !sees(optionHere));
    scanner.at = end;
    return more ? words.replace(/ (?:[Ii]n|or|and|&|\/)$/, '') : words;
  }

  function givePlace(place: Place, field: PlaceField): RuleFault | undefined {
    const { name, state, unknownState } = place;
    // `NC, SC` never means a city called NC.
    const named =
      name === undefined ? undefined : isStateCode(name) ? give('state', name) : give(field, name);
    if (named !== undefined) return named;
    if (unknownState !== undefined) {
      return {
        why: { field: 'state', code: 'unknown-state', value: unknownState },
        typed: unknownState,
      };
    }
    return state === undefined ? undefined : give('state', state);
  }

  /** A name that continues after its plain words, up to a state: `QUEENS 8, NY`. */
  function readLongName(field: PlaceField, start: number): RuleFault | undefined | 'no' {
    const goesOn = (scanner.at === start ? /^[^\s,;"]/u : /^ +[^\s,;"]/u).test(
      text.slice(scanner.at, scanner.at + 80),
    );
    // A name has at most 60 characters.
    const ending = goesOn ? stateAfter(text.slice(0, start + MAX_LENGTH), scanner.at) : undefined;
    if (ending === undefined) return 'no';
    const name = text.slice(start, ending.start).replace(/[\s,;]+$/u, '');
    if (/[,;"]/.test(name)) return 'no';
    const more = text.slice(scanner.at, start + name.length).match(piece) ?? [];
    const isName = more.every((each) => isPlainWord(each) || belongsToName(each, ending.state));
    if (isName && field === 'rateCenter') {
      scanner.at = ending.end;
      return givePlace({ name, state: ending.state }, field);
    }
    if (!asks || text.length > MAX_TEXT_LENGTH) return 'no';
    if (!isName && !isOtherwiseClear()) return 'no';
    return { why: 'unclear-name', typed: name };
  }

  return (field) => {
    const literal = take(quoted)?.[1];
    const start = scanner.at;
    const words = literal === undefined ? takeWords() : '';
    if (literal !== undefined) {
      return literal.trim() === '' ? { why: 'missing-value' } : give(field, literal);
    }
    if (words.trim() === '') {
      // `rc 29 PALMS CA`
      const longer = field === 'rateCenter' ? readLongName(field, start) : 'no';
      return longer === 'no' ? { why: 'missing-value' } : longer;
    }
    const place = placeOf(words);
    if (field === 'rateCenter' && place.name === undefined) return { why: 'missing-value' };
    if (place.state === undefined) {
      const longer = readLongName(field, start);
      if (longer !== 'no') return longer;
    }
    if (asks && place.unclear === true) return { why: 'unclear-name', typed: words.trim() };
    return givePlace(place, field);
  };
}

const isPlainWord = (token: string): boolean =>
  /^[\p{L}'&/][\p{L}\p{M}\p{N}.'&():/+#-]*$/u.test(token) && !startsWith(stop, token);

function startsWith(pattern: RegExp, token: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(token);
}

import type { ViewOutput } from '@slack/bolt';
import type { ActionsBlock, Checkboxes, KnownBlock, PlainTextOption } from '@slack/types';
import { nearbySearches } from '../../orders/nearby-searches.js';
import type { Person } from '../../orders/order.js';
import { type PhoneNumber, parsePhoneNumber, showPhoneNumber } from '../../orders/phone-number.js';
import type { FoundNumber } from '../../orders/ports.js';
import { DEFAULT_SEARCH_QUANTITY, type Search } from '../../orders/search.js';
import { type KeptSearch, PAGE_SIZE, pageCount, pageOf, picksOf } from '../../orders/search-numbers.js';
import { describeSearch } from '../describe-search.js';
import { codeSpan, cut, plainText } from '../escape.js';
import { printSearch } from '../print-search.js';
import { actions } from './action-ids.js';
import { limits } from './limits.js';
import { button, context, figure, listNumbers, mention, row, section, typed } from './vocabulary.js';

const PICKS_SHOWN = 30;
/** Suggested to somebody who was shown only as many as we ask for by default. */
const MORE_QUANTITY = 500;

/**
 * One page of found numbers to tick. The message is everybody's, but ticks can show only one person's picks: those of
 * `viewer`, who pressed last, else of whoever searched.
 */
export function searchResults(
  kept: KeptSearch,
  viewer: Person = kept.askedBy,
): { text: string; blocks: KnownBlock[] } {
  if (kept.found.length === 0) return nothingFound(kept);
  const page = pageOf(kept);
  const headline = [
    what(kept),
    `${figure(page.length)} of ${figure(kept.found.length)} shown`,
    `asked by ${mention(kept.askedBy)}`,
  ];
  const notes = [pagePosition(kept), ...shortfall(kept)].join(' · ');
  const picks = picksOf(kept, viewer);
  const picked =
    picks.length === 0 ? [] : [`Picked so far by ${mention(viewer)}: ${listNumbers(picks, PICKS_SHOWN)}`];
  return {
    text: [headline.join(' · '), ...page.map(lineOf), notes, ...picked].join('\n'),
    blocks: [
      section(bold(headline)),
      tickList(kept, page, picks),
      context(notes),
      ...picked.map(context),
      row(buttons(kept)),
    ],
  };
}

/** The numbers ticked on the page of the message that a button of it was pressed in. */
export function readTicks(state: Pick<ViewOutput['state'], 'values'> | undefined): PhoneNumber[] {
  return Object.values(state?.values ?? {})
    .flatMap((elements) => elements[actions.tickNumbers]?.selected_options ?? [])
    .flatMap(({ value }) => parsePhoneNumber(value) ?? []);
}

/** Takes the value of a button under search results apart; the first page is 0. */
export function readSearchButton(value: string): { searchId: string; page: number } {
  const [searchId = '', page = ''] = value.split(':');
  return { searchId, page: /^\d{1,4}$/.test(page) ? Number(page) : 0 };
}

/** What stands where results were, once they have been forgotten. `words`: the search as typed, if known. */
export function expiredSearch(words?: string): { text: string; blocks: KnownBlock[] } {
  const again = codeSpan(words === undefined ? '/numbers search' : `/numbers search ${cut(words, 200)}`);
  const text = `I keep found numbers for a day, and these are older; they may be gone by now. Search again: ${again}`;
  return { text, blocks: [section(text)] };
}

const what = ({ search }: KeptSearch): string => typed(describeSearch(search), 400);

const bold = ([first, ...rest]: readonly string[]): string => [`*${first}*`, ...rest].join(' · ');

function pagePosition(kept: KeptSearch): string {
  const first = kept.page * PAGE_SIZE + 1;
  const last = kept.page * PAGE_SIZE + pageOf(kept).length;
  return `${first === last ? figure(first) : `${figure(first)}–${figure(last)}`} of ${figure(kept.found.length)}`;
}

function shortfall({ search, found }: KeptSearch): string[] {
  if (found.length < search.quantity) {
    // Nobody asked for the default quantity, so nobody needs to hear that it was not reached.
    return search.quantity === DEFAULT_SEARCH_QUANTITY
      ? ['that is all there is now']
      : [`${figure(found.length)} of ${figure(search.quantity)} were all that is available now`];
  }
  return search.quantity === DEFAULT_SEARCH_QUANTITY
    ? [
        `there may be more: ${codeSpan(`/numbers search ${printSearch({ ...search, quantity: MORE_QUANTITY })}`)}`,
      ]
    : [];
}

function tickList(
  kept: KeptSearch,
  page: readonly FoundNumber[],
  picks: readonly PhoneNumber[],
): ActionsBlock {
  const all = page.map(optionOf);
  const ticked = all.filter(({ value }) => picks.some((number) => number === value));
  const checkboxes: Checkboxes = {
    type: 'checkboxes',
    action_id: actions.tickNumbers,
    options: all,
    // Slack refuses an empty list of them.
    ...(ticked.length > 0 ? { initial_options: ticked } : {}),
  };
  // Another page has another block id: under the same one Slack would keep the ticks of the page before.
  return {
    type: 'actions',
    block_id: `numbers:${kept.id}:${kept.page}`,
    elements: [checkboxes],
  };
}

function optionOf(found: FoundNumber): PlainTextOption {
  const details = detailsOf(found);
  return {
    value: found.number,
    text: plainText(showPhoneNumber(found.number)),
    ...(details === '' ? {} : { description: plainText(details, limits.optionText) }),
  };
}

/** "Fayetteville, NC · FAYETTEVL · LATA 949", as much of it as Bandwidth told. */
function detailsOf({ city, state, rateCenter, lata }: FoundNumber): string {
  return [
    [city === undefined ? undefined : titleCase(city), state].filter(Boolean).join(', '),
    rateCenter,
    lata === undefined ? undefined : `LATA ${lata}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The words for a search; the quantity only where somebody chose it. */
function words({ quantity, ...draft }: Search): string {
  return printSearch(quantity === DEFAULT_SEARCH_QUANTITY ? draft : { ...draft, quantity });
}

/** Bandwidth writes cities in capitals: "WINSTON-SALEM", "O'FALLON", "MARTHA'S VINEYARD". */
function titleCase(city: string): string {
  if (city !== city.toUpperCase()) return city;
  return city
    .toLowerCase()
    .replace(/\p{L}[\p{L}'’]*/gu, (word) =>
      word.replace(/^(?:[od]['’])?\p{L}/u, (start) => start.toUpperCase()),
    );
}

function lineOf(found: FoundNumber): string {
  const details = detailsOf(found);
  const number = showPhoneNumber(found.number);
  return details === '' ? `• ${number}` : `• ${number} ${typed(details, 150)}`;
}

function buttons(kept: KeptSearch) {
  const value = `${kept.id}:${kept.page}`;
  return [
    button({
      label: 'Order selected…',
      spoken: 'Order selected numbers',
      action: actions.orderSelected,
      value,
      style: 'primary',
    }),
    ...(kept.page > 0
      ? [button({ label: 'Previous', spoken: 'Previous numbers', action: actions.previousPage, value })]
      : []),
    ...(kept.page + 1 < pageCount(kept)
      ? [button({ label: 'More', spoken: 'More numbers', action: actions.nextPage, value })]
      : []),
    changeButton(value),
  ];
}

const changeButton = (value: string) =>
  button({ label: 'Change search…', action: actions.changeSearch, value });

/** No number is an answer, too: it says what else to try. */
function nothingFound(kept: KeptSearch): { text: string; blocks: KnownBlock[] } {
  const headline = [what(kept), 'none available now', `asked by ${mention(kept.askedBy)}`];
  const suggestions = nearbySearches(kept.search).map(
    (search) => `• ${typed(describeSearch(search), 300)}: ${codeSpan(`/numbers search ${words(search)}`)}`,
  );
  const advice = [
    ...(suggestions.length > 0 ? ['You could try:', ...suggestions] : ['You could try a place nearby.']),
    ...(kept.search.protected === 'ONLY' ? ['or numbers that are not protected.'] : []),
  ].join('\n');
  return {
    text: `${headline.join(' · ')}\n${advice}`,
    blocks: [section(bold(headline)), section(advice), row([changeButton(`${kept.id}:0`)])],
  };
}

import type { ViewOutput } from '@slack/bolt';
import type { ActionsBlock, Checkboxes, KnownBlock, PlainTextOption } from '@slack/types';
import type { FoundNumber } from '../../../orders/domain/kept-search.js';
import {
  type KeptSearch,
  PAGE_SIZE,
  pageCount,
  pageOf,
  picksOf,
} from '../../../orders/domain/kept-search.js';
import { type PhoneNumber, parsePhoneNumber, showPhoneNumber } from '../../../orders/domain/phone-number.js';
import { nearbySearches } from '../../../orders/domain/search/nearby-searches.js';
import { DEFAULT_SEARCH_QUANTITY, MAX_QUANTITY, type Search } from '../../../orders/domain/search/search.js';
import { printSearch } from '../../commands/print-search.js';
import { codeSpan, plainText } from '../../text/escape.js';
import { actions } from '../action-ids.js';
import { cityName } from '../city-name.js';
import { button, context, row, section } from '../elements.js';
import { boldTyped, figure, listNumbers, mention, typed } from '../format.js';
import { limits } from '../limits.js';
import { describeSearch } from '../order/describe-search.js';
import { easierSearches, filterNote, noneMatch, reasonsFor } from './filtered-results.js';

const PICKS_SHOWN = 30;
/** Suggested when the default quantity was shown. */
const MORE_QUANTITY = 500;

/** One page of found numbers with checkboxes, showing the selection of the person who asked. */
export function searchResults(kept: KeptSearch): { text: string; blocks: KnownBlock[] } {
  const { viewer } = kept.drawn;
  if (kept.found.length === 0) return nothingFound(kept);
  const page = pageOf(kept);
  const reasons = reasonsFor(kept, page);
  const rest = [
    `${figure(page.length)} of ${figure(kept.found.length)} shown`,
    `searched by ${mention(kept.askedBy)}`,
  ];
  const filters = filterNote(kept);
  const notes = [
    [pagePosition(kept), ...shortfall(kept)].join(' · '),
    ...(filters === undefined ? [] : [filters]),
  ];
  const picks = picksOf(kept, viewer);
  const picked =
    picks.length === 0 ? [] : [`Picked so far by ${mention(viewer)}: ${listNumbers(picks, PICKS_SHOWN)}`];
  return {
    text: [
      [what(kept), ...rest].join(' · '),
      ...page.map((each) => lineOf(each, reasons)),
      ...notes,
      ...picked,
    ].join('\n'),
    blocks: [
      section(headline(kept, rest)),
      tickList(kept, page, picks, reasons),
      ...notes.map(context),
      ...picked.map(context),
      row(buttons(kept)),
    ],
  };
}

/** Returns the numbers selected on the page of the message whose button was pressed. */
export function readTicks(state: Pick<ViewOutput['state'], 'values'> | undefined): PhoneNumber[] {
  return Object.values(state?.values ?? {})
    .flatMap((elements) => elements[actions.tickNumbers]?.selected_options ?? [])
    .flatMap(({ value }) => parsePhoneNumber(value) ?? []);
}

/**
 * Identifies one rendering of one page of a search, for the value of its buttons and, after a prefix, the block id of
 * its checkboxes.
 */
const drawingId = ({ id, page, drawn }: KeptSearch): string => `${id}:${page}:${drawn.count}`;
const BOXES = 'numbers:';

/** Parses a button's value or the checkboxes' block id. The first page is 0. */
export function readDrawingId(value: string): { searchId: string; page: number; drawing: number } {
  const [searchId = '', page = '', drawing = ''] = value.replace(BOXES, '').split(':');
  const count = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : 0);
  return { searchId, page: count(page), drawing: count(drawing) };
}

/** Replaces results that the app no longer keeps. */
export function expiredSearch(): { text: string; blocks: KnownBlock[] } {
  const again = codeSpan('/numbers search');
  const text = `Search results expire after a day, and these numbers may be gone by now. Search again: ${again}`;
  return { text, blocks: [section(text)] };
}

const what = ({ search }: KeptSearch): string => typed(describeSearch(search), 400);

const headline = ({ search }: KeptSearch, rest: readonly string[]): string =>
  [boldTyped(describeSearch(search), 400), ...rest].join(' · ');

function pagePosition(kept: KeptSearch): string {
  const first = kept.page * PAGE_SIZE + 1;
  const last = kept.page * PAGE_SIZE + pageOf(kept).length;
  return `${first === last ? figure(first) : `${figure(first)}–${figure(last)}`} of ${figure(kept.found.length)}`;
}

function shortfall(kept: KeptSearch): string[] {
  const { search, found, unread } = kept;
  if (kept.filtered !== undefined) return moreMatches(search, found.length, kept.filtered.matched);
  if (unread !== undefined) return [`⚠️ Bandwidth has ${figure(unread)} more that I can't read`];
  if (found.length < search.quantity) {
    // Nobody chose the default quantity, so falling short of it isn't mentioned.
    return search.quantity === DEFAULT_SEARCH_QUANTITY
      ? ['no more available']
      : [`only ${figure(found.length)} ${found.length === 1 ? 'is' : 'are'} available`];
  }
  return search.quantity === DEFAULT_SEARCH_QUANTITY
    ? [
        `there may be more: ${codeSpan(`/numbers search ${printSearch({ ...search, quantity: MORE_QUANTITY })}`)}`,
      ]
    : [];
}

/** Says that more numbers match, and how to see them. */
function moreMatches(search: Search, shown: number, matched: number): string[] {
  if (matched <= shown) return [];
  const quantity = Math.min(matched, MAX_QUANTITY);
  return [`${figure(matched)} match: ${codeSpan(`/numbers search ${printSearch({ ...search, quantity })}`)}`];
}

function tickList(
  kept: KeptSearch,
  page: readonly FoundNumber[],
  picks: readonly PhoneNumber[],
  reasons: Reasons,
): ActionsBlock {
  const all = page.map((each) => optionOf(each, reasons));
  const ticked = all.filter(({ value }) => picks.some((number) => number === value));
  const checkboxes: Checkboxes = {
    type: 'checkboxes',
    action_id: actions.tickNumbers,
    options: all,
    // Slack refuses an empty list.
    ...(ticked.length > 0 ? { initial_options: ticked } : {}),
  };
  // Each rendering has its own block id. With the same one, Slack would keep the previous selection.
  return {
    type: 'actions',
    block_id: BOXES + drawingId(kept),
    elements: [checkboxes],
  };
}

function optionOf(found: FoundNumber, reasons: Reasons): PlainTextOption {
  const details = detailsOf(found, reasons);
  return {
    value: found.number,
    text: plainText(showPhoneNumber(found.number)),
    ...(details === '' ? {} : { description: plainText(details, limits.optionText) }),
  };
}

/** Why each number was found. */
type Reasons = ReadonlyMap<PhoneNumber, string>;

/** "ends in 4444 · Fayetteville, NC · FAYETTEVL · LATA 949"; the place as far as Bandwidth provides it. */
function detailsOf({ number, city, state, rateCenter, lata }: FoundNumber, reasons: Reasons): string {
  return [
    reasons.get(number),
    [city === undefined ? undefined : cityName(city), state].filter(Boolean).join(', '),
    rateCenter,
    lata === undefined ? undefined : `LATA ${lata}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The words for a search; the quantity only if someone chose it. */
function words({ quantity, ...draft }: Search): string {
  return printSearch(quantity === DEFAULT_SEARCH_QUANTITY ? draft : { ...draft, quantity });
}

function lineOf(found: FoundNumber, reasons: Reasons): string {
  const details = detailsOf(found, reasons);
  const number = showPhoneNumber(found.number);
  return details === '' ? `• ${number}` : `• ${number} ${typed(details, 150)}`;
}

function buttons(kept: KeptSearch) {
  const value = drawingId(kept);
  return [
    button({
      label: 'Order selected…',
      spoken: 'Order selected numbers',
      action: actions.orderSelected,
      value,
      style: 'primary',
    }),
    button({
      label: 'Add to order',
      spoken: 'Add to order: keep the selected numbers for an order from several searches',
      action: actions.addToOrder,
      value,
    }),
    button({
      label: 'More like this',
      spoken: 'More like this: numbers with the pattern of the selected one',
      action: actions.moreLikeThis,
      value,
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

/** Says that there are no numbers and what to try next. */
function nothingFound(kept: KeptSearch): { text: string; blocks: KnownBlock[] } {
  const rest = [noneMatch(kept) ?? 'none right now', `searched by ${mention(kept.askedBy)}`];
  const instead = (kept.unlisted?.instead ?? []).map(inOurSpelling).map(suggestion);
  const suggestions = [...easierSearches(kept), ...nearbySearches(kept.search)].slice(0, 5).map(suggestion);
  const filters = noneMatch(kept) === undefined ? undefined : filterNote(kept);
  const advice = [
    ...(filters === undefined ? [] : [filters]),
    ...unlistedSentence(kept),
    ...(instead.length > 0 ? ['Did you mean:', ...instead] : []),
    ...(suggestions.length > 0 ? ['Try:', ...suggestions] : ['Try a place nearby.']),
    ...(kept.search.protected === 'ONLY' ? ["Numbers that aren't protected may be available."] : []),
  ].join('\n');
  return {
    text: `${[what(kept), ...rest].join(' · ')}\n${advice}`,
    blocks: [section(headline(kept, rest)), section(advice), row([changeButton(drawingId(kept))])],
  };
}

/** Bandwidth lists its cities in capitals. */
const inOurSpelling = (search: Search): Search => {
  const { city } = search.criteria;
  return city === undefined ? search : { ...search, criteria: { ...search.criteria, city: cityName(city) } };
};

const suggestion = (search: Search): string =>
  `• ${typed(describeSearch(search), 300)}: ${codeSpan(`/numbers search ${words(search)}`)}`;

/** Empty unless Bandwidth's own list was read. */
function unlistedSentence({ search, unlisted }: KeptSearch): string[] {
  if (unlisted === undefined) return [];
  const { state = '', city = '', rateCenter = '' } = search.criteria;
  const [kind, name] = unlisted.kind === 'city' ? ['city', city] : ['rate center', rateCenter];
  return [`Bandwidth lists no ${kind} “${typed(name, 100)}” in ${state}.`];
}

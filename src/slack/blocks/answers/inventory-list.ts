import type { DataTableBlock, KnownBlock } from '@slack/types';
import { isInAccountOnly, type NumberRecord } from '../../../orders/domain/number-record.js';
import { showPhoneNumber } from '../../../orders/domain/phone-number.js';
import type { OrderId } from '../../../orders/domain/request.js';
import { type InventoryPage, NUMBERS_A_PAGE } from '../../../orders/use-cases/list-inventory.js';
import { COMMAND } from '../../commands/command.js';
import { codeSpan, cut } from '../../text/escape.js';
import { actions } from '../action-ids.js';
import { nameApproval } from '../approver-names.js';
import { cityName } from '../city-name.js';
import { button, context, row, section } from '../elements.js';
import { figure, mention, typed } from '../format.js';
import { limits } from '../limits.js';
import { writeListPress } from '../list-press.js';
import type { Message } from '../message.js';
import { incompleteWords, listStateWords, undecidedWords } from './inventory-state.js';
import { headlineOf, plainHeadline } from './list-names.js';

/** A cell must hold at least one character. */
const NOTHING = '–';
const CELL = 60;
const REASON = 100;
/** A little less than a section may hold. */
const SECTION = 2_900;

type Links = ReadonlyMap<OrderId, string>;

/** One page of the numbers; `progress` while their file is made. */
export function inventoryAnswer(listing: InventoryPage, progress?: string): Message {
  const { filter, links, records, state, total, undecided } = listing;
  if (records.length === 0) return nothingListed(listing);
  const first = listing.page * NUMBERS_A_PAGE + 1;
  const shown = `${figure(first)}–${figure(first + records.length - 1)} of ${figure(total)}`;
  const headline = `*${headlineOf(filter, CELL)}* · ${first === total ? figure(total) : shown}`;
  const notes = [...listStateWords(state), ...undecidedWords(filter, undecided)].join('\n');
  const below = [
    context(notes),
    ...(progress === undefined ? [] : [context(progress)]),
    ...buttonRow(listing, progress),
  ];
  const ending = [notes, ...(progress === undefined ? [] : [progress])].join('\n');
  const lines = [headline.replaceAll('*', ''), ...records.map((record) => `• ${recordLine(record, links)}`)];
  return {
    text: `${fitting(lines, limits.messageText - ending.length)}\n${ending}`,
    blocks: [section(headline), numberTable(listing), section(originLines(records, links)), ...below],
    simpler: [section(headline), ...records.map((record) => section(recordLine(record, links))), ...below],
  };
}

/** Returns as many whole lines as fit, so that no mention is cut. */
function fitting(lines: readonly string[], most: number): string {
  let text = '';
  for (const line of lines) {
    const longer = text === '' ? line : `${text}\n${line}`;
    if (longer.length > most) return `${text}\n…`;
    text = longer;
  }
  return text;
}

const columns: ReadonlyArray<readonly [head: string, cell: (record: NumberRecord) => string | undefined]> = [
  ['Number', ({ number }) => showPhoneNumber(number)],
  ['Place', placeOf],
  ['Sub-account', ({ site }) => site?.name],
  ['Location', ({ location }) => location?.name],
  ['In service since', inServiceWords],
  ['Reason', ({ origin }) => (typeof origin === 'string' ? undefined : origin.reason)],
];

/** A table's cells are literal: people are mentioned below it. */
function numberTable({ filter, records }: InventoryPage): DataTableBlock {
  const cell = (text: string | undefined) => ({
    type: 'raw_text' as const,
    text: cut((text ?? '').replace(/\s+/g, ' ').trim(), CELL) || NOTHING,
  });
  return {
    type: 'data_table',
    caption: cut(`${plainHeadline(filter)}: their places and reasons`, CELL),
    rows: [
      columns.map(([head]) => cell(head)),
      ...records.map((record) => columns.map(([, of]) => cell(of(record)))),
    ],
    page_size: NUMBERS_A_PAGE,
    row_header_column_index: 0,
  };
}

/** Who ordered which of the numbers, an order at a time. */
function originLines(records: readonly NumberRecord[], links: Links): string {
  const groups = new Map<string, NumberRecord[]>();
  for (const record of records) {
    const key = originWords(record, links);
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  const lines = [...groups].map(([words, group]) =>
    groups.size === 1 && group.length > 1
      ? `All ${words}`
      : `${group.map(({ number }) => showPhoneNumber(number)).join(', ')} ${words}`,
  );
  return fitting(lines, SECTION);
}

function recordLine(record: NumberRecord, links: Links): string {
  const { number, site, location, origin } = record;
  const since = inServiceWords(record);
  const where = [site?.name, location?.name].filter((name) => name !== undefined).join(' / ');
  return [
    showPhoneNumber(number),
    ...[placeOf(record), where].flatMap((name) =>
      name === undefined || name === '' ? [] : [typed(name, CELL)],
    ),
    ...(since === undefined ? [] : [isOff(record) ? since : `since ${since}`]),
    originWords(record, links),
    ...(typeof origin === 'string' || origin.reason === '' ? [] : [`“${typed(origin.reason, REASON)}”`]),
  ].join(' · ');
}

/** Bandwidth says so about the number; a number without a status is listed as in service. */
const isOff = ({ status }: NumberRecord): boolean => status !== undefined && isInAccountOnly(status);

function inServiceWords(record: NumberRecord): string | undefined {
  if (isOff(record)) return 'not in service';
  return record.inServiceSince === undefined ? undefined : day(record.inServiceSince);
}

function originWords({ origin }: NumberRecord, links: Links): string {
  if (origin === 'unexplained') return 'not ordered here';
  if (origin === 'not-known') return "I can't read who ordered it right now";
  const { requester, approval, orderId } = origin;
  const link = links.get(orderId);
  return [
    `requested by ${mention(requester)}`,
    ...(approval === undefined ? [] : [`approved by ${nameApproval(approval)}`]),
    ...(link === undefined ? [] : [`<${link}|Card>`]),
  ].join(' · ');
}

function placeOf({ city, state }: NumberRecord): string | undefined {
  const parts = [city === undefined ? undefined : cityName(city), state].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

const days = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });

/** `Aug 31, 2026`, in UTC. */
const day = (at: number): string => days.format(at);

function buttonRow(listing: InventoryPage, progress: string | undefined): KnownBlock[] {
  const { page, total, filter } = listing;
  const turn = (to: number, label: string, action: string) =>
    button({ label, spoken: `${label} numbers`, action, value: writeListPress({ filter, page: to }) });
  const buttons = [
    ...(page > 0 ? [turn(page - 1, 'Previous', actions.previousNumbers)] : []),
    ...((page + 1) * NUMBERS_A_PAGE < total ? [turn(page + 1, 'More', actions.nextNumbers)] : []),
    // Pressing it twice would send the file twice.
    ...(progress === undefined
      ? [
          button({
            label: 'CSV',
            spoken: 'Send these numbers as a CSV file',
            action: actions.numbersFile,
            value: writeListPress({ filter, page }),
          }),
        ]
      : []),
  ];
  return buttons.length === 0 ? [] : [row(buttons)];
}

/** Nothing is on record, which means "none" only if the whole account was read. */
function nothingListed({ filter, state, undecided }: InventoryPage): Message {
  const what = headlineOf(filter, CELL);
  if (state.asOf === undefined) return worded([`*${what}*`, ...incompleteWords(state)]);
  const none =
    filter.by === 'all'
      ? 'The account has no numbers in service.'
      : `${what}: none in service${state.unread > 0 ? ' among those I can read' : undecided > 0 ? ' as far as I know' : ''}.`;
  const tryThis =
    filter.by === 'all'
      ? `${COMMAND} search 910`
      : filter.by === 'prefix' && filter.digits.length > 3
        ? `${COMMAND} list ${filter.digits.slice(0, 3)}`
        : `${COMMAND} list`;
  return worded([
    none,
    ...listStateWords(state),
    ...undecidedWords(filter, undecided),
    `Try ${codeSpan(tryThis)}`,
  ]);
}

const worded = (lines: readonly string[]): Message => ({
  text: lines.join('\n').replaceAll('*', ''),
  blocks: [section(lines.join('\n'))],
});

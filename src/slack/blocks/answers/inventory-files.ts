import { validApprovals } from '../../../orders/domain/approval.js';
import type { InventoryFilter } from '../../../orders/domain/inventory-filter.js';
import type { NumberOrigin, NumberRecord } from '../../../orders/domain/number-record.js';
import { nationalDigits } from '../../../orders/domain/phone-number.js';
import type { InventoryState } from '../../../orders/ports/inventory.js';
import { printFilter } from '../../commands/list-words.js';
import { csv, csvFile } from '../csv.js';
import { section } from '../elements.js';
import { count, figure } from '../format.js';
import { incompleteWords, listStateWords, undecidedWords } from './inventory-state.js';
import { listName } from './list-names.js';
import type { Answer } from './problems.js';

type Cell = (record: NumberRecord, origin: NumberOrigin | undefined) => string | undefined;

const columns: ReadonlyArray<readonly [head: string, cell: Cell]> = [
  ['number', ({ number }) => nationalDigits(number)],
  ['city', ({ city }) => city],
  ['state', ({ state }) => state],
  ['rate center', ({ rateCenter }) => rateCenter],
  ['status', ({ status }) => status],
  ['sub-account', ({ site }) => site?.name],
  ['sub-account id', ({ site }) => site?.id],
  ['location', ({ location }) => location?.name],
  ['location id', ({ location }) => location?.id],
  ['in service since (UTC)', ({ inServiceSince }) => time(inServiceSince)],
  ['last modified (UTC)', ({ lastModified }) => time(lastModified)],
  [
    'ordered here',
    ({ origin }) => (origin === 'not-known' ? 'not known' : origin === 'unexplained' ? 'no' : 'yes'),
  ],
  ['requested by (Slack user)', (_, origin) => origin?.requester.userId],
  ['requested (UTC)', (_, origin) => time(origin?.requestedAt)],
  ['reason', (_, origin) => origin?.reason],
  ['approved by', (_, origin) => approversOf(origin)],
  ['order', (_, origin) => origin?.orderId],
];

const time = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();

/** Slack users' ids, or the rule that required no approval. */
function approversOf(origin: NumberOrigin | undefined): string | undefined {
  if (origin?.approval === undefined) return undefined;
  const { also = [], ...last } = origin.approval;
  return validApprovals([...also, last])
    .map(({ by, rule }) => by?.userId ?? rule)
    .join(' ');
}

/** A file that grows row by row. */
export function beginInventoryFile() {
  const parts = [Buffer.from(csvFile([columns.map(([head]) => head)]))];
  let rows = 0;
  return {
    add(records: readonly NumberRecord[]): void {
      if (records.length === 0) return;
      rows += records.length;
      parts.push(
        Buffer.from(
          csv(
            records.map((record) => {
              const origin = typeof record.origin === 'string' ? undefined : record.origin;
              return columns.map(([, cell]) => cell(record, origin) ?? '');
            }),
          ),
        ),
      );
    },
    rows: () => rows,
    end(filter: InventoryFilter, at: number) {
      const words = printFilter(filter)
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '');
      const date = new Date(at).toISOString().slice(0, 10);
      return {
        filename: ['numbers', ...(words === '' ? [] : [words]), date].join('-').concat('.csv'),
        title: `${count(rows, 'number')}: ${listName(filter)}`,
        file: Buffer.concat(parts),
      };
    },
  };
}

/** What a file holds, or why there is none. */
export interface InventoryFile {
  readonly filter: InventoryFilter;
  readonly state: InventoryState;
  readonly rows: number;
  /** How many more may match. */
  readonly undecided: number;
}

/** The message that comes with the file. */
export const inventoryFileComment = ({ filter, rows, state, undecided }: InventoryFile): string =>
  [
    `${count(rows, 'number')}: ${listName(filter)}.`,
    ...listStateWords(state),
    ...undecidedWords(filter, undecided),
  ].join(' ');

export const gatheringFileWords = (lookedAt: number, total: number): string =>
  `Making the CSV file: ${figure(lookedAt)} of ${figure(total)} numbers so far…`;

export function fileSentWords({ filter, state, rows, undecided }: InventoryFile): string {
  const more = undecidedWords(filter, undecided);
  if (rows > 0)
    return [`I sent you ${count(rows, 'number')} as a CSV file in a direct message.`, ...more].join(' ');
  if (state.asOf === undefined) return ['There is no file yet.', ...incompleteWords(state)].join(' ');
  const known = state.unread > 0 || undecided > 0 ? ' as far as I know' : '';
  return [`No number matches${known}, so there is no file.`, ...more].join(' ');
}

export const fileSentAnswer = (sent: InventoryFile): Answer => {
  const text = fileSentWords(sent);
  return { text, blocks: [section(text)] };
};

export const gatheringFileAnswer = (lookedAt: number, total: number): Answer => {
  const text = gatheringFileWords(lookedAt, total);
  return { text, blocks: [section(text)] };
};

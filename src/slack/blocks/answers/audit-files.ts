import { isExplanationEvent } from '../../../orders/domain/explanation-event.js';
import {
  type DamagedEntry,
  isDamaged,
  type JournalEntry,
  type JournalEvent,
} from '../../../orders/domain/journal-entry.js';
import { nationalDigits, type PhoneNumber, parsePhoneNumber } from '../../../orders/domain/phone-number.js';
import type { Reason } from '../../../orders/domain/reason.js';
import { namedNumbers } from '../../../orders/domain/request.js';
import type { Month } from '../../../orders/use-cases/read-audit.js';
import { printMonth } from '../../commands/audit-words.js';
import { csv, csvFile } from '../csv.js';
import { reasonWords } from '../reason-words.js';
import { inWords } from './audit-answer.js';

interface AuditFile {
  readonly filename: string;
  readonly title: string;
  readonly file: Buffer;
}

/** As many entries as fit into two files. */
export interface AuditPart {
  readonly part: number;
  readonly events: number;
  /** How many entries can't be read. */
  readonly unreadable: number;
  readonly files: readonly AuditFile[];
}

/** A busy month is split into parts that a spreadsheet can open and that fit into memory. */
const PART_CHARACTERS = 20_000_000;
/** An Excel cell holds 32,767 characters. */
const CELL_CHARACTERS = 30_000;

const columns: readonly (readonly [head: string, cell: (entry: JournalEntry) => string | undefined])[] = [
  ['entry', ({ sequence }) => String(sequence)],
  ['time (UTC)', ({ event }) => new Date(event.at).toISOString()],
  ['order', ({ orderId }) => orderId],
  ['event', ({ event }) => event.what],
  ['by (Slack user)', ({ event }) => ('by' in event ? event.by?.userId : undefined)],
  ['of team', ({ event }) => ('by' in event ? event.by?.teamId : undefined)],
  ['for (Slack user)', ({ event }) => ('for' in event ? event.for?.userId : undefined)],
  ['saw (fingerprint)', ({ event }) => ('seen' in event ? event.seen : undefined)],
  ['name', ({ event }) => ('request' in event ? event.request.name : undefined)],
  ['reason', ({ event }) => reasonOf(event)],
  ['numbers', ({ event }) => numbersOf(event).map(nationalDigits).join(' ')],
  ['carrier order', ({ event }) => ('carrierOrderId' in event ? event.carrierOrderId : undefined)],
  ['Bandwidth status', ({ event }) => ('report' in event ? event.report.status : undefined)],
  ['Bandwidth codes', ({ event }) => faultsOf(event)],
  ['everything else', ({ event: { what: _what, at: _at, ...rest } }) => JSON.stringify(rest, inSentences)],
  ['hash', ({ hash }) => hash],
];

/** The names under which events have reasons. */
const reasonKeys: readonly string[] = ['advice', 'notKnown'];

/** A reason in words, for `JSON.stringify`. The other file has the entry as it is, because the hash covers that. */
const inSentences = (key: string, value: unknown): unknown =>
  reasonKeys.includes(key) && typeof value === 'object' && value !== null
    ? reasonWords(value as Reason)
    : value;

/** Yields the audit in pairs of files: one for spreadsheets, one with every journal entry in full. */
export async function* auditFiles(
  month: Month,
  entries: AsyncIterable<JournalEntry | DamagedEntry>,
): AsyncIterable<AuditPart> {
  let part = 1;
  let begun = beginPart();
  for await (const entry of entries) {
    if (begun.add(entry) < PART_CHARACTERS) continue;
    yield begun.end(month, part);
    part += 1;
    begun = beginPart();
  }
  if (!begun.isEmpty()) yield begun.end(month, part);
}

function beginPart() {
  const rows = [csvFile([columns.map(([head]) => head)])];
  const lines: string[] = [];
  let characters = 0;
  let unreadable = 0;
  return {
    isEmpty: () => lines.length === 0,
    add(entry: JournalEntry | DamagedEntry): number {
      const cells = cellsOf(entry);
      if (cells === undefined) unreadable += 1;
      const row = csv([cells ?? columns.map(([head]) => damagedCell(head, entry))]);
      const line = `${JSON.stringify(entry)}\n`;
      rows.push(row);
      lines.push(line);
      characters += Math.max(row.length, line.length);
      return characters;
    },
    end(month: Month, part: number): AuditPart {
      const suffix = part === 1 ? '' : `-part-${part}`;
      const file = (extension: string, texts: readonly string[]): AuditFile => ({
        filename: `audit-${printMonth(month)}${suffix}.${extension}`,
        title: `Audit of ${inWords(month)}${part === 1 ? '' : `, part ${part}`} (${extension})`,
        file: Buffer.from(texts.join('')),
      });
      return {
        part,
        events: lines.length - unreadable,
        unreadable,
        files: [file('csv', rows), file('jsonl', lines)],
      };
    },
  };
}

/** Undefined for an entry that can't be read or that has no event. */
function cellsOf(entry: JournalEntry | DamagedEntry): readonly string[] | undefined {
  if (isDamaged(entry)) return undefined;
  try {
    return columns.map(([, cell]) => fitting(cell(entry) ?? ''));
  } catch {
    return undefined;
  }
}

const damagedCell = (head: string, { sequence }: JournalEntry | DamagedEntry): string =>
  head === 'entry' ? String(sequence) : head === 'event' ? 'unreadable' : '';

const reasonOf = (event: JournalEvent): string | undefined =>
  isExplanationEvent(event) ? event.reason : 'request' in event ? event.request.reason : undefined;

/** Returns the numbers requested, explained, or reported by Bandwidth as done. */
function numbersOf(event: JournalEvent): readonly PhoneNumber[] {
  if (isExplanationEvent(event)) {
    return event.subjects.flatMap(([subject]) => parsePhoneNumber(subject) ?? []);
  }
  if ('request' in event) return namedNumbers(event.request);
  return 'report' in event ? event.report.completed : [];
}

function faultsOf(event: JournalEvent): string {
  const faults = 'report' in event ? event.report.faults : 'faults' in event ? event.faults : [];
  return faults.map(({ code, description }) => `${code} ${description}`).join('; ');
}

/** Shortens a cell. The other file has the full text. */
const fitting = (text: string): string =>
  text.length <= CELL_CHARACTERS
    ? text
    : `${text.slice(0, CELL_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;

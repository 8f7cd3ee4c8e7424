import { createHash, randomUUID } from 'node:crypto';
import { MAX_LINES, type Person } from '../../orders/domain/request.js';
import type { Admit } from '../../orders/policy/admit.js';
import {
  fetchFaultSentence,
  ignoredColumns,
  importFaultSentence,
  NOT_YOUR_FILE,
  NOTHING_ELSE_IN_FILE,
  ownerBarredSentence,
  tooManyLines,
} from '../blocks/answers/import-words.js';
import { newDisconnectForm } from '../blocks/forms/disconnect-form.js';
import { reviewForm } from '../blocks/forms/import-form.js';
import type { FetchFile } from '../import/fetch-file.js';
import { orderOfRows, placeRows } from '../import/order-lines.js';
import type { WrongRow } from '../import/order-rows.js';
import { type DisconnectImport, type OrderImport, readImport } from '../import/read-import.js';
import type { SharedFile } from '../import/shared-file.js';
import type { OrderFormDeps } from './open-order-form.js';
import { type FormOrRefusal, formOfLines } from './order-of-lines.js';
import { disconnectNotAllowed } from './request-disconnect.js';

export interface ImportDeps extends OrderFormDeps {
  readonly fetchFile: FetchFile;
  readonly admit: Admit;
}

/** A file that someone wants to import. */
export interface FileToImport {
  readonly file: SharedFile;
  readonly channelId: string;
  readonly person: Person;
  /** Set when only a file of their own counts. */
  readonly ownOnly?: true;
  /** The wrong rows that the person has seen and wants to leave out, as the review names them. */
  readonly without?: string;
}

/** Fetches and reads a file. Returns the form it leads to, a list of its wrong rows, or why it can't be used. */
export async function outcomeOf(deps: ImportDeps, asked: FileToImport): Promise<FormOrRefusal> {
  const { file, person, ownOnly } = asked;
  if (ownOnly && file.owner?.userId !== person.userId) return { refused: NOT_YOUR_FILE };
  const bar = await barOfOwner(deps, file, person);
  if (bar !== undefined) return { refused: ownerBarredSentence(bar) };
  const fetched = await deps.fetchFile(file);
  if ('fault' in fetched) return { refused: fetchFaultSentence(fetched.fault) };
  const { bytes } = fetched;
  const read = readImport(bytes);
  if ('fault' in read) return { refused: importFaultSentence(read.fault) };
  return read.kind === 'disconnect'
    ? disconnectOutcome(deps, asked, read, bytes)
    : orderOutcome(deps, asked, read, bytes);
}

/** Why a file that someone else shared can't be used: that person couldn't have requested what is in it. */
async function barOfOwner({ admit }: ImportDeps, { owner }: SharedFile, person: Person) {
  if (owner?.userId === person.userId) return undefined;
  if (owner === undefined) return 'account-unknown';
  return (await admit(owner)).bar;
}

async function disconnectOutcome(
  deps: ImportDeps,
  asked: FileToImport,
  { numbers, wrong, ignored }: DisconnectImport,
  bytes: Uint8Array,
): Promise<FormOrRefusal> {
  const review = reviewOf(asked, bytes, wrong);
  if (review !== undefined) return { view: reviewForm({ ...review, right: numbers.length, ignored }) };
  const { channelId, person: requester } = asked;
  const quantity = numbers.length;
  const refusal = await disconnectNotAllowed(deps, { quantity, requester, channelId });
  if (refusal !== undefined) return { refused: refusal };
  const notice = [NOTHING_ELSE_IN_FILE, ignoredColumns(ignored)].filter((each) => each !== undefined);
  return {
    view: newDisconnectForm({ orderId: randomUUID(), channelId, numbers, notice: notice.join(' ') }),
  };
}

async function orderOutcome(
  deps: ImportDeps,
  asked: FileToImport,
  { rows, wrong: unreadable, ignored }: OrderImport,
  bytes: Uint8Array,
): Promise<FormOrRefusal> {
  const { placed, wrong: unplaced } = await placeRows(deps.listPlaces, rows);
  const wrong = [...unreadable, ...unplaced].sort((one, other) => one.row - other.row);
  const review = reviewOf(asked, bytes, wrong);
  if (review !== undefined) return { view: reviewForm({ ...review, right: placed.length, ignored }) };
  const order = orderOfRows(placed);
  if (order.lines.length > MAX_LINES) return { refused: tooManyLines(order.lines.length) };
  const { channelId, person } = asked;
  return formOfLines(deps, { ...order, channelId, person, notice: ignoredColumns(ignored) });
}

/** The form that lists the wrong rows; undefined if nothing is wrong, or if the person wants to go on without them. */
function reviewOf({ file, channelId, without }: FileToImport, bytes: Uint8Array, wrong: readonly WrongRow[]) {
  if (wrong.length === 0) return undefined;
  const digest = createHash('sha256').update(bytes).update(JSON.stringify(wrong)).digest('base64url');
  return digest === without ? undefined : { channelId, fileId: file.id, digest, wrong };
}

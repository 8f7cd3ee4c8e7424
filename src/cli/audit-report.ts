import type { JournalProblem } from '../orders/journal/journal-problem.js';
import type { Verification } from '../orders/journal/verify-journal.js';
import type { LedgerProblem } from '../orders/journal/verify-ledger.js';

type Problem = JournalProblem | LedgerProblem;
type Found = Omit<Verification, 'problems'> & { readonly problems: readonly Problem[] };

/** An empty store proves nothing: a wrong STORE_URL is more likely than an app that never took an order. */
const isEmpty = ({ chains, orders, problems }: Found): boolean =>
  chains.length === 0 && orders === 0 && problems.length === 0;

export const isSound = (found: Found): boolean => found.problems.length === 0 && !isEmpty(found);

/** The lines that `npm run audit:verify` prints. */
export function auditReport(found: Found): readonly string[] {
  if (isEmpty(found)) return ['No orders and no journal found. Is STORE_URL right?'];
  const { chains, orders, removed, pending, problems } = found;
  const checked = [
    ...chains.map(
      ({ teamId, entries, head }) =>
        `Workspace ${teamId}: ${count(entries, 'entry', 'entries')}${head === '' ? '.' : `, the last with the hash ${head}.`}`,
    ),
    `${count(orders, 'order', 'orders')} rebuilt from ${orders === 1 ? 'its' : 'their'} events.`,
  ];
  const awaited = `${count(pending, 'event is', 'events are')} on an order and not in the journal yet. The running app adds ${pending === 1 ? 'it' : 'them'}.`;
  const old = `${count(removed, 'order', 'orders')} deleted after KEEP_FINISHED; the journal has ${removed === 1 ? 'its' : 'their'} events.`;
  return [
    ...checked,
    ...(removed === 0 ? [] : [old]),
    ...(pending === 0 ? [] : [awaited]),
    ...problems.map((problem) => `WRONG: ${problemInWords(problem)}`),
    problems.length === 0
      ? 'No problems found. Compare the hashes with ones you noted earlier: anyone who can write to the database can also rewrite the whole chain.'
      : `${count(problems.length, 'problem', 'problems')} found.`,
  ];
}

/** Says what one problem is. */
export function problemInWords(problem: Problem): string {
  switch (problem.what) {
    case 'entries missing':
      return problem.from === problem.to
        ? `${entry({ ...problem, sequence: problem.from })} is missing, although later entries exist.`
        : `Entries ${problem.from} to ${problem.to} of workspace ${problem.teamId} are missing, although later entries exist.`;
    case 'entry unreadable':
      return `${entry(problem)} can't be read.`;
    case 'entry changed':
      return `${entry(problem)} was changed: its hash doesn't match its contents.`;
    case 'entry does not follow':
      return `${entry(problem)} doesn't follow the previous entry: one of the two was replaced or moved.`;
    case 'event out of turn':
      return `${entry(problem)} is ${event(problem)}, which is out of sequence.`;
    case 'no entry':
      return `The value under the key ${JSON.stringify(problem.key)} isn't an entry.`;
    case 'order missing':
      return `Order ${problem.orderId} is in the journal of workspace ${problem.teamId}, but missing from the database.`;
    case 'delegations missing':
      return `The journal of workspace ${problem.teamId} has the delegations ${problem.orderId}, but they are missing from the database.`;
    case 'explanation missing':
      return `The journal of workspace ${problem.teamId} has the explanation of drift ${problem.orderId}, but it is missing from the database, or can't be read.`;
    case 'order unreadable':
      return `Order ${problem.orderId} can't be read: ${problem.why}.`;
    case 'event missing':
      return `The journal is missing ${event(problem)}.`;
    case 'event unknown':
      return `The journal has ${event(problem)}, but the order doesn't.`;
    case 'event differs':
      return `The journal and the order disagree about ${event(problem)}.`;
    case 'history impossible':
      return `The events of order ${problem.orderId} are inconsistent: ${problem.why}.`;
    case 'tally missing':
      return `The tally of ${problem.month} is missing or unreadable, although orders count toward it. The app rebuilds it before it approves anything.`;
    case 'tally too low':
      return `The tally of ${problem.month} counts ${problem.counted} for ${problem.of}, but the orders add up to ${problem.onRecord}: more could be approved than the limits allow.`;
    case 'order differs':
      return `Order ${problem.orderId} doesn't match its events in: ${problem.where.join(', ')}.`;
  }
}

const entry = ({ teamId, sequence }: { readonly teamId: string; readonly sequence: number }) =>
  `Entry ${sequence} of workspace ${teamId}`;

/** Counts from one, for people. */
const event = ({ orderId, index }: { readonly orderId: string; readonly index: number }) =>
  `event ${index + 1} of order ${orderId}`;

const count = (quantity: number, one: string, many: string) => `${quantity} ${quantity === 1 ? one : many}`;

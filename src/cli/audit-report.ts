import type { JournalProblem, Verification } from '../orders/journal/verify-journal.js';
import type { LedgerProblem } from '../orders/journal/verify-ledger.js';

type Problem = JournalProblem | LedgerProblem;
type Found = Omit<Verification, 'problems'> & { readonly problems: readonly Problem[] };

/** An empty store proves nothing: a wrong STORE_URL is more likely than an app that never took an order. */
const isEmpty = ({ chains, orders, problems }: Found): boolean =>
  chains.length === 0 && orders === 0 && problems.length === 0;

export const isSound = (found: Found): boolean => found.problems.length === 0 && !isEmpty(found);

/** The lines that `npm run audit:verify` prints. */
export function auditReport(found: Found): readonly string[] {
  if (isEmpty(found)) return ['There is no order and no journal here: is STORE_URL right?'];
  const { chains, orders, pending, problems } = found;
  const checked = [
    ...chains.map(
      ({ teamId, entries, head }) =>
        `Workspace ${teamId}: ${count(entries, 'entry', 'entries')}${head === '' ? '.' : `, the last with the hash ${head}.`}`,
    ),
    `${count(orders, 'order', 'orders')} rebuilt from ${orders === 1 ? 'its' : 'their'} events.`,
  ];
  const awaited = `${count(pending, 'event is', 'events are')} on an order and not in the journal yet; the app writes ${pending === 1 ? 'it' : 'them'} as long as it runs.`;
  return [
    ...checked,
    ...(pending === 0 ? [] : [awaited]),
    ...problems.map((problem) => `WRONG: ${inWords(problem)}`),
    problems.length === 0
      ? 'Nothing is wrong. Compare the hashes with ones you noted earlier: whoever can write to the database can also write the whole chain anew.'
      : `${count(problems.length, 'thing is', 'things are')} wrong.`,
  ];
}

function inWords(problem: Problem): string {
  switch (problem.what) {
    case 'entries missing':
      return problem.from === problem.to
        ? `${entry({ ...problem, sequence: problem.from })} is missing, though later ones are there.`
        : `Entries ${problem.from} to ${problem.to} of workspace ${problem.teamId} are missing, though later ones are there.`;
    case 'entry unreadable':
      return `${entry(problem)} cannot be read as an entry.`;
    case 'entry changed':
      return `${entry(problem)} was changed: its hash is not that of its contents.`;
    case 'entry does not follow':
      return `${entry(problem)} does not follow the one before it: one of the two was replaced or moved.`;
    case 'event out of turn':
      return `${entry(problem)} is ${event(problem)}, which does not come there.`;
    case 'no entry':
      return `Among the entries lies something that is none, under the key ${JSON.stringify(problem.key)}.`;
    case 'order missing':
      return `Order ${problem.orderId} is in the journal of workspace ${problem.teamId} and not among the orders.`;
    case 'order unreadable':
      return `Order ${problem.orderId} cannot be read: ${problem.why}.`;
    case 'event missing':
      return `The journal lacks ${event(problem)}.`;
    case 'event unknown':
      return `The journal has ${event(problem)}, and the order itself does not.`;
    case 'event differs':
      return `The journal and the order disagree about ${event(problem)}.`;
    case 'history impossible':
      return `The events of order ${problem.orderId} cannot have happened like this: ${problem.why}.`;
    case 'tally missing':
      return `The tally of ${problem.month} is missing or unreadable, though orders count in it. The app rebuilds it before it approves anything.`;
    case 'tally too low':
      return `The tally of ${problem.month} counts ${problem.counted} for ${problem.of}, and the orders come to ${problem.onRecord}: more could be approved than the limits allow.`;
    case 'order differs':
      return `Order ${problem.orderId} is not what its events make it; this differs: ${problem.where.join(', ')}.`;
  }
}

const entry = ({ teamId, sequence }: { readonly teamId: string; readonly sequence: number }) =>
  `Entry ${sequence} of workspace ${teamId}`;

/** Counts from one, for people. */
const event = ({ orderId, index }: { readonly orderId: string; readonly index: number }) =>
  `event ${index + 1} of order ${orderId}`;

const count = (quantity: number, one: string, many: string) => `${quantity} ${quantity === 1 ? one : many}`;

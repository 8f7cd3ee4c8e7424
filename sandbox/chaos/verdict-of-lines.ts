import type { ExistingOrder, LocalBandwidth } from '../local-bandwidth/local-bandwidth.js';
import { asPlainText, type LocalSlack } from '../local-slack/local-slack.js';
import { canBeDecided, cardsIn } from './simulated-people.js';
import { type End, endWithoutOrder, saidIn } from './verdict.js';

/** The lines of an order of several: each one number in a place, and its own order at Bandwidth. */
export const wordsForLines = (lines: number): string =>
  Array.from({ length: lines }, (_, index) => `${PLACES[index % PLACES.length]} x1`).join(', ');

const PLACES = ['910', '919', '984', 'Raleigh, NC'];

/** Returns the end once the newest card shows it correctly, nothing is left to decide and the requester was told. */
export function endOfLines(
  slack: LocalSlack,
  bandwidth: Pick<LocalBandwidth, 'orders'>,
  lines: number,
): End | undefined {
  const card = cardsIn(slack).at(-1);
  if (card === undefined) return undefined;
  const says = asPlainText(card);
  const quiet = endWithoutOrder(slack, says);
  if (quiet !== undefined && bandwidth.orders().length === 0) return canBeDecided(card) ? undefined : quiet;
  if (canBeDecided(card)) return undefined;
  const isTold = saidIn(slack).some((sentence) => /@ana your/.test(sentence));
  const isTrue = headlines(bandwidth.orders(), lines).some((headline) => says.includes(headline));
  return isTrue && isTold ? { kind: 'delivered' } : undefined;
}

/** What the card must say: how many numbers came, of as many as there are lines. */
function headlines(orders: readonly ExistingOrder[], lines: number): readonly string[] {
  if (orders.some(({ status }) => !ended.includes(status))) return [];
  const came = orders.reduce((sum, { numbers }) => sum + numbers.length, 0);
  if (came === lines) return [`✅ Complete: ${came} of ${lines}`];
  return came === 0 ? [`❌ Failed: 0 of ${lines}`] : [`🟡 Partial: ${came} of ${lines}`];
}

const ended: readonly ExistingOrder['status'][] = ['COMPLETE', 'PARTIAL', 'FAILED'];

/** Compares what people see with what exists at Bandwidth: each line is there at most once. */
export function wrongWithLines(run: {
  readonly end: End | undefined;
  readonly slack: LocalSlack;
  readonly orders: readonly ExistingOrder[];
  readonly onRecord: string | undefined;
  readonly lines: number;
}) {
  const { end, slack, orders, onRecord, lines } = run;
  const ids = new Set(orders.map(({ customerOrderId }) => customerOrderId));
  const duplicates = orders.length - ids.size + Math.max(0, ids.size - lines);
  const problems = duplicates === 0 ? [] : [`${orders.length} orders at Bandwidth for ${ids.size} lines`];
  const came = orders.reduce((sum, { numbers }) => sum + numbers.length, 0);
  if (end === undefined) {
    const says = asPlainText(cardsIn(slack).at(-1) ?? { blocks: [], text: 'no card', names: {} }).split(
      '\n',
    )[0];
    problems.push(
      `the card says “${says}”, and ${orders.length} lines are at Bandwidth with ${came} numbers`,
    );
  }
  if (end?.kind === 'delivered') {
    const expected = came === lines ? 'complete' : came === 0 ? 'failed' : 'partial';
    if (onRecord !== expected)
      problems.push(`${came} of ${lines} numbers came, and the database says ${onRecord}`);
  }
  const said = saidIn(slack);
  return {
    problems,
    duplicates,
    losses: end === undefined && orders.length < lines ? 1 : 0,
    stale: end === undefined ? 1 : 0,
    repeats: said.length - new Set(said).size,
  };
}

import type { ExistingOrder, LocalBandwidth } from '../local-bandwidth/local-bandwidth.js';
import { asPlainText, type LocalSlack } from '../local-slack/local-slack.js';
import { numbersChannel, people } from '../sample-workspace.js';
import type { Decision, Scenario } from './plan.js';
import { canBeDecided, cardsIn, isCard } from './simulated-people.js';

/** How an order ended, as people see it. */
export interface End {
  readonly kind: 'delivered' | 'declined' | 'cancelled' | 'refused' | 'unknown';
}

/** The final states of an order at Bandwidth, and what the card and the thread must say. */
const delivered = {
  COMPLETE: {
    card: ({ numbers, quantity }: ExistingOrder) => `✅ Complete: ${numbers.length} of ${quantity}`,
    told: /@ana your (?:number is|\d+ numbers are) active/,
  },
  PARTIAL: {
    card: ({ numbers, quantity }: ExistingOrder) => `🟡 Partial: ${numbers.length} of ${quantity}`,
    told: /@ana your order was partly delivered/,
  },
  FAILED: {
    card: ({ quantity }: ExistingOrder) => `❌ Failed: 0 of ${quantity}`,
    told: /@ana your order of .* failed/,
  },
} as const;

const withoutOrder = [
  { kind: 'declined', card: '🚫 Declined', told: /declined your order/ },
  { kind: 'cancelled', card: '🚫 Canceled', told: /Canceled by @/ },
  { kind: 'refused', card: '⛔ Refused by Bandwidth', told: /Bandwidth refused your order/ },
  { kind: 'unknown', card: '⚠️ Outcome unknown', told: /Bandwidth didn't answer/ },
] as const;

/** Returns the end once the newest card shows it correctly, nothing is left to decide and the requester was told. */
export function endOf(slack: LocalSlack, bandwidth: Pick<LocalBandwidth, 'orders'>): End | undefined {
  const card = cardsIn(slack).at(-1);
  if (card === undefined) return undefined;
  const says = asPlainText(card);
  const told = (words: RegExp) => saidIn(slack).some((sentence) => words.test(sentence));
  const quiet = withoutOrder.find((each) => says.includes(each.card));
  if (quiet?.kind === 'unknown') return { kind: 'unknown' };
  if (canBeDecided(card)) return undefined;
  if (quiet !== undefined) return endWithoutOrder(slack, says);
  const order = theOrder(bandwidth.orders());
  const expected = order && expectedOf(order);
  if (order === undefined || expected === undefined) return undefined;
  return says.includes(expected.card(order)) && told(expected.told) ? { kind: 'delivered' } : undefined;
}

/** Returns the end of an order of which nothing is at Bandwidth, once the requester was told. */
export function endWithoutOrder(slack: LocalSlack, says: string): End | undefined {
  const quiet = withoutOrder.find((each) => says.includes(each.card));
  if (quiet === undefined || quiet.kind === 'unknown') return undefined;
  return saidIn(slack).some((sentence) => quiet.told.test(sentence)) ? { kind: quiet.kind } : undefined;
}

/** Returns the order that counts when several exist for one request. Each number is sold once, so all others failed. */
const theOrder = (orders: readonly ExistingOrder[]): ExistingOrder | undefined =>
  orders.find(({ status }) => status !== 'FAILED') ?? orders[0];

function expectedOf({ status }: ExistingOrder) {
  return status === 'COMPLETE' || status === 'PARTIAL' || status === 'FAILED' ? delivered[status] : undefined;
}

/** Returns everything the app posted in threads (even of deleted cards), in the channel and to the requester. */
export function saidIn(slack: LocalSlack): readonly string[] {
  return slack.workspace
    .everything()
    .filter((message) => message.user === slack.botUserId && !isCard(message))
    .filter(
      ({ channel, onlyFor }) =>
        (channel === numbersChannel.id && (onlyFor === undefined || onlyFor === people.ana.id)) ||
        channel === slack.workspace.directId(people.ana.id),
    )
    .map((message) => asPlainText(message));
}

/** Which decisions may lead to which end. */
const mayEnd: Readonly<Record<Decision, readonly End['kind'][]>> = {
  approves: ['delivered', 'unknown', 'refused'],
  'clicks twice': ['delivered', 'unknown', 'refused'],
  'two approvers at once': ['delivered', 'unknown', 'refused'],
  'one approves, one declines': ['delivered', 'unknown', 'refused', 'declined'],
  'approves while the requester cancels': ['delivered', 'unknown', 'refused', 'cancelled'],
  declines: ['declined'],
  'the requester cancels': ['cancelled'],
};

const recordAt: Readonly<Record<string, string>> = {
  COMPLETE: 'complete',
  PARTIAL: 'partial',
  FAILED: 'failed',
};

/** Returns the one of two orders for the same numbers that got none. */
const failedDuplicate = (orders: readonly ExistingOrder[]): ExistingOrder | undefined =>
  orders.length > 1 ? orders.find(({ status }) => status === 'FAILED') : undefined;

/** Compares what people see with what exists at Bandwidth and with the database of a stopped app. */
export function wrongWith(run: {
  readonly scenario: Pick<Scenario, 'decision' | 'wanted'>;
  readonly end: End | undefined;
  readonly slack: LocalSlack;
  readonly orders: readonly ExistingOrder[];
  readonly onRecord: string | undefined;
}) {
  const { scenario, end, slack, orders, onRecord } = run;
  const { decision } = scenario;
  const problems: string[] = [];
  const complain = (sentence: string) => problems.push(sentence);
  const card = cardsIn(slack).at(-1);
  const order = theOrder(orders);
  let losses = 0;
  let stale = 0;

  const allowed = onRecord === 'declined' || onRecord === 'cancelled' ? 0 : 1;
  // Selected numbers may be ordered a second time, because they can't be sold twice: then one of the two orders has
  // failed.
  const counted =
    scenario.wanted === 'numbers' ? orders.filter((each) => each !== failedDuplicate(orders)) : orders;
  const duplicates = Math.max(0, counted.length - allowed);
  if (duplicates > 0) complain(`${orders.length} orders at Bandwidth where ${allowed} may be`);

  if (card === undefined) {
    losses += 1;
    complain(`a request that was acknowledged has no card, and is ${onRecord ?? 'not'} on record`);
  } else if (onRecord === 'awaiting-approval') {
    losses += 1;
    complain('a decision that was acknowledged is not on record');
  } else if (end === undefined) {
    const says = asPlainText(card).split('\n')[0];
    const truth = order === undefined ? onRecord : `${order.status} at Bandwidth`;
    const expected = order && expectedOf(order);
    const current =
      order !== undefined && expected !== undefined && asPlainText(card).includes(expected.card(order));
    if (current) {
      losses += 1;
      complain(`the requester was never told how it ended (${truth})`);
    } else {
      stale += 1;
      complain(`the card says “${says}” and the order is ${truth}`);
    }
  } else {
    if (!mayEnd[decision].includes(end.kind)) {
      losses += 1;
      complain(`it ended as ${end.kind}, but the decision was: ${decision}`);
    }
    const known = order === undefined ? undefined : recordAt[order.status];
    if (end.kind === 'delivered' && onRecord !== known) {
      complain(`Bandwidth says ${order?.status}, the database ${onRecord}`);
    }
  }
  const said = saidIn(slack);
  return { problems, duplicates, losses, stale, repeats: said.length - new Set(said).size };
}

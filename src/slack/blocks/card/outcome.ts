import type { CarrierFault, FinalCarrierStatus } from '../../../orders/domain/carrier-report.js';
import { deliveredQuantity, listsAll, type OrderIn } from '../../../orders/domain/order.js';
import type { PhoneNumber } from '../../../orders/domain/phone-number.js';
import { namedNumbers } from '../../../orders/domain/request.js';
import { codeSpan, cut } from '../../escape.js';
import { kindWords } from '../kind-words.js';
import { count, figure, listNumbers, typed } from '../vocabulary.js';

/** How much of Bandwidth's words fits where they are shown. */
export interface FaultRoom {
  readonly kinds: number;
  readonly words: number;
  readonly numbers: number;
}

/** One line for each of Bandwidth's codes, in its own words, with the numbers it concerns. */
export function faultLines(faults: readonly CarrierFault[], room: FaultRoom): string[] {
  const kinds = groupByWords(faults);
  const lines = kinds.slice(0, room.kinds).map(({ code, description, numbers }) => {
    const words = `• ${[typed(code, 40), typed(description, room.words)].filter((each) => each !== '').join(': ')}`;
    return numbers.length === 0 ? words : `${words} — ${listNumbers(numbers, room.numbers)}`;
  });
  const more = kinds.length - lines.length;
  return more > 0 ? [...lines, `• and ${figure(more)} more of Bandwidth's error messages`] : lines;
}

function groupByWords(faults: readonly CarrierFault[]): CarrierFault[] {
  const groups = new Map<string, CarrierFault>();
  for (const fault of faults) {
    // The same code can come with other words (5002 has 24 meanings): both make the group.
    const key = JSON.stringify([fault.code, fault.description]);
    const before = groups.get(key)?.numbers ?? [];
    groups.set(key, { ...fault, numbers: [...new Set([...before, ...fault.numbers])] });
  }
  return [...groups.values()];
}

/** An order that is over at Bandwidth, one way or another. */
export type Finished = OrderIn<FinalCarrierStatus>;

/** How many numbers Bandwidth delivered; undefined when it did not say. */
export const quantityDelivered = ({ status, outcome }: Finished): number | undefined =>
  deliveredQuantity(status, outcome);

/** Where Bandwidth's figures and lists can't be what came: numbers that can't be read, counts that don't fit. */
export function contradictions({ status, outcome, request }: Finished): string[] {
  const { completed, completedQuantity, unread = 0 } = outcome;
  const done = request.kind === 'purchase' ? 'delivered' : 'disconnected';
  const listed = completed.length + unread;
  return [
    ...(unread === 0 ? [] : [`⚠️ Bandwidth lists ${count(unread, `${done} number`)} that I can't read.`]),
    ...(completedQuantity === undefined ||
    completedQuantity === listed ||
    (listed === 0 && completedQuantity > 0)
      ? []
      : [`⚠️ Bandwidth counts ${count(completedQuantity, `${done} number`)} and lists ${figure(listed)}.`]),
    ...(completedQuantity === 0 && listed === 0 && status !== 'failed'
      ? [`⚠️ Bandwidth calls this ${status}, but counts no ${done} numbers.`]
      : []),
  ];
}

/** Numbers that did not come and that none of Bandwidth's errors names. */
export function unexplained(order: Finished): readonly PhoneNumber[] {
  const { completed, failed, faults } = order.outcome;
  const named = new Set([...completed, ...faults.flatMap(({ numbers }) => numbers)]);
  return [...new Set([...failed, ...neverMentioned(order)])].filter((number) => !named.has(number));
}

/** Named numbers of an order that is over, found in none of Bandwidth's lists: a FAILED order may echo none. */
function neverMentioned({ status, outcome, request }: Finished): readonly PhoneNumber[] {
  if (status === 'complete') return [];
  // Without a whole list of what came we cannot tell what did not.
  if (!listsAll(outcome)) return [];
  return status === 'failed' || outcome.completed.length > 0 ? namedNumbers(request) : [];
}

/** What people have to know when a request was sent twice and both arrived. */
export function duplicateLines({ twins, request }: Finished): string[] {
  if (twins === undefined) return [];
  const also = twins.map((id) => codeSpan(cut(id, 100))).join(', ');
  const arrived = `Both requests for this ${kindWords[request.kind].title.toLowerCase()} arrived: see Bandwidth order ${also} too.`;
  return [
    namedNumbers(request).length > 0 ? `${arrived} ${kindWords[request.kind].onlyOnce}` : `⚠️ ${arrived}`,
  ];
}

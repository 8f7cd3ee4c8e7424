import type { CarrierFault, FinalCarrierStatus } from '../../../orders/domain/carrier-report.js';
import { deliveredQuantity, listsAll } from '../../../orders/domain/carrier-report.js';
import type { OrderIn } from '../../../orders/domain/order.js';
import type { PhoneNumber } from '../../../orders/domain/phone-number.js';
import { namedNumbers } from '../../../orders/domain/request.js';
import { codeSpan, cut } from '../../text/escape.js';
import { count, figure, listNumbers, typed } from '../format.js';
import { kindWords } from '../kind-words.js';

/** How much of Bandwidth's words fits. */
export interface FaultRoom {
  readonly kinds: number;
  readonly words: number;
  readonly numbers: number;
}

/** One line for each of Bandwidth's errors, in its own words, with the numbers it affects. */
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
    // The same code can have different descriptions (5002 has 24), so both form the key.
    const key = JSON.stringify([fault.code, fault.description]);
    const before = groups.get(key)?.numbers ?? [];
    groups.set(key, { ...fault, numbers: [...new Set([...before, ...fault.numbers])] });
  }
  return [...groups.values()];
}

/** An order that Bandwidth has finished, with or without success. */
export type Finished = OrderIn<FinalCarrierStatus>;

/** Returns how many numbers Bandwidth delivered; undefined when it didn't say. */
export const quantityDelivered = ({ status, outcome }: Finished): number | undefined =>
  deliveredQuantity(status, outcome);

/** Explains why Bandwidth's counts and lists can't be trusted: unreadable numbers, or counts that don't match. */
export function contradictions({ status, outcome, request }: Finished): string[] {
  const { completed, completedQuantity, unread = 0 } = outcome;
  const done = kindWords[request.kind].done.toLowerCase();
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

/** Returns the numbers that weren't delivered and that none of Bandwidth's errors name. */
export function unexplained(order: Finished): readonly PhoneNumber[] {
  const { completed, failed, faults } = order.outcome;
  const named = new Set([...completed, ...faults.flatMap(({ numbers }) => numbers)]);
  return [...new Set([...failed, ...neverMentioned(order)])].filter((number) => !named.has(number));
}

/** Returns the numbers of a finished order that appear in none of Bandwidth's lists. A FAILED order may list none. */
function neverMentioned({ status, outcome, request }: Finished): readonly PhoneNumber[] {
  if (status === 'complete') return [];
  // Without a complete list of the delivered numbers, the missing ones aren't known.
  if (!listsAll(outcome)) return [];
  return status === 'failed' || outcome.completed.length > 0 ? namedNumbers(request) : [];
}

/** A hundred lines may each have one. */
const DUPLICATES_NAMED = 5;

/** Warns that a request was sent twice and both copies arrived. */
export function duplicateLines({ duplicates, request }: Finished): string[] {
  if (duplicates === undefined) return [];
  const more = duplicates.length - DUPLICATES_NAMED;
  const also = [
    ...duplicates.slice(0, DUPLICATES_NAMED).map((id) => codeSpan(cut(id, 100))),
    ...(more > 0 ? [`and ${figure(more)} more`] : []),
  ].join(', ');
  const arrived = `Both requests for this ${kindWords[request.kind].title.toLowerCase()} arrived: see Bandwidth order ${also} too.`;
  return [
    namedNumbers(request).length > 0 ? `${arrived} ${kindWords[request.kind].onlyOnce}` : `⚠️ ${arrived}`,
  ];
}

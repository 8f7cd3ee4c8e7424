import {
  type CarrierFault,
  deliveredQuantity,
  deliveredSoFar,
} from '../../../orders/domain/carrier-report.js';
import { linesOf } from '../../../orders/domain/lines.js';
import { listedNumbers } from '../../../orders/domain/number-outcome.js';
import { isFinal, NUMBERS_ON_A_CARD, type Order } from '../../../orders/domain/order.js';
import { type LineOfSeveral, linesWanted, severalLines } from '../../../orders/domain/request.js';
import { asksPeople } from '../../../orders/domain/unanswered.js';
import { count, figure, listNumbers, mention, typed } from '../format.js';
import type { Line, Room } from '../order/card-lines.js';
import { lineWithDestination, listLines, listWanted } from '../order/line-list.js';
import { faultLines } from '../order/outcome.js';
import { reasonWords } from '../reason-words.js';

/** The state of one line of an order, as far as people care. */
export type LineStanding =
  | 'delivered'
  | 'in-part'
  | 'pending'
  | 'back-ordered'
  | 'to-decide'
  | 'not-delivered'
  | 'canceled';

export function standingOf(line: Order): LineStanding {
  switch (line.status) {
    case 'complete':
      return 'delivered';
    case 'partial':
      return 'in-part';
    case 'refused':
    case 'failed':
      return 'not-delivered';
    case 'cancelled':
      return 'canceled';
    case 'given-up':
      return line.endedAt === undefined ? 'to-decide' : 'not-delivered';
    case 'placing':
      return asksPeople(line) ? 'to-decide' : 'pending';
    case 'placed':
      return line.carrierOrder.status === 'backordered' ? 'back-ordered' : 'pending';
    default:
      return 'pending';
  }
}

const labels: Readonly<Record<LineStanding, string>> = {
  delivered: '✅ Delivered',
  'in-part': '🟡 Delivered in part',
  pending: '🔄 Pending',
  'back-ordered': '📦 Back-ordered',
  'to-decide': '⚠️ Outcome unknown',
  'not-delivered': '❌ Not delivered',
  canceled: '🚫 Canceled',
};

const standings = Object.keys(labels) as readonly LineStanding[];

/** The lines of an order, grouped by what became of them. Empty for an order of one line. */
export function lineGroups(order: Order, room: Pick<Room, 'quoted'>): Line[] {
  if (order.lines === undefined) return [];
  const lines = linesOf(order);
  const groups = standings.flatMap((standing) => {
    const those = lines.filter((line) => standingOf(line) === standing);
    return those.length === 0 ? [] : [{ label: labels[standing], those }];
  });
  // A tenth is left for the labels and for what is counted but not listed.
  const roomForEach = Math.floor((room.quoted * 0.9) / Math.max(FEW_GROUPS, groups.length));
  return groups.map(({ label, those }) => ({ label, value: listByReason(those, roomForEach) }));
}

/** Up to this many groups, each can be longer: one group alone doesn't fill a card. */
const FEW_GROUPS = 3;

/** More reasons than this would be harder to read than the file in the thread. */
const MAX_REASONS = 3;

/** Lists lines that failed for different reasons separately, each with Bandwidth's codes. */
function listByReason(lines: readonly Order[], room: number): string {
  const [first] = lines;
  if (first?.status === 'cancelled') return `${list(lines, room)} (by ${mention(first.by)})`;
  const reasons = new Map<string, Order[]>();
  for (const line of lines) {
    const codes = [...new Set(faultsOf(line).map(({ code }) => code))].join(', ');
    reasons.set(codes, [...(reasons.get(codes) ?? []), line]);
  }
  if (reasons.size > MAX_REASONS) return list(lines, room);
  return [...reasons]
    .map(([codes, those]) => {
      const listed = list(those, Math.floor(room / reasons.size));
      return codes === '' || reasons.size === 1 ? listed : `${listed} (${typed(codes, MAX_CODES_LENGTH)})`;
    })
    .join(' · ');
}

const MAX_CODES_LENGTH = 40;

/** "1 each in area codes 910, 919" or, if only some of the numbers were delivered, "2 of 4 in area code 910". */
function list(lines: readonly Order[], room: number): string {
  const came = lines.map(cameOf);
  if (came.every((quantity) => quantity === 0)) return listWanted(lines.flatMap(linesIn), room);
  return listLines(
    lines.map(
      (line, index) => `${came[index] === 0 ? '' : `${figure(came[index] ?? 0)} of `}${lineOfOrder(line)}`,
    ),
    room,
  );
}

/** How many numbers of a line were delivered, unless it is all or none of them. */
function cameOf(line: Order): number {
  if (line.status === 'placed') return deliveredSoFar(line.carrierOrder);
  return line.status === 'partial' ? (deliveredQuantity(line.status, line.outcome) ?? 0) : 0;
}

const faultsOf = (line: Order): readonly CarrierFault[] =>
  'outcome' in line ? line.outcome.faults : line.status === 'refused' ? line.faults : [];

/** Why lines were refused, where Bandwidth's own words don't say so. Each sentence appears once; escaped. */
export function refusalsInWords(order: Order, room: number): string[] {
  const unsaid = linesOf(order).flatMap((line) =>
    order.lines !== undefined && line.status === 'refused' && line.faults.length === 0 ? [line.advice] : [],
  );
  return [...new Set(unsaid)].slice(0, MAX_TROUBLES).map((advice) => typed(advice, Math.floor(room / 3)));
}

const MAX_TROUBLES = 3;

/** What a line asks for, and its destination if that differs from the rest of the order: "2 in 910". */
const lineOfOrder = (line: Order): string => linesIn(line).map(lineWithDestination).join(', ');

/** What a line of an order, seen as an order of its own, asks for. */
export function linesIn({ request, part }: Order): readonly LineOfSeveral[] {
  const wanted = part && severalLines(part.of.request)[part.line - 1];
  if (wanted !== undefined) return [wanted];
  return request.kind === 'purchase' ? linesWanted(request.wanted) : [];
}

/** The progress of an order of several lines: which were delivered, and why others weren't. */
export function linesSoFar(order: Order, room: Room): Line[][] {
  const lines = linesOf(order);
  const placed = lines.filter(({ status }) => isPlaced(status)).length;
  const came = listedNumbers(order);
  return [
    [{ label: 'Placed', value: `${figure(placed)} of ${count(lines.length, 'line')}` }],
    lineGroups(order, room),
    came.length === 0 ? [] : [{ label: 'Delivered so far', value: listNumbers(came, NUMBERS_ON_A_CARD) }],
    whatIsWrong(lines, room),
    refusalsInWords(order, room.advice).map((advice) => `⚠️ ${advice}`),
    faultLines(lines.flatMap(faultsOf), room.faults),
  ];
}

/** Whether Bandwidth has it, or had it. */
const isPlaced = (status: Order['status']): boolean =>
  status === 'placed' || status === 'complete' || status === 'partial' || status === 'failed';

/** What keeps lines waiting, each sentence once. */
function whatIsWrong(lines: readonly Order[], room: Room): Line[] {
  const troubles = lines.flatMap((line) =>
    'asking' in line && !isFinal(line) && line.asking.trouble !== undefined
      ? [reasonWords(line.asking.trouble)]
      : [],
  );
  return [...new Set(troubles)]
    .slice(0, MAX_TROUBLES)
    .map((trouble) => `⚠️ ${typed(trouble, Math.floor(room.advice / 3))}`);
}

import { NUMBERS_ON_A_CARD, type Order } from '../../../orders/domain/order.js';
import { listNumbers, mention, moment, numbersInLines } from '../format.js';
import { kindWords } from '../kind-words.js';
import { nameColumns } from '../kinds/request-columns.js';
import { kindDrawings } from '../kinds/table.js';
import type { Labeled, Line, Paragraph, Room } from '../order/card-lines.js';
import { perhapsSomebodyElses } from '../order/lost-words.js';
import { contradictions, duplicateLines, type Finished, faultLines, unexplained } from '../order/outcome.js';
import { orderServiceLines } from '../order/service-words.js';
import { approvalLine, turnedUpLines } from './approval-lines.js';
import { lineGroups, refusalsInWords } from './lines-so-far.js';
import { reasonInALine, requestedBy } from './request-lines.js';

export const isFinished = (order: Order): order is Finished =>
  order.status === 'complete' || order.status === 'partial' || order.status === 'failed';

/** Returns everything about a finished order: its numbers first, then who, where and why, then Bandwidth's errors. */
export function outcomeParagraphs(order: Finished, room: Room): Paragraph[] {
  const { request } = order;
  return [
    numberLines(order),
    lineGroups(order, room),
    [...turnedUpLines(order), ...perhapsSomebodyElses(order), ...duplicateLines(order)],
    {
      columns: [
        requestedBy(order),
        approvalLine(order),
        ...kindDrawings[request.kind].placeColumns(request),
        ...nameColumns(request),
        ...closedBy(order),
        reasonInALine(request),
      ],
    },
    [...refusalsInWords(order, room.advice), ...faultLines(order.outcome.faults, room.faults)],
    provisioningLines(order),
  ];
}

/** The thread says so too, but people look at the card later. */
function provisioningLines({ outcome: { unprovisioned = [] } }: Finished): Line[] {
  return unprovisioned.length === 0
    ? []
    : [`⚠️ Not known to be fully provisioned: ${listNumbers(unprovisioned, NUMBERS_ON_A_CARD)}`];
}

function numberLines(order: Finished): Line[] {
  const { completed, unread } = order.outcome;
  const words = kindWords[order.request.kind];
  const missing = unexplained(order);
  const none = order.status === 'failed' ? words.noneDone : words.notListed;
  return [
    ...(completed.length > 0
      ? [{ label: words.done, value: numbersInLines(completed, NUMBERS_ON_A_CARD) }]
      : unread === undefined
        ? [none]
        : []),
    ...orderServiceLines(order),
    ...contradictions(order),
    ...(missing.length > 0 ? [{ label: words.notDone, value: listNumbers(missing, NUMBERS_ON_A_CARD) }] : []),
  ];
}

const closedBy = ({ closed }: Finished): Labeled[] =>
  closed === undefined
    ? []
    : [{ label: 'Back-order closed by', value: `${mention(closed.by)}, ${moment(closed.at)}` }];

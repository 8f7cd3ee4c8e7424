import type {
  Announcement,
  ApprovalAnnouncement,
  EditAnnouncement,
} from '../../../orders/domain/announcement.js';
import { linesThatSay } from '../../../orders/domain/due-announcements.js';
import { isEditAnnouncement } from '../../../orders/domain/editions.js';
import type { Order } from '../../../orders/domain/order.js';
import { isInService, requestedQuantity } from '../../../orders/domain/request.js';
import { linesIn } from '../card/lines-so-far.js';
import { count, figure } from '../format.js';
import { kindWords } from '../kind-words.js';
import { listWanted } from '../order/line-list.js';
import { backOrderedText, closingText, notClosedText } from './back-orders.js';
import { callText, holdsLapsedText } from './calls.js';
import {
  approvedText,
  canceledText,
  declinedText,
  expiredText,
  oneApprovalText,
  reopenedText,
} from './decisions.js';
import { editedText } from './edits.js';
import {
  givenUpText,
  notKnownText,
  outcomeUnknownText,
  resubmittedText,
  turnedUpText,
  untracedText,
} from './lost-orders.js';
import { outcomeText, refusedText, servicesText } from './outcomes.js';

/**
 * Returns what is posted in an order's thread, as text without blocks. Throws when the order was never in the state
 * that `kind` announces.
 */
export function announcement(order: Order, kind: Announcement): { text: string } {
  const lines = linesThatSay(order, kind);
  const [first = order] = lines;
  const said = sentences(first, kind);
  if (said === undefined) {
    throw new Error(`order ${first.id} is ${first.status} and has no announcement "${kind}"`);
  }
  return { text: [...said, ...whichLines(order, lines)].join('\n') };
}

/** Several lines of an order often share a fate, for example in an outage. The first one speaks for all. */
function whichLines(order: Order, lines: readonly Order[]): readonly string[] {
  const all = order.lines?.length ?? 0;
  if (lines.length === 0) return [];
  return lines.length === all
    ? [`This is about all ${count(all, 'line')}.`]
    : [
        `This is about ${figure(lines.length)} of the ${count(all, 'line')}: ${listWanted(lines.flatMap(linesIn), 500)}.`,
      ];
}

/** What is said, one line each; undefined for an order without anything to say. */
type Sentences = readonly string[] | undefined;

function sentences(order: Order, kind: Announcement): Sentences {
  if (isEditAnnouncement(kind)) return editedText(order, kind);
  if (isApprovalAnnouncement(kind)) return oneApprovalText(order, kind);
  return sayings[kind](order);
}

const isApprovalAnnouncement = (kind: Announcement): kind is ApprovalAnnouncement =>
  kind.startsWith('approval-');

const sayings: Readonly<
  Record<Exclude<Announcement, EditAnnouncement | ApprovalAnnouncement>, (order: Order) => Sentences>
> = {
  numbers: aboveNumbers,
  call: (order) => (order.status === 'awaiting-approval' ? [callText(order, [])] : undefined),
  'holds-lapsed': (order) => (order.status === 'awaiting-approval' ? [holdsLapsedText(order)] : undefined),
  approved: approvedText,
  reopened: reopenedText,
  declined: declinedText,
  expired: expiredText,
  cancelled: canceledText,
  refused: refusedText,
  unknown: outcomeUnknownText,
  untraced: untracedText,
  'not-known': notKnownText,
  'given-up': givenUpText,
  'turned-up': turnedUpText,
  again: resubmittedText,
  backordered: backOrderedText,
  closing: closingText,
  'not-closed': notClosedText,
  outcome: outcomeText,
  services: servicesText,
  delivered: aboveDelivered,
};

/** Above the file with all numbers of a request. */
function aboveNumbers({ request }: Order): Sentences {
  if (!isInService(request)) return undefined;
  const title = kindWords[request.kind].title.toLowerCase();
  return [`All ${count(requestedQuantity(request), 'number')} of this ${title}, and where they are:`];
}

/** Above the file with all delivered numbers, or with what became of each line. */
function aboveDelivered(order: Order): Sentences {
  if (order.lines !== undefined) return [`The results of all ${count(order.lines.length, 'line')}:`];
  return 'outcome' in order
    ? [`All ${count(order.outcome.completed.length, 'delivered number')}:`]
    : undefined;
}

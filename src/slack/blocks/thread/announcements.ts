import type {
  Announcement,
  ApprovalAnnouncement,
  EditAnnouncement,
} from '../../../orders/domain/announcement.js';
import { linesThatSay } from '../../../orders/domain/due-announcements.js';
import { isEditAnnouncement } from '../../../orders/domain/editions.js';
import type { Order } from '../../../orders/domain/order.js';
import { askedQuantity, isInService } from '../../../orders/domain/request.js';
import { linesIn } from '../card/lines-so-far.js';
import { count, figure } from '../format.js';
import { kindWords } from '../kind-words.js';
import { listWanted } from '../order/line-list.js';
import { backOrdered, closing, notClosed } from './back-orders.js';
import { callText, holdsLapsedText } from './calls.js';
import { approved, canceled, declined, expired, oneApproval, reopened } from './decisions.js';
import { edited } from './edits.js';
import { givenUp, notKnown, outcomeUnknown, resubmitted, turnedUp, untraced } from './lost-orders.js';
import { outcome, refused, services } from './outcomes.js';

/**
 * Returns what is posted in an order's thread, as text without blocks. Throws when the order was never in the state
 * that `kind` announces.
 */
export function announcement(order: Order, kind: Announcement): { text: string } {
  const lines = linesThatSay(order, kind);
  const [first = order] = lines;
  const said = sentences(first, kind);
  if (said === undefined) {
    throw new Error(`order ${first.id} is ${first.status}: there is nothing "${kind}" to tell of it`);
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
  if (isEditAnnouncement(kind)) return edited(order, kind);
  if (isApprovalNews(kind)) return oneApproval(order, kind);
  return sayings[kind](order);
}

const isApprovalNews = (kind: Announcement): kind is ApprovalAnnouncement => kind.startsWith('approval-');

const sayings: Readonly<
  Record<Exclude<Announcement, EditAnnouncement | ApprovalAnnouncement>, (order: Order) => Sentences>
> = {
  numbers: aboveNumbers,
  call: (order) => (order.status === 'awaiting-approval' ? [callText(order, [])] : undefined),
  'holds-lapsed': (order) => (order.status === 'awaiting-approval' ? [holdsLapsedText(order)] : undefined),
  approved,
  reopened,
  declined,
  expired,
  cancelled: canceled,
  refused,
  unknown: outcomeUnknown,
  untraced,
  'not-known': notKnown,
  'given-up': givenUp,
  'turned-up': turnedUp,
  again: resubmitted,
  backordered: backOrdered,
  closing,
  'not-closed': notClosed,
  outcome,
  services,
  delivered: aboveDelivered,
};

/** Above the file with all numbers of a request. */
function aboveNumbers({ request }: Order): Sentences {
  if (!isInService(request)) return undefined;
  const title = kindWords[request.kind].title.toLowerCase();
  return [`All ${count(askedQuantity(request), 'number')} of this ${title}, and where they are:`];
}

/** Above the file with all delivered numbers, or with what became of each line. */
function aboveDelivered(order: Order): Sentences {
  if (order.lines !== undefined) return [`The results of all ${count(order.lines.length, 'line')}:`];
  return 'outcome' in order
    ? [`All ${count(order.outcome.completed.length, 'delivered number')}:`]
    : undefined;
}

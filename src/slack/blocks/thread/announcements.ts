import type {
  Announcement,
  AnnouncementKind,
  ApprovalAnnouncement,
  EditAnnouncement,
} from '../../../orders/domain/announcement.js';
import { type Approval, validApprovals } from '../../../orders/domain/approval.js';
import { awaitedQuantity, closeRequestOf } from '../../../orders/domain/back-order.js';
import { cameSoFar } from '../../../orders/domain/carrier-report.js';
import { linesThatSay } from '../../../orders/domain/due-announcements.js';
import { editOf, isEditAnnouncement, isLastToldAnyway, reopening } from '../../../orders/domain/editions.js';
import type { Order, OrderIn } from '../../../orders/domain/order.js';
import type { PhoneNumber } from '../../../orders/domain/phone-number.js';
import { askedQuantity, isInService, namedNumbers } from '../../../orders/domain/request.js';
import { givingUp } from '../../../orders/domain/unanswered.js';
import { codeSpan, cut } from '../../escape.js';
import {
  approvalsSoFar,
  nameApproval,
  nameDecider,
  nameResubmitter,
  stillNeeded,
  voidedApproval,
  voidedSentence,
} from '../approver-names.js';
import { listWanted } from '../card/line-list.js';
import { lineGroups, linesIn, refusalsInWords } from '../card/lines-so-far.js';
import { undoableUntil } from '../card/order-buttons.js';
import { isUndone } from '../card/order-headline.js';
import {
  contradictions,
  duplicateLines,
  type FaultRoom,
  type Finished,
  faultLines,
  quantityDelivered,
  unexplained,
} from '../card/outcome.js';
import { kindWords } from '../kind-words.js';
import { kindDrawings } from '../kinds/table.js';
import {
  canNotBeAsked,
  noRecord,
  perhapsSomebodyElses,
  refusalWords,
  unclearAnswer,
  unclearComplaints,
} from '../lost-words.js';
import { areActive, serviceLines } from '../service-words.js';
import { actionOf, subjectOf } from '../subject.js';
import { count, exactMoment, figure, listNumbers, mention, moment, quoted, typed } from '../vocabulary.js';
import { callText, holdsLapsedText } from './calls.js';
import { changeLines } from './edit-words.js';

/** How many numbers fit next to Bandwidth's errors in one message. */
const NUMBERS_SHOWN = 80;
const faultRoom: FaultRoom = { kinds: 5, words: 200, numbers: 5 };

/**
 * Returns what is posted in an order's thread, as text without blocks. Throws when the order was never in the state
 * that `kind` announces.
 */
export function announcement(order: Order, kind: Announcement): { text: string } {
  const lines = linesThatSay(order, kind);
  const [first] = lines;
  return { text: [...sentences(first ?? order, kind), ...whichLines(order, lines)].join('\n') };
}

/** Several lines of an order often have the same fate: an outage is one. The others are as they were. */
function whichLines(order: Order, lines: readonly Order[]): readonly string[] {
  const all = order.lines?.length ?? 0;
  if (lines.length === 0) return [];
  return lines.length === all
    ? [`This is about all ${count(all, 'line')}.`]
    : [
        `This is about ${figure(lines.length)} of the ${count(all, 'line')}: ${listWanted(lines.flatMap(linesIn), 500)}.`,
      ];
}

/** The announcements that attach all numbers as a file. */
export type NumbersFile = Extract<Announcement, 'numbers' | 'delivered'>;

/** How many numbers fit into one message. */
const NUMBERS_IN_WORDS = 200;

/** The numbers that a file lists. */
const numbersIn = (order: Order, kind: NumbersFile): readonly PhoneNumber[] =>
  kind === 'delivered' && 'outcome' in order ? order.outcome.completed : namedNumbers(order.request);

/** Replaces the file with all numbers when Slack doesn't accept it. `why` is Slack's error code, if there is one. */
export function numbersInWords(order: Order, kind: NumbersFile, why: string | undefined): string {
  const numbers = numbersIn(order, kind);
  const mend =
    why === 'missing_scope'
      ? "I'm missing a permission (`files:write`). An admin can reinstall the app to add it."
      : `Slack ${why === undefined ? "didn't accept the file" : `says ${codeSpan(cut(why, 100))}`}.`;
  return [
    `I can't attach the list of all ${count(numbers.length, kind === 'delivered' ? 'delivered number' : 'number')} as a file. ${mend}`,
    `In words: ${listNumbers(numbers, NUMBERS_IN_WORDS)}`,
  ].join('\n');
}

/** The same for a direct message. */
export function numbersForOne(order: Order, kind: NumbersFile): string {
  const { text } = announcement(order, kind);
  return `${text} ${listNumbers(numbersIn(order, kind), NUMBERS_IN_WORDS)}`;
}

function sentences(order: Order, kind: Announcement): string[] {
  const words = kindWords[order.request.kind];
  if (isEditAnnouncement(kind)) return changed(order, kind);
  if (isApprovalNews(kind)) return [oneOfSeveral(order, kind)];
  switch (kind) {
    case 'numbers':
      if (isInService(order.request)) {
        return [
          `All ${count(askedQuantity(order.request), 'number')} of this ${words.title.toLowerCase()}, and where they are:`,
        ];
      }
      break;
    case 'delivered':
      if (order.lines !== undefined) return [`The results of all ${count(order.lines.length, 'line')}:`];
      if ('outcome' in order) return [`All ${count(order.outcome.completed.length, 'delivered number')}:`];
      break;
    case 'approved':
      if ('approval' in order && order.approval !== undefined) {
        const noPerson = order.approval.by === undefined ? ' No person was asked.' : '';
        const voided = voidedSentence(order.approval);
        return [`Approved by ${nameApproval(order.approval)}.${noPerson}${voided}${undo(order)}`];
      }
      break;
    case 'call':
      if (order.status === 'awaiting-approval') return [callText(order, [])];
      break;
    case 'holds-lapsed':
      if (order.status === 'awaiting-approval') return [holdsLapsedText(order)];
      break;
    case 'reopened': {
      const event = reopening(order);
      if (event === undefined) break;
      const { rule, voids = [], needs, requesterNotMember } = event;
      // Every approval was valid, and there were as many as required.
      const more =
        rule === undefined && voids.length === 0
          ? `: ${figure(needs.required)} people must approve it now`
          : '';
      const notMember = requesterNotMember
        ? `: it is for full members, and I can't confirm that ${mention(order.requester)} is one`
        : '';
      return [
        `${mention(order.requester)} your ${request(order)} needs approval again${more}.${order.status === 'awaiting-approval' ? ` ${words.nothingDone}` : ''}`,
        ...(rule === undefined ? [] : [`The rule “${typed(rule, 200)}” no longer covers it${notMember}.`]),
        ...voids.map((person) => voidedApproval(person)),
        ...(order.status === 'awaiting-approval'
          ? [`${approvalsSoFar(order)} so far${missing(order)}. It waits until ${moment(order.expiresAt)}.`]
          : []),
      ];
    }
    case 'declined':
      if (order.status === 'declined') return declined(order);
      break;
    case 'expired':
      if (order.status === 'expired') {
        return [
          `${mention(order.requester)} your ${request(order)} expired: it wasn't approved in time. ${words.nothingDone}`,
          '*Ask again…* on the card opens the form with the same values.',
        ];
      }
      break;
    case 'cancelled':
      if (order.status === 'cancelled') {
        return [`${isUndone(order) ? 'Undone' : 'Canceled'} by ${mention(order.by)}. ${words.notSent}`];
      }
      break;
    case 'refused':
      if (order.status === 'refused') return refused(order);
      break;
    case 'unknown':
      return [
        `${mention(order.requester)} ${unclearAnswer(order)}, so I don't know yet whether it took the ${words.title.toLowerCase()}.`,
        ...unclearComplaints(order, faultRoom),
        words.neverTwice,
      ];
    case 'untraced':
      return [
        untraced(order),
        ...refusalWords(order, { ...faultRoom, advice: 800 }),
        `*Check again* on the card looks for it now; *${words.again}* lets an approver resubmit it. ${words.riskOfAgain} *Give up* ends it.`,
      ];
    case 'not-known':
      return [
        `${mention(order.requester)} ${canNotBeAsked(order)} Nothing is sent again, and I keep trying.`,
        `*Check again* on the card looks for it now; *${words.again}* lets an approver resubmit it once Bandwidth says it has no record of it. *Give up* ends it.`,
      ];
    case 'given-up': {
      const event = givingUp(order);
      if (event === undefined) break;
      return [
        `${event.noTrace ? noRecord(order) : `It is not known whether Bandwidth received this ${words.title.toLowerCase()}.`} ${mention(event.by)} gave up on it. ${words.notSentAgain}`,
        `I keep looking for it until ${moment(event.soughtUntil)}, and say so here if it turns up.`,
      ];
    }
    case 'turned-up': {
      const by = givingUp(order)?.by;
      if (by === undefined) break;
      const own = by.userId === order.requester.userId;
      return [
        `${(own ? [by] : [order.requester, by]).map(mention).join(' ')} Bandwidth has this ${words.title.toLowerCase()} after all, though ${own ? 'you' : mention(by)} gave up on it. I'm following it and will post the result here.`,
      ];
    }
    case 'again':
      if ('approval' in order && order.approval?.again !== undefined) {
        const { again } = order.approval;
        return [
          again.by === undefined
            ? `I looked several times, and Bandwidth has no record of this ${words.title.toLowerCase()}, so I sent it again. ${words.onceOnly}`
            : `${nameResubmitter(again)} resubmitted the ${words.title.toLowerCase()}.`,
        ];
      }
      break;
    case 'backordered':
      return [
        `${mention(order.requester)} Bandwidth has back-ordered ${backordered(order)}.`,
        `${words.toBeContinued} I keep watching and will say so here.`,
        ...(order.status === 'placed' && order.carrierOrder.completed.length > 0
          ? [`${words.doneSoFar}: ${listNumbers(order.carrierOrder.completed, NUMBERS_SHOWN)}.`]
          : []),
      ];
    case 'closing': {
      const closing = closeRequestOf(order);
      if (closing === undefined) break;
      return [
        `${mention(closing.by)} is closing the back-order: I'm asking Bandwidth to stop looking for the rest. Delivered numbers are kept.`,
      ];
    }
    case 'not-closed':
      if (order.status === 'placed' && order.notClosed !== undefined) {
        const { wanted, advice, faults } = order.notClosed;
        return [
          `${mention(wanted.by)} the back-order isn't closed, and Bandwidth goes on looking. ${typed(advice, 800)}`,
          ...faultLines(faults, faultRoom),
        ];
      }
      break;
    case 'services':
      if (order.status === 'complete' || order.status === 'partial' || order.status === 'failed') {
        return servicesKnown(order);
      }
      break;
    case 'outcome':
      switch (order.status) {
        case 'complete':
          return [
            ...complete(order),
            ...perhapsSomebodyElses(order),
            ...kindDrawings[order.request.kind].outcomeNotes(order),
            ...duplicateLines(order),
          ];
        case 'partial':
          return [
            ...partial(order),
            ...linesInText(order),
            ...perhapsSomebodyElses(order),
            ...kindDrawings[order.request.kind].outcomeNotes(order),
            ...duplicateLines(order),
          ];
        case 'failed':
          return [
            ...failed(order),
            ...linesInText(order),
            ...perhapsSomebodyElses(order),
            ...kindDrawings[order.request.kind].outcomeNotes(order),
            ...duplicateLines(order),
          ];
        default:
          break;
      }
  }
  throw new Error(`order ${order.id} is ${order.status}: there is nothing "${kind}" to tell of it`);
}

/** Says who changed the request, and what they changed. */
function changed(order: Order, kind: EditAnnouncement): string[] {
  const { before, after, dropped } = editOf(order, kind);
  return [
    `${mention(order.requester)} changed this ${kindWords[order.request.kind].title.toLowerCase()}:`,
    ...changeLines(before, after),
    dropped.length === 0
      ? 'It needs approval in its new form.'
      : `It needs approval in its new form; what ${dropped.map(mention).join(', ')} approved no longer counts.`,
    ...(isLastToldAnyway(kind)
      ? [
          'From now on, this thread mentions an edit only if it drops an approval. The card shows every change.',
        ]
      : []),
  ];
}

/** Explains why people have to decide about an order without a trace at Bandwidth. */
function untraced(order: Order): string {
  if (order.status === 'placing' && order.notSentAgain !== undefined) {
    return `${mention(order.requester)} ${noRecord(order)} ${typed(order.notSentAgain.advice, 800)}`;
  }
  const { title } = kindWords[order.request.kind];
  return `${mention(order.requester)} I looked several times, and Bandwidth has no record of this ${title.toLowerCase()}. Very likely the request never arrived, but ${isSentTwice(order) ? "I've sent it twice already, so I ask before I do anything more" : "I don't send it a second time by myself"}.`;
}

const isSentTwice = (order: Order): boolean =>
  order.status === 'placing' && order.approval.again !== undefined;

function missing(order: OrderIn<'awaiting-approval'>): string {
  const needed = stillNeeded(order);
  return needed === '' ? '' : `; still needed: ${needed}`;
}

/** One approval of several, and not the last. */
function oneOfSeveral(order: Order, kind: ApprovalAnnouncement): string {
  const { given, required } = quorumOf(order);
  const index = Number(kind.slice('approval-'.length));
  const approval = given[index - 1];
  if (approval === undefined) throw new Error(`order ${order.id} has no approval number ${index}`);
  const soFar = validApprovals(given.slice(0, index)).length;
  const said = `Approved by ${nameApproval(approval)}`;
  if (order.status === 'awaiting-approval' && index === given.length && order.needs.stages !== undefined) {
    return `${said}: ${approvalsSoFar(order)}. Still needed: ${stillNeeded(order)}.${voidedSentence(approval)}`;
  }
  return `${said}: ${figure(soFar)} of ${figure(required)} approvals.${voidedSentence(approval)}`;
}

function quorumOf(order: Order): { given: readonly Approval[]; required: number } {
  if (order.status === 'awaiting-approval') {
    return { given: order.approvals, required: order.needs.required };
  }
  const given = ('approval' in order && order.approval?.also) || [];
  return { given, required: validApprovals(given).length + 1 };
}

const isApprovalNews = (kind: AnnouncementKind): kind is ApprovalAnnouncement => kind.startsWith('approval-');

const asked = (order: Order): string => typed(subjectOf(order.request), 300);
const request = (order: Order): string => typed(actionOf(order.request), 300);

/** "5 numbers in 910", or the rest of them. */
function backordered(order: Order): string {
  const came = order.status === 'placed' ? cameSoFar(order.carrierOrder) : 0;
  const awaited = order.status === 'placed' ? awaitedQuantity(order) : 0;
  if (came === 0 || awaited === 0) return asked(order);
  const done = kindWords[order.request.kind].done.toLowerCase();
  return `the rest of ${asked(order)}: ${figure(came)} ${done}, ${figure(awaited)} awaited`;
}

/** Says until when an approval can be undone, if that time hasn't passed. */
function undo(order: Order): string {
  const until = undoableUntil(order);
  return until === undefined
    ? ''
    : ` ${subjectOf(order.request)} will be ${kindWords[order.request.kind].verbed} ${exactMoment(until)}; until then *Undo* on the card stops it.`;
}

const declined = (order: OrderIn<'declined'>): string[] => [
  `${mention(order.requester)} ${nameDecider(order)} declined your ${request(order)}:`,
  quoted(order.why, 2800),
];

/** Which lines came and which didn't. */
const linesInText = (order: Order): string[] =>
  lineGroups(order, { quoted: 1_500 }).map((line) =>
    typeof line === 'string' ? line : `${line.label}: ${line.value}`,
  );

const refused = (order: OrderIn<'refused'>): string[] => [
  `${mention(order.requester)} Bandwidth refused your ${request(order)}. ${kindWords[order.request.kind].nothingDone}`,
  typed(order.advice, 800),
  ...faultLines(order.faults, faultRoom),
];

function complete(order: Finished): string[] {
  const quantity = quantityDelivered(order);
  const { completed } = order.outcome;
  const short = quantity !== undefined && quantity !== askedQuantity(order.request);
  const counted = kindWords[order.request.kind].done.toLowerCase();
  return [
    quantity === undefined
      ? `${mention(order.requester)} Bandwidth says your ${request(order)} is complete, but not how many numbers it ${counted}.`
      : `${mention(order.requester)} ${nowIs(order, quantity)}${completed.length > 0 ? `: ${listNumbers(completed, NUMBERS_SHOWN)}` : '.'}`,
    ...(short ? [`You asked for ${figure(askedQuantity(order.request))}.`] : []),
    ...serviceLines(order),
    ...notAllListed(order, quantity),
    ...faultLines(order.outcome.faults, faultRoom),
  ];
}

/** Numbers are called active only if Bandwidth says that calls work on all of them. */
function nowIs(order: Finished, quantity: number): string {
  const isActive = areActive(order) && order.outcome.completed.length >= quantity;
  const state = isActive ? 'active' : kindWords[order.request.kind].state;
  return quantity === 1 ? `your number is ${state}` : `your ${count(quantity, 'number')} are ${state}`;
}

/** What became known about the numbers after the outcome was told. */
function servicesKnown(order: Finished): string[] {
  const { completed } = order.outcome;
  const news = areActive(order)
    ? `${nowIs(order, completed.length)}: ${listNumbers(completed, NUMBERS_SHOWN)}`
    : `this is what Bandwidth says about the numbers of your ${request(order)}:`;
  return [`${mention(order.requester)} ${news}`, ...serviceLines(order)];
}

/** A finished order may not list its numbers. They are never guessed. */
function notAllListed(order: Finished, quantity: number | undefined): string[] {
  const { completed, unread } = order.outcome;
  const odd = contradictions(order);
  const listed = completed.length;
  if (quantity !== undefined && listed >= quantity) return odd;
  const where =
    order.lines === undefined
      ? `Find them in your Bandwidth account, under order ${codeSpan(cut(order.carrierOrderId, 100))}.`
      : 'Find them in your Bandwidth account: the file below names the order of each line.';
  if (unread !== undefined) return [...odd, where];
  return listed === 0
    ? [...odd, `Bandwidth didn't list the numbers. ${where}`]
    : [`Bandwidth listed only ${figure(listed)} of them. ${where}`];
}

function partial(order: Finished): string[] {
  const { completed } = order.outcome;
  const quantity = quantityDelivered(order);
  const { partly: came, partlyDone } = kindWords[order.request.kind];
  const done = areActive(order) ? 'Active' : partlyDone;
  return [
    `${mention(order.requester)} ${came}: ${askedAgainstCame(order, quantity)}`,
    ...(completed.length > 0 ? [`${done}: ${listNumbers(completed, NUMBERS_SHOWN)}`] : []),
    ...serviceLines(order),
    ...notAllListed(order, quantity),
    ...whatFailed(order),
  ];
}

const failed = (order: Finished): string[] => [
  `${mention(order.requester)} your ${request(order)} failed: ${askedAgainstCame(order, quantityDelivered(order))}`,
  ...(order.outcome.completed.length > 0
    ? [
        `Bandwidth lists these as ${kindWords[order.request.kind].done.toLowerCase()} all the same: ${listNumbers(order.outcome.completed, 10)}`,
        ...serviceLines(order),
      ]
    : []),
  ...contradictions(order),
  ...whatFailed(order),
];

function askedAgainstCame({ request }: Finished, quantity: number | undefined): string {
  const wanted = figure(askedQuantity(request));
  const done = kindWords[request.kind].done.toLowerCase();
  if (quantity === undefined)
    return `of the ${wanted} you asked for, Bandwidth doesn't say how many it ${done}.`;
  return quantity === 0
    ? `you asked for ${wanted}, and none was ${done}.`
    : `you asked for ${wanted}, and ${figure(quantity)} ${quantity === 1 ? 'was' : 'were'} ${done}.`;
}

/** Whether what didn't come was never sent, because somebody canceled it. */
const isRestCanceled = ({ lines }: Finished): boolean =>
  lines?.every(({ status }) => status === 'complete' || status === 'cancelled') === true;

function whatFailed(order: Finished): string[] {
  const faults = faultLines(order.outcome.faults, faultRoom);
  const refusals = refusalsInWords(order, 900);
  const missing = unexplained(order);
  return [
    ...refusals,
    ...(faults.length > 0 ? ['Bandwidth says:', ...faults] : []),
    ...(faults.length === 0 && refusals.length === 0 && !isRestCanceled(order)
      ? ['Bandwidth gave no reason.']
      : []),
    ...(missing.length > 0 ? [`${kindWords[order.request.kind].notDone}: ${listNumbers(missing, 20)}`] : []),
  ];
}

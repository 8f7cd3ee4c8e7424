import { type StageState, validApprovals } from '../../../orders/domain/approval.js';
import { awaitedQuantity } from '../../../orders/domain/back-order.js';
import { unreachableCopies } from '../../../orders/domain/cards.js';
import { deliveredSoFar } from '../../../orders/domain/carrier-report.js';
import { NUMBERS_ON_A_CARD, type Order, type OrderIn } from '../../../orders/domain/order.js';
import { requestedQuantity } from '../../../orders/domain/request.js';
import { asksPeople, leavesNoTrace } from '../../../orders/domain/unanswered.js';
import { peopleAsked } from '../../../orders/domain/who-decides.js';
import { codeSpan, cut } from '../../text/escape.js';
import {
  approvalsSoFar,
  nameApproval,
  nameApprovers,
  nameDecider,
  stageProgress,
} from '../approver-names.js';
import {
  count,
  exactMoment,
  figure,
  listNumbers,
  mention,
  mentionChannel,
  moment,
  quoted,
  typed,
} from '../format.js';
import { kindWords } from '../kind-words.js';
import { kindDrawings } from '../kinds/table.js';
import { limitsAfterOrder } from '../limit-words.js';
import type { Line, Room } from '../order/card-lines.js';
import { describeRequested } from '../order/describe-request.js';
import {
  canNotBeAsked,
  noRecord,
  perhapsSomebodyElses,
  refusalWords,
  unclearAnswer,
  unclearComplaints,
} from '../order/lost-words.js';
import { type Finished, faultLines } from '../order/outcome.js';
import { reasonWords } from '../reason-words.js';
import { placeAdvice } from '../slack-problems.js';
import { approvalLine, turnedUpLines } from './approval-lines.js';
import { holdLines } from './hold-lines.js';
import { linesSoFar } from './lines-so-far.js';
import { undoableUntil } from './order-buttons.js';
import { isOnHold, isUndone } from './order-headline.js';

/** What has happened since the request, until Bandwidth finishes the order. */
export function progress(order: Exclude<Order, Finished>, room: Room): Line[][] {
  const { nothingDone, notSent } = kindWords[order.request.kind];
  switch (order.status) {
    case 'awaiting-approval':
      return [
        [
          ...(room.approvers ? whoDecides(order) : []),
          ...approvalsGiven(order, room),
          ...limitLines(order),
          { label: 'Expires', value: moment(order.expiresAt) },
          ...holdLines(order, room.advice),
          ...unreachableCopyLines(order),
        ],
      ];
    case 'expired':
      return [[{ label: 'Expired', value: moment(order.at) }, nothingDone]];
    case 'declined':
      return [
        [{ label: 'Declined by', value: `${nameDecider(order)}, ${moment(order.at)}` }],
        [{ label: 'Why', value: quoted(order.why, room.quoted) }],
      ];
    case 'cancelled':
      return [
        [
          ...(order.approval === undefined ? [] : [approvalLine({ approval: order.approval })]),
          {
            label: isUndone(order) ? 'Undone by' : 'Canceled by',
            value: `${mention(order.by)}, ${moment(order.at)}`,
          },
          notSent,
        ],
      ];
    case 'approved':
      return [[approvalLine(order), ...undoLines(order), ...trouble(order, room)]];
    case 'placing':
      return [
        [approvalLine(order), ...whereabouts(order, room), ...trouble(order, room)],
        ...complaintsSoFar(order, room),
      ];
    case 'ordering':
      return [[approvalLine(order)], ...linesSoFar(order, room)];
    case 'given-up':
      return [[approvalLine(order), ...givenUp(order), ...trouble(order, room)]];
    case 'refused':
      return [
        [approvalLine(order), nothingDone, typed(order.advice, room.advice)],
        faultLines(order.faults, room.faults),
      ];
    case 'placed':
      return [
        [
          approvalLine(order),
          ...turnedUpLines(order),
          ...perhapsSomebodyElses(order),
          ...soFar(order, room),
          ...trouble(order, room),
        ],
      ];
  }
}

function whereabouts(order: OrderIn<'placing'>, room: Room): Line[] {
  if (order.heldBack) return [`${noRecord(order)} I'll resubmit it as soon as that is possible.`];
  if (order.sendAgain !== undefined) {
    return [
      `${nameDecider(order.sendAgain)} asked to resubmit it. I'm checking one last time whether it arrived.`,
    ];
  }
  if (order.secondNotTaken) {
    return [
      "Bandwidth didn't take the second request. Before I resubmit it, I'll check whether the first one arrived.",
    ];
  }
  if (order.secondRefused !== undefined) {
    return [
      "I sent it twice, and Bandwidth refused the second request. I'm checking whether the first one arrived.",
    ];
  }
  if (asksPeople(order)) {
    const again = kindWords[order.request.kind].again.toLowerCase();
    if (order.notSentAgain !== undefined) {
      const { advice } = order.notSentAgain;
      return [
        `${noRecord(order)} Check again, ${again}, or give up.`,
        `⚠️ ${typed(reasonWords(advice), Math.floor(room.advice / 2))}`,
      ];
    }
    return leavesNoTrace(order)
      ? [`${unclearAnswer(order)}. ${noRecord(order)} Check again, ${again}, or give up.`]
      : [`${unclearAnswer(order)}. ${canNotBeAsked(order)} Check again, ${again}, or give up.`];
  }
  return order.answer === 'unknown'
    ? [`${unclearAnswer(order)}; I'm looking the order up before doing anything else.`]
    : [];
}

/** The errors in Bandwidth's answer to a request whose outcome isn't known. */
function complaintsSoFar(order: OrderIn<'placing'>, room: Room): Line[][] {
  const [advice, ...faults] = refusalWords(order, { ...room.faults, advice: room.advice });
  if (advice === undefined) return [unclearComplaints(order, room.faults)];
  return [advice === '' ? [] : [advice], faults];
}

function givenUp(order: OrderIn<'given-up'>): Line[] {
  const { kind } = order.request;
  const who = `${mention(order.by)} gave up on it, ${moment(order.at)}.`;
  if (order.endedAt !== undefined) {
    return [
      `${noRecord(order)} ${who}`,
      `I looked for it until ${moment(order.endedAt)}, and it never turned up.`,
    ];
  }
  return [
    `${order.noTrace ? noRecord(order) : canNotBeAsked(order)} ${who}`,
    `I'll keep looking for it until ${moment(order.soughtUntil)}. If it turns up, this card shows what became of it${kindWords[kind].ifItTurnsUp}.`,
  ];
}

function undoLines(order: OrderIn<'approved'>): Line[] {
  const until = undoableUntil(order);
  if (until === undefined || isOnHold(order)) return [];
  return [
    `*${describeRequested(order.request)} will be ${kindWords[order.request.kind].verbed} ${exactMoment(until)}; undo until then.*`,
  ];
}

/** Says who can approve, as of the last policy check. Stages name their approvers themselves. */
function whoDecides(order: OrderIn<'awaiting-approval'>): Line[] {
  const asked = peopleAsked(order);
  if (asked === undefined || order.needs.stages !== undefined) return [];
  if (asked.anyone) {
    const { selfApproval } = order.needs;
    return [
      `Anyone on the team${selfApproval === true ? '' : ` but ${mention(order.requester)}`} can approve.`,
    ];
  }
  const names = nameApprovers(asked);
  return names === ''
    ? ['⚠️ No one else can approve this. An admin has to name more approvers.']
    : [{ label: 'Can approve', value: names }];
}

/** Says which approvals channels the card can't be posted in. */
function unreachableCopyLines(order: Order): Line[] {
  return unreachableCopies(order).map(({ channelId, unreachable }) => {
    const channel = mentionChannel(channelId);
    const advice = placeAdvice(unreachable, { channel });
    const known = advice === undefined ? codeSpan(cut(unreachable, 100)) : `${advice.why} ${advice.fix}`;
    return `⚠️ I can't post this in ${channel}, where approvals are decided. ${known}`;
  });
}

/** Empty when one approval is enough. */
function approvalsGiven(order: OrderIn<'awaiting-approval'>, { approvers }: Room): Line[] {
  const { required, stages } = order.needs;
  if (stages !== undefined) return stageLines(order, approvers ? stages : []);
  if (required === 1 && order.approvals.length === 0) return [];
  const given = validApprovals(order.approvals).map((each) => `${nameApproval(each)}, ${moment(each.at)}`);
  return [{ label: 'Approved so far', value: [approvalsSoFar(order), ...given].join('; ') }];
}

/** Each stage with its approvals: "✅ Approved by @finance: 1 of 1: @gus". */
function stageLines(order: OrderIn<'awaiting-approval'>, stages: readonly StageState[]): Line[] {
  return [
    { label: 'Approved so far', value: approvalsSoFar(order) },
    ...stages.map((stage) => {
      const isComplete = stage.given.length >= stage.count;
      return `${isComplete ? '✅ ' : '• '}From ${nameApprovers(stage.approvers)}: ${stageProgress(stage)}`;
    }),
  ];
}

/** As of the request or the last approval. The limits are checked again on every press. */
function limitLines({ needs }: OrderIn<'awaiting-approval'>): Line[] {
  const standing = limitsAfterOrder(needs.standing);
  return standing === '' ? [] : [{ label: 'Limits', value: `numbers after this order: ${standing}` }];
}

function trouble({ asking }: OrderIn<'approved' | 'placing' | 'placed' | 'given-up'>, room: Room): Line[] {
  return asking.trouble === undefined ? [] : [`⚠️ ${typed(reasonWords(asking.trouble), room.advice)}`];
}

function soFar(order: OrderIn<'placed'>, room: Room): Line[] {
  const { carrierOrder, request, closing, notClosed } = order;
  const { toBeContinued, doneSoFar } = kindWords[request.kind];
  const { unread = 0 } = carrierOrder;
  const odd = [
    ...unknownStatusLines(order),
    ...(unread === 0 ? [] : [`⚠️ ${doneSoFar}: ${count(unread, 'number')} I can't read.`]),
  ];
  if (carrierOrder.status !== 'backordered') {
    return [
      ...odd,
      ...(carrierOrder.completed.length === 0 ? [] : [deliveredLine(order)]),
      ...kindDrawings[request.kind].waitingNotes(order),
    ];
  }
  const awaited = awaitedQuantity(order);
  return [
    ...odd,
    ...(deliveredSoFar(carrierOrder) === 0 ? [] : [deliveredLine(order)]),
    ...(awaited > 0 ? [{ label: 'Pending', value: count(awaited, 'number') }] : []),
    ...(closing === undefined
      ? [toBeContinued]
      : [
          `${mention(closing.by)} is closing the back-order, ${moment(closing.at)}; delivered numbers are kept.`,
        ]),
    ...(notClosed === undefined
      ? []
      : [`⚠️ The back-order is not closed. ${typed(notClosed.advice, room.advice)}`]),
  ];
}

/** Only a known final status ends an order, so polling continues until Bandwidth reports one. */
function unknownStatusLines({ carrierOrder: { unknownStatus } }: OrderIn<'placed'>): Line[] {
  if (unknownStatus === undefined) return [];
  return unknownStatus === ''
    ? ["⚠️ Bandwidth doesn't report a status. I'll keep asking."]
    : [`⚠️ Bandwidth reports a status I don't know: ${typed(unknownStatus, 40)}. I'll keep asking.`];
}

/** "3 of 5: (910) 241-4365 …", as far as Bandwidth lists them. */
function deliveredLine({ carrierOrder, request }: OrderIn<'placed'>): Line {
  const { completed, status } = carrierOrder;
  const numbers = listNumbers(completed, NUMBERS_ON_A_CARD);
  const share = `${figure(deliveredSoFar(carrierOrder))} of ${figure(requestedQuantity(request))}`;
  return {
    label: kindWords[request.kind].doneSoFar,
    value: status !== 'backordered' ? numbers : completed.length === 0 ? share : `${share}: ${numbers}`,
  };
}

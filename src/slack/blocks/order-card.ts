import type { KnownBlock } from '@slack/types';
import {
  type Approval,
  askedQuantity,
  awaitedQuantity,
  cameSoFar,
  counting,
  type DisconnectRequest,
  isNowhere,
  NUMBERS_ON_A_CARD,
  type Order,
  type OrderIn,
  type PurchaseRequest,
  type SecondSending,
} from '../../orders/order.js';
import { describeSearch } from '../describe-search.js';
import { approvalsSoFar, nameApproval } from './approver-names.js';
import { modeWords, protectedWords } from './disconnect-options.js';
import { holdLines } from './hold-lines.js';
import { kindWords } from './kind-words.js';
import { standingWords } from './limit-words.js';
import { numberLine, summaryLines } from './numbers-in-service.js';
import { buttonsFor, undoableUntil } from './order-buttons.js';
import {
  deliveredQuantity,
  type FaultRoom,
  type Finished,
  faultLines,
  twinLines,
  unexplained,
} from './outcome.js';
import { subjectOf } from './subject.js';
import {
  context,
  count,
  exactMoment,
  figure,
  header,
  listNumbers,
  mention,
  moment,
  quoted,
  section,
  typed,
} from './vocabulary.js';

/** How much of the long texts a rendering has room for. */
interface Room {
  readonly quoted: number;
  readonly advice: number;
  readonly faults: FaultRoom;
  /** Of each part of a line about a number in service. */
  readonly inService: { readonly words: number; readonly history: boolean };
}
const inBlocks: Room = {
  quoted: 2800,
  advice: 1000,
  faults: { kinds: 5, words: 300, numbers: 10 },
  inService: { words: 60, history: true },
};
const inText: Room = {
  quoted: 500,
  advice: 300,
  faults: { kinds: 2, words: 150, numbers: 3 },
  inService: { words: 20, history: false },
};

type Line = string | { readonly label: string; readonly value: string };

/**
 * The order as everybody in the channel sees it. Depends on nothing but the order, so any card can be drawn again at
 * any time. The text says the same as the blocks, in at most `limits.messageText` characters.
 */
export function orderCard(order: Order): { text: string; blocks: KnownBlock[] } {
  const buttons = buttonsFor(order);
  return {
    text: [headlineInText(order), ...paragraphs(order, inText).flat().map(plainLine), ids(order)].join('\n'),
    blocks: [
      header(headline(order)),
      ...paragraphs(order, inBlocks).map((lines) => section(lines.map(boldLabel).join('\n'))),
      ...(buttons === undefined ? [] : [buttons]),
      context(ids(order)),
    ],
  };
}

/** The state of an order in one line of plain text, e.g. "✅ Complete: 2 of 2 numbers in 910". */
export const headline = (order: Order): string => stateInWords(order, subjectOf(order.request));

/** The same, for mrkdwn and the text of a message. */
export const headlineInText = (order: Order): string =>
  stateInWords(order, typed(subjectOf(order.request), 300));

function stateInWords(order: Order, numbers: string): string {
  const words = kindWords[order.request.kind];
  const asked = `${words.of}${numbers}`;
  switch (order.status) {
    case 'awaiting-approval':
      return `⏳ ${words.title}: ${numbers} — waiting for approval`;
    case 'declined':
      return `🚫 Declined: ${asked}`;
    case 'expired':
      return `⌛ Expired: ${asked}`;
    case 'cancelled':
      return isUndone(order) ? `↩️ Undone: ${asked}` : `🚫 Cancelled: ${asked}`;
    case 'approved':
      return undoableUntil(order) === undefined
        ? `🔄 ${words.doing} ${numbers}`
        : `⏸️ Approved: ${numbers} will be disconnected`;
    case 'placing':
      return order.answer === 'unknown' ? `⚠️ Outcome unknown: ${asked}` : `🔄 ${words.doing} ${numbers}`;
    case 'refused':
      return `⛔ Refused by Bandwidth: ${asked}`;
    case 'placed':
      return `${carrierHeadlines[order.carrierOrder.status]}: ${asked}`;
    case 'complete':
    case 'failed':
      return `${words.over[order.status]}: ${share(order, numbers) ?? numbers}`;
    case 'partial':
      return `${words.over.partial}: ${share(order, numbers) ?? `some of ${numbers}`}`;
  }
}

const carrierHeadlines: Readonly<Record<OrderIn<'placed'>['carrierOrder']['status'], string>> = {
  received: '📨 Received by Bandwidth',
  processing: '📨 Being processed by Bandwidth',
  backordered: '📦 Back-ordered',
};

/** "3 of 5 numbers in 910". */
function share(order: Finished, asked: string): string | undefined {
  const quantity = deliveredQuantity(order);
  return quantity === undefined ? undefined : `${figure(quantity)} of ${asked}`;
}

function paragraphs(order: Order, room: Room): Line[][] {
  return [
    ...requestParagraphs(order, room),
    [{ label: 'Reason', value: quoted(order.request.reason, room.quoted) }],
    ...progress(order, room),
  ].filter((lines) => lines.length > 0);
}

function requestParagraphs({ request, requester, requestedAt }: Order, room: Room): Line[][] {
  const askedBy = { label: 'Asked by', value: `${mention(requester)}, ${moment(requestedAt)}` };
  return request.kind === 'purchase'
    ? [[askedBy, ...purchaseLines(request)]]
    : [[askedBy, ...disconnectLines(request)], ...whatWouldBeCut(request, room)];
}

function purchaseLines(request: PurchaseRequest): Line[] {
  const { name, site, location } = request;
  return [
    ...wantedLines(request),
    { label: 'Name', value: typed(name, 200) },
    { label: 'Sub-account', value: place(site) },
    {
      label: 'Location',
      value: location === undefined ? "the sub-account's default location" : place(location),
    },
    { label: 'Options', value: optionWords(request) },
  ];
}

function disconnectLines(request: DisconnectRequest): Line[] {
  const { label, meaning } = modeWords[request.mode];
  return [
    { label: 'Name', value: typed(request.name, 200) },
    { label: 'Mode', value: request.mode === 'normal' ? label : `⚠️ ${label}. ${meaning}` },
    { label: 'Protected', value: protectedWords[request.protected].label },
  ];
}

/** So many lines about numbers fit into one section, whatever Bandwidth calls their places. */
const LINES_IN_A_SECTION = 5;

/** Whoever approves must see what stops working. */
function whatWouldBeCut({ inService }: DisconnectRequest, room: Room): Line[][] {
  const { words, history } = room.inService;
  if (inService.length > NUMBERS_ON_A_CARD) {
    const all = {
      label: 'Numbers',
      value: `${figure(inService.length)}, all of them in a file in the thread`,
    };
    return [[all, ...summaryLines(inService, words)]];
  }
  const lines = inService.map((record) => numberLine(record, words, history));
  return [lines.slice(0, LINES_IN_A_SECTION), lines.slice(LINES_IN_A_SECTION)];
}

function wantedLines({ wanted }: PurchaseRequest): Line[] {
  if (wanted.by === 'numbers') {
    return [{ label: 'Numbers', value: listNumbers(wanted.numbers, NUMBERS_ON_A_CARD) }];
  }
  return [
    { label: 'Search', value: typed(describeSearch(wanted.search), 300) },
    { label: 'Quantity', value: `${count(wanted.search.quantity, 'number')}; Bandwidth chooses which` },
  ];
}

const place = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  `${typed(name, 150)} (${typed(id, 60)})`;

/** What was ticked in the form and what was not. */
export function optionWords(request: PurchaseRequest): string {
  return [
    request.partialAllowed ? 'partial delivery allowed' : 'all numbers or none',
    request.backOrder ? 'back-order what is not in stock' : 'no back-order',
    request.protected ? 'protected numbers' : 'not protected',
  ].join(' · ');
}

/** What happened since the request. */
function progress(order: Order, room: Room): Line[][] {
  const { nothingDone } = kindWords[order.request.kind];
  switch (order.status) {
    case 'awaiting-approval':
      return [
        [
          ...approvalsGiven(order),
          ...limitLines(order),
          { label: 'Expires', value: moment(order.expiresAt) },
          ...holdLines(order, room.advice),
        ],
      ];
    case 'expired':
      return [[{ label: 'Expired', value: moment(order.at) }, nothingDone]];
    case 'declined':
      return [
        [{ label: 'Declined by', value: `${mention(order.by)}, ${moment(order.at)}` }],
        [{ label: 'Why', value: quoted(order.why, room.quoted) }],
      ];
    case 'cancelled':
      return [
        [
          ...(order.approval === undefined ? [] : [approvalLine({ approval: order.approval })]),
          {
            label: isUndone(order) ? 'Undone by' : 'Cancelled by',
            value: `${mention(order.by)}, ${moment(order.at)}`,
          },
          nothingDone,
        ],
      ];
    case 'approved':
      return [[approvalLine(order), ...undoLines(order), ...trouble(order, room)]];
    case 'placing':
      return [[approvalLine(order), ...whereabouts(order), ...trouble(order, room)]];
    case 'refused':
      return [
        [approvalLine(order), nothingDone, typed(order.advice, room.advice)],
        faultLines(order.faults, room.faults),
      ];
    case 'placed':
      return [[approvalLine(order), ...soFar(order, room), ...trouble(order, room)]];
    case 'complete':
    case 'partial':
    case 'failed':
      return [
        [approvalLine(order), ...outcomeLines(order), ...twinLines(order)],
        faultLines(order.outcome.faults, room.faults),
      ];
  }
}

/** A disconnect that was called off within its undo window. */
export const isUndone = ({ request, approval }: OrderIn<'cancelled'>): boolean =>
  request.kind === 'disconnect' && approval !== undefined;

function whereabouts(order: OrderIn<'placing'>): Line[] {
  if (order.sendAgain !== undefined) {
    return [`${mention(order.sendAgain.by)} wants it sent again; I am looking for it one last time.`];
  }
  if (order.secondNotTaken) {
    return [
      'Bandwidth did not take the second request; before I send it anew, I look whether the first arrived.',
    ];
  }
  if (order.secondRefused !== undefined) {
    return [
      'I sent it twice, and Bandwidth refused the second request; I am looking whether the first arrived.',
    ];
  }
  if (isNowhere(order)) {
    return [
      'Bandwidth did not answer, and knows nothing of it. Very likely it never arrived; please decide.',
    ];
  }
  return order.answer === 'unknown'
    ? ['Bandwidth did not answer; I am looking the order up before doing anything else.']
    : [];
}

function undoLines(order: OrderIn<'approved'>): Line[] {
  const until = undoableUntil(order);
  if (until === undefined) return [];
  return [`*${subjectOf(order.request)} will be disconnected ${exactMoment(until)}; undo until then.*`];
}

/** Where one person's word is enough there is nothing to count. */
function approvalsGiven(order: OrderIn<'awaiting-approval'>): Line[] {
  if (order.needs.required === 1 && order.approvals.length === 0) return [];
  const given = counting(order.approvals).map((each) => `${nameApproval(each)}, ${moment(each.at)}`);
  return [{ label: 'Approved so far', value: [approvalsSoFar(order), ...given].join('; ') }];
}

/** As it was when this was asked for, or last approved: it is counted anew at the next press. */
function limitLines({ needs }: OrderIn<'awaiting-approval'>): Line[] {
  const standing = standingWords(needs.standing);
  return standing === '' ? [] : [{ label: 'Limits', value: `would bring ${standing} numbers` }];
}

const approvalLine = ({ approval }: { readonly approval: Approval }): Line => ({
  label: 'Approved by',
  value: [
    `${nameApproval(approval)}, ${moment(approval.at)}${approval.by === undefined ? '; no person was asked' : ''}`,
    ...(approval.again === undefined ? [] : [sentAgain(approval.again)]),
  ].join('; '),
});

const sentAgain = ({ by, at }: SecondSending): string =>
  `sent again${by === undefined ? ', having left no trace' : ` on the word of ${mention(by)}`}, ${moment(at)}`;

function trouble({ asking }: OrderIn<'approved' | 'placing' | 'placed'>, room: Room): Line[] {
  return asking.trouble === undefined ? [] : [`⚠️ ${typed(asking.trouble, room.advice)}`];
}

function soFar(order: OrderIn<'placed'>, room: Room): Line[] {
  const { carrierOrder, request, closing, notClosed } = order;
  const { toBeContinued } = kindWords[request.kind];
  if (carrierOrder.status !== 'backordered') {
    return carrierOrder.completed.length === 0 ? [] : [cameLine(order)];
  }
  const awaited = awaitedQuantity(order);
  return [
    ...(cameSoFar(carrierOrder) === 0 ? [] : [cameLine(order)]),
    ...(awaited > 0 ? [{ label: 'Awaited', value: count(awaited, 'number') }] : []),
    ...(closing === undefined
      ? [toBeContinued]
      : [`${mention(closing.by)} is closing the back-order, ${moment(closing.at)}; what has come is kept.`]),
    ...(notClosed === undefined
      ? []
      : [`⚠️ The back-order is not closed. ${typed(notClosed.advice, room.advice)}`]),
  ];
}

/** "3 of 5: (910) 241-4365 …", as far as Bandwidth lists them. */
function cameLine({ carrierOrder, request }: OrderIn<'placed'>): Line {
  const { completed, status } = carrierOrder;
  const numbers = listNumbers(completed, NUMBERS_ON_A_CARD);
  const share = `${figure(cameSoFar(carrierOrder))} of ${figure(askedQuantity(request))}`;
  return {
    label: kindWords[request.kind].doneSoFar,
    value: status !== 'backordered' ? numbers : completed.length === 0 ? share : `${share}: ${numbers}`,
  };
}

function outcomeLines(order: Finished): Line[] {
  const { completed } = order.outcome;
  const words = kindWords[order.request.kind];
  const missing = unexplained(order);
  return [
    { label: 'Finished', value: moment(order.at) },
    ...(order.closed === undefined
      ? []
      : [
          {
            label: 'Back-order closed by',
            value: `${mention(order.closed.by)}, ${moment(order.closed.at)}`,
          },
        ]),
    ...(completed.length > 0
      ? [{ label: words.done, value: listNumbers(completed, NUMBERS_ON_A_CARD) }]
      : [order.status === 'failed' ? words.noneDone : words.notListed]),
    ...(missing.length > 0 ? [{ label: words.notDone, value: listNumbers(missing, NUMBERS_ON_A_CARD) }] : []),
  ];
}

/** Small print for whoever has to look something up. */
function ids(order: Order): string {
  const carrierOrderId = carrierOrderIdOf(order);
  const ours = `Order ${order.id}`;
  return carrierOrderId === undefined ? ours : `${ours} · Bandwidth order ${typed(carrierOrderId, 100)}`;
}

function carrierOrderIdOf(order: Order): string | undefined {
  switch (order.status) {
    case 'placed':
      return order.carrierOrder.id;
    case 'complete':
    case 'partial':
    case 'failed':
      return order.carrierOrderId;
    default:
      return undefined;
  }
}

const boldLabel = (line: Line): string => draw(line, (label) => `*${label}:*`);
const plainLine = (line: Line): string => draw(line, (label) => `${label}:`);

function draw(line: Line, drawLabel: (label: string) => string): string {
  if (typeof line === 'string') return line;
  // A quotation starts on a line of its own.
  return `${drawLabel(line.label)}${line.value.startsWith('> ') ? '\n' : ' '}${line.value}`;
}

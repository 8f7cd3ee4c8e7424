import type { Approval } from './approval.js';
import type { FinalCarrierStatus } from './carrier-report.js';
import { deliveredQuantity, type Outcome } from './carrier-report.js';
import { factsOf } from './facts.js';
import { isFinal, type LineProgress, type Order, type Progress } from './order.js';
import { numbersIn, type OrderRequest, quantityOf, severalLines, type WantedLine } from './request.js';

/* What is said of an order of several lines: it follows from where its lines are. */

/** Returns the order with these lines, and the status that follows from them. */
export function withLines(order: Order, lines: readonly LineProgress[]): Order {
  return { ...together(order.request, lines), ...factsOf(order), lines };
}

function together(request: OrderRequest, lines: readonly LineProgress[]): Progress {
  const approved = lines.filter((line) => line.status === 'approved');
  const [first] = approved;
  if (first !== undefined && approved.length === lines.length) {
    const asking = approved.map((line) => line.asking);
    // One line that is on hold is worth saying, and the next attempt is the first.
    const { trouble } = asking.find((each) => each.trouble !== undefined) ?? first.asking;
    return {
      ...first,
      asking: {
        times: 0,
        nextAt: Math.min(...asking.map(({ nextAt }) => nextAt)),
        failures: Math.max(...asking.map(({ failures }) => failures)),
        ...(trouble === undefined ? {} : { trouble }),
      },
    };
  }
  const approval = approvalOf(lines);
  if (approval !== undefined && !lines.every(isFinal)) return { status: 'ordering', approval };
  return ended(request, lines, approval);
}

/** Returns the approval that the lines share, with the sending of a second request if one of them had it. */
function approvalOf(lines: readonly LineProgress[]): Approval | undefined {
  const approvals = lines.flatMap(({ approval }) => approval ?? []);
  return approvals.find(({ again }) => again !== undefined) ?? approvals[0];
}

type Reported = Extract<LineProgress, { status: FinalCarrierStatus }>;

const isReported = (line: LineProgress): line is Reported => 'outcome' in line;

function ended(
  request: OrderRequest,
  lines: readonly LineProgress[],
  approval: Approval | undefined,
): Progress {
  const reported = lines.filter(isReported);
  const [one] = reported;
  if (one === undefined || approval === undefined) return undelivered(lines);
  const duplicates = reported.flatMap((line) => line.duplicates ?? []);
  const closed = reported.find((line) => line.closed !== undefined)?.closed;
  const status = statusOf(lines);
  return {
    status,
    approval,
    carrierOrderId: one.carrierOrderId,
    at: Math.max(...lines.flatMap((line) => ('at' in line ? line.at : []))),
    outcome: outcomeOf(request, lines),
    ...(duplicates.length === 0 ? {} : { duplicates }),
    ...(closed === undefined ? {} : { closed }),
  };
}

function statusOf(lines: readonly LineProgress[]): FinalCarrierStatus {
  if (lines.every(({ status }) => status === 'complete')) return 'complete';
  const isAnyDelivered = lines.some(
    (line) => isReported(line) && deliveredQuantity(line.status, line.outcome) !== 0,
  );
  return isAnyDelivered ? 'partial' : 'failed';
}

/** For an order that Bandwidth never reported on: the whole order ends as its least certain line. */
function undelivered(lines: readonly LineProgress[]): Progress {
  const refused = lines.filter((line) => line.status === 'refused');
  const [refusal] = refused;
  const givenUp = lines.find((line) => line.status === 'given-up');
  const cancelled = lines.find((line) => line.status === 'cancelled');
  if (givenUp !== undefined) return givenUp;
  if (refusal !== undefined) return { ...refusal, faults: refused.flatMap(({ faults }) => faults) };
  if (cancelled !== undefined) return cancelled;
  throw new TypeError('an order of several lines has ended, and none of its lines has');
}

/** Adds up what the lines delivered. */
function outcomeOf(request: OrderRequest, lines: readonly LineProgress[]): Outcome {
  const wanted = severalLines(request);
  const outcomes = lines.flatMap((line) => (isReported(line) ? line.outcome : []));
  const completed = outcomes.flatMap((each) => each.completed);
  const unread = outcomes.reduce((sum, each) => sum + (each.unread ?? 0), 0);
  const quantity = lines.reduce((sum, line, index) => sum + deliveredBy(line, wanted[index]), 0);
  return {
    completed,
    ...(quantity === completed.length + unread ? {} : { completedQuantity: quantity }),
    ...(unread === 0 ? {} : { unread }),
    failed: lines.flatMap((line, index) => failedIn(line, wanted[index])),
    faults: lines.flatMap((line) =>
      isReported(line) ? line.outcome.faults : line.status === 'refused' ? line.faults : [],
    ),
  };
}

/** A complete line delivered what it asked for, even if Bandwidth doesn't say so. */
function deliveredBy(line: LineProgress, wanted: WantedLine | undefined): number {
  if (!isReported(line)) return 0;
  const quantity = deliveredQuantity(line.status, line.outcome);
  return quantity ?? (line.status === 'complete' && wanted !== undefined ? quantityOf(wanted) : 0);
}

function failedIn(line: LineProgress, wanted: WantedLine | undefined): Outcome['failed'] {
  if (isReported(line)) return line.outcome.failed;
  return line.status === 'refused' && wanted !== undefined ? numbersIn(wanted) : [];
}

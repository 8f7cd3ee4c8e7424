import type { KnownBlock } from '@slack/types';
import { type Drift, type DriftKind, driftKinds, driftSubject } from '../../../orders/domain/drift/drift.js';
import {
  type Explained,
  type Explanation,
  indexExplanations,
} from '../../../orders/domain/drift/drift-explanations.js';
import type { OrderId } from '../../../orders/domain/request.js';
import type { DriftList, DriftReport } from '../../../orders/ports/drift.js';
import { COMMAND } from '../../commands/command.js';
import { codeSpan } from '../../text/escape.js';
import { actions } from '../action-ids.js';
import { button, context, header, row, section } from '../elements.js';
import { count, figure, mention, moment, typed } from '../format.js';
import { driftLine, driftWords, type Links, subjectWords } from './drift-lines.js';
import { writeDriftValue } from './drift-values.js';
import { inventoryWords } from './inventory-standing.js';
import type { Answer } from './problems.js';

/** A message takes 50 blocks; each kind has a title beside its lines. */
const MAX_LINES = 36;

/** Goes with a report whose lists can't be shown. */
export const PRIVATELY = `For the lists, type ${codeSpan(`${COMMAND} drift`)}.`;

/** Draws a report, with what people have explained since. */
export function driftReport(
  report: DriftReport,
  links: Links,
  explanations: readonly Explanation[] = [],
): Answer {
  const explained = indexExplanations(explanations);
  const lists = driftKinds.flatMap((kind) => {
    const list = report.lists[kind];
    return list === undefined ? [] : [{ kind, list }];
  });
  const lines = shareOut(lists.map(({ list }) => list.shown.length));
  const isCut = lists.some(({ list }, index) => list.subjects.length > (lines[index] ?? 0));
  const summary = summaryOf(report);
  const blocks: KnownBlock[] = [
    header('Drift'),
    section(summary),
    context(inventoryWords(report)),
    ...lists.flatMap(({ kind, list }, index) =>
      listBlocks(report, kind, list, lines[index] ?? 0, explained, links),
    ),
    ...(lists.length === 0 ? [] : [row([csvButton(report, isCut)])]),
    context(footer(report)),
  ];
  const texts = lists.map(({ kind, list }) => `${driftWords[kind].title}: ${figure(list.subjects.length)}`);
  return { text: [summary, ...texts].join('\n'), blocks };
}

export function summaryOf(report: DriftReport): string {
  const { lists, inventory, unreadableOrders } = report;
  const found = Object.values(lists).reduce((sum, list) => sum + list.subjects.length, 0);
  if (found > 0) {
    return `${count(found, 'thing')} on the account or among the orders ${found === 1 ? 'needs' : 'need'} a look.`;
  }
  if (inventory.standing === 'complete') {
    return isWhole(report)
      ? 'No drift: every number on the account is explained, and no order is stuck.'
      : "I found no drift, but I couldn't check everything.";
  }
  const orders = unreadableOrders > 0 ? 'None of the orders that I can read is stuck' : 'No order is stuck';
  return `${orders}. I can't say anything about the numbers on the account right now.`;
}

/** Whether a report without drift means that there is none. */
function isWhole({ inventory, unreadableOrders, unverified }: DriftReport): boolean {
  return (
    inventory.standing === 'complete' &&
    inventory.unread === 0 &&
    inventory.missingRoles.every((role) => role === 'in-service-numbers') &&
    unreadableOrders === 0 &&
    unverified === undefined
  );
}

function listBlocks(
  report: DriftReport,
  kind: DriftKind,
  { shown, subjects }: DriftList,
  lines: number,
  explained: Explained,
  links: Links,
): readonly KnownBlock[] {
  const { title, advice } = driftWords[kind];
  const more = subjects.length - lines;
  const open = subjects.filter(([subject, facts]) => explained.about(kind, subject, facts) === undefined);
  const text = `*${title}: ${figure(subjects.length)}*\n${advice}${more > 0 ? `\n${figure(more)} more ${more === 1 ? 'is' : 'are'} in the CSV file.` : ''}`;
  const everything = button({
    label: 'All are fine…',
    action: actions.explainAllDrift,
    value: writeDriftValue({ reportId: report.id, kind }),
    spoken: `All are fine…: ${title}`,
  });
  return [
    { ...section(text), ...(open.length > 1 ? { accessory: everything } : {}) },
    ...shown
      .slice(0, lines)
      .map((drift) => driftBlock(report, drift, explained.of(drift), driftLine(drift, links))),
  ];
}

function driftBlock(
  report: DriftReport,
  drift: Drift,
  explanation: Explanation | undefined,
  line: string,
): KnownBlock {
  if (explanation !== undefined) return section(`${line}\n${explanationWords(explanation)}`);
  return {
    ...section(line),
    accessory: button({
      label: 'This is fine…',
      action: actions.explainDrift,
      value: writeDriftValue({ reportId: report.id, kind: drift.kind, subject: driftSubject(drift) }),
      spoken: `This is fine…: ${subjectWords(drift)}`,
    }),
  };
}

/** Who explained it, when and why. */
export function explanationWords({ by, at, reason }: Explanation): string {
  const why = reason === undefined ? '' : `: ${typed(reason, 300)}`;
  return `This is fine, says ${mention(by)} (${moment(at)})${why}`;
}

const csvButton = ({ id }: DriftReport, isCut: boolean) =>
  button({ label: isCut ? 'All as CSV' : 'CSV', action: actions.driftCsv, value: id });

function footer({ explained, lists }: DriftReport): string {
  const left =
    explained === 0
      ? ''
      : `${count(explained, 'thing')} explained earlier ${explained === 1 ? "isn't" : "aren't"} listed. `;
  const fine =
    Object.keys(lists).length === 0
      ? ''
      : "*This is fine…* records your explanation, so it isn't reported again. ";
  return `${left}${fine}A report never changes anything at Bandwidth. Now: ${codeSpan(`${COMMAND} drift`)}`;
}

/** Returns the ids of the orders whose cards a report points to. */
export const ordersIn = ({ lists }: DriftReport): readonly OrderId[] =>
  Object.values(lists).flatMap(({ shown }) =>
    shown.flatMap((drift) => ('order' in drift ? [drift.order.id] : [])),
  );

/** Divides the lines of a message among lists; short lists leave the rest to longer ones. */
function shareOut(lengths: readonly number[]): readonly number[] {
  const shares = lengths.map(() => 0);
  for (let left = MAX_LINES; left > 0; ) {
    const hungry = lengths.flatMap((length, index) => (length > (shares[index] ?? 0) ? [index] : []));
    if (hungry.length === 0) break;
    for (const index of hungry.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
    left -= Math.min(left, hungry.length);
  }
  return shares;
}

import type { JournalProblem } from '../orders/journal/journal-problem.js';
import type { Verification } from '../orders/journal/verify-journal.js';
import type { StoreError } from '../orders/ports/store-errors.js';
import type { CopyOutcome, CopyStage } from '../store/copy/copy-store.js';
import type { SidesRefused } from '../store/copy/open-sides.js';

/** Every sentence of `npm run store:copy`. Names of parts are those of PostgreSQL's tables and Redis's keys. */

export function stageInWords(stage: CopyStage): string {
  switch (stage.stage) {
    case 'starting over':
      return 'An earlier copy into the target was interrupted. Removing what it left, and starting over.';
    case 'copying':
      return `${stage.part}: ${figure(stage.done)} so far`;
    case 'copied':
      return `${stage.part}: ${figure(stage.done)}`;
    case 'comparing':
      return 'Comparing both sides.';
    case 'verifying':
      return 'Verifying the journal of the copy.';
  }
}

export function refusalInWords(refusal: SidesRefused): string {
  switch (refusal.refused) {
    case 'no source':
      return `Nothing was copied: there is no ${withoutThe(refusal.where)}. Is --from right?`;
    case 'source layout':
      return `Nothing was copied from ${refusal.where}: ${layoutInWords(refusal.schema)}`;
    case 'same':
      return 'Nothing was copied: --from and --to are the same database.';
    case 'in use':
      return `Nothing was copied: an app, or another copy, is using ${refusal.where}. Stop it first.`;
  }
}

function layoutInWords(schema: Extract<SidesRefused, { refused: 'source layout' }>['schema']): string {
  switch (schema) {
    case 'none':
      return "it has no data of this app, or an early version wrote it. Check --from. If it's right, start the app on it once, which upgrades it.";
    case 'older':
      return 'an older version of the app wrote it. Start this version on it once, which upgrades it.';
    case 'newer':
      return 'a newer version of the app wrote it. Copy it with that version.';
    case 'unfinished':
      return "it is itself a copy that wasn't finished. Copy from the database it was copied from.";
    case 'unreadable':
      return "it doesn't say which version of the app wrote it. Restore a backup.";
  }
}

/** What the journal of the copy was found to be. */
export interface CopiedJournal {
  readonly journal: Verification;
  /** How many of its problems the source has, too. */
  readonly oldProblems: number;
  /** Those that it hasn't. */
  readonly newProblems: readonly JournalProblem[];
}

const UNUSABLE =
  "The app doesn't start on the target until a copy into it is finished; the source is unchanged. Run the command again.";

export function outcomeInWords(
  outcome: CopyOutcome,
  verified: CopiedJournal | undefined,
  target: string,
): readonly string[] {
  switch (outcome.outcome) {
    case 'target not empty':
      return [
        `Nothing was copied: ${target} isn't empty (${outcome.has}). Name an empty one; to copy into this one, delete what is in it first.`,
      ];
    case 'different':
      return [
        'The two sides differ:',
        ...outcome.differences.map((each) =>
          each.source === each.target
            ? `  ${each.part}: ${figure(each.source)} on both sides, but not the same ones`
            : `  ${each.part}: ${figure(each.source)} in the source, ${figure(each.target)} in the target`,
        ),
        `Something wrote to one of them. Stop it. ${UNUSABLE}`,
      ];
    case 'not verified':
      return ["The journal of the copy differs from the source's:", ...outcome.why, UNUSABLE];
    case 'interrupted':
      return [`${failureInWords(outcome.error)} ${UNUSABLE}`];
    case 'in use':
      return [`An app was started on the ${outcome.side} in the meantime. Stop it. ${UNUSABLE}`];
    case 'another copy':
      return [`Another copy into the target was started in the meantime. Let only one run. ${UNUSABLE}`];
    case 'copied':
      return copiedInWords(outcome.sizes, verified);
  }
}

function copiedInWords(
  sizes: ReadonlyMap<string, number>,
  verified: CopiedJournal | undefined,
): readonly string[] {
  const entries = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const orders = sizes.get('orders') ?? 0;
  const { journal, oldProblems = 0 } = verified ?? {};
  return [
    `Copied: ${figure(orders)} ${orders === 1 ? 'order' : 'orders'}, ${figure(entries)} entries in all, the same on both sides.`,
    ...(journal?.chains ?? []).map(
      ({ teamId, entries: length, head }) =>
        `Journal of workspace ${teamId}: ${figure(length)} ${length === 1 ? 'entry' : 'entries'}${head === '' ? '' : `, the last with the hash ${head}`}.`,
    ),
    ...(oldProblems === 0
      ? []
      : [
          `The journal has ${figure(oldProblems)} ${oldProblems === 1 ? 'problem' : 'problems'} that the source has, too. npm run audit:verify names them.`,
        ]),
    "Set STORE_URL to the target and start the app. Don't start it on the source again: it would work on the same orders.",
  ];
}

const figure = (count: number): string => count.toLocaleString('en-US');
const withoutThe = (where: string): string => where.replace(/^the /, '');

/** Where a failure doesn't end with what to do, its reason is inside. */
export function failureInWords({ message, cause }: StoreError): string {
  if (/[.?]$/.test(message)) return message;
  const isInside = cause instanceof Error && !message.includes(cause.message);
  return isInside ? `${message}: ${cause.message}.` : `${message}.`;
}

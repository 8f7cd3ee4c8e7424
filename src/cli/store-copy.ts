import { readFileSync } from 'node:fs';
import { EXIT_CONFIG, EXIT_FAILED, endWith } from '../config/load-or-exit.js';
import { makeMask } from '../mask.js';
import { verifyJournal } from '../orders/journal/verify-journal.js';
import type { Log } from '../orders/ports/log.js';
import { StoreError } from '../orders/ports/store-errors.js';
import { copyStore } from '../store/copy/copy-store.js';
import { openSides } from '../store/copy/open-sides.js';
import { recordsIn, type StoredRecords } from '../store/open-store.js';
import { secretsOf } from '../store/store-url.js';
import { problemInWords } from './audit-report.js';
import { copyUsage, readCopyArguments } from './copy-arguments.js';
import {
  type CopiedJournal,
  failureInWords,
  outcomeInWords,
  refusalInWords,
  stageInWords,
} from './copy-report.js';

/*
 * The program behind `npm run store:copy`. Exits as its usage says.
 */
const EXIT_USAGE = 64;
const REPORT_EVERY_MS = 5_000;

const words = readCopyArguments(process.argv.slice(2), process.env, (path) => readFileSync(path, 'utf8'));
if ('help' in words) {
  process.stdout.write(`${copyUsage}\n`);
  process.exit(0);
}
if ('wrong' in words) {
  if (words.wrong === 'usage') endWith(copyUsage, EXIT_USAGE);
  else endWith(words.problem, EXIT_CONFIG);
}

const { from, to } = words;
const secrets = [...secretsOf(from), ...secretsOf(to)];
const mask = makeMask(secrets);
const say = (line: string) => void process.stdout.write(`${mask(line)}\n`);
const complain = (line: string) => void process.stderr.write(`${mask(line)}\n`);
const quiet = () => {};
/** What is logged while a database opens is for the operator. */
const log: Log = {
  debug: quiet,
  info: quiet,
  warn: (_, sentence) => complain(sentence),
  error: (_, sentence) => complain(sentence),
};

try {
  process.exitCode = await copy();
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  complain(failureInWords(error));
  process.exitCode = EXIT_FAILED;
}

async function copy(): Promise<number> {
  const sides = await openSides(
    { source: from, target: to },
    {
      log,
      onWait: (side) => say(`Waiting for an app, or another copy, that is using the ${side}.`),
    },
  );
  if ('refused' in sides) {
    complain(refusalInWords(sides));
    return sides.refused === 'source layout' ? EXIT_CONFIG : EXIT_FAILED;
  }
  const { source, target, check, usedBy } = sides;
  let verified: CopiedJournal | undefined;
  try {
    say(`Copying from ${source.where} to ${target.where}.`);
    const verify = async (copied: StoredRecords) => {
      verified = await verifiedAgainst(copied, async () => recordsIn(source, log));
      return verified.newProblems.map((problem) => `  ${problemInWords(problem)}`);
    };
    const outcome = await copyStore({ source, target, verify, usedBy, check, tell: makeTell(), log });
    const isCopied = outcome.outcome === 'copied';
    for (const line of outcomeInWords(outcome, verified, target.where)) (isCopied ? say : complain)(line);
    return isCopied ? 0 : EXIT_FAILED;
  } finally {
    await sides.close();
  }
}

/** Verifies the copied journal. If something is wrong, verifies the source's too, to tell whether it always was. */
async function verifiedAgainst(
  copied: StoredRecords,
  openSource: () => Promise<StoredRecords>,
): Promise<CopiedJournal> {
  const journal = await verifyJournal(copied);
  if (journal.problems.length === 0) return { journal, oldProblems: 0, newProblems: [] };
  const before = new Set(
    (await verifyJournal(await openSource())).problems.map((each) => JSON.stringify(each)),
  );
  const newProblems = journal.problems.filter((each) => !before.has(JSON.stringify(each)));
  return { journal, oldProblems: journal.problems.length - newProblems.length, newProblems };
}

/** Prints the progress; for a long part only now and then. */
function makeTell(): Parameters<typeof copyStore>[0]['tell'] {
  let nextAt = performance.now() + REPORT_EVERY_MS;
  return (stage) => {
    if (stage.stage === 'copied' && stage.done === 0) return;
    if (stage.stage === 'copying' && performance.now() < nextAt) return;
    nextAt = performance.now() + REPORT_EVERY_MS;
    say(stageInWords(stage));
  };
}

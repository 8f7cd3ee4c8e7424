import { cpus, totalmem } from 'node:os';
import type { Outcome } from './run-plan.js';

/** Formats the results of many runs and the machine, one line each. */
export function tableOf(outcomes: readonly Outcome[], tookMs: number): readonly string[] {
  const total = (count: (outcome: Outcome) => number) =>
    outcomes.reduce((sum, outcome) => sum + count(outcome), 0);
  const seconds = outcomes.map((outcome) => outcome.seconds).sort((one, other) => one - other);
  const share = (part: number) =>
    seconds[Math.min(seconds.length - 1, Math.floor(seconds.length * part))] ?? 0;
  const rows: readonly (readonly [string, string | number])[] = [
    ['runs', outcomes.length],
    ['kills (SIGKILL)', total(({ cuts }) => cuts)],
    ['orders placed twice', total(({ duplicates }) => duplicates)],
    ['requests or decisions lost', total(({ losses }) => losses)],
    ["cards that don't show the truth", total(({ stale }) => stale)],
    ['old copies of a card that kept their buttons', total(({ copies }) => copies)],
    ['messages sent twice', total(({ repeats }) => repeats)],
    ['orders that ended with a question to people', total(({ asksAPerson }) => (asksAPerson ? 1 : 0))],
    [
      'seconds until everything agreed: median, 95 %, longest',
      [share(0.5), share(0.95), share(1)].map((each) => each.toFixed(1)).join(', '),
    ],
    ['failed runs', total(({ problems }) => (problems.length > 0 ? 1 : 0))],
    ['took', `${Math.round(tookMs / 1000)} s`],
    ['machine', machine()],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function machine(): string {
  const [processor] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${cpus().length} × ${processor?.model.trim() ?? 'unknown'}, ${memory}, ${process.platform} ${process.arch}, Node ${process.version}`;
}

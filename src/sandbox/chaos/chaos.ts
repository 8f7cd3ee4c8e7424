import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describePlan, planOf } from './plan.js';
import { type Outcome, runPlan } from './run-plan.js';
import { sideBySide } from './side-by-side.js';
import { tableOf } from './table.js';

/**
 * `--seeds 200` plays the seeds 1 to 200 and prints what they came to; `--from` begins at another. `--seed N` plays one
 * and prints all that happened. Exits with 1 when a promise was broken.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    'side-by-side': { type: 'string', default: '4' },
  },
});
const write = (line: string) => void process.stdout.write(`${line}\n`);
const program = fileURLToPath(new URL('./app-under-test.js', import.meta.url));

async function play(seed: number): Promise<Outcome> {
  const plan = planOf(seed);
  const outcome = await runPlan(plan, program);
  const end = outcome.problems.length > 0 ? '✗' : outcome.asksAPerson ? '?' : '✓';
  write(`${end} ${seed}  ${outcome.seconds.toFixed(1)} s  ${describePlan(plan)}`);
  for (const problem of outcome.problems) write(`    ${problem}`);
  if (outcome.copies > 0) write(`    ${outcome.copies} copies of the card still have buttons`);
  if (outcome.problems.length > 0) write(`    npm run test:chaos -- --seed ${seed}`);
  return outcome;
}

const startedAt = Date.now();
const only = values.seed === undefined ? undefined : Number(values.seed);
const first = Number(values.from);
const seeds =
  only === undefined ? Array.from({ length: Number(values.seeds) }, (_, index) => first + index) : [only];
const outcomes = await sideBySide(Number(values['side-by-side']), seeds, play);
if (only !== undefined) {
  for (const outcome of outcomes) write(`\n${outcome.happened.join('\n')}\n\n${outcome.picture}`);
}
write('');
for (const line of tableOf(outcomes, Date.now() - startedAt)) write(line);
process.exitCode = outcomes.some(({ problems }) => problems.length > 0) ? 1 : 0;

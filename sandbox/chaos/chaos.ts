import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import {
  cutsAt,
  describePlan,
  type Plan,
  plainPlan,
  plainScenario,
  planOf,
  planOfLines,
  type Scenario,
} from './plan.js';
import { storeKinds } from './records.js';
import { type Outcome, runPlan } from './run-plan.js';
import { tableOf } from './table.js';

const USAGE = `Runs orders while the app is killed and Slack and Bandwidth fail, and prints the results.
Exits with 1 when a promise was broken.

  npm run test:chaos -- --seeds 200 [--from 1]      random kills and failures
  npm run test:chaos -- --seed 17                   repeat one run and print every event
  npm run test:chaos -- --everywhere [--every 1]    no failures, and one kill at each event in turn
  npm run test:chaos -- --at 'POST …#2' [--search]  repeat one of those and print every event

  --lines 20                  orders of 20 lines, each a separate order at Bandwidth
  --store postgres|redis      use a database server instead of a file (TEST_POSTGRES_URL, TEST_REDIS_URL)
  --instances 2               two instances share the database, and each kill stops one of them
  --side-by-side 4            four runs at a time
  --help                      show this help
`;

const values = readArguments();
if (values.help) end(USAGE, 0);
for (const name of ['seeds', 'from', 'seed', 'every', 'lines', 'instances', 'side-by-side'] as const) {
  const given = values[name];
  if (given !== undefined && !/^[1-9]\d*$/.test(given))
    end(`--${name} must be a whole number, 1 or more.\n`, 1);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        seeds: { type: 'string', default: '200' },
        from: { type: 'string', default: '1' },
        seed: { type: 'string' },
        everywhere: { type: 'boolean', default: false },
        every: { type: 'string', default: '1' },
        at: { type: 'string' },
        search: { type: 'boolean', default: false },
        lines: { type: 'string' },
        store: { type: 'string', default: 'sqlite' },
        instances: { type: 'string', default: '1' },
        'side-by-side': { type: 'string', default: '4' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return end(`${(error as Error).message}\n\n${USAGE}`, 1);
  }
}

function end(words: string, code: number): never {
  (code === 0 ? process.stdout : process.stderr).write(words);
  process.exit(code);
}

/** A plan, and the arguments that repeat it. */
interface Run {
  readonly plan: Plan;
  readonly again: string;
}

const store = storeKinds.find((kind) => kind === values.store);
const instances = Number(values.instances);
if (store === undefined || (store === 'sqlite' && instances > 1)) {
  end('--store is one of sqlite, postgres and redis; a file is for one instance.\n', 1);
}
const setting = { store, instances };
const sameSetting = store === 'sqlite' ? '' : ` --store ${store} --instances ${instances}`;

const write = (line: string) => void process.stdout.write(`${line}\n`);
const program = fileURLToPath(new URL('./app-under-test.js', import.meta.url));

const seedRun = (seed: number): Run =>
  values.lines === undefined
    ? { plan: planOf(seed), again: `--seed ${seed}` }
    : { plan: planOfLines(seed, Number(values.lines)), again: `--seed ${seed} --lines ${values.lines}` };
const cutRun = (scenario: Scenario, when: string, nth: number): Run => ({
  plan: plainPlan(scenario, [{ when, nth }]),
  again: `--at '${when}#${nth}'${scenario.wanted === 'search' ? ' --search' : ''}`,
});
const searchScenario: Scenario = { ...plainScenario, wanted: 'search' };

async function runs(): Promise<readonly Run[]> {
  if (values.seed !== undefined) return [seedRun(Number(values.seed))];
  if (values.at !== undefined) {
    const [when = '', nth = '1'] = values.at.split('#');
    return [cutRun(values.search ? searchScenario : plainScenario, when, Number(nth))];
  }
  if (!values.everywhere) {
    return Array.from({ length: Number(values.seeds) }, (_, index) => seedRun(Number(values.from) + index));
  }
  const everywhere = await pMap(
    [plainScenario, searchScenario],
    async (scenario) => {
      const { happened } = await runPlan(plainPlan(scenario, []), program, setting);
      return cutsAt(happened).map(({ when, nth }) => cutRun(scenario, when, nth));
    },
    { concurrency: 2 },
  );
  return everywhere.flat().filter((_, index) => index % Number(values.every) === 0);
}

async function play({ plan, again }: Run): Promise<Outcome> {
  const outcome = await runPlan(plan, program, setting);
  const end = outcome.problems.length > 0 ? '✗' : outcome.asksAPerson ? '?' : '✓';
  write(`${end} ${outcome.seconds.toFixed(1)} s  ${again}: ${describePlan(plan)}`);
  for (const problem of outcome.problems) write(`    ${problem}`);
  if (outcome.copies > 0) write(`    ${outcome.copies} copies of the card still have buttons`);
  if (outcome.problems.length > 0) write(`    npm run test:chaos -- ${again}${sameSetting}`);
  return outcome;
}

const startedAt = Date.now();
const planned = await runs();
const outcomes = await pMap(planned, play, { concurrency: Number(values['side-by-side']) });
if (values.seed !== undefined || values.at !== undefined) {
  for (const outcome of outcomes) write(`\n${outcome.happened.join('\n')}\n\n${outcome.picture}`);
}
write('');
for (const line of tableOf(outcomes, Date.now() - startedAt)) write(line);
process.exitCode = outcomes.some(({ problems }) => problems.length > 0) ? 1 : 0;

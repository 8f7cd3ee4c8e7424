import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pMap from 'p-map';
import {
  cutsAt,
  describePlan,
  plainPlan,
  plainScenario,
  planOf,
  planOfLines,
} from '../../../sandbox/chaos/plan.js';
import { type Outcome, runPlan } from '../../../sandbox/chaos/run-plan.js';
import { compileSource } from '../../support/compiled.js';
import { temporaryFolder } from '../../support/folder.js';
import { describeWith, postgres, redis } from '../../support/servers.js';

/*
 * The short run. `npm run test:chaos -- --everywhere` cuts at every step of this scenario, and `--seeds 200` at random with
 * everything that can go wrong around the app.
 */

/** One step in seventy-two. */
const EVERY = 72;
/** How many steps earlier the cut is if that step doesn't happen. */
const EARLIER = 8;
const SEEDS = [28];
const LINES = 20;
const SEEDS_OF_LINES = [8];
const SIDE_BY_SIDE = 3;
/** Two or three of the app on one database; each cut kills one of them, and the others are to go on. */
const TOGETHER = [
  { server: postgres, store: 'postgres', instances: 2, seeds: [3] },
  { server: redis, store: 'redis', instances: 3, seeds: [18] },
] as const;

let folder: ReturnType<typeof temporaryFolder>;
let program: string;
beforeAll(() => {
  folder = temporaryFolder();
  const app = join(folder.path, 'app');
  compileSource(app);
  program = join(app, 'sandbox', 'chaos', 'app-under-test.js');
});
afterAll(() => folder.remove());

/** What was broken, with what is needed to play it again. */
const broken = (name: string, { problems }: Outcome) => problems.map((problem) => `${name}: ${problem}`);

test('--help says how to run it, and a mistyped argument runs nothing', () => {
  const run = (...given: string[]) =>
    spawnSync(process.execPath, [join(folder.path, 'app', 'sandbox', 'chaos', 'chaos.js'), ...given], {
      encoding: 'utf8',
    });
  const { status, stdout } = run('--help');
  expect({ status, says: stdout }).toEqual({ status: 0, says: expect.stringContaining('--seeds 200') });
  for (const wrong of [
    ['--sedes', '3'],
    ['--seeds', 'many'],
  ]) {
    const { status, stdout, stderr } = run(...wrong);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).toContain('--');
  }
});

test('an order survives kill -9 at every step: ordered once, card true, requester told', async () => {
  const uncut = await runPlan(plainPlan(plainScenario, []), program);
  expect(broken('uncut', uncut)).toEqual([]);
  const steps = cutsAt(uncut.happened);
  /** How often the app polls depends on the machine, so a late step may not happen again: an earlier one is cut instead. */
  const cutAtOrBefore = async (index: number): Promise<readonly string[]> => {
    const [cut] = steps.slice(index);
    if (cut === undefined) throw new Error('no step happened');
    const outcome = await runPlan(plainPlan(plainScenario, [cut]), program);
    const problems = broken(`npm run test:chaos -- --at '${cut.when}#${cut.nth}'`, outcome);
    return problems.length > 0 || outcome.cuts === 1 || index === 0
      ? [...problems, ...(outcome.cuts === 1 ? [] : ['nothing was cut'])]
      : cutAtOrBefore(Math.max(0, index - EARLIER));
  };
  const sampled = Array.from({ length: Math.ceil(steps.length / EVERY) }, (_, index) => index * EVERY);
  const problems = await pMap(sampled, cutAtOrBefore, { concurrency: SIDE_BY_SIDE });
  expect(problems.flat()).toEqual([]);
}, 400_000);

test('orders survive random kills while Slack and Bandwidth misbehave', async () => {
  const problems = await pMap(
    SEEDS,
    async (seed) => {
      const plan = planOf(seed);
      return broken(
        `npm run test:chaos -- --seed ${seed} (${describePlan(plan)})`,
        await runPlan(plan, program),
      );
    },
    { concurrency: SIDE_BY_SIDE },
  );
  expect(problems.flat()).toEqual([]);
}, 400_000);

test('the lines of an order survive random kills: none is ordered twice or lost', async () => {
  const outcomes = await pMap(
    SEEDS_OF_LINES,
    async (seed) => {
      const outcome = await runPlan(planOfLines(seed, LINES), program);
      return { problems: broken(`npm run test:chaos -- --seed ${seed} --lines ${LINES}`, outcome), outcome };
    },
    { concurrency: SIDE_BY_SIDE },
  );
  expect(outcomes.flatMap(({ problems }) => problems)).toEqual([]);
  expect(outcomes.reduce((sum, { outcome }) => sum + outcome.cuts, 0)).toBeGreaterThan(0);
}, 400_000);

for (const { server, store, instances, seeds } of TOGETHER) {
  describeWith([server], `${instances} instances that share ${server.name}`, () => {
    test('order nothing twice and lose nothing while one after the other is killed', async () => {
      const outcomes = await pMap(
        seeds,
        async (seed) => {
          const outcome = await runPlan(planOf(seed), program, { store, instances });
          const again = `npm run test:chaos -- --seed ${seed} --store ${store} --instances ${instances}`;
          return { problems: broken(again, outcome), outcome };
        },
        { concurrency: SIDE_BY_SIDE },
      );
      expect(outcomes.flatMap(({ problems }) => problems)).toEqual([]);
      for (const { outcome } of outcomes) expect(outcome).toMatchObject({ duplicates: 0, losses: 0 });
      expect(outcomes.reduce((sum, { outcome }) => sum + outcome.cuts, 0)).toBeGreaterThan(0);
    }, 400_000);
  });
}

test('an app that forgets its orders when killed does not pass', async () => {
  const forgetful = join(folder.path, 'app', 'sandbox', 'chaos', 'forgetful-app.js');
  writeFileSync(
    forgetful,
    `import { rmSync } from 'node:fs';
    for (const part of ['', '-wal', '-shm']) rmSync(process.env.STORE_URL.slice(7) + part, { force: true });
    await import('./app-under-test.js');`,
  );
  const cut = { when: 'Bandwidth POST /orders answered', nth: 1 };
  const outcome = await runPlan(plainPlan(plainScenario, [cut]), forgetful, { patienceMs: 20_000 });
  expect(outcome).toMatchObject({ cuts: 1, stale: 1 });
}, 240_000);

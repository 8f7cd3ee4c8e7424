import fc from 'fast-check';

/**
 * How to run property tests. A property runs the same cases on every machine, so that a build fails because of a change
 * and not by chance. For other cases, or more: `FASTCHECK='{"seed":7,"numRuns":5000}' npx jest settle-anything`;
 * `FASTCHECK='{}'` draws a seed. The seed and path that a failure prints replay it.
 */
const { numRuns, ...cases } = JSON.parse(process.env.FASTCHECK ?? '{"seed":1}') as fc.Parameters<unknown>;

/** `npm run test:unit` runs one in this many of the cases that `npm test` runs in full. */
export const ONE_IN = Number(process.env.TEST_ONE_IN ?? '1');

/** The same for tests with only a few dozen cases. */
export const ONE_IN_FEW = Math.min(ONE_IN, 7);

/** The cases to run, out of all. */
export const sampled = <Case>(all: readonly Case[], oneIn = ONE_IN): readonly Case[] =>
  all.filter((_, index) => index % oneIn === 0);

/** How many cases of a property to run, if the full run has this many. */
export const runs = (inFull: number): number => numRuns ?? Math.ceil(inFull / ONE_IN);

/** As many as fast-check runs if a test doesn't say. */
const USUAL_RUNS = 100;

fc.configureGlobal({ ...cases, numRuns: runs(USUAL_RUNS) });

export { fc };

import fc from 'fast-check';

/**
 * How to play properties. A property plays the same cases on every machine, so that a build fails for what changed and
 * not for bad luck. Look further with other cases, or more: `FASTCHECK='{"seed":7,"numRuns":5000}' npx jest anything`;
 * `FASTCHECK='{}'` draws a seed. What a failure prints as seed and path replays it.
 */
const { numRuns, ...cases } = JSON.parse(process.env.FASTCHECK ?? '{"seed":1}') as fc.Parameters<unknown>;

fc.configureGlobal({ ...cases, ...(numRuns === undefined ? {} : { numRuns }) });

export { fc };

/** `npm run test:unit` plays one case in so many of what `npm test` plays in full. */
export const ONE_IN = Number(process.env.TEST_ONE_IN ?? '1');

/** The same where there are only some dozens. */
export const ONE_IN_FEW = Math.min(ONE_IN, 7);

/** Of all cases, those to play. */
export const sampled = <Case>(all: readonly Case[], oneIn = ONE_IN): readonly Case[] =>
  all.filter((_, index) => index % oneIn === 0);

/** How many cases of a property to play, where the full run plays so many. */
export const runs = (inFull: number): number => numRuns ?? Math.ceil(inFull / ONE_IN);

/** What a property plays instead of its usual lives: `FASTCHECK='{"numRuns":5000,"seed":1}' npx jest …-anything`. */
export function replayed(): object {
  return JSON.parse(process.env.FASTCHECK ?? '{}') as object;
}

/** `npm run test:unit` plays one case in so many of what `npm test` plays in full. */
export const ONE_IN = Number(process.env.TEST_ONE_IN ?? '1');

/** The same where there are only some dozens. */
export const ONE_IN_FEW = Math.min(ONE_IN, 7);

/** Of all cases, those to play. */
export const sampled = <Case>(all: readonly Case[], oneIn = ONE_IN): readonly Case[] =>
  all.filter((_, index) => index % oneIn === 0);

/** How many cases of a property to play, where the full run plays so many. */
export const runs = (inFull: number): number => Math.ceil(inFull / ONE_IN);

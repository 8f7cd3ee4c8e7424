import type { Stage } from './policy.js';

/** Which approvals count for which stages. */
export interface Quorum {
  /** For each approval, the index of the stage it counts for; undefined if it counts for none. */
  readonly stageOf: readonly (number | undefined)[];
  /** For each stage, how many approvals count for it. */
  readonly given: readonly number[];
  /** How many approvals count, over all stages. */
  readonly total: number;
  /** Whether every stage has its approvals. */
  readonly isComplete: boolean;
}

/**
 * Assigns each approval to at most one stage. Of all assignments it returns one that completes the most stages and, of
 * these, one in which the most approvals count. The order of the approvals makes no difference to either number.
 *
 * @param able for each approval, whether it can count for each of the stages.
 */
export function quorumOf(
  stages: readonly Pick<Stage, 'count'>[],
  able: readonly (readonly boolean[])[],
): Quorum {
  const all = stages.map((_, index) => index);
  const completable =
    subsetsBySize(all).find((some) => isFull(assigned(stages, able, [some]), stages, some)) ?? [];
  // What completes these stages can always be extended to as many approvals as can count at all.
  const stageOf = assigned(stages, able, [completable, all]);
  const given = givenIn(stageOf, stages);
  return {
    stageOf,
    given,
    total: given.reduce((sum, count) => sum + count, 0),
    isComplete: isFull(stageOf, stages, all),
  };
}

/** Assigns approvals to the stages of each group in turn. A later group never takes away from an earlier one. */
function assigned(
  stages: readonly Pick<Stage, 'count'>[],
  able: readonly (readonly boolean[])[],
  groups: readonly (readonly number[])[],
): readonly (number | undefined)[] {
  const stageOf: (number | undefined)[] = able.map(() => undefined);

  /** Gives the stage one more approval, if need be by moving others (an augmenting path of a bipartite matching). */
  function fill(stage: number, tried: Set<number>): boolean {
    for (const [index, can] of able.entries()) {
      if (!can[stage] || tried.has(index)) continue;
      tried.add(index);
      const taken = stageOf[index];
      if (taken === stage || (taken !== undefined && !fill(taken, tried))) continue;
      stageOf[index] = stage;
      return true;
    }
    return false;
  }

  for (const stage of groups.flat()) {
    while ((givenIn(stageOf, stages)[stage] ?? 0) < (stages[stage]?.count ?? 0)) {
      if (!fill(stage, new Set())) break;
    }
  }
  return stageOf;
}

const givenIn = (
  stageOf: readonly (number | undefined)[],
  stages: readonly Pick<Stage, 'count'>[],
): readonly number[] => stages.map((_, stage) => stageOf.filter((each) => each === stage).length);

function isFull(
  stageOf: readonly (number | undefined)[],
  stages: readonly Pick<Stage, 'count'>[],
  which: readonly number[],
): boolean {
  const given = givenIn(stageOf, stages);
  return which.every((stage) => given[stage] === stages[stage]?.count);
}

/** Largest first. There are few stages, so there are few subsets. */
function subsetsBySize(all: readonly number[]): readonly (readonly number[])[] {
  const subsets = Array.from({ length: 2 ** all.length }, (_, bits) =>
    all.filter((index) => Math.floor(bits / 2 ** index) % 2 === 1),
  );
  return subsets.sort((one, other) => other.length - one.length);
}

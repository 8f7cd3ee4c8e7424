import { describe, expect, test } from '@jest/globals';
import { quorumOf } from '../../../src/orders/policy/quorum.js';
import { fc, runs } from '../../support/properties.js';

const given = fc.integer({ min: 1, max: 3 }).chain((stages) =>
  fc.record({
    stages: fc.array(fc.record({ count: fc.integer({ min: 1, max: 3 }) }), {
      minLength: stages,
      maxLength: stages,
    }),
    able: fc.array(fc.array(fc.boolean(), { minLength: stages, maxLength: stages }), { maxLength: 5 }),
  }),
);

/** Every way to have each approval count for one stage or none. */
function* everyAssignment(
  stages: readonly { readonly count: number }[],
  able: readonly (readonly boolean[])[],
): Iterable<readonly number[]> {
  const choices = able.map((can) => [undefined, ...can.flatMap((yes, stage) => (yes ? [stage] : []))]);
  const ways = choices.reduce((product, some) => product * some.length, 1);
  for (let way = 0; way < ways; way += 1) {
    let rest = way;
    const counts = stages.map(() => 0);
    for (const some of choices) {
      const stage = some[rest % some.length];
      rest = Math.floor(rest / some.length);
      if (stage !== undefined) counts[stage] = (counts[stage] ?? 0) + 1;
    }
    if (counts.every((count, stage) => count <= (stages[stage]?.count ?? 0))) yield counts;
  }
}

describe('Approvals in several stages', () => {
  test('count as much as possible, complete as many stages as possible, and each counts once', () => {
    fc.assert(
      fc.property(given, ({ stages, able }) => {
        const quorum = quorumOf(stages, able);
        for (const [index, stage] of quorum.stageOf.entries()) {
          if (stage !== undefined) expect(able[index]?.[stage]).toBe(true);
        }
        const counted = stages.map((_, stage) => quorum.stageOf.filter((each) => each === stage).length);
        expect(quorum.given).toEqual(counted);
        expect(counted.every((count, stage) => count <= (stages[stage]?.count ?? 0))).toBe(true);
        const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
        const complete = (counts: readonly number[]) =>
          counts.filter((count, stage) => count === stages[stage]?.count).length;
        const ways = [...everyAssignment(stages, able)];
        expect(quorum.total).toBe(Math.max(...ways.map(sum)));
        expect(complete(quorum.given)).toBe(Math.max(...ways.map(complete)));
        expect(quorum.isComplete).toBe(complete(quorum.given) === stages.length);
      }),
      { numRuns: runs(1000) },
    );
  });

  test('count the same in any order', () => {
    fc.assert(
      fc.property(
        given.chain(({ stages, able }) =>
          fc.record({
            stages: fc.constant(stages),
            able: fc.constant(able),
            other: fc.shuffledSubarray(able, { minLength: able.length }),
          }),
        ),
        ({ stages, able, other }) => {
          const [one, two] = [quorumOf(stages, able), quorumOf(stages, other)];
          expect([two.total, two.isComplete]).toEqual([one.total, one.isComplete]);
        },
      ),
      { numRuns: runs(1000) },
    );
  });
});

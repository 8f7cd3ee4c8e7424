/** Random choices that repeat for the same seed. */
export interface Random {
  /** Returns true with this probability. */
  chance(probability: number): boolean;
  /** Returns a whole number, both ends included. */
  between(least: number, most: number): number;
  pick<const T>(from: readonly [T, ...T[]]): T;
  /** Returns this many of the values, without repeats. */
  some<T>(count: number, from: readonly T[]): readonly T[];
}

/** The generator is mulberry32: 32 bits of state, and any seed works equally well. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const throwOne = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(throwOne() * (most - least + 1));
  return {
    chance: (probability) => throwOne() < probability,
    between,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
    some(count, from) {
      const left = [...from];
      return Array.from({ length: Math.min(count, left.length) }, () =>
        left.splice(between(0, left.length - 1), 1),
      ).flat();
    },
  };
}

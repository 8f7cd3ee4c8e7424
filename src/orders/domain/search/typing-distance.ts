/** Counts the typos between two texts. An extra, missing, wrong or swapped letter (`Raliegh`) counts as one. */
export function typingDistance(typed: string, meant: string): number {
  const [one, other] = [Array.from(typed), Array.from(meant)];
  let beforeLast: number[] = [];
  let last = other.map((_, at) => at).concat(other.length);
  for (const [row, letter] of one.entries()) {
    const next = [row + 1];
    for (const [column, against] of other.entries()) {
      const swapped =
        row > 0 && column > 0 && letter === other[column - 1] && one[row - 1] === against
          ? (beforeLast[column - 1] ?? 0) + 1
          : Number.POSITIVE_INFINITY;
      next.push(
        Math.min(
          (last[column + 1] ?? 0) + 1,
          (next[column] ?? 0) + 1,
          (last[column] ?? 0) + (letter === against ? 0 : 1),
          swapped,
        ),
      );
    }
    beforeLast = last;
    last = next;
  }
  return last.at(-1) ?? 0;
}

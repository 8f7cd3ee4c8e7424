/** Works on so many at a time, and gives the results in the order of what was given. Rejects with the first failure. */
export async function sideBySide<T, R>(
  width: number,
  given: readonly T[],
  work: (each: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = [...given.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, each] = next;
      results[at] = await work(each);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** Counts how often properties of these objects are read: the work done on them, on any machine. */
export function countReads<T extends object>(objects: readonly T[]): { watched: T[]; reads(): number } {
  let reads = 0;
  const watched = objects.map(
    (each) =>
      new Proxy(each, {
        get(target, name) {
          reads += 1;
          return Reflect.get(target, name);
        },
      }),
  );
  return { watched, reads: () => reads };
}

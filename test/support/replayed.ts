/** What a property plays instead of its usual lives: `FASTCHECK='{"numRuns":5000,"seed":1}' npx jest …-anything`. */
export function replayed(): object {
  return JSON.parse(process.env.FASTCHECK ?? '{}') as object;
}

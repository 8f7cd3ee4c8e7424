/** How much of a list, and of Bandwidth's own words, fits into one message of a thread. */
export const messageRoom = {
  /** How many numbers fit next to Bandwidth's errors. */
  numbers: 80,
  advice: 800,
  faults: { kinds: 5, words: 200, numbers: 5 },
} as const;

import type { FaultRoom } from './outcome.js';

/** How much of each long text fits into a rendering. */
export interface Room {
  readonly quoted: number;
  readonly advice: number;
  readonly faults: FaultRoom;
  /** The limit for each part of a line about a number in service. */
  readonly inService: { readonly words: number; readonly history: boolean };
}

/** One line of a card. A label is bold. */
export type Line = string | { readonly label: string; readonly value: string };

import type { FaultRoom } from './outcome.js';

/** How much of the long texts a rendering has room for. */
export interface Room {
  readonly quoted: number;
  readonly advice: number;
  readonly faults: FaultRoom;
  /** Of each part of a line about a number in service. */
  readonly inService: { readonly words: number; readonly history: boolean };
}

/** One line of a card; a label is bold. */
export type Line = string | { readonly label: string; readonly value: string };

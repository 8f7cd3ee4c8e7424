import type { FaultRoom } from './outcome.js';

/** How much of each long text fits into a rendering. */
export interface Room {
  readonly quoted: number;
  readonly advice: number;
  readonly faults: FaultRoom;
  /** Whether to name the people who can approve. */
  readonly approvers: boolean;
  /** The limit for each part of a line about a number in service. */
  readonly inService: { readonly words: number; readonly history: boolean };
}

/** A label in bold, and its value. */
export interface Labeled {
  readonly label: string;
  readonly value: string;
}

/** One line of a card. */
export type Line = string | Labeled;

/** Lines one below the other, or short ones in two columns. */
export type Paragraph = readonly Line[] | { readonly columns: readonly Labeled[] };

export const linesOfParagraph = (paragraph: Paragraph): readonly Line[] =>
  'columns' in paragraph ? paragraph.columns : paragraph;

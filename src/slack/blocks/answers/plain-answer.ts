import { section } from '../elements.js';
import type { Answer } from './problems.js';

/** An answer of text alone. */
export const plainAnswer = (text: string): Answer => inSections([text]);

/** An answer of several texts, with space between them. */
export const inSections = (texts: readonly string[]): Answer => ({
  text: texts.join('\n'),
  blocks: texts.map(section),
});

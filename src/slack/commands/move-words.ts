import { type NumberList, readNumberList } from '../text/number-list.js';
import { asTyped } from '../text/typed-text.js';

/** What follows `/numbers move`: numbers, and optionally where they go. */
export interface MoveWords extends NumberList {
  /** A name or an id, as typed. */
  readonly target?: string;
}

/** Reads `910-241-4365, 910-241-4366 to Contact center`. Never throws, for any text. */
export function readMoveWords(text: string): MoveWords {
  const [, before = text, after] = /^(.*?)\s*(?:^|\s)(?:to|into|→)\s+(\S.*)$/su.exec(asTyped(text)) ?? [];
  const target = after?.trim().replace(/^["“'](.*)["”']$/su, '$1');
  return { ...readNumberList(before), ...(target === undefined || target === '' ? {} : { target }) };
}

import type { SearchDraft } from '../../orders/domain/search/search.js';
import { asTyped } from '../text/typed-text.js';
import { gistOf } from './gist.js';
import { interpret } from './search-grammar.js';

/** `get NC` doesn't mean a city called Get, but there is a Show Low in Arizona. */
export function asksInASentence(text: string, draft: SearchDraft): boolean {
  if (draft.criteria.city === undefined) return false;
  const gist = gistOf(asTyped(text));
  const meant = gist === undefined ? undefined : interpret(gist.words);
  return meant !== undefined && 'draft' in meant && meant.draft.criteria.city === undefined;
}

import type { SearchDraft } from '../../orders/domain/search/search.js';
import { asTyped } from '../text/typed-text.js';
import { interpret } from './search-grammar.js';
import { requestInSentence } from './sentence-request.js';

/** `get NC` doesn't mean a city called Get, but there is a Show Low in Arizona. */
export function isSentence(text: string, draft: SearchDraft): boolean {
  if (draft.criteria.city === undefined) return false;
  const request = requestInSentence(asTyped(text));
  const meant = request === undefined ? undefined : interpret(request.words);
  return meant !== undefined && 'draft' in meant && meant.draft.criteria.city === undefined;
}

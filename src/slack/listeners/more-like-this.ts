import type { Middleware } from '@slack/bolt';
import { picksOf } from '../../orders/domain/kept-search.js';
import { moreLike } from '../../orders/domain/search/more-like.js';
import { personOf } from '../access/people.js';
import { noLikenessSentence } from '../blocks/answers/filtered-results.js';
import { recipientOf } from '../messages/private-answers.js';
import { browse, type PressOfSearch, redrawIfDue } from './browse-search.js';
import { type SearchDeps, showSearch } from './search-numbers.js';

/** **More like this** searches for numbers with the pattern of the selected ones, and shows them in a new message. */
export const onMoreLikeThis =
  (deps: SearchDeps): Middleware<PressOfSearch> =>
  async ({ ack, action, body, client, context }) => {
    await ack();
    const touched = await browse(deps, client, { body, context }, action.value);
    const recipient = recipientOf(body);
    if (touched === undefined || recipient === undefined) return;
    const person = personOf(context);
    const picked = picksOf(touched.search, person);
    const search = moreLike(touched.search.search, picked);
    await redrawIfDue(client, touched);
    if (typeof search === 'string') {
      await deps.answers.send(recipient, { text: noLikenessSentence(search, picked) });
      return;
    }
    const { channelId } = touched.place;
    await showSearch(deps, client, search, { person, recipient, place: { channelId } });
  };

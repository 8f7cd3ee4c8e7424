import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { BrowseSearch, KeptSearch } from '../../orders/search-numbers.js';
import { expiredSearch, readSearchButton, readTicks, searchResults } from '../blocks/search-results.js';
import { personOf } from '../people.js';
import { redrawMessage } from '../post-message.js';

/** A press of a button below search results. */
export type PressOfSearch = SlackActionMiddlewareArgs<BlockAction<ButtonAction>>;

interface Does {
  readonly browseSearch: BrowseSearch;
}

/** A tick alone changes nothing: Slack sends all ticks along with the next button. */
export const onTick: Middleware<SlackActionMiddlewareArgs<BlockAction>> = async ({ ack }) => {
  await ack();
};

/** **More** (1) and **Previous** (-1). */
export const onTurnPage =
  (does: Does, step: 1 | -1): Middleware<PressOfSearch> =>
  async (press) => {
    await press.ack();
    const { page } = readSearchButton(press.action.value ?? '');
    const kept = await browse(does, press, page + step);
    if (kept === undefined) return;
    await redrawMessage(press.client, kept.place, searchResults(kept.search, personOf(press.body)));
  };

/**
 * The search a button belongs to, with this person's ticks kept and turned to a page (the one they see, if left out).
 * A search that has been forgotten says so in its own place, and gives undefined.
 */
export async function browse(
  { browseSearch }: Does,
  { action, body, client }: PressOfSearch & Pick<Parameters<Middleware<PressOfSearch>>[0], 'client'>,
  toPage?: number,
): Promise<{ search: KeptSearch; place: { channelId: string; ts: string } } | undefined> {
  const { searchId, page } = readSearchButton(action.value ?? '');
  const place = { channelId: body.channel?.id ?? '', ts: body.message?.ts ?? '' };
  const search = await browseSearch(searchId, {
    person: personOf(body),
    seenPage: page,
    ticked: readTicks(body.state),
    toPage: toPage ?? page,
  });
  if (search !== undefined) return { search, place };
  await redrawMessage(client, place, expiredSearch());
  return undefined;
}

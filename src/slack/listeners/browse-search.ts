import type {
  BlockAction,
  ButtonAction,
  CheckboxesAction,
  Context,
  Middleware,
  SlackActionMiddlewareArgs,
} from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Browsed, BrowseSearch } from '../../orders/use-cases/browse-search.js';
import { personOf } from '../access/people.js';
import { expiredSearch, readDrawingId, readTicks, searchResults } from '../blocks/answers/search-results.js';
import { redrawMessage } from '../messages/post-message.js';
import { type PrivateAnswers, recipientOf } from '../messages/private-answers.js';
import type { ResultsCollapser } from '../messages/results-collapser.js';

/** A press of a button below search results. */
export type PressOfSearch = SlackActionMiddlewareArgs<BlockAction<ButtonAction>>;
type Tick = SlackActionMiddlewareArgs<BlockAction<CheckboxesAction>>;

interface Deps {
  readonly browseSearch: BrowseSearch;
  readonly answers: PrivateAnswers;
  readonly collapser: Pick<ResultsCollapser, 'used'>;
}

/** Results that a person interacted with, and the message they are in. */
export interface Reached extends Browsed {
  readonly place: MessagePlace;
}

interface MessagePlace {
  readonly channelId: string;
  /** Empty for a private answer, whose timestamp Slack doesn't tell. */
  readonly ts: string;
}

export const isPrivate = ({ ts }: MessagePlace): boolean => ts === '';

/** A selection is saved at once, because turning the page replaces the checkboxes for everyone. */
export const onTick =
  (deps: Deps): Middleware<Tick> =>
  async (tick) => {
    await tick.ack();
    const touched = await browse(deps, tick.client, tick, tick.action.block_id);
    await redrawIfDue(tick.client, touched);
  };

/** **More** (1) and **Previous** (-1). */
export const onTurnPage =
  (deps: Deps, step: 1 | -1): Middleware<PressOfSearch> =>
  async ({ ack, action, body, client, context }) => {
    await ack();
    const { page } = readDrawingId(action.value ?? '');
    await redrawIfDue(client, await browse(deps, client, { body, context }, action.value, page + step));
  };

/**
 * Returns the search that an element below results belongs to, with this person's selection saved, at the given page
 * (by default the current one). An expired search is replaced by a notice, and the result is undefined.
 *
 * @param drawingId a button's value, or the block id of the checkboxes.
 */
export async function browse(
  { browseSearch, answers, collapser }: Deps,
  client: WebClient,
  { body, context }: { readonly body: BlockAction; readonly context: Context },
  drawingId: string | undefined,
  toPage?: number,
): Promise<Reached | undefined> {
  const { searchId, page, drawing } = readDrawingId(drawingId ?? '');
  const place = { channelId: body.channel?.id ?? '', ts: body.message?.ts ?? '' };
  const browsed = await browseSearch(searchId, {
    person: personOf(context),
    seen: { page, drawing },
    ticked: readTicks(body.state),
    ...(toPage === undefined ? {} : { toPage }),
  });
  if (browsed !== undefined) {
    if (!isPrivate(place)) collapser.used({ searchId, ...place });
    return { ...browsed, place };
  }
  const recipient = recipientOf(body);
  if (!isPrivate(place)) await redrawMessage(client, place, expiredSearch());
  else if (recipient !== undefined) await answers.replace(recipient, expiredSearch());
  return undefined;
}

export async function redrawIfDue(client: WebClient, touched: Reached | undefined): Promise<void> {
  if (touched?.redraw === true) await redrawMessage(client, touched.place, searchResults(touched.search));
}

import type {
  BlockAction,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackViewMiddlewareArgs,
  StaticSelectAction,
  ViewSubmitAction,
} from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { BrowseSearch } from '../../orders/browse-search.js';
import type { Person } from '../../orders/order.js';
import { checkSearch, type SearchDraft } from '../../orders/search.js';
import type { SearchNumbers } from '../../orders/search-numbers.js';
import { OUTDATED_FORM } from '../blocks/problems.js';
import {
  type FormMode,
  readSearchForm,
  redrawSearchForm,
  SEARCH_FORM_KIND_BLOCK,
  searchForm,
} from '../blocks/search-form.js';
import { searchResults } from '../blocks/search-results.js';
import { openForm, redrawForm } from '../open-form.js';
import { personOf } from '../people.js';
import { postMessage, redrawMessage } from '../post-message.js';
import { formClosed } from '../tell-people.js';
import { browse, type PressOfSearch, redrawIfDue } from './browse-search.js';

/** Where the results are to stand: in this channel, or in place of this message. */
export interface ResultsPlace {
  readonly channelId: string;
  readonly ts?: string;
}

interface Does {
  readonly searchNumbers: SearchNumbers;
  readonly browseSearch: BrowseSearch;
}

/** Asks Bandwidth and shows the first page. The draft must have passed `checkSearch`. */
export async function showSearch(
  { searchNumbers }: Pick<Does, 'searchNumbers'>,
  client: WebClient,
  draft: SearchDraft,
  askedBy: Person,
  { channelId, ts }: ResultsPlace,
): Promise<void> {
  const search = checkSearch(draft);
  if (!('kind' in search)) throw new Error(`an unchecked search: ${JSON.stringify(search)}`);
  const results = searchResults(await searchNumbers({ search, askedBy, channelId }));
  if (ts === undefined) await postMessage(client, channelId, results);
  else await redrawMessage(client, { channelId, ts }, results);
}

export async function openSearchForm(
  client: WebClient,
  triggerId: string,
  given: { readonly mode: FormMode; readonly draft?: SearchDraft; readonly place: ResultsPlace },
): Promise<void> {
  const { mode, draft, place } = given;
  const view = searchForm({
    mode,
    metadata: JSON.stringify(place),
    ...(draft === undefined ? {} : { draft }),
  });
  await openForm(client, triggerId, view);
}

/** **Change search…** opens the form with the search as it was; its results will replace these. */
export const onChangeSearch =
  (does: Does): Middleware<PressOfSearch> =>
  async ({ ack, action, body, client, context }) => {
    await ack();
    const touched = await browse(does, client, { body, context }, action.value);
    if (touched === undefined) return;
    const { search, place } = touched;
    await openSearchForm(client, body.trigger_id, { mode: 'search', draft: search.search, place });
    await redrawIfDue(client, touched);
  };

/** Another kind of search was chosen in the form: other fields. */
export const onSearchKind: Middleware<SlackActionMiddlewareArgs<BlockAction<StaticSelectAction>>> = async ({
  ack,
  body,
  client,
}) => {
  await ack();
  if (body.view === undefined) return;
  const { id, hash } = body.view;
  await redrawForm(client, { view_id: id, hash }, redrawSearchForm(body.view));
};

/** The form's **Search**. */
export const onSearchForm =
  (does: Does): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, client, context }) => {
    const read = readSearchForm(view);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const place = readPlace(view.private_metadata);
    if (place === undefined) return ack(outdatedSearchForm);
    await ack();
    formClosed(context, place.channelId);
    await showSearch(does, client, read.draft, personOf(context), place);
  };

/** Where the form was opened from; undefined for a form that another version of the app has opened. */
export function readPlace(metadata: string): ResultsPlace | undefined {
  let written: Partial<ResultsPlace> | null;
  try {
    written = JSON.parse(metadata) as Partial<ResultsPlace> | null;
  } catch {
    return undefined;
  }
  const { channelId, ts } = written ?? {};
  if (typeof channelId !== 'string' || (ts !== undefined && typeof ts !== 'string')) return undefined;
  return { channelId, ...(ts === undefined ? {} : { ts }) };
}

export const outdatedSearchForm = {
  response_action: 'errors',
  errors: { [SEARCH_FORM_KIND_BLOCK]: OUTDATED_FORM },
} as const;

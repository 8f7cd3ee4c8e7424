import type {
  BlockAction,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackViewMiddlewareArgs,
  StaticSelectAction,
  ViewSubmitAction,
} from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Person } from '../../orders/domain/request.js';
import { checkSearch } from '../../orders/domain/search/check-search.js';
import type { SearchDraft } from '../../orders/domain/search/search.js';
import type { BrowseSearch } from '../../orders/use-cases/browse-search.js';
import type { SearchNumbers } from '../../orders/use-cases/search-numbers.js';
import { personOf } from '../access/people.js';
import { OUTDATED_FORM, wordsProblemAnswer } from '../blocks/answers/problems.js';
import { searchResults } from '../blocks/answers/search-results.js';
import { readSearchForm, redrawSearchForm, searchForm } from '../blocks/forms/search-form.js';
import { SEARCH_FORM_KIND_BLOCK } from '../blocks/forms/search-form-fields.js';
import type { FormMode } from '../blocks/forms/search-form-kinds.js';
import { formClosed } from '../messages/error-middleware.js';
import { openForm, redrawForm } from '../messages/open-form.js';
import { postMessage, redrawMessage } from '../messages/post-message.js';
import type { PrivateAnswers, Recipient } from '../messages/private-answers.js';
import type { ResultsCollapser } from '../messages/results-collapser.js';
import { browse, isPrivate, type PressOfSearch, redrawIfDue } from './browse-search.js';
import type { Subcommands } from './numbers-command.js';

/** Where to show the results: in this channel, or in place of this message. */
export interface ResultsPlace {
  readonly channelId: string;
  readonly ts?: string;
}

export interface SearchDeps {
  readonly searchNumbers: SearchNumbers;
  readonly browseSearch: BrowseSearch;
  readonly answers: PrivateAnswers;
  readonly collapser: ResultsCollapser;
}

/** `/numbers search` alone. */
export const onSearchWithoutWords: Subcommands['search-form'] = async (
  _,
  { ack, client, triggerId, channelId },
) => {
  await ack();
  await openSearchForm(client, triggerId, { mode: 'search', place: { channelId } });
};

/** `/numbers search …` */
export const onSearch =
  (deps: Pick<SearchDeps, 'searchNumbers' | 'answers' | 'collapser'>): Subcommands['search'] =>
  async ({ words }, { ack, client, person, channelId, recipient }) => {
    if ('problem' in words) return ack(wordsProblemAnswer(words.problem, 'search'));
    await ack();
    return showSearch(deps, client, words.draft, { person, recipient, place: { channelId } });
  };

/**
 * Asks Bandwidth and shows the first page, in the channel because several people may pick from it. An empty result
 * concerns only the person who searched. The draft must have passed `checkSearch`.
 */
export async function showSearch(
  { searchNumbers, answers, collapser }: Pick<SearchDeps, 'searchNumbers' | 'answers' | 'collapser'>,
  client: WebClient,
  draft: SearchDraft,
  asking: { readonly person: Person; readonly recipient: Recipient; readonly place: ResultsPlace },
): Promise<void> {
  const search = checkSearch(draft);
  if (!('kind' in search)) throw new Error(`an unchecked search: ${JSON.stringify(search)}`);
  const { channelId, ts } = asking.place;
  const kept = await searchNumbers({ search, askedBy: asking.person, channelId });
  const results = searchResults(kept);
  if (kept.found.length === 0) await answers.send(asking.recipient, results);
  else {
    const shown =
      ts === undefined
        ? await postMessage(client, channelId, results)
        : await redrawMessage(client, { channelId, ts }, results);
    if (shown !== undefined) collapser.used({ searchId: kept.id, channelId, ts: shown });
  }
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

/** **Change search…** opens the form with the current search; its results replace these. */
export const onChangeSearch =
  (deps: SearchDeps): Middleware<PressOfSearch> =>
  async ({ ack, action, body, client, context }) => {
    await ack();
    const touched = await browse(deps, client, { body, context }, action.value);
    if (touched === undefined) return;
    const { search } = touched;
    const { channelId, ts } = touched.place;
    const place = isPrivate(touched.place) ? { channelId } : { channelId, ts };
    await openSearchForm(client, body.trigger_id, { mode: 'search', draft: search.search, place });
    await redrawIfDue(client, touched);
  };

/** Shows the fields for the kind of search just chosen. */
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
  (deps: SearchDeps): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, client, context }) => {
    const read = readSearchForm(view);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const place = readPlace(view.private_metadata);
    if (place === undefined) return ack(outdatedSearchForm);
    await ack();
    formClosed(context, place.channelId);
    const person = personOf(context);
    const recipient = { userId: person.userId, channelId: place.channelId };
    await showSearch(deps, client, read.draft, { person, recipient, place });
  };

/** Returns where the form was opened from; undefined for a form that another version of the app opened. */
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

import { type KeptSearch, pageCount, pageOf, picksOf } from '../domain/kept-search.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { Person } from '../domain/request.js';
import type { SearchStore } from '../ports/search-store.js';

export type BrowseSearch = (
  id: string,
  browse: {
    readonly person: Person;
    /** The page and drawing that the person saw; someone else may have turned the page since. */
    readonly seen: { readonly page: number; readonly drawing: number };
    /** All boxes that were checked in the message this person saw, by anyone. */
    readonly ticked: readonly PhoneNumber[];
    /** Absent when no one turns the page. */
    readonly toPage?: number;
  },
) => Promise<Browsed | undefined>;

export interface Browsed {
  readonly search: KeptSearch;
  /**
   * Whether the message has to be redrawn, for another page or because it shows this person someone else's checkmarks.
   */
  readonly redraw: boolean;
}

/**
 * Stores what a person picked on the page they saw, and turns to another if asked to. Returns undefined if the search
 * is no longer stored.
 */
export function makeBrowseSearch(deps: { searches: SearchStore }): BrowseSearch {
  const { searches } = deps;
  // One at a time per search, or two people picking at once would overwrite each other's picks.
  const turns = new Map<string, Promise<void>>();

  const browse: BrowseSearch = async (id, { person, seen, ticked, toPage }) => {
    const kept = await searches.get(id);
    if (kept === undefined) return undefined;
    const page = pageOf(kept, seen.page).map(({ number }) => number);
    const onOtherPages = picksOf(kept, person).filter((number) => !page.includes(number));
    const here = page.filter(meansToHave(kept, person, seen.drawing, ticked));
    const picks = { ...kept.picks, [person.userId]: [...onOtherPages, ...here] };
    const redraw = toPage !== undefined || (seen.drawing === kept.drawn.count && showsOthers(kept, person));
    const next: KeptSearch = {
      ...kept,
      page: Math.min(Math.max(toPage ?? kept.page, 0), pageCount(kept) - 1),
      picks,
      drawn: redraw ? { count: kept.drawn.count + 1, viewer: person, picks } : kept.drawn,
    };
    await searches.put(next);
    return { search: next, redraw };
  };

  return (id, given) => {
    const turn = (turns.get(id) ?? Promise.resolve()).then(() => browse(id, given));
    const over = () => {
      if (turns.get(id) === done) turns.delete(id);
    };
    const done: Promise<void> = turn.then(over, over);
    turns.set(id, done);
    return turn;
  };
}

/**
 * Decides whether the person picked this number of the page they saw. A box they didn't touch says nothing about their
 * own picks.
 */
function meansToHave(
  kept: KeptSearch,
  person: Person,
  drawing: number,
  ticked: readonly PhoneNumber[],
): (number: PhoneNumber) => boolean {
  const { viewer, picks, count } = kept.drawn;
  const [own = [], shown = []] = [picks[person.userId], picks[viewer.userId]];
  if (drawing === count) {
    return (number) =>
      ticked.includes(number) === shown.includes(number) ? own.includes(number) : ticked.includes(number);
  }
  // It isn't known what that older drawing showed. Numbers that others picked may have been checked by them.
  const others = Object.entries(kept.picks).flatMap(([userId, numbers]) =>
    userId === person.userId ? [] : numbers,
  );
  const mine = picksOf(kept, person);
  return (number) => ticked.includes(number) && (mine.includes(number) || !others.includes(number));
}

/** Whether the boxes in the message differ from this person's picks when it was drawn. */
function showsOthers(kept: KeptSearch, person: Person): boolean {
  const { drawn } = kept;
  const [own = [], shown = []] = [drawn.picks[person.userId], drawn.picks[drawn.viewer.userId]];
  return pageOf(kept).some(({ number }) => own.includes(number) !== shown.includes(number));
}

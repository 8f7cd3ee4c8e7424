import { type KeptSearch, pageCount, pageOf, picksOf } from '../domain/kept-search.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { Person } from '../domain/request.js';
import type { SearchStore } from '../ports.js';

export type BrowseSearch = (
  id: string,
  browse: {
    readonly person: Person;
    /** The page and drawing the person was looking at: somebody else may have turned it since. */
    readonly seen: { readonly page: number; readonly drawing: number };
    /** All boxes that were ticked before this person's eyes, whoever's they were. */
    readonly ticked: readonly PhoneNumber[];
    /** Left out, nobody turns the page. */
    readonly toPage?: number;
  },
) => Promise<Browsed | undefined>;

export interface Browsed {
  readonly search: KeptSearch;
  /** The message is to be drawn anew: another page, or because it shows somebody else's ticks to this person. */
  readonly redraw: boolean;
}

/**
 * Remembers what a person ticked on the page they saw, and turns to another if asked to.
 * Undefined when the search has been forgotten.
 */
export function makeBrowseSearch(deps: { searches: SearchStore }): BrowseSearch {
  const { searches } = deps;
  // One at a time per search: two people ticking at once would otherwise write over each other's ticks.
  const turns = new Map<string, Promise<void>>();

  const browse: BrowseSearch = async (id, { person, seen, ticked, toPage }) => {
    const kept = await searches.get(id);
    if (kept === undefined) return undefined;
    const page = pageOf(kept, seen.page).map(({ number }) => number);
    const elsewhere = picksOf(kept, person).filter((number) => !page.includes(number));
    const here = page.filter(meansToHave(kept, person, seen.drawing, ticked));
    const picks = { ...kept.picks, [person.userId]: [...elsewhere, ...here] };
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

  return (id, wish) => {
    const turn = (turns.get(id) ?? Promise.resolve()).then(() => browse(id, wish));
    const over = () => {
      if (turns.get(id) === done) turns.delete(id);
    };
    const done: Promise<void> = turn.then(over, over);
    turns.set(id, done);
    return turn;
  };
}

/** Does the person want this number of the page they saw? A box they did not touch says nothing about their own wish. */
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
  // What that older drawing showed is not known any more. Ticks somebody else has may have been theirs.
  const others = Object.entries(kept.picks).flatMap(([userId, numbers]) =>
    userId === person.userId ? [] : numbers,
  );
  const mine = picksOf(kept, person);
  return (number) => ticked.includes(number) && (mine.includes(number) || !others.includes(number));
}

/** Do the boxes of the message differ from what this person had ticked when it was drawn? */
function showsOthers(kept: KeptSearch, person: Person): boolean {
  const { drawn } = kept;
  const [own = [], shown = []] = [drawn.picks[person.userId], drawn.picks[drawn.viewer.userId]];
  return pageOf(kept).some(({ number }) => own.includes(number) !== shown.includes(number));
}

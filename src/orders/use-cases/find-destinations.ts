import pMap from 'p-map';
import type { Destination } from '../domain/request.js';
import { within } from './ask-carrier.js';
import { findPlace, type PlaceProblem } from './find-place.js';
import { type ListPlaces, namedPlace, type PlaceIds } from './list-places.js';

export interface DestinationProblem {
  /** `not-looked-up`: Bandwidth couldn't be asked in time. */
  readonly problem: PlaceProblem | 'not-looked-up';
  readonly spelled: string;
}

/** How many of Bandwidth's lists to read at once. */
const CONCURRENCY = 8;
/** As long as Slack waits for the answer to a form, with some left for the request itself. */
const WITHIN_MS = 1_800;

/**
 * Returns the sub-accounts and locations that people named in a form, by their text, or the first that can't be found.
 * People give a name (`Boston office`, `Boston office / Boston trunk`) or an id, as in `Boston office (743)` or
 * `743/303716`. If Bandwidth can't be asked in time, an id is accepted as it is.
 */
export async function findDestinations(
  places: ListPlaces,
  spelled: readonly string[],
  configured: PlaceIds,
): Promise<ReadonlyMap<string, Destination> | DestinationProblem> {
  const found = await within(WITHIN_MS)(() =>
    pMap(new Set(spelled), async (text) => [text, await findDestination(places, text, configured)] as const, {
      concurrency: CONCURRENCY,
    }),
  );
  const destinations = new Map<string, Destination>();
  for (const [text, each] of found ?? []) {
    if ('problem' in each) return each;
    destinations.set(text, each);
  }
  const [unknown] = spelled.filter((text) => !destinations.has(text));
  return unknown === undefined ? destinations : notLookedUp(unknown);
}

async function findDestination(
  places: ListPlaces,
  text: string,
  configured: PlaceIds,
): Promise<Destination | DestinationProblem> {
  const listInTime = within(WITHIN_MS / 2);
  const byName = async (site: string, location: string) =>
    (await listInTime(() => findPlace(places, { site, location }))) ?? notLookedUp(text);
  const whole = await byName(text, '');
  if (!('problem' in whole)) return whole;
  const ids = idsIn(text);
  if (ids !== undefined) {
    const place = await namedPlace(places, ids, configured, WITHIN_MS / 2);
    return 'problem' in place ? { ...place, spelled: text } : place;
  }
  let problem: DestinationProblem = whole;
  for (const { index, 0: slash } of text.matchAll(/\s*\/\s*/gu)) {
    const place = await byName(text.slice(0, index), text.slice(index + slash.length));
    if (!('problem' in place)) return place;
    if (place.problem !== 'no-such-site') problem = place;
  }
  return problem;
}

const notLookedUp = (spelled: string): DestinationProblem => ({ problem: 'not-looked-up', spelled });

/** `Boston office (743)`, `743/303716` */
function idsIn(text: string): { readonly siteId: string; readonly peerId?: string } | undefined {
  const [, siteId, peerId] = /(?:^|\()(\d+)(?:\s*\/\s*(\d+))?(?:\)?)$/u.exec(text.trim()) ?? [];
  if (siteId === undefined) return undefined;
  return { siteId, ...(peerId === undefined ? {} : { peerId }) };
}

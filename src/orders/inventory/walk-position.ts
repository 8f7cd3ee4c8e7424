import type { Location, Site, Timestamp } from '../domain/request.js';
import type {
  InventoryTotals,
  MissingRole,
  NumberPage,
  WalkPosition,
  WalkStage,
} from '../ports/inventory.js';

/** How a walk gets from one list to the next. Everything here is pure. */

const FIRST_PAGE = '1';

export function beginWalk(startedAt: Timestamp, totals: InventoryTotals): WalkPosition {
  return {
    startedAt,
    totals,
    stage: 'numbers',
    page: FIRST_PAGE,
    seen: [],
    sites: [],
    locations: [],
    numberChunks: [],
    locationChunks: [],
    read: 0,
    unread: 0,
    missingRoles: [],
  };
}

/** Whether the numbers can be listed only by location. */
export const readsOnlyLocations = ({ missingRoles }: Pick<WalkPosition, 'missingRoles'>): boolean =>
  missingRoles.includes('numbers') && missingRoles.includes('in-service-numbers');

/** Whether the credentials can't read any of the lists. */
export const readsNothing = ({ missingRoles }: Pick<WalkPosition, 'missingRoles'>): boolean =>
  readsOnlyLocations({ missingRoles }) && missingRoles.includes('locations');

/** @param chunkIds where the numbers of the page were stored. */
export function afterPage(
  position: WalkPosition,
  page: NumberPage,
  chunkIds: readonly string[],
): WalkPosition {
  const { stage, seen } = position;
  const first = page.numbers[0]?.number;
  const here = first === undefined ? { page: position.page } : { page: position.page, first };
  // A server that returns the same page twice would do so forever.
  const isRepeated = first !== undefined && seen.some((each) => each.first === first);
  const { nextPage } = page;
  const returns = nextPage !== undefined && [...seen, here].some((each) => each.page === nextPage);
  const isLast = nextPage === undefined || returns || isRepeated || page.rows === 0;
  // A counted page beyond the end of a location repeats the last one, which isn't a gap.
  const endsEarly = stage !== 'location-numbers' && nextPage !== undefined && isLast && page.rows > 0;
  const counts = stage !== 'location-numbers' || readsOnlyLocations(position);
  const next: WalkPosition = {
    ...withoutTrouble(position),
    read: position.read + (counts && !isRepeated ? page.rows : 0),
    unread: position.unread + (counts ? page.unread + (endsEarly ? 1 : 0) : 0),
    ...withChunks(position, chunkIds),
  };
  if (!isLast) return { ...next, page: nextPage, seen: [...seen, here] };
  if (stage !== 'location-numbers') return atStage(next, 'sites');
  return continueLocations({ ...next, locations: next.locations.slice(1) });
}

function withChunks(
  { stage, numberChunks, locationChunks }: WalkPosition,
  chunkIds: readonly string[],
): Pick<WalkPosition, 'numberChunks' | 'locationChunks'> {
  return stage === 'location-numbers'
    ? { numberChunks, locationChunks: [...locationChunks, ...chunkIds] }
    : { numberChunks: [...numberChunks, ...chunkIds], locationChunks };
}

export function afterSites(position: WalkPosition, sites: readonly Site[], unread: number): WalkPosition {
  return continueLocations({
    ...withoutTrouble(position),
    sites,
    unread: position.unread + gap(position, unread),
  });
}

export function afterLocations(
  position: WalkPosition,
  locations: readonly Location[],
  unread: number,
): WalkPosition {
  const [site, ...sites] = position.sites;
  return continueLocations({
    ...withoutTrouble(position),
    sites,
    locations: [
      ...position.locations,
      ...(site === undefined ? [] : locations.map((location) => ({ site, location }))),
    ],
    unread: position.unread + gap(position, unread),
  });
}

/** A missing location only hides numbers if no other list shows them. */
const gap = (position: WalkPosition, unread: number): number => (readsOnlyLocations(position) ? unread : 0);

/** The list that is being read needs a role that the credentials lack. */
export function afterRefusal(position: WalkPosition): WalkPosition {
  const lacks = (role: MissingRole): WalkPosition => ({
    ...withoutTrouble(position),
    missingRoles: [...new Set([...position.missingRoles, role])],
  });
  switch (position.stage) {
    case 'numbers':
      return atStage(lacks('numbers'), 'bare-numbers');
    case 'bare-numbers':
      return atStage(lacks('in-service-numbers'), 'sites');
    case 'sites':
    case 'locations':
    case 'location-numbers':
    case 'nothing':
      return atStage({ ...lacks('locations'), sites: [], locations: [] }, 'nothing');
  }
}

/** The sub-account or location was deleted since it was listed. */
export function afterDeletion(position: WalkPosition): WalkPosition {
  const { stage, sites, locations } = position;
  const rest = stage === 'locations' ? { sites: sites.slice(1) } : { locations: locations.slice(1) };
  return continueLocations({ ...withoutTrouble(position), ...rest });
}

function continueLocations(position: WalkPosition): WalkPosition {
  if (position.sites.length > 0) return atStage(position, 'locations');
  return atStage(position, position.locations.length > 0 ? 'location-numbers' : 'nothing');
}

const atStage = (position: WalkPosition, stage: WalkStage): WalkPosition => ({
  ...position,
  stage,
  page: FIRST_PAGE,
  seen: [],
});

function withoutTrouble({ trouble: _, ...position }: WalkPosition): WalkPosition {
  return position;
}

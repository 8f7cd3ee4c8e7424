import { areaCodesOf, stateOf } from './area-codes.js';
import { type Criteria, checkSearch, type Search } from './search.js';

/** A person reads a few suggestions, not thirty area codes. */
const MOST = 5;

/**
 * Wider searches and neighbouring ones, nearest first, for somebody who found nothing. Each keeps the quantity, and
 * each is a search that Bandwidth accepts.
 */
export function nearbySearches(search: Search): readonly Search[] {
  const seen = new Set([JSON.stringify(search.criteria)]);
  const nearby: Search[] = [];
  for (const criteria of wider(search)) {
    const checked = checkSearch({ criteria, quantity: search.quantity });
    const key = JSON.stringify(criteria);
    if (!('kind' in checked) || seen.has(key)) continue;
    seen.add(key);
    nearby.push(checked);
  }
  return nearby.slice(0, MOST);
}

function wider({ kind, criteria }: Search): Criteria[] {
  switch (kind) {
    case 'areaCode':
    case 'npaNxx':
    case 'npaNxxx':
      return widerPrefixes(criteria);
    case 'rateCenter':
    case 'city':
      return inState(criteria.state);
    case 'combined':
      return [...eachAlone(criteria), ...widerPrefixes(criteria)];
    case 'localVanity':
      return widerVanity(criteria);
    case 'tollFreeVanity':
      return [{ tollFreeWildCardPattern: '8**' }];
    case 'tollFreeWildCardPattern':
      return [
        { tollFreeWildCardPattern: `${criteria.tollFreeWildCardPattern?.slice(0, 2)}*` },
        { tollFreeWildCardPattern: '8**' },
      ];
    case 'state':
    case 'zip':
    case 'lata':
      // The whole state is as wide as it gets, and which state a zip or LATA lies in we do not know.
      return [];
  }
}

/** One digit group less, then the area codes of the same state, then all of it. */
function widerPrefixes({ areaCode, npaNxx, npaNxxx }: Criteria): Criteria[] {
  const prefix = npaNxxx ?? npaNxx ?? areaCode;
  if (prefix === undefined) return [];
  const area = prefix.slice(0, 3);
  const state = stateOf(area);
  return [
    ...(prefix.length > 6 ? [{ npaNxx: prefix.slice(0, 6) }] : []),
    ...(prefix.length > 3 ? [{ areaCode: area }] : []),
    ...(state === undefined ? [] : [{ state }, ...neighbours(area, state)]),
  ];
}

/** The state's other area codes, the next higher ones first. */
function neighbours(areaCode: string, state: string): Criteria[] {
  const codes = areaCodesOf(state).filter((code) => code !== areaCode);
  const higher = codes.filter((code) => code > areaCode);
  const lower = codes.filter((code) => code < areaCode);
  return [...higher, ...lower].map((code) => ({ areaCode: code }));
}

/** A combination finds more when only one of its criteria is asked for. */
function eachAlone({ city, rateCenter, state, zip, lata, areaCode, npaNxx, npaNxxx }: Criteria): Criteria[] {
  return [
    ...(npaNxxx === undefined ? [] : [{ npaNxxx }]),
    ...(npaNxx === undefined ? [] : [{ npaNxx }]),
    ...(areaCode === undefined ? [] : [{ areaCode }]),
    ...(zip === undefined ? [] : [{ zip }]),
    ...(rateCenter === undefined || state === undefined ? [] : [{ rateCenter, state }]),
    ...(city === undefined || state === undefined ? [] : [{ city, state }]),
    ...(lata === undefined ? [] : [{ lata }]),
    ...inState(state),
  ];
}

const inState = (state: string | undefined): Criteria[] => (state === undefined ? [] : [{ state }]);

function widerVanity({ localVanity, endsIn, areaCode, state }: Criteria): Criteria[] {
  if (localVanity === undefined) return [];
  const place = {
    ...(areaCode === undefined ? {} : { areaCode }),
    ...(state === undefined ? {} : { state }),
  };
  const home = areaCode === undefined ? undefined : stateOf(areaCode);
  return [
    ...(endsIn === true ? [{ localVanity, ...place }] : []),
    ...(home === undefined ? [] : [{ localVanity, state: home }]),
    { localVanity },
    ...(localVanity.length > 4 ? [{ localVanity: localVanity.slice(0, -1), ...place }] : []),
  ];
}

import type { PhoneNumber } from '../domain/phone-number.js';
import type { Location, NumberInService, OrderId, Site } from '../domain/request.js';
import type { Carrier } from '../ports/carrier.js';
import type { CheckNumbers, NumberProblem } from './check-numbers.js';
import { type ListPlaces, namedPlace } from './list-places.js';

/** What a move needs, or why it can't be requested. */
export type CheckedMove =
  | { readonly inService: readonly NumberInService[]; readonly site: Site; readonly location: Location }
  | { readonly problems: readonly NumberProblem[] }
  | { readonly place: 'no-such-site' | 'no-such-location' };

export type CheckMove = (
  asked: { readonly numbers: readonly PhoneNumber[]; readonly siteId: string; readonly locationId: string },
  orderId: OrderId,
) => Promise<CheckedMove>;

/** A card lists no more numbers than this one by one. */
const FORWARDING_LOOKED_UP = 10;

/**
 * Looks up every number and the location before anyone is asked to approve moving them. A number that is there already
 * makes the request invalid, and so does one with messaging if the location has none: Bandwidth blocks such moves. What
 * can't be found out about the location is left to Bandwidth. Throws CarrierError or StoreError.
 */
export function makeCheckMove(deps: {
  checkNumbers: CheckNumbers;
  listPlaces: ListPlaces;
  carrier: Pick<Carrier, 'takesMessages' | 'forwarded'>;
}): CheckMove {
  const { checkNumbers, listPlaces, carrier } = deps;
  return async ({ numbers, siteId, locationId }, orderId) => {
    const [place, checked] = await Promise.all([
      namedPlace(listPlaces, { siteId, peerId: locationId }),
      checkNumbers(numbers, orderId),
    ]);
    if ('problem' in place) return { place: place.problem };
    if ('problems' in checked) return checked;
    const { site, location } = place;
    if (location === undefined) return { place: 'no-such-location' };
    const { inService } = checked;
    const there = inService.filter((each) => each.site?.id === site.id && each.location?.id === location.id);
    if (there.length > 0) return { problems: there.map(({ number }) => ({ number, why: 'already-there' })) };
    const texting = inService.filter(({ hanging }) => hanging?.messaging === true);
    if (texting.length > 0 && (await carrier.takesMessages(site.id, location.id)) === false) {
      return { problems: texting.map(({ number }) => ({ number, why: 'no-messaging-there' })) };
    }
    const forwarded =
      inService.length > FORWARDING_LOOKED_UP ? new Map() : await carrier.forwarded(inService);
    return { inService: inService.map((each) => withForwarding(each, forwarded)), site, location };
  };
}

function withForwarding(
  record: NumberInService,
  forwarded: ReadonlyMap<PhoneNumber, boolean>,
): NumberInService {
  const known = forwarded.get(record.number);
  return known === undefined ? record : { ...record, forwarded: known };
}

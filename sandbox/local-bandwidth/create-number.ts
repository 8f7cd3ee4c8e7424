import { type Criteria, fits, isTollFree } from './criteria.js';
import type { Numbers, TelephoneNumber } from './numbers.js';

/** Creates a number: this one, or one that matches the criteria. */
export function createNumber(
  fullNumber: string | undefined,
  criteria: Criteria,
  numbers: Numbers,
): TelephoneNumber {
  const like = numbers.first((number) => fits(number, criteria));
  const made = fullNumber ?? unused(prefixFor(criteria, like), numbers);
  return {
    fullNumber: made,
    tollFree: isTollFree(made),
    city: criteria.city?.toUpperCase() ?? like?.city ?? '',
    state: criteria.state?.toUpperCase() ?? like?.state ?? '',
    rateCenter: criteria.rateCenter?.toUpperCase() ?? like?.rateCenter ?? '',
    lata: criteria.lata ?? like?.lata ?? '',
    zip: criteria.zip?.slice(0, 5) ?? like?.zip ?? '',
    callingArea: like?.callingArea ?? '',
    tier: '0',
    isProtected: false,
    status: 'Available',
    modifiedAt: like?.modifiedAt ?? 0,
  };
}

function prefixFor(criteria: Criteria, like: TelephoneNumber | undefined): string {
  const tollFree = criteria.tollFreeWildCardPattern?.replaceAll('*', '3') ?? '833';
  if (criteria.tollFreeVanity !== undefined || criteria.tollFreeWildCardPattern !== undefined) {
    return like?.fullNumber.slice(0, 3) ?? tollFree;
  }
  return criteria.npaNxxx ?? criteria.npaNxx ?? criteria.areaCode ?? like?.fullNumber.slice(0, 3) ?? '828';
}

/** Returns the first unused number after the prefix, counting up from exchange 200. */
function unused(prefix: string, numbers: Numbers): string {
  const rest = 10 - prefix.length;
  const first = prefix.length === 3 ? 2 * 10 ** 6 : 0;
  for (let tail = first; tail < 10 ** rest; tail += 1) {
    const fullNumber = prefix + String(tail).padStart(rest, '0');
    if (numbers.get(fullNumber) === undefined) return fullNumber;
  }
  throw new Error(`no numbers are left under ${prefix}`);
}

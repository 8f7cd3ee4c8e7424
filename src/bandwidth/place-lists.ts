import type { Carrier, RateCenter } from '../orders/ports/carrier.js';
import type { Log } from '../orders/ports/log.js';
import type { Calls } from './calls.js';
import { decodeFaults } from './decode/decode-faults.js';
import { encodeQuery } from './encode.js';
import { type RequestName, refusal, unreadable } from './errors.js';
import { element, many, one, readCount, text } from './schema.js';
import type { XmlDocument } from './xml.js';

const citiesSchema = element({ resultcount: text, cities: one({ city: many({ name: text }) }) });
const rateCentersSchema = element({
  resultcount: text,
  ratecenters: one({ ratecenter: many({ abbreviation: text, name: text }) }),
});

/** Bandwidth's lists of places, shared by all accounts: their paths contain no account. */
export function makePlaceLists({
  calls: { get },
  log,
}: {
  calls: Pick<Calls, 'get'>;
  log: Log;
}): Pick<Carrier, 'cities' | 'rateCenters'> {
  /** A list that counts entries but doesn't show them is unreadable, not empty. */
  const read = async <T>(
    path: string,
    state: string,
    asked: RequestName,
    root: string,
    decode: (document: XmlDocument) => { readonly found: readonly T[]; readonly count: string | undefined },
  ): Promise<readonly T[]> => {
    const document = await get(`${path}?${encodeQuery([['state', state]])}`, asked, root);
    if (document === undefined) return [];
    const { found, count } = decode(document);
    if (found.length > 0) return found;
    const faults = decodeFaults(document, log);
    if (faults.length > 0) throw refusal(asked, faults);
    if (readCount(count) !== 0) throw unreadable(asked, 'a list without names');
    return found;
  };

  return {
    cities: (state) =>
      read('/cities', state, 'the list of cities', 'cityresponse', (document) => {
        const { cities, resultcount } = citiesSchema.parse(document.content);
        // A city is listed once for each of its rate centers.
        const names = cities.city.flatMap(({ name }) => name ?? []);
        return { found: [...new Set(names)], count: resultcount };
      }),

    rateCenters: (state) =>
      read('/rateCenters', state, 'the list of rate centers', 'ratecenterresponse', (document) => {
        const { ratecenters, resultcount } = rateCentersSchema.parse(document.content);
        const found = ratecenters.ratecenter.flatMap(({ abbreviation, name }): RateCenter[] =>
          abbreviation === undefined ? [] : [{ abbreviation, ...(name === undefined ? {} : { name }) }],
        );
        return { found, count: resultcount };
      }),
  };
}

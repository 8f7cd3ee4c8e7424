import type { TelephoneNumber } from './numbers.js';
import { document, field, tag } from './write-xml.js';

type Named = Pick<TelephoneNumber, 'city' | 'state' | 'rateCenter' | 'tollFree' | 'status'>;

/** GET /cities lists a city once for each of its rate centers. */
export function citiesDocument(query: URLSearchParams, numbers: readonly Named[]): string {
  const rows = listed(query, numbers, ({ city, rateCenter }) => [rateCenter, city]);
  const list = rows.map(({ names: [rateCenter = '', city = ''], count }) =>
    tag('City', field('RcAbbreviation', rateCenter), counted(query, count), field('Name', city)),
  );
  return document(tag('CityResponse', field('ResultCount', list.length), tag('Cities', ...list)));
}

/** GET /rateCenters. Here a rate center's long name is that of its first city. */
export function rateCentersDocument(query: URLSearchParams, numbers: readonly Named[]): string {
  const rows = listed(query, numbers, ({ rateCenter, city }) => [rateCenter, city]);
  const first = rows.filter(
    ({ names: [name] }, at) => rows.findIndex(({ names: [other] }) => other === name) === at,
  );
  const list = first.map(({ names: [rateCenter = '', city = ''], count }) =>
    tag('RateCenter', field('Abbreviation', rateCenter), counted(query, count), field('Name', city)),
  );
  return document(tag('RateCenterResponse', field('ResultCount', list.length), tag('RateCenters', ...list)));
}

interface Row {
  readonly names: readonly string[];
  count: number;
}

function listed(
  query: URLSearchParams,
  numbers: readonly Named[],
  namesOf: (number: Named) => readonly string[],
): readonly Row[] {
  const state = query.get('state')?.toUpperCase();
  const rows = new Map<string, Row>();
  for (const number of numbers) {
    if (number.tollFree || (state !== undefined && number.state !== state)) continue;
    const names = namesOf(number);
    const row = rows.get(names.join('|')) ?? { names, count: 0 };
    if (number.status === 'Available') row.count += 1;
    rows.set(names.join('|'), row);
  }
  return [...rows.values()];
}

/** Adds a count only when requested. */
const counted = (query: URLSearchParams, count: number): string =>
  query.get('available') === 'true' ? field('AvailableTelephoneNumberCount', count) : '';

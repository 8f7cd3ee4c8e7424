import type { TelephoneNumber } from './numbers.js';

/**
 * The numbers that are there at the start.
 *
 * The seed puts the numbers of Bandwidth's guide where the guide says they are, so its examples can be typed as
 * printed: 9102414365, and the seven numbers that its search for npaNxx=540551 answers with.
 */

interface Place {
  readonly city: string;
  readonly state: string;
  readonly rateCenter: string;
  readonly lata: string;
  readonly zips: readonly string[];
  readonly callingArea: string;
  readonly exchanges: readonly string[];
  readonly each: number;
  readonly always?: readonly string[];
}

const places: readonly Place[] = [
  place(
    'FAYETTEVILLE',
    'NC',
    'FAYETTEVL',
    '949',
    ['28301', '28303'],
    'fayetteville',
    ['910241', '910339', '910483'],
    70,
    ['9102414365', '9103174992'],
  ),
  place('WILMINGTON', 'NC', 'WILMINGTON', '949', ['28401', '28403'], 'wilmington', ['910762', '910815'], 70),
  place('JACKSONVILLE', 'NC', 'JACKSONVL', '949', ['28540'], 'wilmington', ['910346'], 40),
  place(
    'RALEIGH',
    'NC',
    'RALEIGH',
    '426',
    ['27601', '27606'],
    'raleigh',
    ['919439', '919516', '984200', '984222'],
    80,
    ['9194392566', '9193752369'],
  ),
  place('CARY', 'NC', 'CARY', '426', ['27511'], 'raleigh', ['919380', '984465'], 40),
  place('DURHAM', 'NC', 'DURHAM', '426', ['27701'], 'raleigh', ['919286', '984219'], 50),
  place('FLINT HILL', 'VA', 'FLINT HILL', '246', ['22627'], 'rappahannock', [], 0, [
    '5405514342',
    '5405515330',
    '5405515329',
  ]),
  place('WASHINGTON', 'VA', 'WASHINGTON', '246', ['22747'], 'rappahannock', [], 0, [
    '5402278098',
    '5402270905',
    '5402278089',
    '5402278090',
  ]),
  place('ROANOKE', 'VA', 'ROANOKE', '244', ['24011'], 'roanoke', ['540342', '540520'], 60),
  place(
    'ARLINGTON',
    'VA',
    'ARLINGTON',
    '236',
    ['22201', '22203'],
    'washington dc',
    ['703243', '703434', '703528'],
    80,
    ['7034343704'],
  ),
  place('FAIRFAX', 'VA', 'FAIRFAX', '236', ['22030'], 'washington dc', ['703273'], 60),
  place('BOSTON', 'MA', 'BOSTON', '128', ['02108', '02116'], 'boston', ['617227', '617451', '617536'], 90),
  place('CAMBRIDGE', 'MA', 'CAMBRIDGE', '128', ['02139'], 'boston', ['617354', '617661'], 60),
  place('MENDHAM', 'NJ', 'MENDHAM', '224', ['07945'], 'morris', ['973370', '973543'], 40, ['9733705112']),
  place('NEWARK', 'NJ', 'NEWARK', '224', ['07102', '07030'], 'newark', ['973242', '973624'], 90),
];
/** Names that are more than plain words. They come after the places, so that the numbers there don't change. */
const oddlyNamed: readonly Place[] = [
  odd('CITY VIEW', 'SC', 'GREENVL', '430', '29611', '8642690001'),
  odd("TOWN 'N' COUNTRY", 'FL', 'TAMPA NORTH', '952', '33615', '8138840001'),
  odd("O'FALLON", 'MO', "O'FALLON", '520', '63366', '6362400001'),
  odd('COMPTON', 'CA', 'COMPTON:GARDENA DA', '730', '90220', '3105370001'),
  odd('LOS ANGELES', 'CA', 'LSAN DA 01', '730', '90012', '2136170001'),
  odd('QUEENS', 'NY', 'QUEENS 8', '132', '11101', '7187060001'),
  odd('JARRETTSVILLE', 'MD', 'JARRETTSVILLE 941', '238', '21084', '4105570001'),
  odd('100 MILE HOUSE', 'BC', '100MLHSE', '888', '', '2503950001'),
  odd('ZIP CITY', 'AL', 'FLORENCE', '477', '35633', '2567640001'),
  odd('LA CENTER', 'WA', 'LA CENTER', '672', '98629', '3602630001'),
  odd('KANSAS CITY', 'KS', 'KANSASCITY', '524', '66101', '9133210001'),
  odd('TRUTH OR CONSEQUENCES', 'NM', 'TRTHORCNSQ', '664', '87901', '5758940001'),
];

/** Numbers that are easy to remember, and five in a row. */
const memorable = place('FAYETTEVILLE', 'NC', 'FAYETTEVL', '949', ['28301'], 'fayetteville', [], 0, [
  ...['9108674360', '9108674361', '9108674362', '9108674363', '9108674364'],
  ...['9108674444', '9108675555', '9108672000', '9108671234', '9108671221', '9108671212', '9108674992'],
]);

function odd(
  city: string,
  state: string,
  rateCenter: string,
  lata: string,
  zip: string,
  number: string,
): Place {
  return place(city, state, rateCenter, lata, [zip], `${city} ${state}`, [], 0, [number]);
}

const tollFreePrefixes = ['800', '833', '844', '855', '866', '877', '888'];
const tollFreeEach = 60;
const tollFreeAlways = ['8006392277', '8886392277', '8337499246'];

function place(
  city: string,
  state: string,
  rateCenter: string,
  lata: string,
  zips: readonly string[],
  callingArea: string,
  exchanges: readonly string[],
  each: number,
  always: readonly string[] = [],
): Place {
  return { city, state, rateCenter, lata, zips, callingArea, exchanges, each, always };
}

type SeededNumber = Omit<TelephoneNumber, 'modifiedAt'>;

/** Tests start hundreds of local Bandwidths with the same seed, and making the numbers is most of the work. */
const seeded = new Map<number, readonly SeededNumber[]>();

/** Returns the same numbers for the same seed on every machine. */
export function seedNumbers(seed: number, now: number): TelephoneNumber[] {
  const numbers = seeded.get(seed) ?? makeSeededNumbers(seed);
  seeded.set(seed, numbers);
  return numbers.map((number) => ({ ...number, modifiedAt: now }));
}

function makeSeededNumbers(seed: number): readonly SeededNumber[] {
  const random = randomNumbers(seed);
  const found = new Map<string, SeededNumber>();
  const add = (fullNumber: string, where: Omit<Place, 'exchanges' | 'each' | 'always'>, special: boolean) => {
    if (found.has(fullNumber)) return;
    const tollFree = where.city === '';
    found.set(fullNumber, {
      fullNumber,
      tollFree,
      city: where.city,
      state: where.state,
      rateCenter: where.rateCenter,
      lata: where.lata,
      zip: where.zips[Math.floor(random() * where.zips.length)] ?? '',
      callingArea: where.callingArea,
      tier: special || tollFree || random() < 0.92 ? '0' : '2',
      isProtected: !special && !tollFree && random() < 0.04,
      status: 'Available',
    });
  };
  for (const each of places) {
    for (const fullNumber of each.always ?? []) add(fullNumber, each, true);
    for (const exchange of each.exchanges) {
      const wanted = found.size + each.each;
      while (found.size < wanted) add(exchange + digits(random, 4), each, false);
    }
  }
  const nowhere = { city: '', state: '', rateCenter: '', lata: '', zips: [''], callingArea: '' };
  for (const fullNumber of tollFreeAlways) add(fullNumber, nowhere, true);
  for (const prefix of tollFreePrefixes) {
    const wanted = found.size + tollFreeEach;
    while (found.size < wanted) {
      add(prefix + String(2 + Math.floor(random() * 8)) + digits(random, 6), nowhere, false);
    }
  }
  for (const each of [...oddlyNamed, memorable])
    for (const fullNumber of each.always ?? []) add(fullNumber, each, true);
  return [...found.values()];
}

/** Every place with seeded numbers. */
export const seededPlaces: readonly Pick<Place, 'city' | 'state' | 'rateCenter'>[] = [
  ...places,
  ...oddlyNamed,
];

function digits(random: () => number, count: number): string {
  let found = '';
  while (found.length < count) found += Math.floor(random() * 10);
  return found;
}

/** Mulberry32: small, and the same everywhere. */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

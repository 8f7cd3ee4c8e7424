import { mistypingDistance } from '../orders/mistyped.js';

/** Cities whose state we can guess when somebody leaves it out, in small letters. Some names belong to several. */
const citiesByState: Readonly<Record<string, readonly string[]>> = {
  NC: [
    'raleigh',
    'charlotte',
    'durham',
    'greensboro',
    'winston-salem',
    'fayetteville',
    'wilmington',
    'asheville',
    'cary',
  ],
  NY: [
    'new york city',
    'nyc',
    'brooklyn',
    'manhattan',
    'queens',
    'bronx',
    'staten island',
    'buffalo',
    'rochester',
    'albany',
    'syracuse',
  ],
  CA: [
    'los angeles',
    'san francisco',
    'san diego',
    'san jose',
    'oakland',
    'sacramento',
    'fresno',
    'long beach',
    'nevada city',
  ],
  IL: ['chicago', 'springfield', 'aurora', 'peoria', 'rockford'],
  TX: [
    'houston',
    'dallas',
    'austin',
    'san antonio',
    'fort worth',
    'el paso',
    'arlington',
    'plano',
    'missouri city',
    'colorado city',
  ],
  AZ: ['phoenix', 'tucson', 'mesa', 'scottsdale', 'colorado city'],
  PA: ['philadelphia', 'pittsburgh', 'allentown', 'harrisburg'],
  FL: ['miami', 'orlando', 'tampa', 'jacksonville', 'tallahassee', 'fort lauderdale'],
  OH: ['columbus', 'cleveland', 'cincinnati', 'toledo', 'dayton', 'akron'],
  IN: ['indianapolis', 'fort wayne', 'evansville', 'michigan city'],
  CO: ['denver', 'colorado springs', 'aurora', 'boulder'],
  MA: ['boston', 'worcester', 'springfield', 'cambridge'],
  TN: ['nashville', 'memphis', 'knoxville', 'chattanooga'],
  MI: ['detroit', 'grand rapids', 'ann arbor', 'lansing'],
  OK: ['oklahoma city', 'tulsa'],
  OR: ['portland', 'eugene', 'salem'],
  ME: ['portland', 'bangor', 'augusta'],
  NV: ['las vegas', 'reno', 'henderson', 'virginia city'],
  KY: ['louisville', 'lexington'],
  MD: ['baltimore', 'annapolis'],
  WI: ['milwaukee', 'madison', 'green bay'],
  NM: ['albuquerque', 'santa fe'],
  MO: ['kansas city', 'st. louis', 'st louis', 'saint louis', 'springfield'],
  KS: ['kansas city', 'wichita', 'topeka', 'arkansas city'],
  GA: ['atlanta', 'savannah', 'augusta', 'macon'],
  NE: ['omaha', 'lincoln'],
  MN: ['minneapolis', 'st. paul', 'saint paul', 'duluth'],
  VA: ['virginia beach', 'norfolk', 'richmond', 'arlington', 'alexandria'],
  LA: ['new orleans', 'baton rouge', 'shreveport'],
  HI: ['honolulu'],
  WA: ['seattle', 'spokane', 'tacoma', 'bellevue'],
  SC: ['charleston', 'columbia', 'greenville'],
  WV: ['charleston', 'huntington'],
  NJ: ['newark', 'jersey city', 'trenton'],
  AL: ['birmingham', 'montgomery', 'huntsville', 'mobile'],
  UT: ['salt lake city', 'provo'],
  ID: ['boise'],
  AK: ['anchorage'],
  CT: ['hartford', 'new haven'],
  ON: ['toronto', 'ottawa'],
  QC: ['montreal', 'montréal'],
  BC: ['vancouver'],
  AB: ['calgary', 'edmonton'],
  MB: ['winnipeg'],
};

/** Well-known cities whose name was probably mistyped so, likeliest first. */
export function knownCitiesNear(name: string): readonly { readonly name: string; readonly state: string }[] {
  const lower = name.toLowerCase();
  const most = lower.length > 7 ? 2 : lower.length > 4 ? 1 : 0;
  return Object.entries(citiesByState)
    .flatMap(([state, cities]) =>
      cities.map((city) => ({ state, name: capitalized(city), off: mistypingDistance(lower, city) })),
    )
    .filter(({ off }) => off > 0 && off <= most)
    .sort((one, other) => one.off - other.off)
    .slice(0, 3);
}

const capitalized = (city: string): string =>
  city.replace(/(?<![\p{L}'])\p{L}/gu, (letter) => letter.toUpperCase());

/** The states a well-known city may be in; none for any other. */
export function statesOfKnownCity(name: string): readonly string[] {
  const lower = name.toLowerCase();
  return Object.entries(citiesByState)
    .filter(([, cities]) => cities.includes(lower))
    .map(([code]) => code);
}

export function isKnownCity(name: string): boolean {
  return statesOfKnownCity(name).length > 0;
}

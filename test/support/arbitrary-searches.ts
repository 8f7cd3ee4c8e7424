import { checkSearch } from '../../src/orders/domain/search/check-search.js';
import { type Criteria, states } from '../../src/orders/domain/search/criteria.js';
import type { Filters } from '../../src/orders/domain/search/filters.js';
import {
  MAX_QUANTITY,
  orderings,
  protectedChoices,
  type Search,
  type SearchDraft,
} from '../../src/orders/domain/search/search.js';
import { fc } from './properties.js';

const digit = fc.integer({ min: 0, max: 9 }).map(String);
const state = fc.constantFrom(...Object.keys(states));
const areaCode = fc.constantFrom('910', '919', '212', '415', '604');
const exchange = fc.integer({ min: 200, max: 999 }).map(String);
const npaNxx = fc.tuple(areaCode, exchange).map((parts) => parts.join(''));
const npaNxxx = fc.tuple(npaNxx, digit).map((parts) => parts.join(''));
const zip = fc.oneof(fc.stringMatching(/^\d{5}$/), fc.stringMatching(/^\d{5}-\d{4}$/));
const lata = fc.stringMatching(/^\d{1,5}$/);
const vanity = fc.stringMatching(/^[A-Z0-9]{4,7}$/);
/** Names as they are, and as no one would expect: keywords, digits, any letters. */
const name = fc.oneof(
  fc.constantFrom(
    'Raleigh',
    'St. Louis',
    'Winston-Salem',
    'Lake in the Hills',
    "O'Fallon",
    'New York',
    'IN',
    'x25',
  ),
  fc.constantFrom(
    '910',
    '100 Mile House',
    'zip',
    'vanity',
    'toll free',
    'no lca',
    'In',
    'NC',
    'North Carolina',
    '91O',
    'Easy',
    'in a row',
    'Land without End',
    'Like',
  ),
  fc.stringMatching(/^[A-Za-zÀ-ÿ0-9][A-Za-zÀ-ÿ0-9 .'&()/-]{0,20}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
);

const criteria: fc.Arbitrary<Criteria> = fc.oneof(
  fc.record({ areaCode }),
  fc.record({ npaNxx }),
  fc.record({ npaNxxx }),
  fc.record({ city: name, state }),
  fc.record({ rateCenter: name, state }),
  fc.record({ state }),
  fc.record({ zip }),
  fc.record({ lata }),
  fc.record(
    { localVanity: vanity, areaCode, state, endsIn: fc.constant(true) },
    { requiredKeys: ['localVanity'] },
  ),
  fc.record({ tollFreeVanity: vanity }),
  fc.record({ tollFreeWildCardPattern: fc.constantFrom('8**', '83*', '80*', '833', '800', '888') }),
  fc
    .tuple(
      fc.oneof(fc.record({}), fc.record({ areaCode }), fc.record({ npaNxx }), fc.record({ npaNxxx })),
      fc.record({ city: name, rateCenter: name, zip, lata }, { requiredKeys: [] }),
      fc.record({ state }),
    )
    .map(([prefix, place, where]) => ({ ...prefix, ...place, ...where })),
);

const filters: fc.Arbitrary<Filters> = fc.record(
  {
    starting: fc.stringMatching(/^[2-9]\d{0,5}$/),
    ending: fc.stringMatching(/^\d{1,6}$/),
    without: fc
      .array(fc.stringMatching(/^\d{1,6}$/), { minLength: 1, maxLength: 4 })
      .map((groups) => groups.join(' ')),
    inARow: fc.integer({ min: 2, max: 100 }).map(String),
    easy: fc.constant('true'),
    like: fc.constantFrom('9102414444', '8005551212', '9197472000'),
  },
  { requiredKeys: [] },
);

const drafts: fc.Arbitrary<SearchDraft> = fc
  .record(
    {
      criteria,
      quantity: fc.integer({ min: 1, max: MAX_QUANTITY }),
      lca: fc.boolean(),
      orderBy: fc.constantFrom(...orderings),
      protected: fc.constantFrom(...protectedChoices),
      filters,
    },
    { requiredKeys: ['criteria'] },
  )
  .map((draft) => draft);

/** Any search that our own rules allow; options and filters that do not fit its kind are dropped. */
export const searches: fc.Arbitrary<Search> = drafts
  .map((draft) => {
    const checked = checkSearch(draft);
    if ('kind' in checked) return checked;
    const { filters: _, ...unfiltered } = draft;
    const plain = checkSearch(unfiltered);
    if ('kind' in plain) return plain;
    const bare = checkSearch({ criteria: draft.criteria, quantity: draft.quantity ?? 1 });
    return 'kind' in bare ? bare : undefined;
  })
  .filter((search) => search !== undefined);

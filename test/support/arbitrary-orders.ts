import type { Approval, FirstApproval, StageState } from '../../src/orders/domain/approval.js';
import { destinationOf } from '../../src/orders/domain/destinations.js';
import { withLines } from '../../src/orders/domain/lines-together.js';
import type { LineProgress, LookupState, Order, Progress } from '../../src/orders/domain/order.js';
import type { OwnReason } from '../../src/orders/domain/reason.js';
import {
  type ActivationRequest,
  type DisconnectRequest,
  disconnectModes,
  type LineOfSeveral,
  type NumberInService,
  type Person,
  type PurchaseRequest,
  protectedChanges,
} from '../../src/orders/domain/request.js';
import { checkSearch } from '../../src/orders/domain/search/check-search.js';
import { states } from '../../src/orders/domain/search/criteria.js';
import type { Search, SearchDraft } from '../../src/orders/domain/search/search.js';
import { newOrder } from '../../src/orders/domain/transitions.js';
import { anyCharacter } from './any-character.js';
import { fc } from './properties.js';
import { manyNumbers, noon, number } from './sample-orders.js';

/** Any text, including troublesome pieces, and far longer than Slack accepts. */
export const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc
    .tuple(
      fc.constantFrom(
        '<!channel>',
        '<@U123>',
        '&',
        '*',
        '`',
        '>',
        '\n',
        '🎉',
        '👩‍👩‍👧‍👦',
        'e\u0301',
        'word ',
        '\u202e',
      ),
      fc.integer({ min: 1, max: 5000 }),
    )
    .map(([piece, times]) => piece.repeat(times)),
  // Drawing thousands of characters one by one would take most of the time of every property.
  fc
    .tuple(fc.array(anyCharacter, { minLength: 1, maxLength: 40 }), fc.integer({ min: 3000, max: 3200 }))
    .map(([characters, length]) =>
      Array.from({ length }, (_, index) => characters[index % characters.length]).join(''),
    ),
);

const anyNumber = fc
  .tuple(fc.integer({ min: 200, max: 999 }), fc.integer({ min: 2_000_000, max: 9_999_999 }))
  .map(([area, line]) => number(`${area}${line}`));

export const someNumbers = fc.oneof(
  { weight: 5, arbitrary: fc.array(anyNumber, { minLength: 1, maxLength: 30 }) },
  { weight: 1, arbitrary: fc.constant(manyNumbers(5000)) },
);

const placeName = fc.stringMatching(/^[A-Z][A-Z .,'&()/-]{0,59}$/);

/** Searches that Bandwidth accepts, of every kind. */
export const anySearch: fc.Arbitrary<Search> = fc
  .oneof(
    fc.constantFrom<SearchDraft['criteria']>(
      { areaCode: '910' },
      { npaNxx: '910241' },
      { npaNxxx: '9102414' },
      { zip: '27601-1234' },
      { lata: '949' },
      { localVanity: 'PIZZA', areaCode: '910', endsIn: true },
      { localVanity: 'PIZZA' },
      { tollFreeVanity: 'NEWCARS' },
      { tollFreeWildCardPattern: '8**' },
      { tollFreeWildCardPattern: '833' },
    ),
    fc.constantFrom(...Object.keys(states)).map((state) => ({ state })),
    fc.record({ city: placeName, state: fc.constant('NC') }),
    fc.record({ rateCenter: placeName, state: fc.constant('NC') }),
    fc.record({
      city: placeName,
      rateCenter: placeName,
      state: fc.constant('NC'),
      npaNxxx: fc.constant('9102414'),
      zip: fc.constant('27601-1234'),
      lata: fc.constant('949'),
    }),
  )
  .chain((criteria) => fc.integer({ min: 1, max: 5000 }).map((quantity) => ({ criteria, quantity })))
  .map(checkSearch)
  // Whether it is a place name is for checkSearch to say.
  .filter((search): search is Search => 'kind' in search);

export const anyWanted = fc.oneof(
  someNumbers.map((numbers) => ({ by: 'numbers', numbers }) as const),
  anySearch.map((search) => ({ by: 'search', search }) as const),
);

const person: fc.Arbitrary<Person> = fc
  .stringMatching(/^[UW][A-Z0-9]{8,11}$/)
  .map((userId) => ({ teamId: 'T1', userId }));

const place = fc.record({ id: fc.oneof(fc.constant('1337'), anyText), name: anyText });

const purchase: fc.Arbitrary<PurchaseRequest> = fc.record(
  {
    kind: fc.constant('purchase' as const),
    name: anyText,
    wanted: anyWanted,
    site: place,
    location: place,
    reason: anyText,
    partialAllowed: fc.boolean(),
    backOrder: fc.boolean(),
    protected: fc.boolean(),
  },
  { requiredKeys: ['kind', 'name', 'wanted', 'site', 'reason', 'partialAllowed', 'backOrder', 'protected'] },
);

/** Whatever Bandwidth may say about a number in service. */
const recordOf = (text: fc.Arbitrary<string>): fc.Arbitrary<Omit<NumberInService, 'number'>> => {
  const where = fc.record({ id: text, name: text });
  return fc.record(
    {
      city: text,
      state: text,
      site: where,
      location: where,
      since: fc.oneof(fc.constant('2025-03-01T09:30:00.000Z'), text),
      byOrder: fc.oneof(fc.uuid(), text),
      hanging: fc.record({ e911: fc.boolean(), messaging: fc.boolean() }),
    },
    { requiredKeys: [] },
  );
};

/** Five thousand numbers, each with pages of text, would make this slow without testing anything more. */
const inService: fc.Arbitrary<readonly NumberInService[]> = someNumbers.chain((numbers) =>
  fc
    .array(recordOf(numbers.length > 30 ? fc.string({ unit: 'grapheme', maxLength: 80 }) : anyText), {
      minLength: 1,
      maxLength: 12,
    })
    .map((records) => numbers.map((each, index) => ({ ...records[index % records.length], number: each }))),
);

const anyDisconnect: fc.Arbitrary<DisconnectRequest> = fc.record({
  kind: fc.constant('disconnect' as const),
  name: anyText,
  inService,
  reason: anyText,
  mode: fc.constantFrom(...disconnectModes),
  protected: fc.constantFrom(...protectedChanges),
});

const anyActivation: fc.Arbitrary<ActivationRequest> = fc.record(
  {
    kind: fc.constant('activation' as const),
    name: anyText,
    numbers: someNumbers,
    services: fc.constantFrom(['voice'] as const, ['messaging'] as const, ['voice', 'messaging'] as const),
    purchaseId: fc.uuid(),
    site: place,
    location: place,
    alsoTo: fc.array(fc.record({ site: place, location: place }, { requiredKeys: ['site'] }), {
      maxLength: 3,
    }),
    reason: anyText,
  },
  { requiredKeys: ['kind', 'name', 'numbers', 'services', 'purchaseId', 'site', 'reason'] },
);

const request = fc.oneof(purchase, anyDisconnect, anyActivation);

const fault = fc.record({
  code: fc.oneof(fc.integer({ min: 1000, max: 99_999 }).map(String), anyText),
  description: anyText,
  numbers: fc.oneof(fc.constant([]), fc.array(anyNumber, { maxLength: 15 })),
});
const faults = fc.oneof(
  { weight: 4, arbitrary: fc.array(fault, { maxLength: 8 }) },
  {
    weight: 1,
    arbitrary: fc.constant(
      Array.from({ length: 500 }, (_, index) => ({
        code: String(5000 + index),
        description: `The telephone number is unavailable ${'<&>'.repeat(200)}`,
        numbers: manyNumbers(40),
      })),
    ),
  },
);

const ownReason: fc.Arbitrary<OwnReason> = fc.oneof(
  fc.constant({ why: 'people-not-known' } as const),
  fc.record({
    why: fc.constant('over-limit' as const),
    limit: fc.constantFrom('day' as const, 'month' as const),
    most: fc.nat(5_000),
    left: fc.nat(5_000),
    quantity: fc.nat(5_000),
  }),
  fc.record({ why: fc.constant('looked-up-first' as const), because: anyText }),
);

const asking: fc.Arbitrary<LookupState> = fc.record(
  {
    times: fc.nat(100),
    nextAt: fc.constantFrom(noon, noon + 60_000),
    trouble: fc.oneof(anyText, ownReason),
    failures: fc.nat(10),
  },
  { requiredKeys: ['times', 'nextAt', 'failures'] },
);

const word = fc.oneof(
  person.map((by) => ({ by, at: noon })),
  fc
    .tuple(person, fc.array(person, { minLength: 1, maxLength: 3 }))
    .map(([by, voids]) => ({ by, at: noon, voids })),
);
const forOthers = fc.tuple(word, person).map(([given, away]) => ({ ...given, for: away }));
const byRule = anyText.map((rule) => ({ rule, at: noon }));
const firstApproval: fc.Arbitrary<FirstApproval> = fc.oneof(
  word,
  forOthers,
  byRule,
  fc
    .tuple(word, fc.array(fc.oneof(word, forOthers), { minLength: 1, maxLength: 9 }))
    .map(([last, also]) => ({ ...last, also })),
);
const approval: fc.Arbitrary<Approval> = fc.oneof(
  firstApproval,
  fc.tuple(word, fc.oneof(word, fc.constant({ at: noon }))).map(([first, again]) => ({ ...first, again })),
);
const at = fc.constant(noon);

/** As many as the policy file allows. */
const stages: fc.Arbitrary<readonly StageState[]> = fc.array(
  fc.record({
    approvers: fc.record({
      anyone: fc.boolean(),
      users: fc.array(
        person.map(({ userId }) => userId),
        { maxLength: 12 },
      ),
      groups: fc.array(fc.constantFrom('S0TELECOM', 'S0FINANCE'), { maxLength: 2 }),
    }),
    count: fc.integer({ min: 1, max: 2 }),
    given: fc.array(
      fc.tuple(person, person).map(([by, away]) => ({ by, for: away })),
      { maxLength: 2 },
    ),
  }),
  { minLength: 2, maxLength: 5 },
);
const list = fc.oneof(fc.constant([]), someNumbers);

const progress: fc.Arbitrary<Progress> = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 1, max: 10 }),
      fc.array(fc.oneof(word, forOthers), { maxLength: 9 }),
      fc.boolean(),
      fc.option(stages, { nil: undefined }),
    )
    .map(([required, approvals, limited, inStages]) => ({
      status: 'awaiting-approval' as const,
      expiresAt: noon + 60_000,
      approvals,
      needs: {
        required,
        standing: limited ? { day: { after: 3, most: 5 }, month: { after: 340, most: 500 } } : {},
        ...(inStages === undefined ? {} : { stages: inStages }),
      },
    })),
  fc.constant({ status: 'expired', at: noon } as const),
  fc.record({ status: fc.constant('declined' as const), by: person, at, why: anyText }),
  fc.record(
    { status: fc.constant('cancelled' as const), by: person, at, approval: firstApproval },
    { requiredKeys: ['status', 'by', 'at'] },
  ),
  fc.record({ status: fc.constant('approved' as const), approval: firstApproval, asking }),
  fc.record(
    {
      status: fc.constant('placing' as const),
      approval,
      sentAt: at,
      answer: fc.constantFrom('sent' as const, 'unknown' as const),
      heard: fc.constantFrom('nothing' as const, 201, 503),
      failedLookups: fc.nat(10),
      notKnown: fc.constant(true as const),
      sendAgain: word,
      secondNotTaken: fc.constant(true as const),
      secondRefused: fc.record({ advice: anyText, faults }),
      asking,
    },
    { requiredKeys: ['status', 'approval', 'sentAt', 'answer', 'failedLookups', 'asking'] },
  ),
  fc.record(
    {
      status: fc.constant('given-up' as const),
      approval,
      by: person,
      at,
      sentAt: at,
      noTrace: fc.boolean(),
      soughtUntil: at,
      endedAt: at,
      asking,
    },
    { requiredKeys: ['status', 'approval', 'by', 'at', 'sentAt', 'noTrace', 'soughtUntil', 'asking'] },
  ),
  fc.record({ status: fc.constant('refused' as const), approval, at, advice: anyText, faults }),
  fc.record({
    status: fc.constant('placed' as const),
    approval,
    carrierOrder: fc.record({
      id: fc.oneof(fc.uuid(), anyText),
      status: fc.constantFrom('received' as const, 'processing' as const, 'backordered' as const),
      placedAt: at,
      completed: list,
    }),
    asking,
  }),
  fc.record(
    {
      status: fc.constantFrom('complete' as const, 'partial' as const, 'failed' as const),
      approval,
      carrierOrderId: fc.oneof(fc.uuid(), anyText),
      at,
      outcome: fc.record(
        { completed: list, completedQuantity: fc.nat(5000), failed: list, faults, summary: anyText },
        { requiredKeys: ['completed', 'failed', 'faults'] },
      ),
      duplicates: fc.array(fc.oneof(fc.uuid(), anyText), { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['status', 'approval', 'carrierOrderId', 'at', 'outcome'] },
  ),
);

/** An order of one line in any state, with any content. */
const anyOrderOfOneLine: fc.Arbitrary<Order> = fc
  .record({ id: fc.uuid(), request, requester: person, progress })
  .map(({ id, progress: state, ...given }) => {
    const { status: _, ...facts } = newOrder({
      id,
      ...given,
      channelId: 'C910',
      now: noon,
      expiresAt: noon + 86_400_000,
    });
    return { ...facts, ...state };
  });

const anyLine = fc.oneof(
  anySearch.map((search) => ({ by: 'search', search }) as const),
  fc
    .array(anyNumber, { minLength: 1, maxLength: 30 })
    .map((numbers) => ({ by: 'numbers', numbers }) as const),
);

/** Some lines have a different destination than the rest. */
const anyLineOfSeveral: fc.Arbitrary<LineOfSeveral> = fc
  .tuple(
    anyLine,
    fc.option(fc.record({ site: place, location: place }, { requiredKeys: ['site'] }), { nil: undefined }),
  )
  .map(([line, elsewhere]) => (elsewhere === undefined ? line : { ...line, to: destinationOf(elsewhere) }));

/** As many lines as an order can have, or few. */
export const anyLines = fc.oneof(
  fc.array(anyLineOfSeveral, { minLength: 2, maxLength: 6 }),
  fc.array(anyLineOfSeveral, { minLength: 100, maxLength: 100, size: 'max' }),
);

const isOfLine = (state: Progress): state is LineProgress =>
  !['awaiting-approval', 'declined', 'expired', 'ordering'].includes(state.status);

/** An order of several lines: waiting, or with each line in any state. */
export const anyOrderOfLines: fc.Arbitrary<Order> = fc
  .record({
    id: fc.uuid(),
    purchase,
    lines: anyLines,
    requester: person,
    progress: fc.option(fc.array(progress.filter(isOfLine), { minLength: 3, maxLength: 3 }), {
      nil: undefined,
    }),
  })
  .map(({ id, purchase: asked, lines, requester, progress: states }) => {
    const request = { ...asked, wanted: { by: 'lines', lines } } as const;
    const waiting = newOrder({
      id,
      request,
      requester,
      channelId: 'C910',
      now: noon,
      expiresAt: noon + 86_400_000,
    });
    const all = lines.flatMap((_, index) => states?.[index % states.length] ?? []);
    return all.length === 0 ? waiting : withLines(waiting, all);
  });

/** An order in any state, with any content. */
export const anyOrder: fc.Arbitrary<Order> = fc.oneof(
  { weight: 3, arbitrary: anyOrderOfOneLine },
  { weight: 1, arbitrary: anyOrderOfLines },
);

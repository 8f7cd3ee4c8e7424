import { describe, expect, test } from '@jest/globals';
import type { OrderRequest, Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import type { Standing } from '../../../src/orders/domain/standing.js';
import type {
  Approvers,
  Policy,
  PolicyRule,
  Requesters,
  RuleKind,
  Stage,
  Terms,
} from '../../../src/orders/policy/policy.js';
import { ruleKinds } from '../../../src/orders/policy/policy.js';
import { isRefusal } from '../../../src/orders/policy/refusal.js';
import { type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import {
  ana,
  approverGroup,
  bea,
  ben,
  disconnect,
  gus,
  phones,
  purchase,
  sam,
  working,
} from '../../support/orders/people.js';
import { fc, runs } from '../../support/properties.js';

const people = [ana, ben, bea, gus, sam];
const userIds = people.map(({ userId }) => userId);
const channels = ['C1', 'C2'];
const workspaces = ['T1', 'T2'];

const approvers: fc.Arbitrary<Approvers> = fc.record({
  anyone: fc.boolean(),
  users: fc.subarray(userIds),
  groups: fc.subarray([approverGroup, 'SOTHER']),
});

const some = <T>(all: readonly T[]) => fc.subarray([...all], { minLength: 1 });
const fewer = { requiredKeys: [] as [] };

const stage: fc.Arbitrary<Stage> = fc.record({ approvers, count: fc.integer({ min: 1, max: 2 }) });
const requesters: fc.Arbitrary<Requesters> = fc.record({
  users: fc.subarray(userIds),
  groups: fc.subarray([approverGroup, 'SOTHER']),
});
const sites = ['7', '8'];

const terms: fc.Arbitrary<Partial<Terms>> = fc.record(
  {
    approvers,
    approvalsRequired: fc.integer({ min: 1, max: 3 }),
    selfApproval: fc.boolean(),
    autoApproveUpTo: fc.integer({ min: 0, max: 6 }),
    maxNumbersPerOrder: fc.integer({ min: 1, max: 10 }),
    maxNumbersPerDay: fc.integer({ min: 1, max: 15 }),
    maxNumbersPerMonth: fc.integer({ min: 1, max: 15 }),
  },
  fewer,
);

const rule: fc.Arbitrary<Omit<PolicyRule, 'name'>> = fc
  .tuple(
    fc.record(
      {
        kinds: some(ruleKinds),
        channels: some(channels),
        teams: some(workspaces),
        above: fc.integer({ min: 1, max: 5 }),
        sites: some(sites),
        requesters,
      },
      fewer,
    ),
    terms,
    fc.option(fc.array(stage, { minLength: 2, maxLength: 3 }), { nil: undefined, freq: 2 }),
  )
  .map(([where, { approvers: named, approvalsRequired, ...spoken }, stages]) => {
    const who = {
      ...(named === undefined ? {} : { approvers: named }),
      ...(approvalsRequired === undefined ? {} : { approvalsRequired }),
    };
    return { ...where, terms: { ...spoken, ...(stages === undefined ? who : { stages }) } };
  });

const policy: fc.Arbitrary<Partial<Policy>> = fc
  .tuple(
    terms,
    fc.record({
      allowSelfApproval: fc.boolean(),
      allowSelfApprovalOfDisconnects: fc.boolean(),
      guestsMayRequest: fc.boolean(),
      externalChannels: fc.constantFrom('refuse' as const, 'allow' as const),
      requesters: fc.option(requesters, { nil: undefined, freq: 1 }),
      rules: fc
        .array(rule, { maxLength: 4 })
        .map((rules) => rules.map((each, index) => ({ ...each, name: `rule ${index + 1}` }))),
    }),
  )
  .map(([{ selfApproval: _, ...usual }, { requesters: asking, ...rest }]) => ({
    ...usual,
    ...rest,
    ...(asking === undefined ? {} : { requesters: asking }),
  }));

const standing = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Standing>('member') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Standing>(
      'colleague',
      'guest',
      'single-channel-guest',
      'unverified',
      'unplaced',
      'outsider',
      'bot',
      'deactivated',
      'unknown',
    ),
  },
);

const question = fc.record({
  kind: fc.constantFrom<RuleKind>(...ruleKinds),
  quantity: fc.integer({ min: 1, max: 8 }),
  requester: fc.constantFrom(...people),
  channelId: fc.constantFrom(...channels),
  siteIds: fc.constantFrom(...sites).map((site) => [site]),
});
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

const world = fc.record({
  policy,
  standings: fc.tuple(standing, standing, standing, standing, standing),
  sharing: fc.oneof(
    { weight: 4, arbitrary: fc.constant('internal' as const) },
    { weight: 1, arbitrary: fc.constantFrom('external' as const, 'unknown' as const) },
  ),
  workspaceId: fc.constantFrom(undefined, ...workspaces),
  members: fc.subarray(userIds),
  questions: fc.array(question, { minLength: 1, maxLength: 3 }),
  pressing: fc.shuffledSubarray(people, { minLength: people.length }),
});

function requestFor({ kind, quantity, siteIds: [id = ''] }: Question): OrderRequest {
  const site = { id, name: 'Somewhere' };
  const inService = phones(quantity).map((number) => ({ ...working(number), site }));
  const named = { inService, name: 'Some', reason: 'some' };
  if (kind === 'disconnect') return disconnect({ inService });
  if (kind === 'move') return { kind, ...named, site, location: { id: '7', name: 'Elsewhere' } };
  if (kind === 'messaging') return { kind, ...named, change: { to: 'on' } };
  const search =
    kind === 'toll-free'
      ? ({ kind: 'tollFreeWildCardPattern', criteria: { tollFreeWildCardPattern: '8**' } } as const)
      : ({ kind: 'areaCode', criteria: { areaCode: '910' } } as const);
  return purchase({ site, wanted: { by: 'search', search: { ...search, quantity } } });
}

/** Asks, and checks that what was announced is what happens. */
async function agrees(
  app: OrdersApp,
  id: string,
  asked: Question,
  pressing: readonly Person[],
): Promise<void> {
  const { ruling, requesterStages } = await app.explainPolicy(asked);
  const { requester, channelId } = asked;
  const result = await app.requestOrder({ id, request: requestFor(asked), requester, channelId });
  if (ruling.verdict === 'barred') {
    expect(result).toEqual({ refused: 'barred', bar: ruling.bar });
    return;
  }
  if (ruling.verdict === 'refused') {
    expect(result).toEqual({ refused: 'too-many', over: ruling.because });
    return;
  }
  expect(isRefusal(result)).toBe(false);
  const order = app.order(id);
  if (ruling.verdict === 'automatic') {
    expect(order).toMatchObject({ approval: { rule: ruling.rule } });
    return;
  }
  expect(order).toMatchObject({
    status: 'awaiting-approval',
    needs: { required: ruling.terms.approvalsRequired },
  });
  const { stages } = ruling.terms;
  const approved: (readonly boolean[])[] = [];
  for (const person of pressing) {
    const before = app.order(id);
    if (before.status !== 'awaiting-approval') break;
    // The same order, but as if this person had asked: that says which stages they can approve in.
    const own = person.userId === requester.userId;
    const able = own ? requesterStages : await app.stagesOf(stages, person);
    const may = able.includes(true) && (!own || ruling.terms.selfApproval);
    const counts = may && mostOf(stages, [...approved, able]) > mostOf(stages, approved);
    const answer = await app.reviewOrder(id, person, { verdict: 'approve', seen: requestDigest(before) });
    expect([person.userId, !isRefusal(answer)]).toEqual([person.userId, counts]);
    if (counts) approved.push(able);
    else if (may) expect(answer).toMatchObject({ refused: 'stage-complete' });
    const isApproved = app.order(id).status !== 'awaiting-approval';
    expect(isApproved).toBe(mostOf(stages, approved) === ruling.terms.approvalsRequired);
  }
}

/** How many of the approvals can count, each for one stage, whichever way they are assigned. */
function mostOf(stages: readonly Stage[], able: readonly (readonly boolean[])[]): number {
  const most = (left: readonly number[], rest: readonly (readonly boolean[])[]): number => {
    const [first, ...others] = rest;
    if (first === undefined) return 0;
    const ways = left.flatMap((count, stage) =>
      first[stage] && count > 0
        ? [
            1 +
              most(
                left.map((each, index) => (index === stage ? each - 1 : each)),
                others,
              ),
          ]
        : [],
    );
    return Math.max(most(left, others), ...ways);
  };
  return most(
    stages.map(({ count }) => count),
    able,
  );
}

describe('What `policy test` says and what happens to the request', () => {
  test('agree, whatever the policy, the people, the channel and the earlier orders', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const app = startOrdersApp(given.policy);
        app.members = given.members;
        app.sharing = given.sharing;
        app.workspaceId = given.workspaceId;
        for (const [index, person] of people.entries()) {
          app.standings.set(person.userId, given.standings[index] ?? 'member');
        }
        for (const [index, asked] of given.questions.entries()) {
          await agrees(app, `o${index}`, asked, given.pressing);
        }
      }),
      { numRuns: runs(400) },
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { OrderRequest, Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import type { Standing } from '../../../src/orders/domain/standing.js';
import type { Approvers, Policy, PolicyRule, RuleKind, Terms } from '../../../src/orders/policy/policy.js';
import { ruleKinds } from '../../../src/orders/policy/policy.js';
import { isRefusal } from '../../../src/orders/policy/refusal.js';
import { type Office, openOffice } from '../../support/orders/office.js';
import {
  anna,
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
import { runs } from '../../support/replayed.js';

const people = [anna, ben, bea, gus, sam];
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
    fc.record({ kinds: some(ruleKinds), channels: some(channels), teams: some(workspaces) }, fewer),
    terms,
  )
  .map(([where, spoken]) => ({ ...where, terms: spoken }));

const policy: fc.Arbitrary<Partial<Policy>> = fc
  .tuple(
    terms,
    fc.record({
      allowSelfApproval: fc.boolean(),
      allowSelfApprovalOfDisconnects: fc.boolean(),
      guestsMayAsk: fc.boolean(),
      externalChannels: fc.constantFrom('refuse' as const, 'allow' as const),
      rules: fc
        .array(rule, { maxLength: 4 })
        .map((rules) => rules.map((each, index) => ({ ...each, name: `rule ${index + 1}` }))),
    }),
  )
  .map(([{ selfApproval: _, ...usual }, rest]) => ({ ...usual, ...rest }));

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

function requestFor({ kind, quantity }: Question): OrderRequest {
  if (kind === 'disconnect') return disconnect({ inService: phones(quantity).map(working) });
  const search =
    kind === 'toll-free'
      ? ({ kind: 'tollFreeWildCardPattern', criteria: { tollFreeWildCardPattern: '8**' } } as const)
      : ({ kind: 'areaCode', criteria: { areaCode: '910' } } as const);
  return purchase({ wanted: { by: 'search', search: { ...search, quantity } } });
}

/** Asks, and checks that what was announced is what happens. */
async function agrees(
  office: Office,
  id: string,
  asked: Question,
  pressing: readonly Person[],
): Promise<void> {
  const { ruling, requesterApproves } = await office.explainPolicy(asked);
  const { requester, channelId } = asked;
  const result = await office.requestOrder({ id, request: requestFor(asked), requester, channelId });
  if (ruling.verdict === 'barred') {
    expect(result).toEqual({ refused: 'barred', bar: ruling.bar });
    return;
  }
  if (ruling.verdict === 'refused') {
    expect(result).toEqual({ refused: 'too-many', over: ruling.because });
    return;
  }
  expect(isRefusal(result)).toBe(false);
  const order = office.order(id);
  if (ruling.verdict === 'automatic') {
    expect(order).toMatchObject({ approval: { rule: ruling.rule } });
    return;
  }
  expect(order).toMatchObject({
    status: 'awaiting-approval',
    needs: { required: ruling.terms.approvalsRequired },
  });
  let approvals = 0;
  for (const person of pressing) {
    const before = office.order(id);
    if (before.status !== 'awaiting-approval') break;
    const listed = (await office.explainPolicy({ ...asked, requester: person })).requesterApproves;
    const own = person.userId === requester.userId;
    if (own) expect(listed).toBe(requesterApproves);
    const counts = listed && (!own || ruling.terms.selfApproval);
    const answer = await office.reviewOrder(id, person, { verdict: 'approve', seen: requestDigest(before) });
    expect([person.userId, !isRefusal(answer)]).toEqual([person.userId, counts]);
    if (counts) approvals += 1;
    const isApproved = office.order(id).status !== 'awaiting-approval';
    expect(isApproved).toBe(approvals >= ruling.terms.approvalsRequired);
  }
}

describe('What `policy test` announces and what becomes of the request', () => {
  test('agree, whatever the policy, the people, the channel and what was ordered before', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const office = openOffice(given.policy);
        office.members = given.members;
        office.sharing = given.sharing;
        office.workspaceId = given.workspaceId;
        for (const [index, person] of people.entries()) {
          office.standings.set(person.userId, given.standings[index] ?? 'member');
        }
        for (const [index, asked] of given.questions.entries()) {
          await agrees(office, `o${index}`, asked, given.pressing);
        }
      }),
      { numRuns: runs(1000) },
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import type { OrderRequest } from '../../../src/orders/domain/request.js';
import { type Sharing, type Standing, usualCircumstances } from '../../../src/orders/domain/standing.js';
import type { Usage } from '../../../src/orders/domain/tally.js';
import {
  type Policy,
  type PolicyInputs,
  type PolicyRule,
  type Terms,
  termsFor,
} from '../../../src/orders/policy/policy.js';
import { judge, kindAndQuantityOf } from '../../../src/orders/policy/ruling.js';
import {
  ana,
  disconnect,
  nothingUsed,
  phone,
  purchase,
  sam,
  searchAndOrder,
  usualPolicy,
} from '../../support/orders/people.js';

const now = Date.UTC(2026, 10, 25, 14, 30);
const midnight = Date.UTC(2026, 10, 26);
const december = Date.UTC(2026, 11, 1);

const asking = (changes: Partial<PolicyInputs> = {}): PolicyInputs => ({
  kind: 'purchase',
  quantity: 5,
  requester: ana,
  channelId: 'C1',
  ...usualCircumstances,
  ...changes,
});
const policyOf = (changes: Partial<Policy> = {}): Policy => ({ ...usualPolicy, ...changes });
const used = (usage: Partial<Usage>): Usage => ({ ...nothingUsed, ...usage });

/** In few words: `2 approvals`, `automatic`, or which limit, how many are left and until when. */
function inShort(policy: Policy, asked: PolicyInputs, usage: Usage = nothingUsed): string {
  const ruling = judge(policy, asked, usage, now);
  switch (ruling.verdict) {
    case 'automatic':
      return `automatic (${ruling.rule})`;
    case 'needs-approval':
      return `${ruling.terms.approvalsRequired} of ${ruling.terms.approvers.users.join(' ')}`;
    case 'barred':
      return ruling.bar;
    case 'refused': {
      const { limit, left, most, freshAt } = ruling.because;
      const until = { [midnight]: ' until midnight', [december]: ' until December' }[freshAt ?? 0] ?? '';
      return `${limit}: ${left} left of ${most}${until}`;
    }
  }
}

describe('The policy’s ruling on a request', () => {
  const everything = policyOf({
    maxNumbersPerOrder: 100,
    maxNumbersPerDay: 50,
    maxNumbersPerMonth: 500,
    autoApproveUpTo: 3,
    approvalsRequired: 2,
  });
  const ben = '2 of UBEN UBEA';
  const auto = 'automatic (AUTO_APPROVE_UP_TO: up to 3 a day)';

  test.each<[string, Partial<PolicyInputs>, Partial<Usage>, string]>([
    ['5 numbers, nothing ordered yet', {}, {}, ben],
    ['as many as a day allows', { quantity: 50 }, {}, ben],
    ['one more than a day allows', { quantity: 51 }, {}, 'day: 50 left of 50 until midnight'],
    ['more than an order allows, and a day', { quantity: 101 }, {}, 'day: 50 left of 50 until midnight'],
    ['what is left of the day', { quantity: 10 }, { today: 40, thisMonth: 40 }, ben],
    ['one more', { quantity: 11 }, { today: 40, thisMonth: 40 }, 'day: 10 left of 50 until midnight'],
    ['one, when the day is used up', { quantity: 1 }, { today: 50 }, 'day: 0 left of 50 until midnight'],
    ['one, when the day is overdrawn', { quantity: 1 }, { today: 70 }, 'day: 0 left of 50 until midnight'],
    ['what is left of the month', { quantity: 20 }, { thisMonth: 480 }, ben],
    ['one more than that', { quantity: 21 }, { thisMonth: 480 }, 'month: 20 left of 500 until December'],
    [
      'where both leave nothing',
      { quantity: 1 },
      { today: 50, thisMonth: 500 },
      'month: 0 left of 500 until December',
    ],
    ['3, which need nobody', { quantity: 3 }, {}, auto],
    ['3 when others had many today', { quantity: 3 }, { thisMonth: 400 }, auto],
    ['4, which need approval', { quantity: 4 }, {}, ben],
    ['the third of the free ones', { quantity: 1 }, { today: 2, automaticToday: 2 }, auto],
    ['the fourth', { quantity: 1 }, { today: 3, automaticToday: 3 }, ben],
    ['3, after people approved others today', { quantity: 3 }, { today: 20 }, auto],
    [
      'a free one beyond the month',
      { quantity: 1 },
      { thisMonth: 500 },
      'month: 0 left of 500 until December',
    ],
    ['3 toll-free ones', { kind: 'toll-free', quantity: 3 }, {}, auto],
    ['a disconnect of one', { kind: 'disconnect', quantity: 1 }, {}, ben],
    ['a disconnect of 51', { kind: 'disconnect', quantity: 51 }, {}, 'day: 50 left of 50 until midnight'],
  ])('%s', (_what, asked, usage, verdict) => {
    expect(inShort(everything, asking(asked), used(usage))).toBe(verdict);
  });

  test('without limits or a rule for small orders, only the size of the order matters', () => {
    expect(inShort(policyOf(), asking(), used({ today: 9_000, thisMonth: 9_000 }))).toBe('1 of UBEN UBEA');
    expect(inShort(policyOf(), asking({ quantity: 21 }))).toBe('order: 20 left of 20');
    expect(inShort(policyOf(), asking({ quantity: 1 }))).toBe('1 of UBEN UBEA');
  });

  test('says how far the order would use up the limits', () => {
    const ruling = judge(everything, asking(), used({ today: 10, thisMonth: 335 }), now);
    expect(ruling).toMatchObject({
      standing: { day: { after: 15, most: 50 }, month: { after: 340, most: 500 } },
    });
    expect(judge(policyOf(), asking(), nothingUsed, now)).toMatchObject({ standing: {} });
  });
});

describe('The policy’s ruling, by what Slack says about the account and the channel', () => {
  const generous = policyOf({ autoApproveUpTo: 5 });
  const auto = 'automatic (AUTO_APPROVE_UP_TO: up to 5 a day)';
  const ben = '1 of UBEN UBEA';
  type Said = readonly [usually: string, guestsAllowed: string];
  test.each<[Standing, Said]>([
    ['member', [auto, auto]],
    ['unverified', [ben, ben]],
    ['guest', ['guest', ben]],
    ['colleague', ['colleague', ben]],
    ['single-channel-guest', ['guest', 'guest']],
    ['unplaced', ['unplaced', 'unplaced']],
    ['unknown', ['account-unknown', 'account-unknown']],
    ['outsider', ['outsider', 'outsider']],
    ['bot', ['bot', 'bot']],
    ['deactivated', ['deactivated', 'deactivated']],
  ])('%s', (standing, said) => {
    const asked = asking({ standing });
    expect([inShort(generous, asked), inShort({ ...generous, guestsMayRequest: true }, asked)]).toEqual(said);
  });

  test.each<[Sharing, string, string]>([
    ['internal', auto, auto],
    ['external', 'external-channel', auto],
    ['unknown', 'channel-unknown', auto],
  ])('a channel that is %s', (sharing, refusing, allowing) => {
    const asked = asking({ sharing });
    expect(inShort(generous, asked)).toBe(refusing);
    expect(inShort({ ...generous, externalChannels: 'allow' }, asked)).toBe(allowing);
  });
});

describe('Which rules apply', () => {
  const rule = (
    name: string,
    where: Partial<PolicyRule>,
    terms: Partial<Terms> = { approvalsRequired: 2 },
  ) => ({
    name,
    ...where,
    terms,
  });
  const namesFor = (rules: readonly PolicyRule[], asked: Partial<PolicyInputs>) =>
    termsFor(policyOf({ rules }), asking(asked)).rules;

  test.each<[string, Partial<PolicyRule>, Partial<PolicyInputs>, boolean]>([
    ['one for everything, for a purchase', {}, {}, true],
    ['one for everything, for a disconnect', {}, { kind: 'disconnect' }, true],
    ['one for purchases, for a purchase', { kinds: ['purchase'] }, {}, true],
    ['one for purchases, for toll-free numbers', { kinds: ['purchase'] }, { kind: 'toll-free' }, true],
    ['one for purchases, for a disconnect', { kinds: ['purchase'] }, { kind: 'disconnect' }, false],
    ['one for toll-free numbers, for others', { kinds: ['toll-free'] }, {}, false],
    ['one for toll-free numbers, for those', { kinds: ['toll-free'] }, { kind: 'toll-free' }, true],
    ['one for disconnects, for a disconnect', { kinds: ['disconnect'] }, { kind: 'disconnect' }, true],
    ['one for this channel', { channels: ['C2', 'C1'] }, {}, true],
    ['one for another channel', { channels: ['C2'] }, {}, false],
    ['one for this team', { teams: ['T1'] }, {}, true],
    ['one for this workspace, asked in another one', { teams: ['T1'] }, { workspaceId: 'T2' }, false],
    ['one for another workspace, asked there', { teams: ['T2'] }, { workspaceId: 'T2' }, true],
    [
      'one of which the channel fits and the kind does not',
      { kinds: ['disconnect'], channels: ['C1'] },
      {},
      false,
    ],
  ])('%s', (_what, where, asked, holds) => {
    expect(namesFor([rule('it', where)], asked)).toEqual(holds ? ['it'] : []);
  });

  test('of several that set the same term the last counts, and what none sets stays as configured', () => {
    const rules = [
      rule('all', {}, { approvalsRequired: 2, maxNumbersPerOrder: 9 }),
      rule('here', { channels: ['C1'] }, { approvalsRequired: 3 }),
      rule('there', { channels: ['C2'] }, { approvalsRequired: 4 }),
    ];
    expect(termsFor(policyOf({ rules }), asking())).toMatchObject({
      approvalsRequired: 3,
      maxNumbersPerOrder: 9,
      approvers: usualPolicy.approvers,
      undoWindowMs: 60_000,
      rules: ['all', 'here'],
    });
  });

  test('the rule that approves small orders is the one named', () => {
    const rules = [rule('Sales', { channels: ['C1'] }, { autoApproveUpTo: 10 })];
    const policy = policyOf({ rules, autoApproveUpTo: 2 });
    expect(inShort(policy, asking())).toBe('automatic (Sales: up to 10 a day)');
    expect(inShort(policy, asking({ channelId: 'C2', quantity: 2 }))).toBe(
      'automatic (AUTO_APPROVE_UP_TO: up to 2 a day)',
    );
  });

  test.each(['disconnect', 'move', 'messaging'] as const)(
    'no rule ever lets what changes numbers in service (%s) go without approval',
    (kind) => {
      const rules = [
        rule('all', {}, { autoApproveUpTo: 10 }),
        rule('d', { kinds: [kind] }, { autoApproveUpTo: 10 }),
      ];
      const policy = policyOf({ rules, autoApproveUpTo: 5 });
      expect(inShort(policy, asking({ kind, quantity: 1 }))).toBe('1 of UBEN UBEA');
    },
  );

  test.each<[string, Partial<PolicyRule>, boolean, PolicyInputs['kind'], boolean]>([
    ['one that names no kind lets people approve their own purchases', {}, true, 'purchase', true],
    ['but not their own disconnects', {}, true, 'disconnect', false],
    ['nor their own moves', {}, true, 'move', false],
    ['nor their own messaging changes', {}, true, 'messaging', false],
    ['nor does one that names purchases', { kinds: ['purchase'] }, true, 'disconnect', false],
    ['one that names disconnects does', { kinds: ['disconnect'] }, true, 'disconnect', true],
    ['one that names both does', { kinds: ['purchase', 'disconnect'] }, true, 'disconnect', true],
    ['any may forbid it', {}, false, 'disconnect', false],
  ])('about self-approval: %s', (_what, where, selfApproval, kind, allowed) => {
    const forbidding = selfApproval ? {} : { allowSelfApproval: true, allowSelfApprovalOfDisconnects: true };
    const policy = policyOf({ ...forbidding, rules: [rule('it', where, { selfApproval })] });
    expect(termsFor(policy, asking({ kind })).selfApproval).toBe(allowed);
  });
});

describe('What the policy considers about an order', () => {
  const tollFree: OrderRequest = purchase({
    wanted: {
      by: 'search',
      search: { kind: 'tollFreeVanity', criteria: { tollFreeVanity: 'NEWCARS' }, quantity: 4 },
    },
  });
  const picked = purchase({ wanted: { by: 'numbers', numbers: [phone('9102414365'), phone('8332414366')] } });

  test.each<[string, OrderRequest, PolicyInputs['kind'], number]>([
    ['numbers of an area code', searchAndOrder(5), 'purchase', 5],
    ['two picked numbers', purchase(), 'purchase', 2],
    ['a toll-free search', tollFree, 'toll-free', 4],
    ['picked numbers, one of them toll-free', picked, 'toll-free', 2],
    ['a disconnect', disconnect(), 'disconnect', 2],
  ])('%s', (_what, request, kind, quantity) => {
    expect(kindAndQuantityOf(request)).toEqual({ kind, quantity });
  });

  test('does not include the requester, unless a rule does', () => {
    expect(inShort(policyOf(), asking({ requester: sam }))).toBe(inShort(policyOf(), asking()));
  });
});

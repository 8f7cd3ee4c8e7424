import { describe, expect, test } from '@jest/globals';
import type { OrderRequest, Person } from '../../../src/orders/domain/request.js';
import type { Standing } from '../../../src/orders/domain/standing.js';
import { newOrder } from '../../../src/orders/domain/transitions.js';
import type { Policy } from '../../../src/orders/policy/policy.js';
import { actAt, mayCancel, mayReadAudit, reviewRefusal } from '../../../src/orders/policy/ruling.js';
import {
  ana,
  approverGroup,
  ben,
  disconnect,
  guest,
  gus,
  purchase,
  sam,
  searchAndOrder,
  usualPolicy,
} from '../../support/orders/people.js';

const asked = (request: OrderRequest) =>
  newOrder({ id: 'o1', request, requester: ana, channelId: 'C1', now: 0, expiresAt: 86_400_000 });
const order = asked(purchase());

type Setting = 'named' | 'group' | 'anyone' | 'nobody';

function policyOf(setting: Setting, allowSelfApproval: boolean): Policy {
  const approvers = {
    named: { anyone: false, users: [ben.userId, ana.userId], groups: [] },
    group: { anyone: false, users: [], groups: [approverGroup] },
    anyone: { anyone: true, users: [], groups: [] },
    nobody: { anyone: false, users: [], groups: [] },
  };
  return { ...usualPolicy, approvers: approvers[setting], allowSelfApproval };
}

const standingOf = (person: Person): Standing => (person === guest ? 'outsider' : 'member');

/** Gus is in the approver group; where it is asked for, so is Ana. */
const reviewer = (person: Person, setting: Setting) => ({
  ...person,
  inApproverGroup: setting === 'group' && (person === gus || person === ana),
  standing: standingOf(person),
});

const strangersAna: Person = { teamId: 'T2', userId: ana.userId };

describe('Who can approve or decline Ana’s request', () => {
  const never = 'not-an-approver';
  test.each<[string, Person, Setting, boolean, string | undefined]>([
    ['Ben, named as approver', ben, 'named', false, undefined],
    ['Ben, named as approver, self-approval allowed', ben, 'named', true, undefined],
    ['Ben, where only a group may', ben, 'group', false, never],
    ['Gus, in the group', gus, 'group', false, undefined],
    ['Gus, where the group was not asked for', gus, 'named', false, never],
    ['Sam, a colleague, where anyone may', sam, 'anyone', false, undefined],
    ['Sam, where only named people may', sam, 'named', false, never],
    ['Sam, where nobody may', sam, 'nobody', false, never],
    ['an outsider, where anyone may', guest, 'anyone', false, 'outsider'],
    ['an outsider, where named people may', guest, 'named', false, 'outsider'],
    ['Ana, named as approver', ana, 'named', false, 'own-request'],
    ['Ana, named as approver, self-approval allowed', ana, 'named', true, undefined],
    ['Ana, in the group', ana, 'group', false, 'own-request'],
    ['Ana, in the group, self-approval allowed', ana, 'group', true, undefined],
    ['Ana, where anyone may', ana, 'anyone', false, 'own-request'],
    ['Ana, where anyone may, self-approval allowed', ana, 'anyone', true, undefined],
    ['Ana, no approver', ana, 'nobody', false, 'own-request'],
    ['Ana, no approver, self-approval allowed', ana, 'nobody', true, never],
    ['Ana, as another workspace reports her', strangersAna, 'named', false, 'own-request'],
  ])('%s', (_who, person, setting, selfApproval, refusal) => {
    expect(reviewRefusal(order, reviewer(person, setting), policyOf(setting, selfApproval))).toBe(refusal);
  });
});

describe('Who can approve, by what Slack says about the account', () => {
  const yes = undefined;
  const no = 'not-an-approver';
  type Refused = readonly [named: string | undefined, group: string | undefined, anyone: string | undefined];
  test.each<[Standing, Refused]>([
    ['member', [yes, yes, yes]],
    ['colleague', [yes, no, no]],
    ['unverified', [yes, yes, 'member-unverified']],
    ['unplaced', [yes, 'unplaced', 'member-unverified']],
    ['guest', ['guest', 'guest', 'guest']],
    ['single-channel-guest', ['guest', 'guest', 'guest']],
    ['outsider', ['outsider', 'outsider', 'outsider']],
    ['bot', ['bot', 'bot', 'bot']],
    ['deactivated', ['deactivated', 'deactivated', 'deactivated']],
    ['unknown', ['account-unknown', 'account-unknown', 'account-unknown']],
  ])('%s', (standing, refused) => {
    const somebody = { ...ben, standing };
    const answers = (['named', 'group', 'anyone'] as const).map((setting) => {
      const who = { ...somebody, inApproverGroup: setting === 'group' };
      const policy = policyOf(setting, false);
      const refusal = reviewRefusal(order, who, policy);
      expect(mayCancel(order, who, policy)).toBe(refusal === undefined);
      expect(mayReadAudit(who, policy)).toBe(refusal === undefined);
      return refusal;
    });
    expect(answers).toEqual(refused);
  });
});

describe('Who can approve or decline Ana’s disconnect', () => {
  type Allowed = 'nothing' | 'purchases' | 'disconnects' | 'both';
  const allowing = (setting: Setting, allowed: Allowed): Policy => ({
    ...policyOf(setting, allowed === 'purchases' || allowed === 'both'),
    allowSelfApprovalOfDisconnects: allowed === 'disconnects' || allowed === 'both',
  });

  test.each<[string, Person, Setting, Allowed, string | undefined]>([
    ['Ben, named as approver', ben, 'named', 'nothing', undefined],
    ['Gus, in the group', gus, 'group', 'nothing', undefined],
    ['Sam, a colleague, where anyone may', sam, 'anyone', 'nothing', undefined],
    ['Sam, where only named people may', sam, 'named', 'both', 'not-an-approver'],
    ['an outsider, where anyone may', guest, 'anyone', 'both', 'outsider'],
    ['Ana, named as approver', ana, 'named', 'nothing', 'own-request'],
    ['Ana, named, who may approve her own purchases', ana, 'named', 'purchases', 'own-request'],
    ['Ana, in the group, who may approve her own purchases', ana, 'group', 'purchases', 'own-request'],
    ['Ana, where anyone may, her own purchases too', ana, 'anyone', 'purchases', 'own-request'],
    ['Ana, as another workspace reports her', strangersAna, 'named', 'purchases', 'own-request'],
    ['Ana, named, who may approve her own disconnects', ana, 'named', 'disconnects', undefined],
    ['Ana, named, who may approve everything of her own', ana, 'named', 'both', undefined],
    ['Ana, no approver, though her own would be allowed', ana, 'nobody', 'both', 'not-an-approver'],
  ])('%s', (_who, person, setting, allowed, refusal) => {
    const policy = allowing(setting, allowed);
    expect(reviewRefusal(asked(disconnect()), reviewer(person, setting), policy)).toBe(refusal);
  });

  test('the setting for disconnects does not let anyone approve their own purchase', () => {
    const policy = allowing('named', 'disconnects');
    expect(reviewRefusal(order, reviewer(ana, 'named'), policy)).toBe('own-request');
  });
});

describe('Who can approve where rules differ', () => {
  const onlyGus = { approvers: { anyone: false, users: [gus.userId], groups: [] } };
  const policy: Policy = {
    ...usualPolicy,
    rules: [
      { name: 'disconnects', kinds: ['disconnect'], terms: onlyGus },
      { name: 'elsewhere', channels: ['C2'], terms: onlyGus },
      { name: 'our own', channels: ['C3'], terms: { selfApproval: true } },
    ],
  };
  const inChannel = (channelId: string, request: OrderRequest = purchase()) => {
    const order = asked(request);
    return { ...order, channelId };
  };

  test.each<[string, ReturnType<typeof inChannel>, Person, string | undefined]>([
    ['Ben may approve a purchase here', inChannel('C1'), ben, undefined],
    ['Gus may not, named for other things only', inChannel('C1'), gus, 'not-an-approver'],
    ['Ben may not approve a disconnect', inChannel('C1', disconnect()), ben, 'not-an-approver'],
    ['Gus may', inChannel('C1', disconnect()), gus, undefined],
    ['Ben may not approve a purchase in the other channel', inChannel('C2'), ben, 'not-an-approver'],
    ['Gus may', inChannel('C2'), gus, undefined],
    [
      'Ana is no approver, also where approvers may approve their own',
      inChannel('C3'),
      ana,
      'not-an-approver',
    ],
    ['nor of her own where they may not', inChannel('C1'), ana, 'own-request'],
  ])('%s', (_what, order, person, refusal) => {
    expect(reviewRefusal(order, { ...person, inApproverGroup: false, standing: 'member' }, policy)).toBe(
      refusal,
    );
    expect(mayCancel(order, { ...person, inApproverGroup: false, standing: 'member' }, policy)).toBe(
      refusal === undefined || person === ana,
    );
  });
});

describe('When an approved order is placed', () => {
  test.each<[string, OrderRequest, number, number]>([
    ['a disconnect, after its undo window', disconnect(), 60_000, 61_000],
    ['a disconnect without an undo window, at once', disconnect(), 0, 1_000],
    ['a purchase, at once', purchase(), 60_000, 1_000],
    ['a search-and-order, at once', searchAndOrder(5), 60_000, 1_000],
  ])('%s', (_what, request, undoWindowMs, at) => {
    expect(actAt(asked(request), { ...usualPolicy, undoWindowMs }, 1_000)).toBe(at);
  });
});

describe('Who can cancel Ana’s request', () => {
  test.each<[string, Person, Setting, boolean]>([
    ['Ana may, though no approver', ana, 'nobody', true],
    ['Ben may, named as approver', ben, 'named', true],
    ['Gus may, in the group', gus, 'group', true],
    ['Sam may, where anyone may approve', sam, 'anyone', true],
    ['Sam may not, where only named people may approve', sam, 'named', false],
    ['an outsider may not, where anyone may approve', guest, 'anyone', false],
  ])('%s', (_who, person, setting, allowed) => {
    expect(mayCancel(order, reviewer(person, setting), policyOf(setting, false))).toBe(allowed);
  });
});

import {
  type ApplicableTerms,
  type Policy,
  type PolicyRule,
  type Requesters,
  type RuleInputs,
  type RuleKind,
  ruleKinds,
  termsFor,
} from '../orders/policy/policy.js';
import { tooFewApprovers } from '../orders/policy/required-approval.js';
import { tooFewApproversProblem } from './setting-values.js';

/** Not a valid id: stands for every channel, workspace and person that no rule names. */
const NOT_NAMED = 'elsewhere';

export interface UnmetRule {
  /** Absent: without any rule. */
  readonly rule?: string;
  /** Why nothing under this rule can ever be approved, as text that follows the rule's name. */
  readonly why: string;
}

/**
 * Finds rules under which nothing could ever be approved, as far as the settings alone can tell: combined with the
 * other rules and the environment, they require more approvers than are named, or no one but the requester.
 */
export function unmetRules(policy: Policy): readonly UnmetRule[] {
  const unmet = policy.rules.flatMap((rule) => {
    const why = whyUnmet(policy, rule);
    return why === undefined ? [] : [{ rule: rule.name, why }];
  });
  const always = policy.requesters && whyUnmet({ ...policy, rules: [] }, {});
  return always === undefined ? unmet : [{ why: always }, ...unmet];
}

function whyUnmet(policy: Policy, rule: Omit<PolicyRule, 'name' | 'terms'>): string | undefined {
  const { kinds = ruleKinds, channels = [NOT_NAMED], sites = [], teams, above = 0 } = rule;
  const teamsNamed = policy.rules.flatMap((each) => each.teams ?? []);
  /** Each entry is one or more workspaces. If there are several, we don't know which one it will be. */
  const workspaces = teams?.map((team) => [team]) ?? [[NOT_NAMED, ...teamsNamed]];
  for (const kind of kinds) {
    for (const channelId of channels) {
      for (const workspace of workspaces) {
        for (const siteIds of sites.length === 0 ? [[]] : sites.map((site) => [site])) {
          const asking = { kind, channelId, quantity: above + 1, siteIds };
          const problems = workspace.flatMap((teamId) =>
            requestersUnder(policy, rule).map((who) =>
              problemOf(policy, { ...asking, ...requesting(teamId, who) }),
            ),
          );
          if (problems.every((problem) => problem !== undefined)) return problems[0];
        }
      }
    }
  }
  return undefined;
}

/** Someone who may request: a person, or anyone of a user group. */
type Who = { readonly userId: string } | { readonly groupId: string };

function requestersUnder(policy: Policy, rule: Pick<PolicyRule, 'requesters'>): readonly Who[] {
  const whoIn = ({ users, groups }: Requesters): readonly Who[] => [
    ...users.map((userId) => ({ userId })),
    ...groups.map((groupId) => ({ groupId })),
  ];
  const named = rule.requesters ?? policy.requesters;
  return named === undefined ? [{ userId: NOT_NAMED }] : whoIn(named);
}

const requesting = (teamId: string, who: Who): Pick<RuleInputs, 'requester' | 'requesterGroups'> =>
  'userId' in who
    ? { requester: { teamId, userId: who.userId }, requesterGroups: [] }
    : { requester: { teamId, userId: NOT_NAMED }, requesterGroups: [who.groupId] };

function problemOf(policy: Policy, asked: RuleInputs): string | undefined {
  const terms = termsFor(policy, asked);
  const [only] = terms.stages.length === 1 ? terms.stages : [];
  const simple = only && tooFewApproversProblem(only.approvers, only.count);
  if (simple !== undefined) return simple;
  if (tooFewApprovers(terms, asked.requester) === undefined) return undefined;
  return tooFewApprovers(terms, { userId: NOT_NAMED }) === undefined
    ? `lets only ${asked.requester.userId} approve the ${kindNames[asked.kind]} that only they may request.`
    : stagesProblem(terms);
}

const kindNames: Readonly<Record<RuleKind, string>> = {
  purchase: 'orders',
  'toll-free': 'toll-free orders',
  disconnect: 'disconnects',
  move: 'moves',
  messaging: 'messaging changes',
  activation: 'activations',
};

function stagesProblem({ stages }: ApplicableTerms): string {
  const total = stages.reduce((sum, { count }) => sum + count, 0);
  return `asks for ${total} approvals in ${stages.length} stages by different people, but too few people are named for them.`;
}

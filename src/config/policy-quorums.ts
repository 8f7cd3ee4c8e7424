import { type Policy, type PolicyRule, ruleKinds, termsFor } from '../orders/policy/policy.js';
import { tooFewApproversProblem } from './setting-values.js';

/** Not a valid id: stands for every channel and workspace that no rule names. */
const ELSEWHERE = 'elsewhere';

export interface UnmetRule {
  readonly rule: string;
  /** Why nothing under this rule can ever be approved, as text that follows the rule's name. */
  readonly why: string;
}

/**
 * Finds rules under which nothing could ever be approved, as far as the settings alone can tell: combined with the
 * other rules and the environment, they require more approvers than are named.
 */
export function unmetRules(policy: Policy): readonly UnmetRule[] {
  const teamsNamed = policy.rules.flatMap(({ teams = [] }) => teams);
  return policy.rules.flatMap((rule) => {
    const why = whyUnmet(policy, rule, teamsNamed);
    return why === undefined ? [] : [{ rule: rule.name, why }];
  });
}

function whyUnmet(
  policy: Policy,
  { kinds = ruleKinds, channels = [ELSEWHERE], teams }: PolicyRule,
  teamsNamed: readonly string[],
): string | undefined {
  /** Each entry is one or more workspaces. When it stands for several, we don't know which ones. */
  const askers = teams?.map((team) => [team]) ?? [[ELSEWHERE, ...teamsNamed]];
  for (const kind of kinds) {
    for (const channelId of channels) {
      for (const asker of askers) {
        const problems = asker.map((teamId) => {
          const terms = termsFor(policy, { kind, channelId, requester: { teamId, userId: '' } });
          return tooFewApproversProblem(terms.approvers, terms.approvalsRequired);
        });
        if (problems.every((problem) => problem !== undefined)) return problems[0];
      }
    }
  }
  return undefined;
}

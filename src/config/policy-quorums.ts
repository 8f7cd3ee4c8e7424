import { type Policy, type PolicyRule, ruleKinds, termsFor } from '../orders/policy/policy.js';
import { tooFewApproversProblem } from './setting-values.js';

/** No channel and no workspace has such an id: it stands for all that no rule names. */
const ELSEWHERE = 'elsewhere';

export interface UnmetRule {
  readonly rule: string;
  /** Why what it is about can never be approved, to be read after its name. */
  readonly why: string;
}

/**
 * The rules for something that never could be approved, as far as the settings alone can tell: with what they leave to
 * other rules and to the environment, they ask for more people than are named.
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
  /** Each is one or several workspaces; of several, nobody knows which there are. */
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

import type { Policy } from '../orders/policy/policy.js';
import type { PolicyFile } from './policy-file.js';
import { unmetRules } from './policy-quorums.js';
import { shown, tooFewApproversProblem } from './setting-values.js';
import type { Settings } from './settings.js';
import type { Problem } from './settings-problems.js';

/** Returns the part of the policy that comes from the environment. */
export function policyOf(data: Settings): Omit<Policy, 'rules' | 'requesters'> {
  const { MAX_NUMBERS_PER_DAY: perDay, MAX_NUMBERS_PER_MONTH: perMonth } = data;
  return {
    approvers: data.APPROVERS,
    approvalsRequired: data.APPROVALS_REQUIRED,
    allowSelfApproval: data.ALLOW_SELF_APPROVAL,
    allowSelfApprovalOfDisconnects: data.ALLOW_SELF_APPROVAL_OF_DISCONNECTS,
    guestsMayRequest: data.ALLOW_GUESTS,
    externalChannels: data.EXTERNAL_CHANNELS,
    autoApproveUpTo: data.AUTO_APPROVE_UP_TO,
    undoWindowMs: data.UNDO_WINDOW,
    approvalTtlMs: data.APPROVAL_TTL,
    maxNumbersPerOrder: data.MAX_NUMBERS_PER_ORDER,
    notify: data.NOTIFY_APPROVERS,
    ...(data.APPROVALS_CHANNEL === undefined ? {} : { approvalsChannel: data.APPROVALS_CHANNEL }),
    ...(perDay === undefined ? {} : { maxNumbersPerDay: perDay }),
    ...(perMonth === undefined ? {} : { maxNumbersPerMonth: perMonth }),
  };
}

export function quorumProblems(data: Settings | undefined): readonly Problem[] {
  const text = data && tooFewApproversProblem(data.APPROVERS, data.APPROVALS_REQUIRED);
  return text === undefined ? [] : [{ variable: 'APPROVALS_REQUIRED', text, missing: [] }];
}

export function policyFileProblems(file: PolicyFile): readonly Problem[] {
  const problems = 'problems' in file ? file.problems : [];
  return problems.map((text) => ({ variable: 'POLICY_FILE', text, missing: [] }));
}

/** Finds problems with the rules. They are judged together with the settings, so the settings have to be valid. */
export function ruleProblems(data: Settings | undefined, file: PolicyFile): readonly Problem[] {
  if (data === undefined || 'problems' in file || quorumProblems(data).length > 0) return [];
  return unmetRules({ ...policyOf(data), ...file }).map(({ rule, why }) => ({
    variable: 'POLICY_FILE',
    text:
      rule === undefined
        ? `${data.POLICY_FILE}: requesters, with APPROVERS and APPROVALS_REQUIRED, ${why}`
        : `${data.POLICY_FILE}: the rule ${shown(rule)}, together with other rules, APPROVERS and APPROVALS_REQUIRED, ${why}`,
    missing: [],
  }));
}

/** Names the setting that mentions a user group, for the person who has to fix it. */
export function settingNaming({ approvers, requesters, rules }: Policy, groupId: string): string {
  if (approvers.groups.includes(groupId)) return 'APPROVERS';
  if (requesters?.groups.includes(groupId)) return 'requesters in POLICY_FILE';
  const rule = rules.find(({ requesters: asking, terms }) =>
    [asking, terms.approvers, ...(terms.stages ?? []).map((stage) => stage.approvers)].some(
      (each) => each?.groups.includes(groupId) === true,
    ),
  );
  return rule === undefined ? 'POLICY_FILE' : `the rule ${shown(rule.name)} in POLICY_FILE`;
}

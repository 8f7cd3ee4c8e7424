import type { Person } from '../domain/request.js';
import type { Circumstances } from '../domain/standing.js';

/** Who may approve. A group is a Slack user group; its members are looked up when the button is pressed. */
export interface Approvers {
  /** `*`: any full member of the installation except the requester. */
  readonly anyone: boolean;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** The kinds that rules distinguish. A toll-free order is also a purchase, so rules for purchases apply to it. */
export const ruleKinds = ['purchase', 'toll-free', 'disconnect'] as const;
export type RuleKind = (typeof ruleKinds)[number];

/** What the policy says about one kind of order in one place. */
export interface Terms {
  readonly approvers: Approvers;
  /** How many different people must approve. */
  readonly approvalsRequired: number;
  /** Whether approvers may approve their own requests. */
  readonly selfApproval: boolean;
  /** How many numbers per day each requester gets without approval; 0 for none, as always for disconnects. */
  readonly autoApproveUpTo: number;
  /** How long an approved disconnect can be undone before it is sent to Bandwidth, in milliseconds; 0 turns it off. */
  readonly undoWindowMs: number;
  /** How long a request waits for approval, in milliseconds. */
  readonly approvalTtlMs: number;
  readonly maxNumbersPerOrder: number;
  /** Per requester and day, in UTC. Absent: unlimited. */
  readonly maxNumbersPerDay?: number;
  /** For everyone together per month, in UTC. Absent: unlimited. */
  readonly maxNumbersPerMonth?: number;
}

/** Applies to requests that match everything it names. */
export interface PolicyRule {
  readonly name: string;
  readonly kinds?: readonly RuleKind[];
  readonly channels?: readonly string[];
  /** The workspace of the request. */
  readonly teams?: readonly string[];
  readonly terms: Partial<Terms>;
}

/** The general terms, and the rules for exceptions. */
export interface Policy extends Omit<Terms, 'selfApproval'> {
  /** Whether approvers may approve their own purchases. */
  readonly allowSelfApproval: boolean;
  /** The same for disconnects, which take a working number from someone, so it has to be allowed separately. */
  readonly allowSelfApprovalOfDisconnects: boolean;
  /** Whether guests, and members of other workspaces of an Enterprise Grid, may order. */
  readonly guestsMayAsk: boolean;
  /** Whether orders are posted in channels shared with another company. */
  readonly externalChannels: 'refuse' | 'allow';
  /** Applied from top to bottom: if several rules set the same term, the last one wins. */
  readonly rules: readonly PolicyRule[];
}

/** The parts of a request that rules match on. */
export interface AskedThere {
  readonly kind: RuleKind;
  readonly requester: Person;
  readonly channelId: string;
  /** Absent: the requester's installation is a single workspace. */
  readonly workspaceId?: string;
}

/** A request, as far as the policy is concerned. */
export interface Asked extends AskedThere, Circumstances {
  readonly quantity: number;
}

/** The terms that apply to a request, the rules that set them, and the rule that approves small orders. */
export interface TermsThatHold extends Terms {
  readonly rules: readonly string[];
  /** The recorded reason of an automatic approval. */
  readonly autoApproveRule: string;
}

const AUTO_APPROVE_SETTING = 'AUTO_APPROVE_UP_TO';

export function termsFor(policy: Policy, asked: AskedThere): TermsThatHold {
  const {
    allowSelfApproval,
    allowSelfApprovalOfDisconnects,
    guestsMayAsk: _,
    externalChannels: __,
    rules,
    ...usual
  } = policy;
  const disconnects = asked.kind === 'disconnect';
  const holding = rules.filter((rule) => holds(rule, asked));
  const terms: Terms = Object.assign(
    { ...usual, selfApproval: disconnects ? allowSelfApprovalOfDisconnects : allowSelfApproval },
    ...holding.map((rule) => spokenTerms(rule, asked.kind)),
  );
  const autoApproveRule = holding.findLast((rule) => rule.terms.autoApproveUpTo !== undefined)?.name;
  return {
    ...terms,
    autoApproveUpTo: disconnects ? 0 : terms.autoApproveUpTo,
    rules: holding.map(({ name }) => name),
    autoApproveRule: autoApproveRule ?? AUTO_APPROVE_SETTING,
  };
}

function holds({ kinds, channels, teams }: PolicyRule, asked: AskedThere): boolean {
  const kindFits =
    kinds === undefined ||
    kinds.includes(asked.kind) ||
    (asked.kind === 'toll-free' && kinds.includes('purchase'));
  return (
    kindFits &&
    (channels === undefined || channels.includes(asked.channelId)) &&
    (teams === undefined || teams.includes(asked.workspaceId ?? asked.requester.teamId))
  );
}

/** Returns the terms that a rule sets. A rule that doesn't name disconnects never allows self-approval of them. */
function spokenTerms({ kinds, terms }: PolicyRule, kind: RuleKind): Partial<Terms> {
  if (kind !== 'disconnect' || kinds?.includes('disconnect') || terms.selfApproval !== true) return terms;
  const { selfApproval, ...others } = terms;
  return others;
}

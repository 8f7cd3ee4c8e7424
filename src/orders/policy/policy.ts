import type { Person } from '../domain/request.js';
import type { Circumstances } from '../domain/standing.js';

/** Who may approve. A group is a Slack user group; its members are looked up at the moment of the press. */
export interface Approvers {
  /** `*`: any full member of the installation but the requester. */
  readonly anyone: boolean;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** What rules tell apart. A toll-free order is a purchase, too: rules for purchases hold for it. */
export const ruleKinds = ['purchase', 'toll-free', 'disconnect'] as const;
export type RuleKind = (typeof ruleKinds)[number];

/** What the policy says of one kind of order in one place. */
export interface Terms {
  readonly approvers: Approvers;
  /** How many different people must approve. */
  readonly approvalsRequired: number;
  /** Whether an approver's word counts for what they asked for themselves. */
  readonly selfApproval: boolean;
  /** So many numbers a day each requester gets without anybody's approval; 0 for none, as always for disconnects. */
  readonly autoApproveUpTo: number;
  /** How long an approved disconnect can be undone before Bandwidth hears of it, in milliseconds; 0 for not at all. */
  readonly undoWindowMs: number;
  /** How long a request waits for approval, in milliseconds. */
  readonly approvalTtlMs: number;
  readonly maxNumbersPerOrder: number;
  /** Of one requester on one day, UTC. Absent: as many as they like. */
  readonly maxNumbersPerDay?: number;
  /** Of everybody together in one month, UTC. Absent: as many as they like. */
  readonly maxNumbersPerMonth?: number;
}

/** Holds wherever everything it names fits; what it leaves out fits always. */
export interface PolicyRule {
  readonly name: string;
  readonly kinds?: readonly RuleKind[];
  readonly channels?: readonly string[];
  /** The workspace it is requested in. */
  readonly teams?: readonly string[];
  readonly terms: Partial<Terms>;
}

/** What holds everywhere, and the rules for what is different somewhere. */
export interface Policy extends Omit<Terms, 'selfApproval'> {
  /** May an approver approve a purchase they asked for? */
  readonly allowSelfApproval: boolean;
  /** The same for disconnects, which take a working number from somebody: said separately or not at all. */
  readonly allowSelfApprovalOfDisconnects: boolean;
  /** May guests of the workspace, and members of other workspaces of an Enterprise Grid, request anything? */
  readonly guestsMayAsk: boolean;
  /** Whether orders are posted in channels shared with another company. */
  readonly externalChannels: 'refuse' | 'allow';
  /** Read from top to bottom: where several hold and speak of the same thing, the last one counts. */
  readonly rules: readonly PolicyRule[];
}

/** A request, as far as the rules of a policy look at it. */
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

/** The terms that hold for something, the rules that made them, and which of them lets small orders pass. */
export interface TermsThatHold extends Terms {
  readonly rules: readonly string[];
  /** What to call the reason of an automatic approval. */
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

/** A rule that does not name disconnects never lets people approve their own. */
function spokenTerms({ kinds, terms }: PolicyRule, kind: RuleKind): Partial<Terms> {
  if (kind !== 'disconnect' || kinds?.includes('disconnect') || terms.selfApproval !== true) return terms;
  const { selfApproval, ...others } = terms;
  return others;
}

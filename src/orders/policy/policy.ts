import { kindRules, type OrderKind } from '../domain/order-kinds.js';
import type { Person } from '../domain/request.js';
import type { Circumstances } from '../domain/standing.js';

/** Who may approve. A group is a Slack user group; its members are looked up when the button is pressed. */
export interface Approvers {
  /** `*`: any full member of the installation except the requester. */
  readonly anyone: boolean;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** Some of the approvals that an order needs. */
export interface Stage {
  readonly approvers: Approvers;
  /** How many different people must approve in this stage. */
  readonly count: number;
}

/** Who may request. A group is a Slack user group. */
export type Requesters = Pick<Approvers, 'users' | 'groups'>;

/** Where the people who can decide are told about a request: in the card's thread, in a direct message, or nowhere. */
export const notifyWays = ['thread', 'dm', 'off'] as const;
export type Notify = (typeof notifyWays)[number];

/** The kinds that rules distinguish. A toll-free order is also a purchase, so rules for purchases apply to it. */
export type RuleKind = OrderKind | 'toll-free';
export const ruleKinds = [
  'purchase',
  'toll-free',
  'disconnect',
  'move',
  'messaging',
] as const satisfies readonly RuleKind[];

export const orderKindOf = (kind: RuleKind): OrderKind => (kind === 'toll-free' ? 'purchase' : kind);

/** Whether a rule may approve such a request, without a person. */
export const mayBeAutomatic = (kind: RuleKind): boolean => kindRules[orderKindOf(kind)].automatic;

/** What the policy says about one kind of order in one place. */
export interface Terms {
  readonly approvers: Approvers;
  /** How many different people must approve. */
  readonly approvalsRequired: number;
  /**
   * Says who must approve in several stages, in place of `approvers` and `approvalsRequired`. Each person's approval
   * counts for one stage.
   */
  readonly stages?: readonly Stage[];
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
  readonly notify: Notify;
  /** The id of a channel that gets a second card of every request that waits. Absent: none. */
  readonly approvalsChannel?: string;
}

/** Applies to requests that match everything it names. */
export interface PolicyRule {
  readonly name: string;
  readonly kinds?: readonly RuleKind[];
  readonly channels?: readonly string[];
  /** The workspace of the request. */
  readonly teams?: readonly string[];
  /** Matches requests for more numbers than this. */
  readonly above?: number;
  /** Ids of sub-accounts. */
  readonly sites?: readonly string[];
  readonly requesters?: Requesters;
  readonly terms: Partial<Terms>;
}

/** A rule's conditions, by their names in the policy file. */
export type Condition = 'kinds' | 'channels' | 'teams' | 'above' | 'sites' | 'requesters';

/** The general terms, and the rules for exceptions. */
export interface Policy extends Omit<Terms, 'selfApproval' | 'stages'> {
  /** Who may request at all. Absent: everybody who may use the app. */
  readonly requesters?: Requesters;
  /** Whether approvers may approve their own purchases. */
  readonly allowSelfApproval: boolean;
  /** The same for disconnects, which take a working number from someone, so it has to be allowed separately. */
  readonly allowSelfApprovalOfDisconnects: boolean;
  /** Whether guests, and members of other workspaces of an Enterprise Grid, may order. */
  readonly guestsMayRequest: boolean;
  /** Whether orders are posted in channels shared with another company. */
  readonly externalChannels: 'refuse' | 'allow';
  /** Applied from top to bottom: if several rules set the same term, the last one wins. */
  readonly rules: readonly PolicyRule[];
}

/** The parts of a request that rules match on. */
export interface RuleInputs {
  readonly kind: RuleKind;
  readonly quantity: number;
  readonly requester: Person;
  /** The user groups of {@link requesterGroups} that the requester is in. */
  readonly requesterGroups?: readonly string[];
  readonly channelId: string;
  /** Absent: the requester's installation is a single workspace. */
  readonly workspaceId?: string;
  /** The sub-account that gets the numbers, or those that have them; absent while it isn't known. */
  readonly siteIds?: readonly string[];
}

/** A request, as far as the policy is concerned. */
export interface PolicyInputs extends RuleInputs, Circumstances {
  /** Bandwidth didn't say which sub-account has one of the numbers. */
  readonly siteUnknown?: true;
  /** Its numbers don't count against the limits, because it buys none. */
  readonly uncounted?: true;
}

/** A rule that doesn't apply to a request, and the conditions that don't match. */
export interface OtherRule {
  readonly name: string;
  readonly unmet: readonly Condition[];
}

/**
 * The terms that apply to a request, the rules that set them, and the rule that approves small orders. `approvers` are
 * those of all stages together, and `approvalsRequired` is what all of them require.
 */
export interface ApplicableTerms extends Terms {
  /** At least one. */
  readonly stages: readonly Stage[];
  readonly rules: readonly string[];
  readonly otherRules: readonly OtherRule[];
  /** The recorded reason of an automatic approval. */
  readonly autoApproveRule: string;
}

const AUTO_APPROVE_SETTING = 'AUTO_APPROVE_UP_TO';

export function termsFor(policy: Policy, asked: RuleInputs): ApplicableTerms {
  const {
    allowSelfApproval,
    allowSelfApprovalOfDisconnects,
    guestsMayRequest: _,
    externalChannels: __,
    requesters: ___,
    rules,
    ...usual
  } = policy;
  const automatic = mayBeAutomatic(asked.kind);
  const judged = rules.map((rule) => ({ rule, unmet: unmetConditions(rule, asked) }));
  const holding = judged.filter(({ unmet }) => unmet.length === 0).map(({ rule }) => rule);
  const selfApproval = automatic ? allowSelfApproval : allowSelfApprovalOfDisconnects;
  const terms = holding
    .map((rule) => spokenTerms(rule, asked.kind))
    .reduce<Terms>(withSpoken, { ...usual, selfApproval });
  const autoApproveRule = holding.findLast((rule) => rule.terms.autoApproveUpTo !== undefined)?.name;
  const stages = terms.stages ?? [{ approvers: terms.approvers, count: terms.approvalsRequired }];
  return {
    ...terms,
    stages,
    approvers: anyOf(stages.map(({ approvers }) => approvers)),
    approvalsRequired: stages.reduce((sum, { count }) => sum + count, 0),
    autoApproveUpTo: automatic ? terms.autoApproveUpTo : 0,
    rules: holding.map(({ name }) => name),
    otherRules: judged
      .filter(({ unmet }) => unmet.length > 0)
      .map(({ rule, unmet }) => ({ name: rule.name, unmet })),
    autoApproveRule: autoApproveRule ?? AUTO_APPROVE_SETTING,
  };
}

/** Stages and the other way of saying who must approve replace each other: the last one counts. */
function withSpoken(before: Terms, spoken: Partial<Terms>): Terms {
  const endsStages = spoken.approvers !== undefined || spoken.approvalsRequired !== undefined;
  if (!endsStages) return { ...before, ...spoken };
  const { stages: _, ...others } = before;
  return { ...others, ...spoken };
}

/** Returns everyone who is in at least one of these. */
export function anyOf(all: readonly Approvers[]): Approvers {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  return {
    anyone: all.some(({ anyone }) => anyone),
    users: [...new Set(all.flatMap(({ users }) => users))],
    groups: [...new Set(all.flatMap(({ groups }) => groups))],
  };
}

/** Returns every user group whose members the policy treats as requesters of their own kind. */
export function requesterGroups({ requesters, rules }: Pick<Policy, 'requesters' | 'rules'>): string[] {
  const named = [requesters, ...rules.map((rule) => rule.requesters)];
  return [...new Set(named.flatMap((each) => each?.groups ?? []))];
}

/** Whether the requester is one of these. */
export function isAmong(
  { users, groups }: Requesters,
  asked: Pick<RuleInputs, 'requester' | 'requesterGroups'>,
): boolean {
  return (
    users.includes(asked.requester.userId) ||
    groups.some((groupId) => asked.requesterGroups?.includes(groupId) === true)
  );
}

function unmetConditions(rule: PolicyRule, asked: RuleInputs): readonly Condition[] {
  const { kinds, channels, teams, above, sites, requesters } = rule;
  const met: Readonly<Record<Condition, boolean>> = {
    kinds:
      kinds === undefined ||
      kinds.includes(asked.kind) ||
      (asked.kind === 'toll-free' && kinds.includes('purchase')),
    channels: channels === undefined || channels.includes(asked.channelId),
    teams: teams === undefined || teams.includes(asked.workspaceId ?? asked.requester.teamId),
    above: above === undefined || asked.quantity > above,
    sites: sites === undefined || sites.some((siteId) => asked.siteIds?.includes(siteId) === true),
    requesters: requesters === undefined || isAmong(requesters, asked),
  };
  return (Object.keys(met) as Condition[]).filter((condition) => !met[condition]);
}

/** Returns the terms that a rule sets. Self-approval of what only a person may approve needs a rule that names it. */
function spokenTerms({ kinds, terms }: PolicyRule, kind: RuleKind): Partial<Terms> {
  if (mayBeAutomatic(kind) || kinds?.includes(kind) || terms.selfApproval !== true) return terms;
  const { selfApproval, ...others } = terms;
  return others;
}

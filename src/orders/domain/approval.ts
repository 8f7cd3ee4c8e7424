import type { Person, Timestamp } from './request.js';

/** Given by a person, or by a policy rule, which then isn't recorded under anyone's name. */
export type Approval = Approver & {
  readonly at: Timestamp;
  /** The earlier approvals, if several were required. Some may no longer count; see {@link validApprovals}. */
  readonly also?: readonly Approval[];
  /**
   * People whose earlier approvals turned out to be invalid when this one was given. They can't approve this order
   * again.
   */
  readonly voids?: readonly Voided[];
  /** Set when the order was resubmitted because the first request left no trace at Bandwidth. */
  readonly again?: Resubmission;
};

export type Approver =
  | (Decider & { readonly rule?: undefined })
  | { readonly by?: undefined; readonly for?: undefined; readonly rule: string };

/** Who decides. */
export interface Decider {
  readonly by: Person;
  /** An approver who is away and whose delegate decided for them. Absent: they decided for themselves. */
  readonly for?: Person;
}

/** Returns the person whose right to decide was used. */
export const authorityOf = (decider: Decider): Person => decider.for ?? decider.by;

/** The approval of an order that was submitted at most once. */
export type FirstApproval = Approval & { readonly again?: undefined };

/** Where this order would leave each limit. */
export interface LimitStanding {
  readonly day?: { readonly after: number; readonly most: number };
  readonly month?: { readonly after: number; readonly most: number };
}

/** What a waiting request needs, as of the last policy check. */
export interface RequiredApproval {
  /** How many different people must approve. */
  readonly required: number;
  readonly standing: LimitStanding;
  /** Absent if there is only one. */
  readonly stages?: readonly StageState[];
  /** The user groups that the policy names as requesters and the requester is in; absent if there are none. */
  readonly requesterGroups?: readonly string[];
  /** Who can approve, in all stages together. Absent in records of earlier versions. */
  readonly approvers?: ApproverList;
  /** Set if approvers may approve their own requests. */
  readonly selfApproval?: true;
  /** How the people who can decide are told. Absent in records of earlier versions: not at once. */
  readonly notify?: 'thread' | 'dm' | 'off';
  /** The channel with a second card for the people who can decide; absent for none. */
  readonly approvalsChannel?: string;
}

/** Who may approve, by their Slack ids. */
export interface ApproverList {
  readonly anyone: boolean;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** One of several stages of approval, and how far it is. */
export interface StageState {
  readonly approvers: ApproverList;
  /** How many must approve in this stage. */
  readonly count: number;
  readonly given: readonly Decider[];
}

/** What a person asked for after the approval: sending a lost order again, or closing a back-order. */
export interface PersonsRequest {
  readonly by: Person;
  /** An approver who is away and whose delegate asked for it. */
  readonly for?: Person;
  readonly at: Timestamp;
}

export interface Resubmission extends Omit<PersonsRequest, 'by'> {
  /** Who resubmitted it; absent when the app did so by itself, see `sendingAgain`. */
  readonly by?: Person;
}

/**
 * Returns the approvals that count, without those that a later one voided: one per person, and one per person whose
 * right was used.
 */
export function validApprovals(approvals: readonly Approval[]): readonly Approval[] {
  return approvals.filter(
    (approval, index) => !approvals.slice(index + 1).some((later) => ends(later, approval)),
  );
}

function ends(later: Approval, { by, for: away }: Approval): boolean {
  if (by === undefined) return later.by === undefined;
  const isSame = (person: Person | undefined) => person?.userId === by.userId;
  if (isSame(later.by) || later.voids?.some(isSame) === true) return true;
  return later.by !== undefined && authorityOf(later).userId === (away ?? by).userId;
}

/** A person whose approval turned out to be invalid. */
export interface Voided extends Person {
  /** Whom they had approved for. */
  readonly for?: Person;
  /** Absent in old records. */
  readonly why?: VoidReason;
}

/**
 * `own-request`: they requested it themselves, and self-approval isn't allowed. `delegate-not-member` and
 * `away-not-approver` concern approvals for someone who is away. The last four concern their account.
 */
export type VoidReason =
  | 'not-an-approver'
  | 'own-request'
  | 'member-unverified'
  | 'delegate-not-member'
  | 'away-not-approver'
  | 'outsider'
  | 'bot'
  | 'deactivated'
  | 'guest'
  | 'colleague';

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
  readonly again?: SecondSending;
};

export type Approver =
  | { readonly by: Person; readonly rule?: undefined }
  | { readonly by?: undefined; readonly rule: string };

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
}

export interface SecondSending {
  /** Who resubmitted it; absent when the app did so by itself, see `sendingAgain`. */
  readonly by?: Person;
  readonly at: Timestamp;
}

export interface SecondWord extends SecondSending {
  readonly by: Person;
}

/** Returns the approvals that count: one per person, without those that a later one voided. */
export function validApprovals(approvals: readonly Approval[]): readonly Approval[] {
  return approvals.filter(
    ({ by }, index) =>
      !approvals
        .slice(index + 1)
        .some((later) => [later.by, ...(later.voids ?? [])].some((person) => person?.userId === by?.userId)),
  );
}

/** A person whose approval turned out to be invalid. */
export interface Voided extends Person {
  /** Absent in old records. */
  readonly why?: VoidReason;
}

/**
 * `own-request`: they requested it themselves, and self-approval isn't allowed. The last four concern their account.
 */
export type VoidReason =
  | 'not-an-approver'
  | 'own-request'
  | 'member-unverified'
  | 'outsider'
  | 'bot'
  | 'deactivated'
  | 'guest'
  | 'colleague';

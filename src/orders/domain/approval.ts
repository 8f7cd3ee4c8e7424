import type { Person, Timestamp } from './request.js';

/** A person's word; or a rule of the policy, which then stands in no person's name. */
export type Approval = Approver & {
  readonly at: Timestamp;
  /** Who had approved before, where several had to; not all of them need count, see {@link validApprovals}. */
  readonly also?: readonly Approval[];
  /** Whose earlier approvals were found to count no more when this one was given: they may not approve any more. */
  readonly voids?: readonly Voided[];
  /** Set when it was sent a second time, because the first had left no trace at Bandwidth. */
  readonly again?: SecondSending;
};

export type Approver =
  | { readonly by: Person; readonly rule?: undefined }
  | { readonly by?: undefined; readonly rule: string };

/** Of an order that was sent once at most. */
export type FirstApproval = Approval & { readonly again?: undefined };

/** Where an order brings the limits that there are. */
export interface LimitStanding {
  readonly day?: { readonly after: number; readonly most: number };
  readonly month?: { readonly after: number; readonly most: number };
}

/** What a waiting request needs, as the policy said when it was last asked. */
export interface RequiredApproval {
  /** How many different people must approve. */
  readonly required: number;
  readonly standing: LimitStanding;
}

export interface SecondSending {
  /** On whose word; absent where none was needed, see `sendingAgain`. */
  readonly by?: Person;
  readonly at: Timestamp;
}

export interface SecondWord extends SecondSending {
  readonly by: Person;
}

/** Those that count, of all approvals of one request: one of each person, and none that a later one has voided. */
export function validApprovals(approvals: readonly Approval[]): readonly Approval[] {
  return approvals.filter(
    ({ by }, index) =>
      !approvals
        .slice(index + 1)
        .some((later) => [later.by, ...(later.voids ?? [])].some((person) => person?.userId === by?.userId)),
  );
}

/** Somebody whose approval was found to count no more. */
export interface Voided extends Person {
  /** Absent in old records. */
  readonly why?: VoidReason;
}

/** `own-request`: it is their own, and that doesn't suffice. The last four are of their account. */
export type VoidReason =
  | 'not-an-approver'
  | 'own-request'
  | 'member-unverified'
  | 'outsider'
  | 'bot'
  | 'deactivated'
  | 'guest'
  | 'colleague';

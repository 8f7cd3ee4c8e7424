import type { Drift, DriftKind } from '../domain/drift/drift.js';
import type { Explanation } from '../domain/drift/drift-explanations.js';
import type { KeptExplanation } from '../domain/explanation-event.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import type { MissingRole } from './inventory.js';

/** The Bandwidth order that last changed a number. */
export interface NumberChange {
  readonly carrierOrderId: string;
  /** When the order was created. */
  readonly at?: Timestamp;
  /** True if the order disconnects the number. */
  readonly disconnects: boolean;
  /** Whether the number is in service now; absent if Bandwidth doesn't say. */
  readonly inService?: boolean;
  readonly customerOrderId?: OrderId;
  /** The user that created it; absent if Bandwidth doesn't say, as for orders that aren't new-number orders. */
  readonly user?: string;
}

/** Reads the history of single numbers at background priority. Throws CarrierError. */
export interface NumberHistory {
  /** Undefined if Bandwidth names no order. */
  lastChange(number: PhoneNumber): Promise<NumberChange | undefined>;
}

/** Explanations are only ever added. Every method throws StoreError. */
export interface ExplanationStore {
  /** Repeating it with the same id adds nothing. */
  add(id: string, explanation: Explanation): Promise<void>;
  all(): Promise<readonly KeptExplanation[]>;
}

/** What can be said about the numbers on the account. */
export type InventoryStanding =
  | {
      readonly standing: 'complete';
      /** When the numbers were listed. */
      readonly asOf: Timestamp;
      /** Rows that couldn't be read. */
      readonly unread: number;
      readonly missingRoles: readonly MissingRole[];
    }
  /** The numbers haven't all been listed yet. */
  | {
      readonly standing: 'incomplete';
      readonly missingRoles: readonly MissingRole[];
      readonly trouble?: string;
    }
  /** They were listed too long ago to report anything about them. */
  | { readonly standing: 'too-old'; readonly asOf: Timestamp; readonly trouble?: string };

/** All drift found at one time. */
export interface DriftFindings {
  readonly at: Timestamp;
  readonly inventory: InventoryStanding;
  /** What no person has explained. */
  readonly drifts: readonly Drift[];
  /** How many drifts were left out because a person has explained them. */
  readonly explained: number;
  /** How many orders may have delivered or disconnected numbers that Bandwidth didn't list. */
  readonly unlistedOrders: number;
  /** How many orders on record can't be read. */
  readonly unreadableOrders: number;
  /** Our numbers that are missing from the list. Bandwidth didn't say what became of them. */
  readonly unverified?: { readonly count: number; readonly advice?: string };
}

/** A report as people see it, kept so that it can be drawn again. */
export interface DriftReport extends Omit<DriftFindings, 'drifts'> {
  readonly id: string;
  /** Kinds without any drift are absent. */
  readonly lists: Readonly<Partial<Record<DriftKind, DriftList>>>;
}

export interface DriftList {
  /** The first few, in full. */
  readonly shown: readonly Drift[];
  /** What every drift of this kind is about; see `driftSubject` and `driftFacts`. */
  readonly subjects: ReadonlyArray<readonly [subject: string, facts: string]>;
}

/** The scheduled report that comes next. */
export interface DueReport {
  /** The schedule that `dueAt` was computed from. */
  readonly schedule: string;
  readonly dueAt: Timestamp;
  /** `posting`: it may have been sent to Slack. */
  readonly state: 'due' | 'posting';
}

/** Reports, and which one comes next. Every method throws StoreError. */
export interface DriftReportStore {
  /** Kept for some weeks. */
  put(report: DriftReport): Promise<void>;
  /** Undefined if there is no such report, or not any longer. */
  get(id: string): Promise<DriftReport | undefined>;
  nextDue(): Promise<DueReport | undefined>;
  /** Returns false if someone else wrote first. */
  replaceDue(current: DueReport | undefined, next: DueReport): Promise<boolean>;
}

/** The channel for scheduled reports. */
export interface ReportBoard {
  /**
   * Posts a report, with the long lists as files in its thread. Throws {@link ReportRefused} if it certainly wasn't
   * posted, and otherwise what Slack's client throws.
   */
  post(report: DriftReport, findings: DriftFindings): Promise<void>;
}

/** Slack doesn't take the report. */
export class ReportRefused extends Error {
  override readonly name = 'ReportRefused';
  /** Whether it may work later without anybody doing anything. */
  readonly isTemporary: boolean;

  constructor(message: string, given: { readonly isTemporary: boolean; readonly cause?: unknown }) {
    super(message, given.cause === undefined ? undefined : { cause: given.cause });
    this.isTemporary = given.isTemporary;
  }
}

import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { type DamagedEntry, isDamaged, type JournalEntry } from '../domain/journal-entry.js';
import type { Person, Timestamp } from '../domain/request.js';
import type { Approvers, Policy } from '../policy/policy.js';
import { asReviewer } from '../policy/reviewers.js';
import { mayReadAudit } from '../policy/ruling.js';
import type { Accounts, ApproverGroups, Clock, Journal } from '../ports.js';

/** A month of the calendar, UTC; `month` from 1. */
export interface Month {
  readonly year: number;
  readonly month: number;
}

export type WhichMonth = Month | { readonly monthsAgo: number };

export interface Audit {
  readonly month: Month;
  /**
   * What happened in that month, in the order of the journal. When a damaged entry was written is known from its
   * neighbors alone: it is in every month it may belong to.
   */
  readonly entries: AsyncIterable<JournalEntry | DamagedEntry>;
}

/** Only these may read it. */
export interface AuditRefused {
  readonly refused: 'not-an-approver';
  readonly approvers: Approvers;
}

/** The installation's journal for one month. Throws StoreError. */
export type ReadAudit = (which: WhichMonth, by: Person) => Promise<Audit | AuditRefused>;

/** An event is written moments after it happened; more only where a clock was set back in between. */
const WRITTEN_EARLIER_BY_AT_MOST_MS = 24 * 60 * 60_000;
/**
 * While the app is at work it writes within moments what happened; while it is not, it writes nothing. So what happened
 * in a month may be written however late, but not after so much work without a latecomer.
 */
const NO_LATECOMER_WITHIN_MS = 24 * 60 * 60_000;
/** A longer pause between two entries may have been one of the app's, and counts as no more work than this. */
const WORK_IN_A_PAUSE_MS = 60 * 60_000;
/** After so many entries whoever else waits has a turn. */
const ENTRIES_A_TURN = 100;

export function makeReadAudit(deps: {
  journal: Pick<Journal, 'since'>;
  groups: ApproverGroups;
  accounts: Pick<Accounts, 'standingOf'>;
  policy: Policy;
  clock: Pick<Clock, 'now'>;
}): ReadAudit {
  const { journal, policy, clock } = deps;

  async function* within(
    teamId: string,
    from: Timestamp,
    to: Timestamp,
  ): AsyncIterable<JournalEntry | DamagedEntry> {
    let read = 0;
    let last = to;
    /** How long the app was at work since the month ended, or since somebody was late. */
    let worked = 0;
    /** Read since the last entry that could be. */
    let damaged: DamagedEntry[] = [];
    let ended = false;
    for await (const entry of journal.since(teamId, from - WRITTEN_EARLIER_BY_AT_MOST_MS)) {
      read += 1;
      if (read % ENTRIES_A_TURN === 0) await yieldToEventLoop();
      if (isDamaged(entry)) {
        if (!ended) damaged.push(entry);
        continue;
      }
      if (entry.writtenAt >= from) yield* damaged;
      damaged = [];
      ended = entry.writtenAt >= to;
      if (ended) {
        worked += Math.min(entry.writtenAt - last, WORK_IN_A_PAUSE_MS);
        last = entry.writtenAt;
      }
      if (entry.event.at < to) worked = 0;
      if (worked > NO_LATECOMER_WITHIN_MS) return;
      if (entry.event.at >= from && entry.event.at < to) yield entry;
    }
    // Nothing readable comes after them.
    if (from <= clock.now()) yield* damaged;
  }

  return async (which, by) => {
    const reviewer = await asReviewer(deps, policy.approvers, by);
    if (!mayReadAudit(reviewer, policy)) return { refused: 'not-an-approver', approvers: policy.approvers };
    const month = 'month' in which ? which : monthBefore(clock.now(), which.monthsAgo);
    const [from, to] = [startOf(month, 0), startOf(month, 1)];
    return { month, entries: within(by.teamId, from, to) };
  };
}

function monthBefore(now: Timestamp, monthsAgo: number): Month {
  const today = new Date(now);
  const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - monthsAgo));
  return { year: first.getUTCFullYear(), month: first.getUTCMonth() + 1 };
}

const startOf = ({ year, month }: Month, monthsLater: number): Timestamp =>
  Date.UTC(year, month - 1 + monthsLater);

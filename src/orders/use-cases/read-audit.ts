import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { type DamagedEntry, isDamaged, type JournalEntry } from '../domain/journal-entry.js';
import type { Person, Timestamp } from '../domain/request.js';
import type { Approvers, Policy } from '../policy/policy.js';
import { asReviewer } from '../policy/reviewers.js';
import { mayReadAudit } from '../policy/ruling.js';
import type { Clock } from '../ports/clock.js';
import type { Journal } from '../ports/journal.js';
import type { Accounts, ApproverGroups } from '../ports/people.js';

/** A calendar month in UTC; `month` counts from 1. */
export interface Month {
  readonly year: number;
  readonly month: number;
}

export type WhichMonth = Month | { readonly monthsAgo: number };

export interface Audit {
  readonly month: Month;
  /**
   * What happened in that month, in journal order. The time of a damaged entry is known only from its neighbors, so it
   * is included in every month it may belong to.
   */
  readonly entries: AsyncIterable<JournalEntry | DamagedEntry>;
}

/** Only these people may read it. */
export interface AuditRefused {
  readonly refused: 'not-an-approver';
  readonly approvers: Approvers;
}

/** Reads the installation's journal for one month. Throws StoreError. */
export type ReadAudit = (which: WhichMonth, by: Person) => Promise<Audit | AuditRefused>;

/**
 * An event is written moments after it happened; an earlier time of writing means that a clock was set back in between.
 */
const WRITTEN_EARLIER_BY_AT_MOST_MS = 24 * 60 * 60_000;
/**
 * A running app writes events within moments; a stopped one writes nothing. So an event of a month may be written much
 * later, but not after this much running time without any late event.
 */
const NO_LATECOMER_WITHIN_MS = 24 * 60 * 60_000;
/** A longer pause between entries may have been downtime, so it counts as at most this much running time. */
const WORK_IN_A_PAUSE_MS = 60 * 60_000;
/** How many entries are processed before yielding to the event loop. */
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
    /** How long the app was running since the month ended, or since the last late event. */
    let worked = 0;
    /** Unreadable entries since the last readable one. */
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
    // No readable entry follows them.
    if (from <= clock.now()) yield* damaged;
  }

  return async (which, by) => {
    const reviewer = await asReviewer(deps, [policy], by);
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

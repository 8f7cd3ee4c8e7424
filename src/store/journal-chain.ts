import {
  type DamagedEntry,
  type EndOfChain,
  endAtDamage,
  entryAfter,
  isDamaged,
  isJournalEntry,
  type JournalEntry,
} from '../orders/domain/journal-entry.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Journal, JournalArchive } from '../orders/ports/journal.js';
import type { Log } from '../orders/ports/log.js';
import { makeLogErrorOnce } from './log-error-once.js';
import { type Namespace, UnreadableEntry, unreadableAs } from './namespace.js';

/** The key of an entry. Sorted as text, keys are in sequence. */
const keyOf = (teamId: string, sequence: number) => `${teamId}/${String(sequence).padStart(12, '0')}`;

/** How many entries are read in parallel, because a remote database takes about a millisecond each. */
const READ_AT_ONCE = 32;

/**
 * The chain of entries of each workspace. An entry is written once under its number and never changed; of two writers,
 * the database lets one succeed.
 */
export function makeJournalChain(deps: {
  entries: Namespace;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'error'> | undefined;
}) {
  const { entries, clock } = deps;
  const logErrorOnce = makeLogErrorOnce(deps.log);
  /** The end of each workspace's chain as far as this process knows; others may have written since. */
  const lastKnown = new Map<string, EndOfChain>();

  const entry = (teamId: string, sequence: number) => entries.get(keyOf(teamId, sequence));

  async function readEntry(
    teamId: string,
    sequence: number,
  ): Promise<JournalEntry | DamagedEntry | undefined> {
    const stored = await entry(teamId, sequence).catch(unreadableAs(null));
    if (stored === undefined) return undefined;
    if (isJournalEntry(stored) && stored.sequence === sequence && stored.teamId === teamId) return stored;
    logErrorOnce(
      keyOf(teamId, sequence),
      { teamId, sequence },
      'journal entry unreadable: it stays as it is, and the journal goes on after it. npm run audit:verify names everything that is wrong.',
    );
    return { teamId, sequence, damaged: true };
  }

  const nextSequence = (teamId: string) => (lastKnown.get(teamId)?.sequence ?? 0) + 1;

  /** Skips over entries that others wrote, in growing steps, and then closes in on the last one. */
  async function catchUp(teamId: string): Promise<void> {
    let at = lastKnown.get(teamId)?.sequence ?? 0;
    let last: JournalEntry | DamagedEntry | undefined;
    for (let step = 1; step >= 1; ) {
      const next = await readEntry(teamId, at + step);
      if (next === undefined) step = Math.floor(step / 2);
      else {
        last = next;
        at += step;
        step *= 2;
      }
    }
    if (last === undefined) return;
    lastKnown.set(teamId, isDamaged(last) ? endAtDamage(last, await lastReadable(last)) : last);
  }

  /** Returns the last readable entry before a damaged one. */
  async function lastReadable({ teamId, sequence }: DamagedEntry): Promise<JournalEntry | undefined> {
    for (let before = sequence - 1; before >= 1; before--) {
      const found = await readEntry(teamId, before);
      if (found !== undefined && !isDamaged(found)) return found;
    }
    return undefined;
  }

  /**
   * Checks that the chain still has the last known entry. A store that went back in time has lost it, so the chain ends
   * with what it has.
   */
  async function recallLast(teamId: string): Promise<void> {
    const known = lastKnown.get(teamId);
    if (known !== undefined) {
      const found = await readEntry(teamId, known.sequence);
      const hash = found && (isDamaged(found) ? endAtDamage(found, undefined).hash : found.hash);
      if (hash === known.hash) return;
    }
    lastKnown.delete(teamId);
    await catchUp(teamId);
  }

  /** Writes an entry under this number if no one else has; otherwise learns what others wrote. */
  async function append(
    sequence: number,
    given: Pick<JournalEntry, 'teamId' | 'orderId' | 'index' | 'event'>,
  ): Promise<void> {
    const { teamId } = given;
    const next = entryAfter(lastKnown.get(teamId), given, clock.now());
    if (await entries.insertIfAbsent(keyOf(teamId, sequence), next)) lastKnown.set(teamId, next);
    else await catchUp(teamId);
  }

  /** Returns the number of the first entry written at or after that time, by binary search: times never decrease. */
  async function firstSince(teamId: string, writtenAt: number): Promise<number> {
    await catchUp(teamId);
    let [first, end] = [1, nextSequence(teamId)];
    while (first < end) {
      const middle = Math.floor((first + end) / 2);
      const found = await firstReadable(teamId, middle, end);
      if (found !== undefined && found.writtenAt < writtenAt) first = found.sequence + 1;
      else end = middle;
    }
    return first;
  }

  async function firstReadable(
    teamId: string,
    first: number,
    end: number,
  ): Promise<JournalEntry | undefined> {
    for (let sequence = first; sequence < end; sequence++) {
      const found = await readEntry(teamId, sequence);
      if (found !== undefined && !isDamaged(found)) return found;
    }
    return undefined;
  }

  async function* from(teamId: string, first: number): AsyncIterable<JournalEntry | DamagedEntry> {
    for (let next = first; ; next += READ_AT_ONCE) {
      const sequences = Array.from({ length: READ_AT_ONCE }, (_, offset) => next + offset);
      for (const found of await Promise.all(sequences.map((sequence) => readEntry(teamId, sequence)))) {
        if (found === undefined) return;
        yield found;
      }
    }
  }

  return {
    readEntry,
    nextSequence,
    catchUp,
    recallLast,
    append,
    from,
    archive: {
      async *since(teamId, writtenAt) {
        let first = await firstSince(teamId, writtenAt);
        // The time of a damaged entry isn't known, so the damaged ones just before are included.
        for (
          let before = first > 1 ? await readEntry(teamId, first - 1) : undefined;
          before && isDamaged(before);
        ) {
          first -= 1;
          before = first > 1 ? await readEntry(teamId, first - 1) : undefined;
        }
        yield* from(teamId, first);
      },
      async survey() {
        const chains = new Map<string, number[]>();
        const strays: string[] = [];
        for await (const [key] of entries.walk()) {
          const [, teamId = '', digits = ''] = /^(.+)\/(\d+)$/.exec(key) ?? [];
          const sequence = Number(digits);
          if (sequence < 1 || keyOf(teamId, sequence) !== key) {
            strays.push(key);
            continue;
          }
          const sequences = chains.get(teamId) ?? [];
          sequences.push(sequence);
          chains.set(teamId, sequences);
        }
        for (const sequences of chains.values()) sequences.sort((one, other) => one - other);
        return { chains, strays };
      },
      entry: (teamId, sequence) =>
        entry(teamId, sequence).catch((error: unknown) => {
          if (error instanceof UnreadableEntry) return error;
          throw error;
        }),
    } satisfies JournalArchive & Pick<Journal, 'since'>,
  };
}

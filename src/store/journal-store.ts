import {
  type DamagedEntry,
  type EndOfChain,
  endAtDamage,
  entryAfter,
  isDamaged,
  isJournalEntry,
  type JournalEntry,
} from '../orders/domain/journal-entry.js';
import type { OrderId } from '../orders/domain/request.js';
import {
  type Clock,
  type Journal,
  type JournalArchive,
  type JournaledRecord,
  type Log,
  StoreError,
} from '../orders/ports.js';
import { type Namespace, UnreadableEntry } from './namespace.js';

/** The entry that an order's event has, or is about to get. */
interface Claim {
  readonly index: number;
  readonly sequence: number;
}

/** The key of an entry. Sorted as text, keys are in sequence. */
const keyOf = (teamId: string, sequence: number) => `${teamId}/${String(sequence).padStart(12, '0')}`;

/** How many entries are read in parallel, because a remote database takes about a millisecond each. */
const READ_AT_ONCE = 32;

/** The maximum number of conflicts, or of new claims, for all events of one order together. */
const MOST_LOSSES = 300;

/**
 * Entries are written once under their number and never changed; of two writers, the database lets one succeed.
 *
 * Before an event is written, its order claims a number in another namespace. A claim moves to a later number only
 * after something else was seen under the claimed one. So after a crash, or next to another process, an old claim tells
 * whether the event was written, and no event is written twice.
 */
export function makeJournal(deps: {
  entries: Namespace;
  claims: Namespace;
  clock: Pick<Clock, 'now'>;
  log?: Pick<Log, 'error'>;
}): Journal & JournalArchive {
  const { entries, claims, clock, log } = deps;
  /** The end of each workspace's chain as far as this process knows; others may have written since. */
  const lastKnown = new Map<string, EndOfChain>();
  const logged = new Set<string>();
  const logOnce = (of: string, facts: object, sentence: string) => {
    if (!logged.has(of)) log?.error(facts, sentence);
    logged.add(of);
  };
  let line: Promise<unknown> = Promise.resolve();
  /** Runs one call at a time, because this process would only compete with itself. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const done = line.then(act, act);
    line = done.catch(() => {});
    return done;
  };

  const entry = (teamId: string, sequence: number) => entries.get(keyOf(teamId, sequence));

  async function readEntry(
    teamId: string,
    sequence: number,
  ): Promise<JournalEntry | DamagedEntry | undefined> {
    const stored = await entry(teamId, sequence).catch(unreadableAs(null));
    if (stored === undefined) return undefined;
    if (isJournalEntry(stored) && stored.sequence === sequence && stored.teamId === teamId) return stored;
    logOnce(
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

  /** Returns the order's claim. An unreadable claim is rebuilt from the order's journal entries. */
  async function claimOf(id: OrderId, teamId: string): Promise<Claim | undefined> {
    const stored = await claims.get(id).catch(unreadableAs(null));
    if (stored === undefined || isClaim(stored)) return stored;
    logOnce(id, { orderId: id }, "an order's claim in the journal is unreadable and was rebuilt");
    let found: Claim | undefined;
    for await (const each of from(teamId, 1)) {
      if (isDamaged(each) || each.orderId !== id) continue;
      if (found === undefined || each.index > found.index) found = each;
    }
    // If there are none, its first event may be about to be written under any number, including the next one.
    const { index, sequence } = found ?? { index: 0, sequence: nextSequence(teamId) };
    const rebuilt: Claim = { index, sequence };
    await claims.set(id, rebuilt);
    return rebuilt;
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

  /** Writes the order's next event, or learns what others wrote; returns false if nothing is left to write. */
  async function appendNext({ id, requester, events }: JournaledRecord): Promise<boolean> {
    const { teamId } = requester;
    const claim = await claimOf(id, teamId);
    const there = claim && (await readEntry(teamId, claim.sequence));
    const isWritten =
      there !== undefined && !isDamaged(there) && there.orderId === id && there.index === claim?.index;
    const index = claim === undefined ? 0 : isWritten ? claim.index + 1 : claim.index;
    const event = events[index];
    if (event === undefined) return false;

    // A claim whose number is still free stays, because another process may be about to write there.
    const standing = claim !== undefined && there === undefined ? claim.sequence : undefined;
    if (standing !== undefined && standing !== nextSequence(teamId)) await catchUp(teamId);
    const sequence = nextSequence(teamId);
    if (standing !== undefined && sequence > standing) return true;
    if (sequence !== standing) {
      const ours: Claim = { index, sequence };
      const isOurs =
        claim === undefined ? await claims.insertIfAbsent(id, ours) : await claims.replace(id, claim, ours);
      if (!isOurs) return true;
    }
    const next = entryAfter(lastKnown.get(teamId), { teamId, orderId: id, index, event }, clock.now());
    if (await entries.insertIfAbsent(keyOf(teamId, sequence), next)) lastKnown.set(teamId, next);
    else await catchUp(teamId);
    return true;
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
    append: (order) =>
      inTurn(async () => {
        await recallLast(order.requester.teamId);
        for (let rounds = 0; await appendNext(order); rounds += 1) {
          if (rounds < order.events.length + MOST_LOSSES) continue;
          throw new StoreError(
            `the journal changed each time before order ${order.id} could be written to it`,
          );
        }
      }),
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
  };
}

function isClaim(stored: unknown): stored is Claim {
  const { index, sequence } = (stored ?? {}) as Partial<Claim>;
  return (
    Number.isSafeInteger(index) &&
    Number.isSafeInteger(sequence) &&
    Number(index) >= 0 &&
    Number(sequence) > 0
  );
}

/** Substitutes a value for an unreadable entry. */
const unreadableAs =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof UnreadableEntry) return instead;
    throw error;
  };

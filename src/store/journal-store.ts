import { entryAfter, isJournalEntry, type JournalEntry } from '../orders/journal.js';
import type { Order } from '../orders/order.js';
import type { Clock, Journal, JournalArchive } from '../orders/ports.js';
import { type Namespace, UnreadableEntry } from './namespace.js';

/** Where the order's event of this index is, or is about to be. */
interface Claim {
  readonly index: number;
  readonly sequence: number;
}

/** The key of an entry; sorted as text, they are in sequence. */
const keyOf = (teamId: string, sequence: number) => `${teamId}/${String(sequence).padStart(12, '0')}`;

/** Whoever reads many entries does not wait for each by itself: a database may be a millisecond away. */
const READ_AT_ONCE = 32;

/**
 * Entries are written once and never changed, under their number: of two writers, the database lets one have it.
 *
 * Before an event is written, its order claims the number in another namespace. A claim is given up for a later number
 * only after something else was seen under the one it names; so whoever finds an old claim, after a crash or beside
 * another process, can tell whether the event is written yet, and none is ever written twice.
 */
export function makeJournal(needs: {
  entries: Namespace;
  claims: Namespace;
  clock: Pick<Clock, 'now'>;
}): Journal & JournalArchive {
  const { entries, claims, clock } = needs;
  /** The last entry of each workspace, as far as this process knows: others may have written since. */
  const lastKnown = new Map<string, JournalEntry>();
  let line: Promise<unknown> = Promise.resolve();
  /** One at a time within this process, which would only compete with itself. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const done = line.then(act, act);
    line = done.catch(() => {});
    return done;
  };

  const entry = (teamId: string, sequence: number) => entries.get(keyOf(teamId, sequence));

  async function readEntry(teamId: string, sequence: number): Promise<JournalEntry | undefined> {
    const stored = await entry(teamId, sequence);
    if (stored === undefined || isJournalEntry(stored)) return stored;
    throw new UnreadableEntry(`what is stored as entry ${sequence} of the journal of ${teamId} is no entry`);
  }

  const nextSequence = (teamId: string) => (lastKnown.get(teamId)?.sequence ?? 0) + 1;

  /** Steps over what others wrote meanwhile, in ever longer steps, and then closes in on the last. */
  async function catchUp(teamId: string): Promise<void> {
    let last = lastKnown.get(teamId);
    for (let step = 1; step >= 1; ) {
      const next = await readEntry(teamId, (last?.sequence ?? 0) + step);
      if (next === undefined) step = Math.floor(step / 2);
      else {
        last = next;
        step *= 2;
      }
    }
    if (last !== undefined) lastKnown.set(teamId, last);
  }

  /** A store that went back in time has lost entries that this process knows of: what it has ends the chain. */
  async function recallLast(teamId: string): Promise<void> {
    const known = lastKnown.get(teamId);
    if (known !== undefined && (await readEntry(teamId, known.sequence))?.hash === known.hash) return;
    lastKnown.delete(teamId);
    await catchUp(teamId);
  }

  /** Writes the order's next event, or learns of what others wrote; false when there is nothing left to write. */
  async function appendNext({ id, requester, events }: Pick<Order, 'id' | 'requester' | 'events'>) {
    const { teamId } = requester;
    const stored = await claims.get(id);
    const claim = stored as Claim | undefined;
    const there = claim && (await readEntry(teamId, claim.sequence));
    const isWritten = there?.orderId === id && there.index === claim?.index;
    const index = claim === undefined ? 0 : isWritten ? claim.index + 1 : claim.index;
    const event = events[index];
    if (event === undefined) return false;

    // A claim whose number is still free stands: another process may be about to write there.
    const standing = claim !== undefined && there === undefined ? claim.sequence : undefined;
    if (standing !== undefined && standing !== nextSequence(teamId)) await catchUp(teamId);
    const sequence = nextSequence(teamId);
    if (standing !== undefined && sequence > standing) return true;
    if (sequence !== standing) {
      const ours: Claim = { index, sequence };
      const isOurs =
        claim === undefined ? await claims.insertIfAbsent(id, ours) : await claims.replace(id, stored, ours);
      if (!isOurs) return true;
    }
    const next = entryAfter(lastKnown.get(teamId), { teamId, orderId: id, index, event }, clock.now());
    if (await entries.insertIfAbsent(keyOf(teamId, sequence), next)) lastKnown.set(teamId, next);
    else await catchUp(teamId);
    return true;
  }

  /** The number of the first entry written at or after that time. Times never go back, so half and half will do. */
  async function firstSince(teamId: string, writtenAt: number): Promise<number> {
    await catchUp(teamId);
    let [from, to] = [1, nextSequence(teamId)];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const found = await readEntry(teamId, middle);
      if (found !== undefined && found.writtenAt < writtenAt) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  return {
    append: (order) =>
      inTurn(async () => {
        await recallLast(order.requester.teamId);
        while (await appendNext(order));
      }),
    async *since(teamId, writtenAt) {
      for (let next = await firstSince(teamId, writtenAt); ; next += READ_AT_ONCE) {
        const sequences = Array.from({ length: READ_AT_ONCE }, (_, offset) => next + offset);
        for (const found of await Promise.all(sequences.map((sequence) => readEntry(teamId, sequence)))) {
          if (found === undefined) return;
          yield found;
        }
      }
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

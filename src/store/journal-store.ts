import { isDamaged } from '../orders/domain/journal-entry.js';
import type { OrderId } from '../orders/domain/request.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Journal, JournalArchive, JournaledRecord } from '../orders/ports/journal.js';
import type { Log } from '../orders/ports/log.js';
import { StoreError } from '../orders/ports/store-errors.js';
import { makeJournalChain } from './journal-chain.js';
import { makeLogErrorOnce } from './log-error-once.js';
import { type Namespace, unreadableAs } from './namespace.js';

/** The entry that an order's event has, or is about to get. */
interface ClaimedEntry {
  readonly index: number;
  readonly sequence: number;
}

/** The maximum number of conflicts, or of new claims, for all events of one order together. */
const MAX_CONFLICTS = 300;

/**
 * Writes the events of orders to the chain, each once.
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
  const chain = makeJournalChain({ entries, clock, log });
  const { readEntry, nextSequence, catchUp } = chain;
  const logErrorOnce = makeLogErrorOnce(log);
  let line: Promise<unknown> = Promise.resolve();
  /** Runs one call at a time, because this process would only compete with itself. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const done = line.then(act, act);
    line = done.catch(() => {});
    return done;
  };

  /** Returns the order's claim. An unreadable claim is rebuilt from the order's journal entries. */
  async function claimOf(id: OrderId, teamId: string): Promise<ClaimedEntry | undefined> {
    const stored = await claims.get(id).catch(unreadableAs(null));
    if (stored === undefined || isClaim(stored)) return stored;
    logErrorOnce(id, { orderId: id }, "an order's claim in the journal is unreadable and was rebuilt");
    let found: ClaimedEntry | undefined;
    for await (const each of chain.from(teamId, 1)) {
      if (isDamaged(each) || each.orderId !== id) continue;
      if (found === undefined || each.index > found.index) found = each;
    }
    // If there are none, its first event may be about to be written under any number, including the next one.
    const { index, sequence } = found ?? { index: 0, sequence: nextSequence(teamId) };
    const rebuilt: ClaimedEntry = { index, sequence };
    await claims.set(id, rebuilt);
    return rebuilt;
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
      const ours: ClaimedEntry = { index, sequence };
      const isOurs =
        claim === undefined ? await claims.insertIfAbsent(id, ours) : await claims.replace(id, claim, ours);
      if (!isOurs) return true;
    }
    await chain.append(sequence, { teamId, orderId: id, index, event });
    return true;
  }

  return {
    ...chain.archive,
    append: (order) =>
      inTurn(async () => {
        await chain.recallLast(order.requester.teamId);
        for (let rounds = 0; await appendNext(order); rounds += 1) {
          if (rounds < order.events.length + MAX_CONFLICTS) continue;
          throw new StoreError(
            `the journal changed each time before order ${order.id} could be written to it`,
          );
        }
      }),
  };
}

function isClaim(stored: unknown): stored is ClaimedEntry {
  const { index, sequence } = (stored ?? {}) as Partial<ClaimedEntry>;
  return (
    Number.isSafeInteger(index) &&
    Number.isSafeInteger(sequence) &&
    Number(index) >= 0 &&
    Number(sequence) > 0
  );
}

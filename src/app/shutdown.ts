import { setTimeout as pause } from 'node:timers/promises';

/*
 * Supervisors give a process ten seconds to stop. People come first (see connection.ts), then Bandwidth's pending
 * answers. Then its connections are cut, which leaves time to record that there was no answer, so the next start can
 * look up the order at once; after a kill it would have to wait.
 */
const CUT_AFTER_MS = 7_000;
const RECORD_WITHIN_MS = 1_000;

interface Stoppable {
  stop(): Promise<void>;
}

/** Returns a function that stops all parts in the order that loses the least, within nine seconds. */
export function makeShutdown(parts: {
  quotaSharing: { stop(): void } | undefined;
  collapser: { stop(): void };
  applyPolicy: Stoppable;
  passes: Stoppable & { stopRemoval(): Promise<void>; giveUpLead(): Promise<void> };
  carrier: { close(): void };
  slack: Stoppable;
  operations: Stoppable | undefined;
  listener: Stoppable | undefined;
  engine: Stoppable;
  recordUpdates: { idle(): Promise<void> };
  accountNumbers: Stoppable;
  homes: Stoppable;
  store: { close(): Promise<void> };
}): () => Promise<void> {
  const { passes, carrier, slack, listener, operations, engine, recordUpdates } = parts;
  return async () => {
    parts.quotaSharing?.stop();
    parts.collapser.stop();
    const applied = parts.applyPolicy.stop();
    const lastPass = passes.stop();
    const cut = pause(CUT_AFTER_MS, undefined, { ref: false }).then(() => carrier.close());
    await slack.stop();
    await listener?.stop();
    await operations?.stop();
    const settled = engine.stop().then(recordUpdates.idle);
    const ended = Promise.all([
      lastPass,
      settled,
      applied,
      parts.accountNumbers.stop(),
      passes.stopRemoval(),
      parts.homes.stop(),
    ]);
    const late = cut.then(() => pause(RECORD_WITHIN_MS, undefined, { ref: false }));
    await Promise.race([ended, late]);
    carrier.close();
    await passes.giveUpLead();
    await parts.store.close();
  };
}

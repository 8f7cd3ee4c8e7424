import { writeFileSync } from 'node:fs';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { type PartName, parts, rawOf, sortedKeysOf } from '../../src/store/namespaces.js';
import { openDatabase } from '../../src/store/open-database.js';
import { SCHEMA_VERSION } from '../../src/store/upgrades.js';
import { listeningLog } from '../store/store-fixtures.js';
import { disconnectApproved } from './disconnect-steps.js';
import { found, told } from './search-steps.js';
import type { postgres } from './servers.js';
import { CHANNEL, startWorld } from './world.js';

const HOUR_MS = 60 * 60_000;

/** A store as an app left it: each entry's text, with the milliseconds until it expires if it does. */
export interface RecordedStore {
  readonly recordedAt: number;
  readonly entries: Readonly<Record<string, Readonly<Record<string, readonly [text: string, ms?: number]>>>>;
  readonly sortedKeys: Readonly<Record<string, readonly string[]>>;
}

/**
 * Has people use every feature of the current app once, on PostgreSQL because that stores the most, and writes what is
 * then in its database to a file.
 */
export async function recordStore(server: typeof postgres, path: string): Promise<void> {
  const url = server.fresh();
  const inService = ['9102420001', '9102420002', '9102420003'];
  const world = await startWorld({
    bandwidth: { inService: { ours: inService } },
    settings: { STORE_URL: url, UNDO_WINDOW: '0' },
  });
  const { ana, ben } = world;
  try {
    const delivered = await world.requested('910 x2');
    await ben.presses(delivered, 'Approve & order');
    await world.says(delivered, 'Complete: 2 of 2');
    const declined = await world.requested('919 x1');
    await ben.presses(declined, 'Decline…');
    const form = await ben.form();
    await form.fill('Why?', 'Not this month');
    await form.submit();
    await world.says(declined, 'Not this month');
    const disconnect = await disconnectApproved(world, inService[0] ?? '');
    await world.says(disconnect, 'Disconnected: 1 of 1');
    const backordered = await world.requested('910 x1');
    world.bandwidth.nextOrder({ delayMs: 'manual' });
    await ben.presses(backordered, 'Approve & order');
    await world.says(backordered, 'Received by Bandwidth');
    await world.requested('704 x3');
    const results = await found(world, '910');
    const [first = ''] = /\(\d{3}\) \d{3}-\d{4}/.exec(asPlainText(results)) ?? [];
    await ana.ticks(results, [first]);
    await told(world, ana, () => ana.presses(results, 'Add to order'));
    await ana.opensHome();
    await ben.types(CHANNEL, '/numbers away for 5 days @cleo');

    world.goesBy(13 * HOUR_MS);
    await ben.types(CHANNEL, '/numbers drift');
    const report = await world.slack.until(
      () =>
        ben.ephemerals(CHANNEL).findLast(({ blocks }) => JSON.stringify(blocks).includes('This is fine…')),
      { describe: 'a report with something to explain' },
    );
    await ben.presses(report, 'This is fine…');
    const why = await ben.form();
    await why.fill('Why?', 'Waiting for the contract');
    await why.submit();
    await world.slack.until(() => JSON.stringify(world.log).includes('inventory walked'), {
      describe: 'the inventory',
    });
    await world.restart();
    await world.restart({ STORE_URL: url }, async () => writeFileSync(path, await dumped(url)));
  } finally {
    await world.close();
    await server.discard(url);
  }
}

async function dumped(url: string): Promise<string> {
  const database = await openDatabase(url, listeningLog());
  const entries: Record<string, Record<string, readonly [string, number?]>> = {};
  const sortedKeys: Record<string, readonly string[]> = {};
  const keep = (Object.keys(parts) as PartName[]).filter((name) => name !== 'leases' && name !== 'lookups');
  for (const name of keep) {
    if (parts[name].holds === 'sorted keys') {
      sortedKeys[name] = await (await sortedKeysOf(database, name as 'order-index')).last('', '~~', 10_000);
      continue;
    }
    const found: Record<string, readonly [string, number?]> = {};
    for await (const batch of (await rawOf(database, name as 'orders')).batches()) {
      for (const { key, text, expiresInMs } of batch) {
        found[key] = expiresInMs === undefined ? [text] : [text, Math.round(expiresInMs)];
      }
    }
    entries[name] = found;
  }
  await database.close();
  const recorded: RecordedStore = { recordedAt: Date.now(), entries, sortedKeys };
  return `${JSON.stringify({ schema: SCHEMA_VERSION, ...recorded }, null, 1)}\n`;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAppProcess } from '../app-process.js';
import { type ExistingOrder, startLocalBandwidth } from '../local-bandwidth/local-bandwidth.js';
import { localSettings } from '../local-settings.js';
import { startLocalSlack } from '../local-slack/local-slack.js';
import { orderStatusOnRecord } from '../read-database.js';
import { approverGroup, numbersChannel, people } from '../sample-workspace.js';
import { playDisconnectScenario } from './disconnect-scenario.js';
import { playFaultsScenario } from './faults-scenario.js';
import { playOrderScenario } from './order-scenario.js';
import { makeTranscript } from './transcript.js';

/**
 * Plays one order from search to delivery and disconnects one of its numbers: the unchanged app in its own process,
 * against a local Slack and a local Bandwidth. With `--faults` two failures follow. Exits with 0 when the card, the
 * database and the carrier agree.
 */
const write = (line: string) => void process.stdout.write(`${line}\n`);

const folder = mkdtempSync(join(tmpdir(), 'numbers-tour-'));
const database = join(folder, 'numbers.db');
const slack = await startLocalSlack({
  people: Object.values(people),
  userGroups: [approverGroup],
  channels: [numbersChannel],
});
const bandwidth = await startLocalBandwidth({ orderDelayMs: 1_000 });
const app = startAppProcess(fileURLToPath(new URL('../../src/main.js', import.meta.url)), {
  ...localSettings(slack, bandwidth, `sqlite:${database}`),
  UNDO_WINDOW: '5s',
});
// Node emits no exit event when a signal ends it, and the app is ended by that event.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
const transcript = makeTranscript(slack, write);

/** Returns the order as the carrier has it. */
async function play(): Promise<ExistingOrder> {
  await Promise.race([
    slack.until(() => slack.connections > 0, { timeoutMs: 15_000, describe: 'the app to connect to Slack' }),
    app.ended.then((code) => {
      throw new Error(`the app exited with code ${code}`);
    }),
  ]);
  write(
    'The real app, with a local Slack and a local Bandwidth. Each message is shown once; after that, only what changes.',
  );
  const context = { slack, bandwidth, transcript };
  const order = await playOrderScenario(context);
  const [number] = order.numbers;
  if (number === undefined) throw new Error('the order delivered no number');
  await playDisconnectScenario(context, number);
  if (process.argv.includes('--faults')) await playFaultsScenario(context);
  return order;
}

try {
  const { customerOrderId, status } = await play();
  const code = await app.stop();
  if (code !== 0) throw new Error(`the app was asked to stop and exited with code ${code}`);
  const onRecord = orderStatusOnRecord(database, customerOrderId ?? '');
  if (onRecord !== 'complete' || status !== 'COMPLETE') {
    throw new Error(`the database says ${onRecord}, Bandwidth says ${status}`);
  }
  write('');
  write('The card, the database and Bandwidth agree: complete. ✓');
} catch (error) {
  process.exitCode = 1;
  write(`The tour failed: ${error instanceof Error ? error.message : String(error)}`);
  write(`The app's log:\n${app.output()}`);
  await app.stop();
} finally {
  transcript.close();
  await slack.close();
  await bandwidth.close();
  rmSync(folder, { recursive: true, force: true });
}

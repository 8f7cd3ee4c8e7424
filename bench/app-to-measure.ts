import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../sandbox/free-port.js';
import { type LocalBandwidth, startLocalBandwidth } from '../sandbox/local-bandwidth/local-bandwidth.js';
import { type LocalSlack, startLocalSlack } from '../sandbox/local-slack/local-slack.js';
import { approverGroup, numbersChannel, people } from '../sandbox/sample-workspace.js';
import {
  APP,
  type Program,
  ready,
  type Settings,
  SIGNING_SECRET,
  startProgram,
  stubSettings,
} from './programs.js';

export const CHANNEL = numbersChannel.id;
export const CALLBACK_SECRET = 'bench-callback-secret';

/** The compiled app in its own process, between the sandbox's Slack and Bandwidth with all their rules. */
export interface MeasuredApp {
  readonly slack: LocalSlack;
  readonly bandwidth: LocalBandwidth;
  readonly app: Program;
  readonly port: number;
  readonly callbackUrl: string;
  close(): Promise<void>;
}

export async function startMeasuredApp(
  given: {
    readonly bandwidth?: LocalBandwidth;
    readonly slack?: LocalSlack;
    readonly settings?: Settings;
    /** Fills the database before the app starts. */
    readonly prepare?: (storeUrl: string) => Promise<void>;
    readonly probe?: boolean;
  } = {},
): Promise<MeasuredApp> {
  const folder = mkdtempSync(join(tmpdir(), 'numbers-bench-'));
  const storeUrl = `sqlite:${join(folder, 'numbers.db')}`;
  const slack = given.slack ?? (await openSlack());
  const bandwidth = given.bandwidth ?? (await startLocalBandwidth({ orderDelayMs: 'manual' }));
  await given.prepare?.(storeUrl);
  const port = await freePort();
  slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
  const callbackUrl = `http://127.0.0.1:${port}/bandwidth/callbacks`;
  const settings = {
    ...stubSettings(slack.apiUrl, bandwidth),
    STORE_URL: storeUrl,
    PORT: String(port),
    CALLBACK_URL: callbackUrl,
    CALLBACK_SECRET,
    // Measured is how fast the app is, not how long it waits for Bandwidth's limit.
    BW_ORDERS_PER_MINUTE: '100000',
    ...given.settings,
  };
  const app = startProgram(APP, settings, given.probe);
  await ready(port, app);
  return {
    slack,
    bandwidth,
    app,
    port,
    callbackUrl,
    async close() {
      await app.stop();
      await slack.close();
      await bandwidth.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const openSlack = (): Promise<LocalSlack> =>
  startLocalSlack({
    signingSecret: SIGNING_SECRET,
    people: Object.values(people),
    userGroups: [approverGroup],
    channels: [numbersChannel],
  });

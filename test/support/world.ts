import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../sandbox/free-port.js';
import {
  type LocalBandwidth,
  type LocalBandwidthOptions,
  startLocalBandwidth,
} from '../../sandbox/local-bandwidth/local-bandwidth.js';
import { localSettings } from '../../sandbox/local-settings.js';
import {
  asPlainText,
  type LocalSlack,
  type LocalSlackOptions,
  type Message,
  startLocalSlack,
} from '../../sandbox/local-slack/local-slack.js';
import { readManifest } from '../../sandbox/page/manifest.js';
import { approverGroup, numbersChannel, people } from '../../sandbox/sample-workspace.js';
import { buildApp } from '../../src/app.js';
import { type Config, readConfig } from '../../src/config/config.js';
import { makeLog } from '../../src/log.js';
import type { Clock } from '../../src/orders/ports/clock.js';
import { openStore } from '../../src/store/open-store.js';
import { expectConsistentRecord } from './consistent-record.js';
import { expectNoSecrets, filesIn, inFull } from './no-secrets.js';

export const CHANNEL = numbersChannel.id;
export { approverGroup, people };

/** The two ways Slack reaches the app; whatever people do must work in both. */
export const modes = ['Socket Mode', 'HTTP mode'] as const;
export type Mode = (typeof modes)[number];

/** The versions of Bandwidth's API. Whatever the app sends has the same effect in both. */
export const versions = ['v1', 'v2'] as const;
export type Version = (typeof versions)[number];

/**
 * Both modes and both versions in two worlds instead of four: how Slack reaches the app and how Bandwidth is called
 * have nothing to do with each other.
 */
export const setups: readonly (readonly [Mode, Version])[] = [
  ['Socket Mode', 'v1'],
  ['HTTP mode', 'v2'],
];

/** The credentials that identify Bandwidth to the app. */
export const CALLBACKS = {
  CALLBACK_USERNAME: 'bandwidth',
  CALLBACK_PASSWORD: 'an-unguessable-password',
  CALLBACK_SECRET: 'an-unguessable-secret',
};

/** An app that takes longer aborts what is in progress. */
const STOPS_WITHIN_MS = 7_000;

interface RunningApp {
  stop(): Promise<unknown>;
}

export interface World {
  readonly slack: LocalSlack;
  readonly bandwidth: LocalBandwidth;
  readonly config: Config;
  /** The log, one parsed line each. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  readonly ana: ReturnType<LocalSlack['person']>;
  readonly ben: ReturnType<LocalSlack['person']>;
  readonly cleo: ReturnType<LocalSlack['person']>;
  readonly dan: ReturnType<LocalSlack['person']>;
  /** Resolves with the newest message in the channel that says this, once there is one. */
  message(saying: string): Promise<Message>;
  /** Waits until a message (or its thread, one line each) says this. */
  says(message: Message, words: string): Promise<void>;
  /** The card of a new order for these words, posted and waiting for approval. */
  requested(
    words: string,
    fill?: (form: Awaited<ReturnType<ReturnType<LocalSlack['person']>['form']>>) => Promise<void>,
  ): Promise<Message>;
  /** Moves the clock by this much, as far as the app can tell. */
  goesBy(ms: number): void;
  /** What the app's clock says. */
  now(): number;
  /**
   * Stops the app and starts another on the same database, as a restart does; optionally with different settings, or
   * after `move` has moved the data to another database, which is then used.
   */
  restart(settings?: Readonly<Record<string, string>>, move?: () => Promise<void>): Promise<void>;
  /** Ends everything, and checks that the record is consistent and complete. */
  close(): Promise<void>;
}

interface WorldClock {
  readonly clock: Clock;
  goesBy(ms: number): void;
}

/** The machine's clock, which can be moved forward; timers still wait for as long as they would have. */
function runningClock(): WorldClock {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  return {
    clock: {
      now,
      wakeAt(at, wake) {
        const timer = setTimeout(wake, Math.max(0, at - now()));
        return () => clearTimeout(timer);
      },
    },
    goesBy(ms) {
      ahead += ms;
    },
  };
}

/**
 * A clock that moves only when it is moved, and then fires the timers that are due. It begins at the next noon in UTC:
 * what happens in a test must not depend on the time of day at which it runs, and some things are done at 8 AM UTC.
 */
function standingClock(): WorldClock {
  const DAY = 24 * 60 * 60_000;
  let time = Math.ceil((Date.now() - DAY / 2) / DAY) * DAY + DAY / 2;
  const timers = new Set<{ readonly at: number; readonly wake: () => void }>();
  const ring = () => {
    for (const timer of [...timers].filter(({ at }) => at <= time).sort((one, other) => one.at - other.at)) {
      if (timers.delete(timer)) timer.wake();
    }
  };
  return {
    clock: {
      now: () => time,
      wakeAt(at, wake) {
        const timer = { at, wake };
        timers.add(timer);
        if (at <= time) setImmediate(ring);
        return () => timers.delete(timer);
      },
    },
    goesBy(ms) {
      time += ms;
      ring();
    },
  };
}

/** A local Slack, a local Bandwidth and the whole app between them, wired by its own composition root. */
export async function startWorld(
  given: {
    mode?: Mode;
    version?: Version;
    slack?: Partial<LocalSlackOptions>;
    bandwidth?: LocalBandwidthOptions;
    settings?: Readonly<Record<string, string>>;
    /** Runs the app some other way, such as in a process of its own. */
    run?: (settings: Readonly<Record<string, string>>) => Promise<RunningApp>;
    /** The longest time that placing an order may take, for tests that cannot wait as long as a person can. */
    placeWithinMs?: number;
    /** The app's clock stands still except for {@link World.goesBy}, so nothing needs time to pass. */
    clockStands?: boolean;
    /** The app listens for Bandwidth's notices, with the settings in {@link CALLBACKS}. */
    callbacks?: boolean;
  } = {},
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'numbers-test-'));
  const slack = await startLocalSlack({
    people: Object.values(people),
    userGroups: [approverGroup],
    channels: [numbersChannel],
    shortcuts: readManifest(readFileSync('manifest.yml', 'utf8')).shortcuts,
    // A busy machine can take more than three seconds for its work; tests of those three seconds set them.
    ackTimeoutMs: 12_000,
    triggerLifetimeMs: 12_000,
    ...given.slack,
  });
  const { clock, goesBy } = given.clockStands === true ? standingClock() : runningClock();
  const bandwidth = await startLocalBandwidth({
    orderDelayMs: 50,
    ...(given.clockStands === true ? { now: clock.now } : {}),
    ...given.bandwidth,
  });
  const port = String(await freePort());
  const http = given.mode === 'HTTP mode';
  if (http) slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
  const { SLACK_APP_TOKEN, ...between } = localSettings(
    slack,
    bandwidth,
    `sqlite:${join(folder, 'numbers.db')}`,
  );
  const settings = {
    ...between,
    ...(http ? { SLACK_SIGNING_SECRET: slack.signingSecret } : { SLACK_APP_TOKEN }),
    HOST: '127.0.0.1',
    PORT: port,
    ...(given.callbacks === true
      ? { CALLBACK_URL: `http://127.0.0.1:${port}/bandwidth/callbacks`, ...CALLBACKS }
      : {}),
    ...(given.version === 'v2' ? { BW_API_URL: bandwidth.apiUrlV2 } : {}),
    // In a test, people do in a minute what usually takes them an afternoon.
    BW_LOOKUPS_PER_MINUTE: '900',
    BW_ORDERS_PER_MINUTE: '900',
    // Tests of notifications turn it on; in the others, a thread has only what they are about.
    NOTIFY_APPROVERS: 'off',
    ...given.settings,
  };
  const config = readConfig(settings);
  const lines: Record<string, unknown>[] = [];
  const log = makeLog({
    level: 'debug',
    secrets: config.secrets,
    destination: { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const runHere = async (changed: Readonly<Record<string, string>>): Promise<RunningApp> => {
    const app = await buildApp(readConfig(changed), {
      log,
      clock,
      onLost: (error) => {
        throw error;
      },
      ...(given.placeWithinMs === undefined ? {} : { placeWithinMs: given.placeWithinMs }),
    });
    await app.start();
    return app;
  };
  const run = given.run ?? runHere;
  let storeUrl = settings.STORE_URL;
  let app = await run(settings);
  const ana = slack.person(people.ana.id);

  const message = (saying: string) =>
    slack.until(() => slack.messages(CHANNEL).findLast((each) => asPlainText(each).includes(saying)), {
      describe: `a message that says “${saying}”`,
    });

  return {
    slack,
    bandwidth,
    config,
    log: lines,
    ana,
    ben: slack.person(people.ben.id),
    cleo: slack.person(people.cleo.id),
    dan: slack.person(people.dan.id),
    message,
    async says(about, words) {
      await slack.until(() => [about, ...about.replies].some((each) => asPlainText(each).includes(words)), {
        describe: `“${words}” in the message or its thread`,
      });
    },
    async requested(words, fill) {
      const before = new Set(slack.messages(CHANNEL).map(({ ts }) => ts));
      await ana.types(CHANNEL, `/numbers order ${words}`);
      const form = await ana.form();
      await form.choose('Sub-account', 'Raleigh office');
      await form.fill('Reason', 'New support line');
      await fill?.(form);
      const submitted = await form.submit();
      if (submitted !== 'closed')
        throw new Error(`the form was not taken: ${submitted} ${JSON.stringify(form.errors)}`);
      return slack.until(
        () =>
          slack
            .messages(CHANNEL)
            .find((each) => !before.has(each.ts) && asPlainText(each).includes('waiting for approval')),
        { describe: 'the card of the new order' },
      );
    },
    goesBy,
    now: clock.now,
    async restart(changed = {}, move) {
      await app.stop();
      await move?.();
      // The data has been moved there. Without that, the other database is only visited.
      if (move !== undefined) storeUrl = changed.STORE_URL ?? storeUrl;
      app = await run({ ...settings, STORE_URL: storeUrl, ...changed });
    },
    async close() {
      const stoppedAt = Date.now();
      await app.stop();
      const isCutOff = Date.now() - stoppedAt > STOPS_WITHIN_MS;
      const store = await openStore(storeUrl, log);
      try {
        // An app in a process of its own may have been killed in the middle of something, and on a very busy machine,
        // what is not done when an app must stop is done after the next start.
        await expectConsistentRecord(store, { atRest: given.run === undefined && !isCutOff });
        expectNoSecrets(everythingWritten(), config.secrets);
      } finally {
        await store.close();
        await closeTheRest();
      }
    },
  };

  /**
   * Every place where the app may have leaked a secret, except the credentials that it sends to Slack and Bandwidth.
   */
  function everythingWritten(): Parameters<typeof expectNoSecrets>[0] {
    return {
      // An app in a process of its own has a log of its own.
      log: { text: inFull(lines), ...(given.run === undefined ? { mustSay: 'listening' } : {}) },
      'what was sent to Slack': { text: inFull(slack.calls), mustSay: 'auth.test' },
      'what people see': { text: inFull(slack.workspace.everything()) },
      ...(storeUrl.startsWith('sqlite:')
        ? { 'the database': { text: filesIn(folder), mustSay: 'SQLite format 3' } }
        : {}),
    };
  }

  async function closeTheRest(): Promise<void> {
    await slack.close();
    await bandwidth.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Text as people see it: without the invisible characters that keep typed text from being formatted. */
export const asRead = (text: string): string => text.replaceAll('\u200B', '');

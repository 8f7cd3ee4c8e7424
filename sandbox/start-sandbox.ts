import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AppProcess } from './app-process.js';
import type { FromEnvironment } from './app-settings.js';
import { type Chosen, makeChoices } from './choices.js';
import { freePort } from './free-port.js';
import { keepState, readState } from './keep-state.js';
import { type LocalBandwidth, startLocalBandwidth } from './local-bandwidth/local-bandwidth.js';
import { localSettings } from './local-settings.js';
import { type LocalSlack, type Remembered, startLocalSlack } from './local-slack/local-slack.js';
import { readManifest } from './page/manifest.js';
import { servePage } from './page/page-server.js';
import { makeReadMarks, type ReadMarks } from './page/read-marks.js';
import { startRestartableApp } from './restartable-app.js';
import { approvalsChannel, approverGroup, numbersChannel, people } from './sample-workspace.js';

export interface SandboxOptions {
  /** The page's port; 0 uses any free port. */
  readonly port: number;
  /** The folder that keeps everything for the next start. */
  readonly data: string;
  /** Discards what the folder contains. */
  readonly fresh?: boolean;
  /** Uses signed HTTP requests to the app instead of Socket Mode. */
  readonly http?: boolean;
  /** The app's compiled main.js, the page's own files, and manifest.yml. */
  readonly program: string;
  readonly assets: string;
  readonly manifest: string;
  /** From RECEIVED to the end of an order, in milliseconds, until changed on the page. */
  readonly orderDelayMs?: number;
  /** Additional or different settings of the app. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What the environment says about settings that the page shows too. It takes precedence over what is kept. */
  readonly environment?: Pick<FromEnvironment, 'settings' | 'policyFile'>;
}

/** Long enough to see an order in progress. */
const ORDER_DELAY_MS = 4_000;
const START_WITHIN_MS = 20_000;

interface Kept {
  readonly slack: Remembered;
  readonly bandwidth: ReturnType<LocalBandwidth['remember']>;
  readonly chosen?: Chosen;
  readonly read?: ReturnType<ReadMarks['remember']>;
}

export interface Sandbox {
  readonly url: string;
  readonly app: AppProcess;
  readonly slack: LocalSlack;
  readonly bandwidth: LocalBandwidth;
  close(): Promise<void>;
}

/**
 * Starts the unchanged app in its own process against a local Slack and a local Bandwidth, and serves a page to use
 * them. Resolves when the app is connected; rejects when the port is taken or the app ends by itself.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const file = join(options.data, 'world.json');
  const database = join(options.data, 'numbers.db');
  const policyFile = join(options.data, 'policy.yml');
  const closing: (() => unknown)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    return await start();
  } catch (error) {
    await close();
    throw error;
  }

  async function start(): Promise<Sandbox> {
    // Takes the port first: a second sandbox started by mistake must not discard what the first one keeps.
    const server = await listenOn(options.port);
    closing.push(() => closed(server));
    const { port } = server.address() as AddressInfo;
    if (options.fresh === true) {
      for (const each of [file, database, `${database}-wal`, `${database}-shm`, policyFile])
        rmSync(each, { force: true });
    }
    mkdirSync(options.data, { recursive: true });
    const kept = readState<Kept>(file);
    const face = readManifest(readFileSync(options.manifest, 'utf8'));
    const slack = await startLocalSlack({
      appHome: face.appHome,
      events: face.events,
      shortcuts: face.shortcuts,
      people: Object.values(people),
      userGroups: [approverGroup],
      channels: [numbersChannel, approvalsChannel],
      limits: true,
      ...(kept === undefined ? {} : { remembered: kept.slack }),
    });
    closing.push(slack.close);
    const bandwidth = await startLocalBandwidth({
      switches: { processing: true, orderDelayMs: options.orderDelayMs ?? ORDER_DELAY_MS },
      ...(kept === undefined ? {} : { remembered: kept.bandwidth }),
    });
    closing.push(bandwidth.close);
    const own = { ...(await settingsFor(slack, bandwidth)), ...options.settings };
    const choices = makeChoices(
      { slack, policyFile, own, channel: numbersChannel.id },
      kept?.chosen,
      options.environment,
    );
    const readMarks = makeReadMarks(kept?.read);
    const keeping = keepState(file, () => ({
      slack: slack.workspace.remember(),
      bandwidth: bandwidth.remember(),
      chosen: choices.toKeep(),
      read: readMarks.remember(),
    }));
    closing.push(keeping.close);
    slack.on('change', keeping.changed);
    bandwidth.on('change', ({ what }) => {
      if (what !== 'request') keeping.changed();
    });

    const app = await startRestartableApp(
      {
        program: options.program,
        isReady: (settings) =>
          settings.SLACK_APP_TOKEN === undefined ? isReady(Number(settings.PORT)) : connected(slack),
        isGone: () => disconnected(slack),
        changed: choices.changed,
      },
      choices.settings(),
    );
    closing.push(app.stop);
    const unwatch = choices.onChange(keeping.changed);
    closing.push(unwatch);
    closing.push(
      servePage({
        server,
        port,
        assets: options.assets,
        slack,
        bandwidth,
        app: face,
        choices,
        readMarks,
        process: app,
      }),
    );
    return { url: `http://127.0.0.1:${port}`, app, slack, bandwidth, close };
  }

  async function settingsFor(slack: LocalSlack, bandwidth: LocalBandwidth): Promise<Record<string, string>> {
    const { SLACK_APP_TOKEN, ...settings } = localSettings(slack, bandwidth, `sqlite:${database}`);
    return { ...settings, ...(options.http === true ? await httpMode(slack) : { SLACK_APP_TOKEN }) };
  }

  async function httpMode(slack: LocalSlack): Promise<Record<string, string>> {
    const port = await freePort();
    slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
    return { SLACK_SIGNING_SECRET: slack.signingSecret, HOST: '127.0.0.1', PORT: String(port) };
  }
}

function connected(slack: LocalSlack): Promise<unknown> {
  const describe = 'the app to connect to Slack';
  return slack.until(() => slack.connections > 0, { timeoutMs: START_WITHIN_MS, describe });
}

function disconnected(slack: LocalSlack): Promise<unknown> {
  const describe = 'the connections of the stopped app to close';
  return slack.until(() => slack.connections === 0, { timeoutMs: START_WITHIN_MS, describe });
}

/**
 * Resolves when the app accepts Slack's requests. It refuses them until it has identified itself to Slack, which takes
 * longer than listening.
 */
async function isReady(port: number): Promise<void> {
  const until = Date.now() + START_WITHIN_MS;
  while (Date.now() < until) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await pause(50);
  }
  throw new Error(`The app was not ready at port ${port} within ${START_WITHIN_MS / 1000} seconds`);
}

/** On 127.0.0.1 only; rejects when the port is taken. */
async function listenOn(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

import { readFile } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { z } from 'zod';
import type { Choices } from '../choices.js';
import type { LocalBandwidth } from '../local-bandwidth/local-bandwidth.js';
import type { LocalSlack } from '../local-slack/local-slack.js';
import type { RestartableApp } from '../restartable-app.js';
import { carrierActions } from './carrier-actions.js';
import { carrierView } from './carrier-view.js';
import { makeFaultInjection } from './fault-injection.js';
import type { AppProfile } from './manifest.js';
import { pageViewOf } from './page-view.js';
import { makePendingCommands } from './pending-commands.js';
import type { ReadMarks } from './read-marks.js';
import { settingActions, settingsView } from './setting-actions.js';
import { slackActions } from './slack-actions.js';

/** Changes come in bursts, so the page is redrawn once for all within this time. */
const SEND_AFTER_MS = 30;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const headers = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' https: data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** A request that can't be carried out; its message is shown to the person. */
class Impossible extends Error {}

/**
 * Serves the sandbox's page. What each person sees is pushed as server-sent events on every change; what they do
 * arrives as small JSON posts.
 */
export function servePage(deps: {
  /** Already listening on 127.0.0.1. */
  readonly server: Server;
  readonly port: number;
  /** The folder of the page's own files. */
  readonly assets: string;
  readonly slack: LocalSlack;
  readonly bandwidth: LocalBandwidth;
  readonly app: AppProfile;
  readonly choices: Choices;
  readonly readMarks: ReadMarks;
  readonly process: RestartableApp;
}) {
  const { server, port, slack, bandwidth, app, choices, readMarks } = deps;
  const faultInjection = makeFaultInjection(bandwidth);
  const atWork = makePendingCommands(slack, () => changed());
  const acts = {
    slack: slackActions(slack, app, { atWork, readMarks }),
    bandwidth: carrierActions(bandwidth, faultInjection),
    settings: settingActions(choices, deps.process),
  };
  const watchers = new Set<{
    readonly as: string;
    readonly stream: ServerResponse;
    sent: Map<string, string>;
  }>();
  let timer: NodeJS.Timeout | undefined;

  const changed = (): void => {
    timer ??= setTimeout(send, SEND_AFTER_MS);
  };
  function send(): void {
    timer = undefined;
    const carrier = JSON.stringify(carrierView(bandwidth, faultInjection));
    const settings = JSON.stringify(settingsView(slack, choices, deps.process));
    for (const { as, stream, sent } of watchers) {
      for (const [event, data] of [
        ['slack', JSON.stringify(pageViewOf(slack, slack.person(as), app, { atWork, readMarks }))],
        ['bandwidth', carrier],
        ['settings', settings],
      ] as const) {
        if (sent.get(event) === data) continue;
        sent.set(event, data);
        stream.write(`event: ${event}\ndata: ${data}\n\n`);
      }
    }
  }
  slack.on('change', changed);
  const ignoreBandwidth = bandwidth.on('change', changed);
  const ignoreChoices = choices.onChange(changed);

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      const status = error instanceof Impossible || error instanceof z.ZodError ? 400 : 409;
      reply(response, status, { error: error instanceof Error ? error.message : String(error) });
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOurs(request)) return reply(response, 403, { error: 'This page is only available at 127.0.0.1.' });
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'GET' && url.pathname === '/api/live') return watch(url, response);
    if (request.method === 'GET') return serveAsset(url.pathname, response);
    const [, side, name] = /^\/api\/(slack|bandwidth|settings)\/(\w+)$/.exec(url.pathname) ?? [];
    if (request.method !== 'POST' || side === undefined || name === undefined)
      return reply(response, 404, { error: 'not found' });
    const act = new Map(Object.entries(acts[side as keyof typeof acts])).get(name);
    if (act === undefined) return reply(response, 404, { error: 'not found' });
    try {
      reply(response, 200, (await act(await readJson(request))) ?? {});
    } finally {
      changed();
    }
  }

  function watch(url: URL, response: ServerResponse): void {
    const as = url.searchParams.get('as') ?? '';
    if (![...slack.workspace.users.values()].some(({ id, isBot }) => id === as && !isBot)) {
      throw new Impossible('Unknown person.');
    }
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
    const watcher = { as, stream: response, sent: new Map<string, string>() };
    watchers.add(watcher);
    response.on('close', () => watchers.delete(watcher));
    changed();
  }

  async function serveAsset(path: string, response: ServerResponse): Promise<void> {
    const file = normalize(path === '/' ? '/index.html' : path);
    const type = contentTypes[extname(file)];
    if (type === undefined || file.includes(`..${sep}`)) return reply(response, 404, { error: 'not found' });
    try {
      const content = await readFile(join(deps.assets, file));
      response.writeHead(200, { ...headers, 'content-type': type }).end(content);
    } catch {
      reply(response, 404, { error: 'not found' });
    }
  }

  /** Another site's page must not press buttons here, nor another host name point here. */
  const ours = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);

  function isOurs({ headers: { host, origin } }: IncomingMessage): boolean {
    return ours.has(host ?? '') && (origin === undefined || ours.has(origin.replace('http://', '')));
  }

  /** Ends the streams, so that the server can close. */
  return function stop(): void {
    clearTimeout(timer);
    slack.off('change', changed);
    ignoreBandwidth();
    ignoreChoices();
    atWork.close();
    for (const { stream } of watchers) stream.destroy();
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type'] !== 'application/json') throw new Impossible('Send JSON.');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Impossible('Send JSON.');
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

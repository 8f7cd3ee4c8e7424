import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Crossing, WatchWire } from '../wire.js';
import type { Args } from './answer.js';
import { knownEvents, makeAppEvents, redeliveryDelaysMs } from './app-events.js';
import type { Change } from './changes.js';
import { type DisconnectReason, makeHttpDelivery, makeSocketDelivery, type Retry } from './deliver.js';
import type { ChannelChange } from './directory.js';
import { type Fault, makeFaults } from './faults.js';
import { downloadAnswer, fileIdIn } from './file-downloads.js';
import type { Message } from './messages.js';
import { appId } from './objects.js';
import { makePerson, type Person, type Shortcut } from './person.js';
import { pictureOf } from './picture.js';
import { makeRateLimits } from './rate-limits.js';
import { makeResponseUrls } from './response-url.js';
import { makeTriggerIds } from './trigger-ids.js';
import { allScopes, makeWebApi } from './web-api.js';
import { makeWorkspace, type Setup } from './workspace.js';

export type { Change } from './changes.js';
export type { Form } from './form.js';
export type { Message } from './messages.js';
export type { Person } from './person.js';
export { asPlainText, mentionsIn } from './plain-text.js';
export type { PickedFile } from './stored-files.js';
export type { Remembered } from './workspace.js';

export interface LocalSlackOptions {
  /** 0, the default, uses any free port. Always on 127.0.0.1. */
  readonly port?: number;
  readonly team?: { readonly id: string; readonly name: string };
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** Posts signed requests here instead of using sockets. */
  readonly requestUrl?: string;
  /** Under which addresses the app is told to reach us, such as `wss://wss.slack.test`. On 127.0.0.1 by default. */
  readonly origins?: {
    readonly socket: string;
    readonly upload: string;
    readonly response: string;
    readonly files: string;
  };
  readonly enterprise?: Setup['enterprise'];
  readonly people: Setup['people'];
  readonly userGroups?: Setup['userGroups'];
  readonly channels: Setup['channels'];
  /** The bot token's scopes; by default everything this app might need, except chat:write.public. */
  readonly scopes?: readonly string[];
  /** The events the app subscribes to; all this Slack knows by default. */
  readonly events?: readonly string[];
  readonly appHome?: Setup['appHome'];
  /** The app's message shortcuts; none by default. */
  readonly shortcuts?: readonly Shortcut[];
  /** When an unacknowledged event is delivered again; as Slack does by default. */
  readonly redeliveryDelaysMs?: readonly number[];
  readonly triggerLifetimeMs?: number;
  readonly ackTimeoutMs?: number;
  readonly remembered?: Setup['remembered'];
  /** Enforces Slack's rate limits. Off by default, because tests would have to wait. */
  readonly limits?: boolean;
  readonly watch?: WatchWire;
}

/** One request from the app. `args` are decoded, including nested JSON. */
export interface Call {
  readonly method: string;
  readonly args: Args;
  readonly at: number;
  readonly ok: boolean;
  readonly error?: string;
}

interface Delivered {
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly at: number;
  /** How long the app took to acknowledge, in milliseconds. */
  readonly took: number;
  readonly ok: boolean;
}

export interface UntilOptions {
  /** A minute by default. */
  readonly timeoutMs?: number;
  readonly describe?: string;
}

export type LocalSlack = Awaited<ReturnType<typeof startLocalSlack>>;

/** How long `until` waits. Long enough for slow machines. */
const PATIENCE_MS = 60_000;

/** Starts a Slack with one workspace and one app on 127.0.0.1, which checks what Slack checks. */
export async function startLocalSlack(options: LocalSlackOptions) {
  const botToken = options.botToken ?? 'xoxb-local';
  const appToken = options.appToken ?? 'xapp-local';
  const signingSecret = options.signingSecret ?? 'local-signing-secret';
  const ackTimeoutMs = options.ackTimeoutMs ?? 3000;
  let requestUrl = options.requestUrl;

  const workspace = makeWorkspace({
    team: options.team ?? { id: 'T0LOCAL', name: 'local' },
    botUserId: 'U0NUMBERSBOT',
    people: options.people,
    ...(options.enterprise === undefined ? {} : { enterprise: options.enterprise }),
    userGroups: options.userGroups ?? [],
    ...(options.appHome === undefined ? {} : { appHome: options.appHome }),
    channels: options.channels,
    filesOrigin: () => origins.files,
    ...(options.remembered === undefined ? {} : { remembered: options.remembered }),
  });
  const triggers = makeTriggerIds(options.triggerLifetimeMs ?? 3000);
  const responseUrls = makeResponseUrls(workspace);
  const tickets = new Set<string>();
  const scopes: ReadonlySet<string> = new Set(options.scopes ?? allScopes);
  const faults = makeFaults();
  const rateLimits = makeRateLimits(options.limits === true);
  const calls: Call[] = [];
  const deliveries: Delivered[] = [];
  const waiting = new Set<() => void>();
  const events = new EventEmitter<{ change: [Change]; call: [Call] }>();
  events.setMaxListeners(0);
  workspace.events.on('change', (change) => events.emit('change', change));

  const server = createServer((request, response) => {
    handle(request, response).catch((error: Error) =>
      reply(response, { status: 500, body: { ok: false, error: error.message } }),
    );
  });
  const sockets = new WebSocketServer({ noServer: true });
  const crosses = (what: string, how: Crossing['how']) => options.watch?.({ neighbor: 'Slack', what, how });
  const socketDelivery = makeSocketDelivery({ ackTimeoutMs, crosses });
  const httpDelivery = makeHttpDelivery({
    requestUrl: () => requestUrl,
    signingSecret,
    ackTimeoutMs,
    crosses,
  });
  let deliveredTwice = 0;

  server.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '/', 'ws://127.0.0.1').searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (accepted) => socketDelivery.accept(accepted));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = (path: string) => `http://127.0.0.1:${port}${path}`;
  const origins = options.origins ?? {
    socket: `ws://127.0.0.1:${port}`,
    upload: url(''),
    response: url(''),
    files: url(''),
  };
  const responseUrl = (path: string) => origins.response + path;

  const api = makeWebApi({
    workspace,
    triggers,
    botToken,
    appToken,
    scopes,
    socketUrl: () => {
      const ticket = randomBytes(12).toString('hex');
      tickets.add(ticket);
      return `${origins.socket}/link/?ticket=${ticket}&app_id=${appId}`;
    },
    uploadUrl: (fileId) => `${origins.upload}/upload/${fileId}`,
  });

  const appEvents = makeAppEvents({
    workspace,
    subscribed: new Set(options.events ?? knownEvents),
    scopes,
    delaysMs: options.redeliveryDelaysMs ?? redeliveryDelaysMs,
    deliver: (payload, retry) => deliver('events_api', payload, retry),
  });
  const people = new Map<string, Person>(
    [...workspace.users.values()]
      .filter((user) => user.id !== workspace.bot.id)
      .map((user) => [
        user.id,
        makePerson(
          {
            workspace,
            triggers,
            responseUrls,
            appEvents,
            shortcuts: options.shortcuts ?? [],
            deliver,
            url: responseUrl,
            until,
          },
          user,
        ),
      ]),
  );

  async function deliver(
    kind: Parameters<typeof httpDelivery.deliver>[0],
    payload: Readonly<Record<string, unknown>>,
    retry?: Retry,
  ) {
    const delivery = requestUrl === undefined ? socketDelivery : httpDelivery;
    const at = Date.now();
    const again = deliveredTwice > 0;
    if (again) deliveredTwice -= 1;
    const result = await delivery.deliver(kind, payload, retry);
    if (again) void delivery.deliver(kind, payload);
    deliveries.push({ kind, payload, at, took: Date.now() - at, ok: result.ok });
    return result;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const what = /^\/(?:api\/)?([^/]+)/.exec(path)?.[1] ?? '';
    if (crosses(what, 'arrived') === 'lost') return void response.destroy();
    // Runs for any answer at any time.
    response.on('finish', () => crosses(what, 'answered'));
    if (path.startsWith('/api/')) {
      const reaction = callMethod(path.slice('/api/'.length), request, decode(request, body));
      if (crosses(what, 'carried out') === 'lost' || reaction === 'reset') response.destroy();
      else if (reaction !== 'hang') reply(response, reaction);
    } else if (path.startsWith('/actions/')) {
      const args = decode(request, body);
      const fault = faults.next('response_url');
      const run = (): Reaction => responseUrls.respond(path, args);
      const reaction = fault === undefined ? run() : goWrong(fault, run);
      record('response_url', args, bodyOf(reaction));
      if (reaction === 'reset') response.destroy();
      else if (reaction !== 'hang') reply(response, reaction);
    } else if (path.startsWith('/files-pri/')) {
      serveFile(path, request, response);
    } else if (path.startsWith('/upload/')) {
      const content = await fileIn(request, body);
      if (api.uploaded(path.slice('/upload/'.length), content)) {
        response.writeHead(200, { 'content-type': 'text/plain' }).end(`OK - ${content.length}`);
      } else {
        reply(response, { status: 404, body: { ok: false, error: 'not_found' } });
      }
    } else {
      reply(response, { status: 404, body: { ok: false, error: 'not_found' } });
    }
  }

  function serveFile(path: string, request: IncomingMessage, response: ServerResponse): void {
    const fault = faults.next('file');
    if (fault !== undefined) {
      const reaction = goWrong(fault, () => ({ status: 200, body: { ok: true } }));
      record('file', { path }, bodyOf(reaction));
      if (reaction === 'reset') response.destroy();
      else if (reaction !== 'hang') reply(response, reaction);
      return;
    }
    const found = api.download(fileIdIn(path), bearerOf(request));
    record('file', { path }, { ok: typeof found !== 'string', error: found });
    const { status, headers, body } = downloadAnswer(found, url(`/?redir=${encodeURIComponent(path)}`));
    response.writeHead(status, headers).end(body);
  }

  function callMethod(method: string, request: IncomingMessage, args: Args): Reaction | NoReaction {
    const token = bearerOf(request) ?? (typeof args.token === 'string' ? args.token : undefined);
    const fault = faults.next(method, args.channel);
    const reaction =
      fault === undefined ? (tooSoon(rateLimits.take(method, args)) ?? run()) : goWrong(fault, run);
    record(method, args, bodyOf(reaction));
    return reaction;

    function run(): Reaction {
      const headers = { 'x-oauth-scopes': [...scopes].join(',') };
      return { status: 200, headers, body: api.call(method, args, token) };
    }
  }

  function record(
    method: string,
    args: Args,
    answer: { readonly ok: boolean; readonly error?: unknown },
  ): void {
    const { token: _, ...shown } = args;
    const call: Call = {
      method,
      args: shown,
      at: Date.now(),
      ok: answer.ok,
      ...(typeof answer.error === 'string' ? { error: answer.error } : {}),
    };
    calls.push(call);
    events.emit('call', call);
  }

  /**
   * Waits until `look` returns something truthy, calling it after each change here and every few milliseconds for
   * changes elsewhere. Rejects with a picture of everything people can see.
   */
  function until<T>(look: () => T | undefined | false, given: UntilOptions = {}): Promise<T> {
    const timeoutMs = given.timeoutMs ?? PATIENCE_MS;
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearInterval(interval);
        clearTimeout(timeout);
        events.off('change', check);
        waiting.delete(giveUp);
      };
      const check = () => {
        try {
          const found = look();
          if (!found) return;
          stop();
          resolve(found);
        } catch (error) {
          stop();
          reject(error);
        }
      };
      const giveUp = () => {
        stop();
        const wanted = given.describe ?? String(look);
        reject(new Error(`Waited ${timeoutMs} ms for ${wanted}\n\n${pictureOf(workspace, people, calls)}`));
      };
      const interval = setInterval(check, 10);
      const timeout = setTimeout(giveUp, timeoutMs);
      waiting.add(giveUp);
      events.on('change', check);
      check();
    });
  }

  return {
    apiUrl: url('/api/'),
    botToken,
    appToken,
    signingSecret,
    botUserId: workspace.bot.id,
    teamId: workspace.team.id,
    workspace,
    calls: calls as readonly Call[],
    deliveries: deliveries as readonly Delivered[],
    on: events.on.bind(events),
    off: events.off.bind(events),
    until,

    /** Enforces Slack's rate limits from now on, sped up by this factor; undefined for none. */
    limitRates: (speed: number | undefined): void => rateLimits.enforce(speed),

    setRequestUrl(next: string): void {
      requestUrl = next;
    },

    messages: (channelId: string): readonly Message[] => workspace.messagesIn(channelId),

    person(userId: string): Person {
      const person = people.get(userId);
      if (person === undefined) throw new Error(`Unknown person: ${userId}`);
      return person;
    },

    changeChannel: (id: string, change: ChannelChange): void => workspace.changeChannel(id, change),
    changePerson: workspace.changePerson,
    changeGroup: workspace.changeGroup,
    /** Returns a new response_url, as a payload with this origin would have it. */
    responseUrlFor: (origin: Parameters<typeof responseUrls.issue>[0]): string =>
      responseUrl(responseUrls.issue(origin)),
    /** Locks this message's thread against replies. */
    lockThread: (message: Message): void => workspace.lockThread(message),
    /** Without the messages tab, neither the app nor the person can write in their direct messages. */
    changeAppHome: workspace.changeAppHome,

    /** Makes the next calls of a method end this way. */
    fail: (method: string, fault: Fault): void => faults.add(method, fault),
    /** Removes all faults. */
    failNothing: (): void => faults.clear(),

    disconnectSockets: (reason: DisconnectReason): void => socketDelivery.disconnect(reason),
    /** Loses the connections: `cut` is noticed at once, `silent` only by a timeout. */
    loseSockets: (how: 'cut' | 'silent'): void => socketDelivery.lose(how),
    /** Delivers the next payloads twice, the second time right after the first acknowledgement. */
    deliverTwice(times: number): void {
      deliveredTwice += times;
    },
    get connections(): number {
      return socketDelivery.connections;
    },

    /** Returns what everyone currently sees, as text. */
    picture: (): string => pictureOf(workspace, people, calls),

    async close(): Promise<void> {
      for (const giveUp of waiting) giveUp();
      appEvents.close();
      socketDelivery.close();
      httpDelivery.close();
      await socketDelivery.closeSockets();
      sockets.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

const bearerOf = (request: IncomingMessage): string | undefined =>
  /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Returns the uploaded file: the body itself, or the first file of a form. */
async function fileIn(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const file = [...form.values()].find((each) => typeof each !== 'string');
  return file === undefined ? Buffer.alloc(0) : Buffer.from(await file.arrayBuffer());
}

/** Arguments that are lists or objects; a form carries them as JSON text. */
const structured: ReadonlySet<string> = new Set(['attachments', 'blocks', 'files', 'metadata', 'view']);

/** Decodes a form's fields or a JSON body, including structured arguments. Text that isn't JSON stays text. */
function decode(request: IncomingMessage, body: Buffer): Args {
  const text = body.toString('utf8');
  const isJson = request.headers['content-type']?.includes('json') === true;
  const given = isJson ? parseOr(text, {}) : Object.fromEntries(new URLSearchParams(text));
  if (typeof given !== 'object' || given === null) return {};
  const open = ([name, value]: [string, unknown]) =>
    [name, structured.has(name) && typeof value === 'string' ? parseOr(value, value) : value] as const;
  return Object.fromEntries(Object.entries(given).map(open));
}

function parseOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

interface Reaction {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: { readonly ok: boolean; readonly error?: unknown };
}

function tooSoon(waitSeconds: number | undefined): Reaction | undefined {
  if (waitSeconds === undefined) return undefined;
  const headers = { 'retry-after': String(waitSeconds) };
  return { status: 429, headers, body: { ok: false, error: 'ratelimited' } };
}

/** `hang`: the call is never answered; `reset`: its connection is dropped. */
type NoReaction = 'hang' | 'reset';

const bodyOf = (reaction: Reaction | NoReaction): Reaction['body'] =>
  typeof reaction === 'string' ? { ok: false, error: 'never_answered' } : reaction.body;

function goWrong(fault: Fault, run: () => Reaction): Reaction | NoReaction {
  if (fault.carriedOut === true) run();
  if (fault.hang === true) return 'hang';
  if (fault.reset === true) return 'reset';
  const error = fault.error ?? 'fatal_error';
  return tooSoon(fault.retryAfter) ?? { status: fault.status ?? 200, body: { ok: false, error } };
}

function reply(response: ServerResponse, { status, headers = {}, body }: Reaction): void {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...headers, ...type }).end(JSON.stringify(body));
}

import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { TrafficEvent, WatchTraffic } from '../traffic.js';
import { knownEvents, makeAppEvents, redeliveryDelaysMs } from './app-events.js';
import { type Call, makeAppRequests } from './app-requests.js';
import type { Change } from './changes.js';
import { type DisconnectReason, makeHttpDelivery, makeSocketDelivery, type Retry } from './deliver.js';
import type { ChannelChange } from './directory.js';
import { type Fault, makeFaults } from './faults.js';
import { sendAnswer } from './http-answer.js';
import type { Message } from './messages.js';
import { appId } from './objects.js';
import { makePerson, type Person, type Shortcut } from './person.js';
import { makeRateLimits } from './rate-limits.js';
import { makeResponseUrls } from './response-url.js';
import { screenText } from './screen-text.js';
import { makeTriggerIds } from './trigger-ids.js';
import { makeUntil } from './until.js';
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
  readonly watch?: WatchTraffic;
}

interface Delivered {
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly at: number;
  /** How long the app took to acknowledge, in milliseconds. */
  readonly took: number;
  readonly ok: boolean;
}

export type LocalSlack = Awaited<ReturnType<typeof startLocalSlack>>;

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
  const events = new EventEmitter<{ change: [Change]; call: [Call] }>();
  events.setMaxListeners(0);
  workspace.events.on('change', (change) => events.emit('change', change));

  const server = createServer((request, response) => {
    answerApp(request, response).catch((error: Error) =>
      sendAnswer(response, { status: 500, body: { ok: false, error: error.message } }),
    );
  });
  const sockets = new WebSocketServer({ noServer: true });
  const observe = (what: string, how: TrafficEvent['how']) =>
    options.watch?.({ neighbor: 'Slack', what, how });
  const socketDelivery = makeSocketDelivery({ ackTimeoutMs, observe });
  const httpDelivery = makeHttpDelivery({
    requestUrl: () => requestUrl,
    signingSecret,
    ackTimeoutMs,
    observe,
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

  const answerApp = makeAppRequests({
    api,
    responseUrls,
    scopes,
    faults,
    rateLimits,
    observe,
    loginUrl: (path) => url(`/?redir=${encodeURIComponent(path)}`),
    called(call) {
      calls.push(call);
      events.emit('call', call);
    },
  });

  const appEvents = makeAppEvents({
    workspace,
    subscribed: new Set(options.events ?? knownEvents),
    scopes,
    delaysMs: options.redeliveryDelaysMs ?? redeliveryDelaysMs,
    deliver: (payload, retry) => deliver('events_api', payload, retry),
  });
  const picture = (): string => screenText(workspace, people, calls);
  const { until, giveUpAll } = makeUntil({ changes: events, picture });
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
    picture,

    async close(): Promise<void> {
      giveUpAll();
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

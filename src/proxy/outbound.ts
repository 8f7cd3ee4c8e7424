import { type AgentOptions, Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Agent, buildConnector, type Dispatcher, fetch as fetchWith } from 'undici';
import { proxyFailureIn } from './proxy-failed.js';
import { isException, type ProxySettings } from './proxy-settings.js';
import { openTunnel } from './tunnel.js';

/** Connections to Slack and Bandwidth: through the proxy, if there is one, except to the hosts in NO_PROXY. */
export interface Outbound {
  readonly fetch: typeof fetch;
  /** Returns an agent for https addresses. */
  readonly httpsAgent: (options?: AgentOptions) => HttpsAgent;
  /** Returns what one WebSocket connects with; undefined without a proxy, because its default is best then. */
  readonly webSocketDispatcher: () => WebSocketDispatcher | undefined;
}

export interface WebSocketDispatcher {
  readonly dispatcher: Dispatcher;
  /** Why there is no connection, if that is known. Slack's client says only that there is none. */
  failure(): Error | undefined;
  /** Drops the connection. Slack's client can't cut one that has stalled unless it made the dispatcher itself. */
  cut(): void;
}

/** Plain http is for addresses on this machine only and never leaves it. */
export function makeOutbound(proxy: ProxySettings | undefined): Outbound {
  if (proxy === undefined) {
    return {
      fetch: (input, init) => globalThis.fetch(input, init),
      httpsAgent: (options) => new HttpsAgent(options),
      webSocketDispatcher: () => undefined,
    };
  }
  const connect = connectorThrough(proxy);
  const fetchThrough = makeFetch(new Agent({ connect }));
  return {
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      return isDirect(proxy, url) ? globalThis.fetch(input, init) : fetchThrough(input, init);
    },
    httpsAgent: (options) => new TunnelingAgent(proxy, options),
    webSocketDispatcher() {
      let socket: Socket | undefined;
      let failure: Error | undefined;
      const dispatcher = new Agent({
        connect: (options, callback) =>
          connect(options, (...[error, opened]) => {
            if (error !== null) {
              failure = error;
              return callback(error, null);
            }
            socket = opened;
            callback(null, opened);
          }),
      });
      return { dispatcher, failure: () => failure, cut: () => void socket?.destroy() };
    },
  };
}

const isDirect = (proxy: ProxySettings, { protocol, hostname, port }: URL): boolean =>
  protocol !== 'https:' || isException(proxy, hostname, portOf(port));

const portOf = (port: string | number | null | undefined): number => Number(port || 443);

/** How undici connects to a host. */
function connectorThrough(proxy: ProxySettings): buildConnector.connector {
  const connectDirectly = buildConnector({ allowH2: false });
  return (options, callback) => {
    const { protocol, hostname } = options;
    const port = portOf(options.port);
    if (protocol !== 'https:' || isException(proxy, hostname, port))
      return connectDirectly(options, callback);
    openTunnel(proxy, { host: hostname, port }).then(
      (httpSocket) => connectDirectly({ ...options, httpSocket }, callback),
      (failure: Error) => callback(failure, null),
    );
  };
}

/**
 * Node's own fetch accepts only the dispatchers of the undici it was built with, and undici's fetch accepts only its
 * own classes. So Node makes the request, with its body and headers, and undici sends it.
 */
function makeFetch(dispatcher: Dispatcher): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { url, method, redirect, signal } = request;
    const hasBody = method !== 'GET' && method !== 'HEAD';
    try {
      const answer = await fetchWith(url, {
        method,
        redirect,
        signal,
        headers: [...request.headers],
        ...(hasBody ? { body: await request.arrayBuffer() } : {}),
        dispatcher,
      });
      return answer as unknown as Response;
    } catch (error) {
      // "fetch failed" says nothing; the proxy's failure is inside.
      throw proxyFailureIn(error) ?? error;
    }
  };
}

/** How axios connects to a host. */
class TunnelingAgent extends HttpsAgent {
  readonly #proxy: ProxySettings;

  constructor(proxy: ProxySettings, options?: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const { host, port } = options;
    if (host == null || callback === undefined || isException(this.#proxy, host, portOf(port))) {
      return super.createConnection(options, callback);
    }
    const give = callback as (error: Error | null, stream?: Duplex | null) => void;
    openTunnel(this.#proxy, { host, port: portOf(port) })
      .then((socket) => super.createConnection({ ...options, socket } as RequestOptions))
      .then((stream) => give(null, stream), give);
    return undefined;
  }
}

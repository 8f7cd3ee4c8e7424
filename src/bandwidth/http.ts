import { Agent as HttpAgent } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import axios from 'axios';
import { type ProxyFailed, proxyFailureIn } from '../proxy/proxy-failed.js';
import { decodeBody } from './decode/decode-body.js';

export interface Timeouts {
  /** How long Bandwidth may send nothing at all, in milliseconds. */
  readonly silence: number;
  /** The limit for one call including its repeat, in milliseconds. Catches a body that arrives slowly but steadily. */
  readonly whole: number;
}

const defaultTimeouts: Timeouts = { silence: 20_000, whole: 40_000 };

/** 5,000 numbers with their details are 1.3 MB. No real answer is ten times that. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Aborts the call before its own timeout. */
  readonly deadline?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty when {@link HttpAnswer.unreadable}. */
  readonly body: string;
  /** Why a body that arrived can't be read as text. */
  readonly unreadable?: string;
  /** Set when some characters can't be decoded and read as U+FFFD. */
  readonly garbled?: true;
  /** What people should be told instead of the usual, when the credentials explain the status. */
  readonly advice?: string;
}

/**
 * No complete answer arrived. Holds only an error code: axios errors carry the Authorization header, so they must not
 * leave this file, even as a cause.
 */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly code: string;
  /** False only when nothing was sent or no connection was ever made, so that the request can't have arrived. */
  readonly mayHaveArrived: boolean;

  /** @param proxy the failure of the proxy, if that is why. */
  constructor(code: string, mayHaveArrived: boolean, proxy?: ProxyFailed) {
    super(`no whole answer (${proxy === undefined ? code : `${code}: ${proxy.message}`})`, { cause: proxy });
    this.code = code;
    this.mayHaveArrived = mayHaveArrived;
  }
}

export interface Http {
  /** Returns an answer of any status. Throws {@link NoAnswer} for everything else. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

/** Returns an agent for https addresses, perhaps one that goes through a proxy. */
export type MakeHttpsAgent = (options?: AgentOptions) => HttpsAgent;

export function makeHttp(
  timeouts: Partial<Timeouts> = {},
  httpsAgent: MakeHttpsAgent = (options) => new HttpsAgent(options),
): Http {
  const { silence, whole } = { ...defaultTimeouts, ...timeouts };
  const kept = { keepAlive: true, maxSockets: 10 };
  const questions = { httpAgent: new HttpAgent(kept), httpsAgent: httpsAgent(kept) };
  // An idle connection may close under a request, and then it isn't known whether the request arrived. A lookup is
  // repeated. An order can't be, so each gets its own connection.
  const orders = { httpAgent: new HttpAgent(), httpsAgent: httpsAgent() };

  const attempt = async (request: HttpRequest, deadline: AbortSignal): Promise<HttpAnswer> => {
    // For example after waiting for an access token. Nobody has to be asked whether such an order arrived.
    if (deadline.aborted) throw new NoAnswer('DEADLINE', false);
    try {
      const answer = await axios.request<unknown>({
        method: request.method,
        url: request.url,
        headers: { 'User-Agent': 'numbers-for-slack', ...request.headers },
        ...(request.body === undefined ? {} : { data: request.body }),
        ...(request.method === 'GET' ? questions : orders),
        // The agents handle the proxy: axios reads its settings differently from Slack's client.
        proxy: false,
        timeout: silence,
        signal: deadline,
        maxContentLength: MAX_BODY_BYTES,
        maxRedirects: 0,
        responseType: 'arraybuffer',
        transformRequest: [(data: unknown) => data],
        transformResponse: [(data: unknown) => data],
        validateStatus: () => true,
      });
      const headers = textHeaders(answer.headers);
      return { status: answer.status, headers, ...bodyOf(answer.data, headers['content-type'], request) };
    } catch (error) {
      const proxy = proxyFailureIn(error);
      if (proxy !== undefined) throw new NoAnswer(proxy.code, false, proxy);
      throw new NoAnswer(deadline.aborted ? 'DEADLINE' : codeOf(error), !neverConnected(error));
    }
  };

  return {
    async send(request) {
      const ownTime = AbortSignal.timeout(whole);
      const deadline = request.deadline ? AbortSignal.any([ownTime, request.deadline]) : ownTime;
      try {
        return await attempt(request, deadline);
      } catch (error) {
        const worthRepeating =
          request.method === 'GET' && error instanceof NoAnswer && cutOff.includes(error.code);
        if (!worthRepeating) throw error;
        return attempt(request, deadline);
      }
    },
    close() {
      for (const agents of [questions, orders]) {
        agents.httpAgent.destroy();
        agents.httpsAgent.destroy();
      }
    },
  };
}

function bodyOf(
  data: unknown,
  contentType: string | undefined,
  { headers }: HttpRequest,
): Omit<HttpAnswer, 'status' | 'headers'> {
  if (!(data instanceof Uint8Array)) return { body: '' };
  const decoded = decodeBody(data, contentType);
  if ('unknownCharset' in decoded) {
    return {
      body: '',
      unreadable: `the document is in a character set I don't know (${decoded.unknownCharset})`,
    };
  }
  const body = withoutSecret(decoded.text, headers.Authorization);
  return decoded.garbled ? { body, garbled: true } : { body };
}

/** An error page may quote the request, and its text is shown to people. */
function withoutSecret(body: string, authorization: string | undefined): string {
  const secret = authorization?.slice(authorization.indexOf(' ') + 1) ?? '';
  return secret.length < MIN_SECRET_LENGTH ? body : body.replaceAll(secret, '…');
}

/** Anything shorter may occur in an answer by chance. */
const MIN_SECRET_LENGTH = 12;

/** The connection closed during the request, as an idle one may. */
const cutOff: readonly string[] = ['ECONNRESET', 'EPIPE'];

/** DNS and connection errors. */
const connecting: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
];

/**
 * True only when the system call that failed was the name lookup or the connection. The code alone isn't proof: an open
 * connection can also end in EHOSTUNREACH or ETIMEDOUT, after an order was sent.
 */
function neverConnected(error: unknown): boolean {
  const origin = property(error, 'cause') ?? error;
  // Several addresses were tried, and each failed.
  const all = origin instanceof AggregateError ? origin.errors : [origin];
  return (
    all.length > 0 &&
    all.every((each) => {
      const syscall = property(each, 'syscall');
      return connecting.includes(codeOf(each)) && (syscall === 'connect' || syscall === 'getaddrinfo');
    })
  );
}

/** Returns only a plausible code, because an error's message may quote the request. */
function codeOf(error: unknown): string {
  const code = property(error, 'code');
  return typeof code === 'string' && /^[A-Z0-9_]{2,64}$/.test(code) ? code : 'UNKNOWN';
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function textHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  );
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { TrafficEvent, WatchTraffic } from '../traffic.js';
import type { Access } from './access.js';
import { answerRequest } from './answer.js';
import type { Answer } from './call.js';
import type { LocalCarrier } from './carrier.js';
import { type Fault, type Faults, reachesCarrier, type SeenRequest } from './faults.js';
import { type RateLimiter, rateGroup } from './rate-limit.js';

export interface RecordedRequest extends SeenRequest {
  /** The status answered; undefined without an answer. */
  readonly status: number | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** No order has a longer body. */
const MAX_BODY_BYTES = 5_000_000;
const tokenPath = '/api/v1/oauth2/token';

interface Needs {
  readonly carrier: LocalCarrier;
  readonly access: Access;
  readonly faults: Faults;
  readonly rates: RateLimiter;
  readonly record: (request: RecordedRequest) => void;
  readonly watch?: WatchTraffic | undefined;
}

/** The HTTP side: authentication, faults, and Bandwidth's answers. */
export function makeServer(deps: Needs): Server {
  return createServer((incoming, response) => {
    serve(deps, incoming, response).catch(() => response.destroy());
  });
}

async function serve(deps: Needs, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { carrier, faults, record } = deps;
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const seen: SeenRequest = {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.search.slice(1),
    body: (await readBody(incoming)).replace(/(client_secret=)[^&]*/g, '$1…'),
  };
  const what = `${seen.method} ${kindOfPath(seen.path)}`;
  const observe = (how: TrafficEvent['how']) => deps.watch?.({ neighbor: 'Bandwidth', what, how });
  const at = carrier.now();
  response.setHeader('date', new Date(at).toUTCString());
  if (observe('arrived') === 'lost') return void response.destroy();
  const fault = faults.strike(seen);
  const answer = reachesCarrier(fault) ? await answerOf(deps, incoming, seen) : undefined;
  const status = fault === undefined ? answer?.status : faultStatus(fault, answer);
  record({ ...seen, status, at });
  if (observe('carried out') === 'lost') return void response.destroy();
  response.on('finish', () => observe('answered'));
  if (fault === undefined) {
    if (answer !== undefined) send(response, answer);
    return;
  }
  await disturb(fault, answer, response, carrier.now);
}

/** `/api/accounts/9900123/orders/4f…` → `/orders/…` */
function kindOfPath(path: string): string {
  const [kind = '', id] = path.replace(/^\/api\/(?:v2\/)?(?:accounts\/[^/]+|v1)\//, '').split('/');
  return id === undefined ? `/${kind}` : `/${kind}/…`;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of incoming) {
    length += piece.length;
    if (length > MAX_BODY_BYTES) throw new Error('the body is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

interface FullAnswer extends Answer {
  readonly resetAt?: number;
}

async function answerOf(deps: Needs, incoming: IncomingMessage, seen: SeenRequest): Promise<FullAnswer> {
  const { carrier, access, rates } = deps;
  const { authorization, host } = incoming.headers;
  const contentType = incoming.headers['content-type'] ?? '';
  if (seen.path === tokenPath) {
    if (seen.method !== 'POST') return { status: 405, body: '' };
    return { ...access.token(authorization, contentType, seen.body), contentType: 'application/json' };
  }
  if (!access.admits(authorization)) return { status: 401, body: '' };
  const resetAt = rates.count(rateGroup(seen.method, seen.path));
  if (resetAt !== undefined) return { status: 429, body: '', resetAt };
  return answerRequest(carrier, { ...seen, contentType, apiUrl: `http://${host ?? '127.0.0.1'}/api` });
}

function send(response: ServerResponse, answer: FullAnswer): void {
  const { head, body } = prepared(answer);
  response.writeHead(answer.status, { ...head, 'content-length': body.length });
  response.end(body);
}

function prepared({ body, location, resetAt, contentType }: FullAnswer) {
  const head: Record<string, string> = {};
  if (body !== '') head['content-type'] = contentType ?? 'application/xml; charset=utf-8';
  if (location !== undefined) head.location = location;
  if (resetAt !== undefined) head['x-ratelimit-reset'] = String(resetAt);
  return { head, body: Buffer.from(body) };
}

/** Returns the status the client gets. */
function faultStatus(fault: Fault, answer: FullAnswer | undefined): number | undefined {
  if (typeof fault.how === 'number') return fault.how;
  if (fault.how === 'html') return 200;
  return ['truncated', 'cut', 'drip', 'slow'].includes(fault.how) ? answer?.status : undefined;
}

async function disturb(
  fault: Fault,
  answer: FullAnswer | undefined,
  response: ServerResponse,
  now: () => number,
): Promise<void> {
  if (fault.afterMs !== undefined) await pause(fault.afterMs, undefined, { ref: false });
  const { how } = fault;
  if (typeof how === 'number') {
    const resetAt = Math.ceil(now() / 1000) + (fault.resetSeconds ?? 60);
    return send(response, {
      status: how,
      body: fault.says ?? '',
      ...(fault.contentType === undefined ? {} : { contentType: fault.contentType }),
      ...(how === 429 ? { resetAt } : {}),
    });
  }
  switch (how) {
    case 'reset-before-read':
    case 'reset-after-accept':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
    case 'hang-after-accept':
      return;
    case 'html':
      return send(response, { status: 200, body: gatewayPage, contentType: 'text/html' });
    default:
      if (answer !== undefined) await sendBadly(how, fault.everyMs ?? 100, answer, response);
  }
}

const gatewayPage =
  '<html><head><title>Service gateway</title></head><body><h1>Please stand by</h1></body></html>';

async function sendBadly(
  how: 'truncated' | 'cut' | 'drip' | 'slow',
  everyMs: number,
  answer: FullAnswer,
  response: ServerResponse,
): Promise<void> {
  const { head, body } = prepared(answer);
  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (how) {
    case 'slow':
      return send(response, answer);
    case 'truncated':
      return send(response, { ...answer, body: half.toString('utf8') });
    case 'cut':
      response.writeHead(answer.status, { ...head, 'content-length': body.length });
      response.write(half, () => response.socket?.destroy());
      return;
    case 'drip':
      response.writeHead(answer.status, { ...head, 'content-length': body.length });
      for (const byte of body) {
        if (response.destroyed) return;
        response.write(Buffer.of(byte));
        await pause(everyMs, undefined, { ref: false });
      }
      response.end();
  }
}

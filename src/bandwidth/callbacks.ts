import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../orders/ports/log.js';
import type { Notice } from '../orders/use-cases/handle-notice.js';
import { decodeJsonNotice, decodeXmlNotice } from './decode/decode-notice.js';

/**
 * The credentials Bandwidth proves itself with. A notice of either generation is refused when its credential isn't set.
 */
export interface CallbackKeys {
  readonly basic?: { readonly username: string; readonly password: string };
  readonly secret?: string;
}

/** What the shared HTTP listener does for this endpoint. */
interface Incoming {
  /** Returns the body, or an HTTP status to refuse with when it can't be read. Rejects when the connection breaks. */
  readBody(most: { readonly bytes: number; readonly withinMs: number }): Promise<Buffer | number>;
}

/** A notice may list 5,000 numbers, about a third of this. */
const BODY_LIMITS = { bytes: 1024 * 1024, withinMs: 10_000 };
/** Base64 over the raw body. */
const SIGNATURE = 'x-bandwidth-signature-sha-256';
/** Bandwidth sends its credentials only after a challenge. */
const challenge = { 'www-authenticate': 'Basic realm="Numbers for Slack"' };

/**
 * Accepts Bandwidth's notices of both generations: XML with HTTP Basic, JSON with a signature. Anyone without valid
 * credentials gets no details.
 *
 * A notice is answered with 200 before it is read. Bandwidth never resends one, so an error about its contents couldn't
 * fix anything and would only make a working subscription look broken.
 */
export function makeCallbackEndpoint(deps: {
  keys: CallbackKeys;
  handle: (notice: Notice) => void;
  log: Log;
}): (request: IncomingMessage, response: ServerResponse, incoming: Incoming) => void {
  const { keys, handle, log } = deps;
  const admits = keys.basic === undefined ? () => false : admitsBasic(keys.basic);
  const signed = keys.secret === undefined ? () => false : isSignedWith(keys.secret);

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    { readBody }: Incoming,
  ): Promise<void> {
    const refuse = (status: number, headers: Record<string, string> = {}): void => {
      log.debug({ status }, 'callback request refused');
      // The rest of the body won't be read, so the connection can't be reused.
      response.writeHead(status, { ...headers, ...(hasBody(request) ? { connection: 'close' } : {}) }).end();
    };
    if (request.method !== 'POST') return refuse(405, { allow: 'POST' });
    const type = /^[^;]*/
      .exec(request.headers['content-type'] ?? '')?.[0]
      .trim()
      .toLowerCase();
    const isJson = type === 'application/json';
    // Don't read a body that can't be from Bandwidth.
    if (isJson && (keys.secret === undefined || !signatureOf(request))) return refuse(401);
    if (!isJson && !admits(request.headers.authorization)) return refuse(401, keys.basic && challenge);
    if (!isJson && type !== 'application/xml' && type !== 'text/xml') return refuse(415);
    const body = await readBody(BODY_LIMITS);
    if (typeof body === 'number') return refuse(body);
    if (isJson && !signed(body, signatureOf(request))) return refuse(401);
    response.writeHead(200).end();
    await take(isJson, body);
  }

  async function take(isJson: boolean, body: Buffer): Promise<void> {
    try {
      const content = body.toString('utf8');
      const notices = isJson ? decodeJsonNotice(content) : await decodeXmlNotice(content);
      if (notices.length === 0) log.debug({}, 'bandwidth notice names no order');
      for (const notice of notices) handle(notice);
    } catch (err) {
      log.warn({ err, bytes: body.length }, 'bandwidth notice unreadable, relying on polling');
    }
  }

  return (request, response, incoming) => {
    serve(request, response, incoming).catch((err: unknown) => {
      log.debug({ err }, 'callback request aborted');
      response.destroy();
    });
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

const signatureOf = ({ headers }: IncomingMessage): string | undefined => {
  const given = headers[SIGNATURE];
  return typeof given === 'string' && /^[A-Za-z\d+/]{43}=$/.test(given) ? given : undefined;
};

function admitsBasic({ username, password }: { username: string; password: string }) {
  const right = Buffer.from(`${username}:${password}`).toString('base64');
  return (authorization: string | undefined): boolean => {
    const given = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
    return given !== undefined && isSame(given, right);
  };
}

function isSignedWith(secret: string) {
  return (body: Buffer, signature: string | undefined): boolean =>
    signature !== undefined && isSame(signature, createHmac('sha256', secret).update(body).digest('base64'));
}

/** Compares in constant time. Hashing both values hides their lengths too. */
function isSame(given: string, right: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}

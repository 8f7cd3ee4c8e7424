import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import { type App, HTTPReceiver, type Logger } from '@slack/bolt';
import type { SlackReceiver } from './receiver.js';

/** What the shared HTTP listener does for this receiver. */
interface Incoming {
  /** Returns the body, or an HTTP status to refuse with when it can't be read. Rejects when the connection breaks. */
  readBody(most: { readonly bytes: number; readonly withinMs: number }): Promise<Buffer | number>;
  /** Logs each message at most once in a while, no matter how often strangers cause it. */
  warn(facts: object, sentence: string): void;
}

/** Registers the handler of Slack's requests with the shared listener. */
export type Serve = (
  path: string,
  handler: (request: IncomingMessage, response: ServerResponse, incoming: Incoming) => void,
) => void;

const PATH = '/slack/events';

/** The largest body from Slack is a disconnect form with 32 full fields, below 1 MB. */
const BODY_LIMITS = { bytes: 2 * 1024 * 1024, withinMs: 5_000 };
/** Slack checks the certificate with a small unsigned form that arrives at once. */
const CHECK_BODY_LIMITS = { bytes: 1024, withinMs: 500 };
/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
const CLOCKS_MAY_DIFFER_SECONDS = 5 * 60;

const FORM = 'application/x-www-form-urlencoded';

/**
 * Receives Slack's requests. Unsigned bodies aren't read, and Bolt gets only requests signed within five minutes of our
 * clock, in shapes that can't crash it.
 */
export function makeHttpReceiver(deps: {
  signingSecret: string;
  logger: Logger;
  serve: Serve;
  now?: () => number;
}): SlackReceiver {
  const { signingSecret, logger, serve, now = Date.now } = deps;
  const receiver = new HTTPReceiver({ signingSecret, endpoints: [PATH], logger });
  let open = false;

  async function take(
    request: IncomingMessage,
    response: ServerResponse,
    { readBody, warn }: Incoming,
  ): Promise<void> {
    const refuse = (status: number): void => {
      response.writeHead(status, request.complete ? {} : { connection: 'close' }).end();
    };
    if (request.method !== 'POST') return refuse(404);
    // Slack then tells the person that the app didn't respond, as if nothing were listening.
    if (!open) return refuse(503);
    const signed = signatureOf(request);
    if (signed === undefined) {
      const check = isShortForm(request) ? await readBody(CHECK_BODY_LIMITS) : 401;
      if (typeof check !== 'number' && parse(check.toString()).ssl_check === '1') {
        response.writeHead(200).end();
        return;
      }
      warn({}, 'unsigned request to the Slack endpoint refused');
      return refuse(401);
    }
    const body = await readBody(BODY_LIMITS);
    if (typeof body === 'number') return refuse(body);
    if (!isSignedWith(signingSecret, signed, body)) {
      warn({}, 'request to the Slack endpoint with a wrong signature refused');
      return refuse(401);
    }
    const secondsOff = Number(signed.timestamp) - Math.floor(now() / 1000);
    if (Math.abs(secondsOff) > CLOCKS_MAY_DIFFER_SECONDS) {
      const clockIs = secondsOff > 0 ? 'behind' : 'ahead';
      warn(
        { secondsOff: Math.abs(secondsOff), clockIs },
        "signed request refused: its timestamp is too far from this server's clock, check the clock",
      );
      return refuse(401);
    }
    if (!isPayload(body, request.headers['content-type'])) {
      warn({ bytes: body.length }, 'signed request refused: not a Slack payload');
      return refuse(400);
    }
    // Bolt uses a body that has already been read.
    receiver.requestListener(Object.assign(request, { rawBody: body }), response);
  }

  serve(PATH, (request, response, incoming) => {
    take(request, response, incoming).catch((err: unknown) => {
      logger.debug('request aborted', err);
      response.destroy();
    });
  });
  return {
    init: (app: App) => receiver.init(app),
    isOpen: () => open,
    async start() {
      open = true;
    },
    async stop(quiet) {
      open = false;
      await quiet();
    },
  };
}

interface Signed {
  readonly timestamp: string;
  readonly signature: string;
}

function signatureOf({ headers }: IncomingMessage): Signed | undefined {
  const timestamp = headers['x-slack-request-timestamp'];
  const signature = headers['x-slack-signature'];
  return typeof timestamp === 'string' &&
    /^[1-9]\d{0,11}$/.test(timestamp) &&
    typeof signature === 'string' &&
    /^v0=[\da-f]{64}$/.test(signature)
    ? { timestamp, signature }
    : undefined;
}

function isShortForm({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return (
    headers['content-type'] === FORM && length !== undefined && Number(length) <= CHECK_BODY_LIMITS.bytes
  );
}

function isSignedWith(secret: string, { timestamp, signature }: Signed, body: Buffer): boolean {
  const right = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return timingSafeEqual(Buffer.from(signature), Buffer.from(`v0=${right}`));
}

/** Whether this has a shape that Slack sends. Any other can crash the process inside Bolt. */
function isPayload(body: Buffer, contentType: string | undefined): boolean {
  const sent = parsed(body.toString(), contentType);
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return false;
  if ('event' in sent) return typeof sent.event === 'object' && sent.event !== null;
  if ('ssl_check' in sent && sent.ssl_check === '1') return true;
  if ('command' in sent) return typeof sent.command === 'string';
  return 'type' in sent && typeof sent.type === 'string';
}

function parsed(text: string, contentType: string | undefined): unknown {
  const form = contentType === FORM ? parse(text) : undefined;
  if (form !== undefined && typeof form.payload !== 'string') return form;
  try {
    return JSON.parse(typeof form?.payload === 'string' ? form.payload : text);
  } catch {
    return undefined;
  }
}

import type { WebClient } from '@slack/web-api';
import type { Log } from '../../orders/ports/log.js';
import { namingThePlace } from '../blocks/answers/sent-elsewhere.js';
import type { Message } from '../blocks/message.js';
import { sendDirectMessage } from './direct-message.js';
import { slackCode, threadClosed } from './slack-errors.js';

/** A person who waits for an answer, and where they are. */
export interface Recipient {
  readonly userId: string;
  /** Where they typed, pressed or opened the form. */
  readonly channelId?: string | undefined;
  /** The thread they pressed in, if any. */
  readonly threadTs?: string | undefined;
  /** Slack accepts five answers there within half an hour. */
  readonly responseUrl?: string | undefined;
  /** The message they pressed in. Ephemeral messages can't be updated and have none. */
  readonly messageTs?: string | undefined;
  /** They pressed on their Home tab, or opened it. */
  readonly onHome?: boolean | undefined;
}

/** Private answers. Neither method ever rejects or posts for others to see: the log is the last resort. */
export interface PrivateAnswers {
  /**
   * Sends by response_url, or else as an ephemeral message, or else as a direct message that names the place. On the
   * Home tab, where neither of the first two exists, says it on top.
   */
  send(recipient: Recipient, message: Message, facts?: Facts): Promise<void>;
  /** Replaces the message that was pressed; if that fails, tells the person. */
  replace(recipient: Recipient, message: Message, facts?: Facts): Promise<void>;
}

/** Fields for the log, e.g. the order's id; nothing from the answer itself. */
type Facts = Readonly<Record<string, unknown>>;

/** The event of a person who opens the app's own place in Slack. */
export const HOME_OPENED = 'app_home_opened';

/** Slack answers within a fraction of a second, and two fallbacks come after this. */
const RESPOND_WITHIN_MS = 5_000;

export function makePrivateAnswers(deps: {
  client: WebClient;
  log: Pick<Log, 'info' | 'error'>;
  /** Says something on top of a person's Home tab; false if that wasn't possible. */
  sayOnHome: (userId: string, sentence: string) => Promise<boolean>;
  fetch: typeof fetch;
  /** Shorter in tests. */
  respondWithinMs?: number;
}): PrivateAnswers {
  const { client, log, sayOnHome, respondWithinMs = RESPOND_WITHIN_MS } = deps;
  const post = makePost(deps.fetch, respondWithinMs);

  /** Returns undefined when delivered, otherwise why not. Retries only where that can help. */
  async function respond(url: string, { simpler, ...answer }: Answer): Promise<Unanswered | undefined> {
    const first = await post(url, answer);
    const retry = first === undefined || first.status === undefined || first.status >= 500;
    const second = first !== undefined && retry ? await post(url, answer) : first;
    if (second?.status !== 400 || answer.blocks === undefined) return second;
    // Slack refused our blocks, which is our bug. The person still needs the answer.
    if (simpler !== undefined) {
      log.error({ ...second }, 'slack refused the blocks of an answer, sending simpler ones');
      return respond(url, { ...answer, blocks: simpler });
    }
    log.error({ ...second }, 'slack refused the blocks of an answer, sending its text alone');
    const { blocks: _, ...words } = answer;
    return post(url, words);
  }

  /** Posts the simpler blocks if Slack refuses the others. */
  async function inBlocks(
    { simpler, ...message }: Message,
    send: (message: Message) => Promise<unknown>,
  ): Promise<void> {
    try {
      await send(message);
    } catch (error) {
      if (simpler === undefined || slackCode(error) !== 'invalid_blocks') throw error;
      log.error({ err: error }, 'slack refused the blocks of an answer, sending simpler ones');
      await send({ ...message, blocks: simpler });
    }
  }

  async function ephemeral({ userId, channelId, threadTs }: Recipient, message: Message): Promise<void> {
    if (channelId === undefined) throw new Error('no channel is known');
    const whole = { channel: channelId, user: userId, ...message };
    if (threadTs === undefined) return void (await client.chat.postEphemeral(whole));
    try {
      await client.chat.postEphemeral({ ...whole, thread_ts: threadTs });
    } catch (error) {
      if (!threadClosed.has(slackCode(error) ?? '')) throw error;
      await client.chat.postEphemeral(whole);
    }
  }

  async function directly(userId: string, message: Message): Promise<void> {
    try {
      await sendDirectMessage(client, userId, message);
    } catch (error) {
      // Slack may have refused our blocks.
      if (message.blocks === undefined || slackCode(error) === undefined) throw error;
      await sendDirectMessage(client, userId, { text: message.text });
    }
  }

  async function send(recipient: Recipient, message: Message, facts: Facts = {}): Promise<void> {
    const { userId, channelId, responseUrl } = recipient;
    const whom = { ...facts, userId, channelId };
    if (recipient.onHome === true) {
      if (await sayOnHome(userId, message.text)) return;
      log.info(whom, 'home tab could not be published, sending a direct message');
    }
    if (responseUrl !== undefined) {
      const failure = await respond(responseUrl, {
        ...message,
        response_type: 'ephemeral',
        replace_original: false,
      });
      if (failure === undefined) return;
      log.info({ ...whom, ...failure }, 'response_url failed, sending an ephemeral message');
    }
    if (channelId !== undefined) {
      const failure = await failureOf(inBlocks(message, (each) => ephemeral(recipient, each)));
      if (failure === undefined) return;
      log.info({ ...whom, ...failure }, 'ephemeral message failed, sending a direct message');
    }
    const direct = channelId === undefined ? message : namingThePlace(message, channelId);
    const failure = await failureOf(inBlocks(direct, (each) => directly(userId, each)));
    if (failure !== undefined) log.error({ ...whom, ...failure }, 'answer could not be delivered');
  }

  return {
    send,

    async replace(recipient, message, facts = {}) {
      const { userId, channelId, responseUrl, messageTs } = recipient;
      const failures: object[] = [];
      if (responseUrl !== undefined) {
        const failure = await respond(responseUrl, { ...message, replace_original: true });
        if (failure === undefined) return;
        failures.push(failure);
      }
      if (channelId !== undefined && messageTs !== undefined) {
        const place = { channel: channelId, ts: messageTs, blocks: [] };
        const failure = await failureOf(
          inBlocks(message, (each) => client.chat.update({ ...place, ...each })),
        );
        if (failure === undefined) return;
        failures.push(failure);
      }
      log.info({ ...facts, userId, channelId, failures }, 'message could not be replaced, sending an answer');
      await send({ ...recipient, responseUrl: undefined }, { text: message.text }, facts);
    },
  };
}

interface Answer extends Message {
  readonly response_type?: 'ephemeral';
  readonly replace_original: boolean;
}

/** `status` is absent when no answer arrived. */
interface Unanswered {
  readonly method: string;
  readonly status?: number;
  readonly code?: string;
  readonly err?: unknown;
}

/**
 * Replaces Bolt's respond(), which has no timeout: a request that is never answered must end and release its
 * connection.
 */
function makePost(send: typeof fetch, withinMs: number) {
  return async (url: string, answer: Answer): Promise<Unanswered | undefined> => {
    const method = 'response_url';
    try {
      const response = await send(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(answer),
        redirect: 'error',
        signal: AbortSignal.timeout(withinMs),
      });
      // Read to the end, so that the connection can be reused.
      const body = await response.text();
      const { status } = response;
      const code = textAt(jsonIn(body), 'error') ?? body.slice(0, 100);
      return response.ok && isOk(body) ? undefined : { method, status, code };
    } catch (err) {
      return { method, err };
    }
  };
}

/** Slack answers `ok` as plain text or as JSON. */
function isOk(body: string): boolean {
  const json = jsonIn(body);
  return !(typeof json === 'object' && json !== null && 'ok' in json && json.ok === false);
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

async function failureOf(call: Promise<unknown>): Promise<{ err: unknown; code?: string } | undefined> {
  try {
    await call;
    return undefined;
  } catch (err) {
    const code = slackCode(err);
    return code === undefined ? { err } : { err, code };
  }
}

/** Returns who sent this payload and where they can be answered; undefined when no person did. */
export function recipientOf(payload: object): Recipient | undefined {
  if ('event' in payload) return recipientOfEvent(payload.event);
  const userId = textAt(payload, 'user_id') ?? textAt(payload, 'user', 'id');
  if (userId === undefined) return undefined;
  const messageTs = textAt(payload, 'message', 'ts');
  const threadTs = textAt(payload, 'container', 'thread_ts') ?? textAt(payload, 'message', 'thread_ts');
  return {
    userId,
    channelId:
      textAt(payload, 'channel_id') ??
      textAt(payload, 'channel', 'id') ??
      textAt(payload, 'container', 'channel_id'),
    // A message with replies has its own ts as thread_ts, but it is in the channel.
    threadTs: threadTs === messageTs ? undefined : threadTs,
    messageTs,
    responseUrl: textAt(payload, 'response_url'),
    ...(textAt(payload, 'view', 'type') === 'home' ? { onHome: true } : {}),
  };
}

function recipientOfEvent(event: unknown): Recipient | undefined {
  const userId = textAt(event, 'user');
  if (userId === undefined) return undefined;
  // The channel of this event is the one with the app, which isn't what the person looks at.
  if (textAt(event, 'type') === HOME_OPENED) return { userId, onHome: true };
  return { userId, channelId: textAt(event, 'channel'), threadTs: textAt(event, 'thread_ts') };
}

function textAt(payload: unknown, ...path: readonly string[]): string | undefined {
  let found: unknown = payload;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return typeof found === 'string' && found !== '' ? found : undefined;
}

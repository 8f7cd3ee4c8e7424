import type { WebClient } from '@slack/web-api';
import { resultsRefused } from '../blocks/failures.js';
import type { Message } from '../blocks/message.js';
import { slackCode, slackRefusal } from './slack-errors.js';

/** Slack refused search results that a person is waiting for. */
export class CannotPost extends Error {
  override readonly name = 'CannotPost';
  readonly advice: string;

  constructor(code: string, cause: unknown) {
    super(`Slack refused the message: ${code}`, { cause });
    this.advice = resultsRefused(slackRefusal(code));
  }
}

/** Posts search results and returns the message's ts, if Slack tells it. Throws {@link CannotPost} when Slack refuses them, and otherwise what the client throws. */
export async function postMessage(
  client: WebClient,
  channelId: string,
  message: Message,
): Promise<string | undefined> {
  try {
    const { ts } = await client.chat.postMessage({ channel: channelId, ...message });
    return ts;
  } catch (error) {
    throw advised(error);
  }
}

function advised(error: unknown): unknown {
  const code = slackCode(error);
  return code === undefined ? error : new CannotPost(code, error);
}

/**
 * Updates search results after a press; posts new ones when the old message is gone. Returns and throws like {@link postMessage}.
 */
export async function redrawMessage(
  client: WebClient,
  place: { readonly channelId: string; readonly ts: string },
  message: Message,
): Promise<string | undefined> {
  try {
    await client.chat.update({ channel: place.channelId, ts: place.ts, ...message });
    return place.ts;
  } catch (error) {
    const code = slackCode(error);
    if (code !== 'message_not_found' && code !== 'cant_update_message') throw advised(error);
    return postMessage(client, place.channelId, message);
  }
}

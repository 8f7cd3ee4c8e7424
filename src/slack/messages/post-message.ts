import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { resultsRefused } from '../blocks/answers/failures.js';
import { slackCode, slackRefusal } from './slack-errors.js';

export interface Message {
  /** Says the same as the blocks, for notifications and screen readers. */
  readonly text: string;
  readonly blocks?: KnownBlock[];
}

/** Slack refused search results that a person is waiting for. */
export class CannotPost extends Error {
  override readonly name = 'CannotPost';
  readonly advice: string;

  constructor(code: string, cause: unknown) {
    super(`Slack refused the message: ${code}`, { cause });
    this.advice = resultsRefused(slackRefusal(code));
  }
}

/** Posts search results. Throws {@link CannotPost} when Slack refuses them, and otherwise what the client throws. */
export async function postMessage(client: WebClient, channelId: string, message: Message): Promise<void> {
  try {
    await client.chat.postMessage({ channel: channelId, ...message });
  } catch (error) {
    throw advised(error);
  }
}

function advised(error: unknown): unknown {
  const code = slackCode(error);
  return code === undefined ? error : new CannotPost(code, error);
}

/**
 * Updates search results after a press; posts new ones when the old message is gone. Throws like {@link postMessage}.
 */
export async function redrawMessage(
  client: WebClient,
  place: { readonly channelId: string; readonly ts: string },
  message: Message,
): Promise<void> {
  try {
    await client.chat.update({ channel: place.channelId, ts: place.ts, ...message });
  } catch (error) {
    const code = slackCode(error);
    if (code !== 'message_not_found' && code !== 'cant_update_message') throw advised(error);
    await postMessage(client, place.channelId, message);
  }
}

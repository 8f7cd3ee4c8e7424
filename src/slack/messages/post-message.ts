import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { slackCode, slackRefusal } from './slack-errors.js';

export interface Message {
  /** Says the same as the blocks, for notifications and for people who hear it. */
  readonly text: string;
  readonly blocks?: KnownBlock[];
}

/** Slack refused search results that somebody is waiting for. */
export class CannotPost extends Error {
  override readonly name = 'CannotPost';
  readonly advice: string;

  constructor(code: string, cause: unknown) {
    super(`Slack refused the message: ${code}`, { cause });
    const { why, fix } = slackRefusal(code);
    this.advice = `I can't show the results. ${why} Nothing was ordered. ${fix}`;
  }
}

/** Posts search results. Throws {@link CannotPost} where Slack refuses them, and what the client throws besides. */
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

/** Redraws search results that somebody pressed in; posts it anew where the old one is gone. Throws like {@link postMessage}. */
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

import type { RespondFn } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';

export interface Message {
  /** Says the same as the blocks, for notifications and for people who hear it. */
  readonly text: string;
  readonly blocks?: KnownBlock[];
}

/** Slack would not let us write where somebody is waiting for an answer. */
export class CannotPost extends Error {
  override readonly name = 'CannotPost';
  readonly advice: string;

  constructor(code: string, advice: string, cause: unknown) {
    super(`Slack refused the message: ${code}`, { cause });
    this.advice = advice;
  }
}

/** Slack's codes for a place a person has to open first: https://docs.slack.dev/reference/methods/chat.postMessage */
const INVITE = 'I am not in this channel yet. Add me with `/invite @Numbers`, then try again.';
const advices: Readonly<Record<string, string>> = {
  not_in_channel: INVITE,
  channel_not_found:
    'I cannot see this conversation. In a private channel, add me with `/invite @Numbers`; I cannot join direct messages between people, so use a channel.',
  is_archived: 'This channel is archived. Please use another one.',
  restricted_action: 'This workspace does not let me post in this channel. Please use another one.',
};

/** Posts for somebody who waits for it. Throws {@link CannotPost} with advice where a person can mend it. */
export async function postMessage(client: WebClient, channelId: string, message: Message): Promise<void> {
  try {
    await client.chat.postMessage({ channel: channelId, ...message });
  } catch (error) {
    throw advised(error);
  }
}

/** The same error with advice, where a person can mend it. */
function advised(error: unknown): unknown {
  const code = error instanceof WebAPIPlatformError ? error.data.error : undefined;
  const advice = code === undefined ? undefined : advices[code];
  return code === undefined || advice === undefined ? error : new CannotPost(code, advice, error);
}

/** Redraws a message of ours that somebody pressed in; posts it anew where the old one is gone. Throws like {@link postMessage}. */
export async function redrawMessage(
  client: WebClient,
  place: { readonly channelId: string; readonly ts: string },
  message: Message,
): Promise<void> {
  try {
    await client.chat.update({ channel: place.channelId, ts: place.ts, ...message });
  } catch (error) {
    const gone =
      error instanceof WebAPIPlatformError &&
      (error.data.error === 'message_not_found' || error.data.error === 'cant_update_message');
    if (!gone) throw advised(error);
    await postMessage(client, place.channelId, message);
  }
}

/** A sentence for the person who pressed, which nobody else sees; the message they pressed in stays as it is. */
export async function tellPrivately(respond: RespondFn, text: string): Promise<void> {
  await respond({ text, response_type: 'ephemeral', replace_original: false });
}

import type { WebClient } from '@slack/web-api';
import type { Message } from '../blocks/message.js';

/**
 * Sends one person a direct message; `chat:write` is enough. Throws what the client throws, e.g. for
 * `messages_tab_disabled`. A deactivated account accepts it without an error.
 */
export async function sendDirectMessage(client: WebClient, userId: string, message: Message): Promise<void> {
  await client.chat.postMessage({ channel: userId, ...message });
}

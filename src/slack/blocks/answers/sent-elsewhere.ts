import { context } from '../elements.js';
import { mentionChannel } from '../format.js';
import type { Message } from '../message.js';

/** Returns an answer that is sent outside the channel it is about, with that channel named first. */
export function namingThePlace(message: Message, channelId: string): Message {
  // A direct message has no name to mention.
  const place = channelId.startsWith('D') ? 'a direct message' : mentionChannel(channelId);
  const about = `About your request in ${place}:`;
  return {
    text: `${about} ${message.text}`,
    ...(message.blocks === undefined ? {} : { blocks: [context(about), ...message.blocks] }),
    ...(message.simpler === undefined ? {} : { simpler: [context(about), ...message.simpler] }),
  };
}

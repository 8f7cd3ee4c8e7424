import type { MessagingChange } from '../../orders/domain/request.js';
import { type NumberList, readNumberList } from './number-list.js';
import { asTyped } from './typed-text.js';

/** What follows `/numbers messaging`: numbers, and perhaps what to do with their messaging. */
export interface MessagingWords extends NumberList {
  readonly change?: MessagingChange;
}

/** Reads `910-241-4365, 910-241-4366 campaign CB7T2QK`, `… on` or `… off`. Never throws, for any text. */
export function readMessagingWords(text: string): MessagingWords {
  const typed = asTyped(text).trim();
  const [, before = typed, word = '', id] =
    /^(.*?)\s*(?:^|\s)(?:turn\s+)?(on|off|campaign)(?:\s*[:#]?\s*([A-Za-z0-9-]+))?$/isu.exec(typed) ?? [];
  const change = changeIn(word.toLowerCase(), id);
  return change === undefined ? readNumberList(typed) : { ...readNumberList(before), change };
}

function changeIn(word: string, id: string | undefined): MessagingChange | undefined {
  if (word === 'campaign') return id === undefined ? undefined : { to: 'campaign', campaign: { id } };
  return (word === 'on' || word === 'off') && id === undefined ? { to: word } : undefined;
}

/** `on`, `off` or `campaign CB7T2QK`. */
export const printMessaging = (change: MessagingChange): string =>
  change.to === 'campaign' ? `campaign ${change.campaign.id}` : change.to;

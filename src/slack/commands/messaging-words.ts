import type { MessagingChange } from '../../orders/domain/request.js';
import { type NumberList, readNumberList } from '../text/number-list.js';
import { asTyped } from '../text/typed-text.js';

/** What follows `/numbers messaging`: numbers, and optionally what to do with their messaging. */
export interface MessagingWords extends NumberList {
  readonly change?: MessagingChange;
}

/** What to do, anywhere among the numbers. The id of a campaign contains a letter; a phone number doesn't. */
const changePhrase =
  /(?<=^|[\s,])(?:(?:turn|switch|set|to)\s+)*(?:(on|off)|campaign(?:\s*[:#]?\s*(?!on\b|off\b)([A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*))?)(?=$|[\s,])(?:\s+for(?=\s))?/giu;

/**
 * Reads `910-241-4365, 910-241-4366 campaign CB7T2QK`, `… on` or `off …`. Words that contradict each other, or a
 * campaign without its id, are left to the form. Never throws, for any text.
 */
export function readMessagingWords(text: string): MessagingWords {
  const typed = asTyped(text).trim();
  const found = [...typed.matchAll(changePhrase)];
  const change = changeIn(found.map(([, word, id]) => ({ word: word?.toLowerCase(), id })));
  const numbers = readNumberList(typed.replaceAll(changePhrase, ' ').trim());
  return change === undefined ? numbers : { ...numbers, change };
}

/** `on` with a campaign means the campaign. */
function changeIn(
  phrases: readonly { readonly word: string | undefined; readonly id: string | undefined }[],
): MessagingChange | undefined {
  const words = new Set(phrases.map(({ word }) => word ?? 'campaign'));
  const ids = new Set(phrases.flatMap(({ id }) => id ?? []));
  const [id, ...otherIds] = ids;
  if (otherIds.length > 0 || (words.has('off') && words.size > 1)) return undefined;
  if (words.has('campaign')) return id === undefined ? undefined : { to: 'campaign', campaign: { id } };
  if (words.has('on')) return { to: 'on' };
  return words.has('off') ? { to: 'off' } : undefined;
}

/** `on`, `off` or `campaign CB7T2QK`. */
export const printMessaging = (change: MessagingChange): string =>
  change.to === 'campaign' ? `campaign ${change.campaign.id}` : change.to;

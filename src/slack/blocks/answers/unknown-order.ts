import type { BlockAction } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import { section } from '../elements.js';
import type { Message } from '../message.js';

const UNKNOWN =
  "I have no record of this order: it isn't in my database, so nothing can be decided here. If it was approved before, Bandwidth may have it. Check there before you submit it again.";

/** An order that was removed because it ended long ago. */
export const NO_LONGER_KEPT =
  'This order ended long ago and is no longer kept, so nothing more can be done with it. Its history is still in the audit journal.';

/** Replaces a copy of a card that is no longer updated. */
export const OLD_COPY = 'This is an old copy of the card. Follow the order in its other message.';

/**
 * The card of an order that isn't on record: unchanged, but without its buttons, which would do nothing, and with the
 * reason.
 */
export function unknownOrderCard(shown: BlockAction['message'], why: 'unknown' | 'no longer kept'): Message {
  const words = why === 'unknown' ? UNKNOWN : NO_LONGER_KEPT;
  const blocks = ((shown?.blocks ?? []) as readonly KnownBlock[]).filter(({ type }) => type !== 'actions');
  return { text: words, blocks: [...blocks, section(words)] };
}

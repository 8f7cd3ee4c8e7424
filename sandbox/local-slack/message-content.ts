import { type Args, invalid, type Refused, refuse, text } from './answer.js';
import type { Block } from './block-kit.js';
import { limits, textLength } from './block-limits.js';
import { checkMessageBlocks } from './check-blocks.js';
import type { Message } from './messages.js';
import { secondTable } from './table-rules.js';

/**
 * Returns the text and blocks of a message to write. An update with only text removes the blocks; one with only blocks
 * keeps the text.
 */
export function messageContent(
  args: Args,
  before: Message | undefined,
): { readonly text: string; readonly blocks: readonly Block[] } | Refused {
  const given = args.blocks;
  const words = text(args.text);
  if (given === undefined || (Array.isArray(given) && given.length === 0)) {
    return words === undefined ? refuse('no_text') : { text: words, blocks: [] };
  }
  if (!Array.isArray(given)) return refuse('invalid_blocks_format');
  const checked = checkMessageBlocks(given);
  if (!checked.ok) return invalid('invalid_blocks', checked.validationErrors);
  const second = secondTable(given);
  if (second !== undefined) {
    return invalid('invalid_attachments', [
      `[ERROR] only_one_table_allowed [json-pointer:/blocks/${second}]`,
    ]);
  }
  if (textLength(given) > limits.textInAllBlocks) return refuse('msg_blocks_too_long');
  return { text: words ?? before?.text ?? '', blocks: checked.value };
}

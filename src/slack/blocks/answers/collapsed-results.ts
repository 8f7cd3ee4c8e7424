import type { KnownBlock } from '@slack/types';
import type { KeptSearch } from '../../../orders/domain/kept-search.js';
import type { Order } from '../../../orders/domain/order.js';
import { requestedQuantity } from '../../../orders/domain/request.js';
import { COMMAND } from '../../commands/command.js';
import { printSearch } from '../../commands/print-search.js';
import { codeSpan } from '../../text/escape.js';
import { context } from '../elements.js';
import { boldTyped, count, mention } from '../format.js';
import { describeSearch } from '../order/describe-search.js';

// What is left of search results that no one needs anymore: one line.

/** Results that an order was requested from. `link` is the address of its card. */
export function orderedResults(
  { search }: KeptSearch,
  { request, requester }: Order,
  link: string | undefined,
): { text: string; blocks: KnownBlock[] } {
  const requested = `${count(requestedQuantity(request), 'number')} requested by ${mention(requester)}`;
  const card = link === undefined ? '' : ` · <${link}|Open card>`;
  return line(`${boldTyped(describeSearch(search), 400)} · ${requested}${card}`);
}

/** Results that no one used for an hour. */
export function unusedResults({ search, askedBy }: KeptSearch): { text: string; blocks: KnownBlock[] } {
  const again = codeSpan(`${COMMAND} search ${printSearch(search)}`);
  return line(
    `${boldTyped(describeSearch(search), 400)} · searched by ${mention(askedBy)} · Search again: ${again}`,
  );
}

const line = (text: string) => ({ text, blocks: [context(text)] });

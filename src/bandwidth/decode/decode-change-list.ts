import { childOf, holdsMore, listOf, readCount, textsIn } from '../schema.js';
import { textOf, type XmlDocument } from '../xml.js';
import { type OrderList, orderRow } from './decode-order-list.js';

const rowNames = ['orderid', 'customerorderid', 'orderdate'] as const;

/**
 * Decodes the list of moves, or of changes of options: `MoveTnsOrders/MoveTnsOrderSummary`, perhaps inside another
 * element. It has no pages.
 *
 * @param list the element around the rows, in lower case.
 * @param row a row of it.
 */
export function decodeChangeList({ root, content }: XmlDocument, list: string, row: string): OrderList {
  const within = root === list ? content : listOf(childOf(content, list))[0];
  const given = listOf(childOf(within, row));
  const rows = given.flatMap((each) => orderRow(textsIn(each, rowNames)) ?? []);
  const strangers =
    within === undefined ? given.length === 0 : holdsMore(within, [row, 'totalcount', 'links']);
  const unread = Math.max(given.length - rows.length, strangers ? 1 : 0);
  const total = readCount(textOf(listOf(childOf(within, 'totalcount'))[0]));
  return {
    rows,
    ...(unread === 0 ? {} : { unread }),
    ...(total === undefined ? {} : { total }),
  };
}

import type { OrderRequest } from '../../../orders/domain/request.js';
import { typed } from '../format.js';
import type { Labeled } from '../order/card-lines.js';
import { defaultName } from '../order/describe-request.js';

/** Empty for a name that only repeats the headline. */
export function nameColumns(request: OrderRequest): Labeled[] {
  return request.name === defaultName(request) ? [] : [{ label: 'Name', value: typed(request.name, 200) }];
}

/** A sub-account or location; only its id when the name isn't known. */
export const place = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === id ? typed(id, 60) : `${typed(name, 150)} (${typed(id, 60)})`;

/** "Default → Purge", or nothing if both are the same. */
export const differing = (label: string, before: string, after: string): string[] =>
  before === after ? [] : [`• *${label}:* ${before} → ${after}`];

/** As {@link place}, shorter. */
export const shortPlace = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === id ? typed(id, 40) : `${typed(name, 100)} (${typed(id, 40)})`;

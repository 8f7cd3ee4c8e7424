import type { Order } from '../../../orders/domain/order.js';
import { nationalDigits } from '../../../orders/domain/phone-number.js';
import type { NumberInService } from '../../../orders/domain/request.js';
import { csvFile } from '../csv.js';
import { count } from '../vocabulary.js';

const columns: readonly (readonly [head: string, cell: (record: NumberInService) => string | undefined])[] = [
  ['number', ({ number }) => nationalDigits(number)],
  ['city', ({ city }) => city],
  ['state', ({ state }) => state],
  ['sub-account', ({ site }) => site?.name],
  ['sub-account id', ({ site }) => site?.id],
  ['location', ({ location }) => location?.name],
  ['location id', ({ location }) => location?.id],
  ['in service since', ({ since }) => since],
  ['ordered as', ({ byOrder }) => byOrder],
  ['E911', ({ hanging }) => yesOrNo(hanging?.e911)],
  ['messaging', ({ hanging }) => yesOrNo(hanging?.messaging)],
];

const yesOrNo = (given: boolean | undefined): string =>
  given === undefined ? 'not looked up' : given ? 'yes' : 'no';

/** Returns every number of a disconnect as a file for its thread. Throws for orders without such a list. */
export function numbersFile({ id, request }: Order): { filename: string; title: string; content: string } {
  if (request.kind !== 'disconnect') throw new Error(`order ${id} is no disconnect`);
  const rows = request.inService.map((record) => columns.map(([, cell]) => cell(record) ?? ''));
  return {
    filename: `disconnect-${id}.csv`,
    title: `${count(request.inService.length, 'number')} to be disconnected`,
    content: csvFile([columns.map(([head]) => head), ...rows]),
  };
}

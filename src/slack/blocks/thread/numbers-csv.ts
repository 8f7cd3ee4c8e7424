import { deliveredQuantity } from '../../../orders/domain/carrier-report.js';
import { linesOf } from '../../../orders/domain/lines.js';
import { listedNumbers } from '../../../orders/domain/number-outcome.js';
import type { Order } from '../../../orders/domain/order.js';
import { nationalDigits } from '../../../orders/domain/phone-number.js';
import {
  isInService,
  linesWanted,
  type NumberInService,
  requestedQuantity,
} from '../../../orders/domain/request.js';
import { serviceCheckOf } from '../../../orders/domain/service-check.js';
import { SERVICE_UNKNOWN, serviceNames, statesByNumber } from '../../../orders/domain/service-states.js';
import { csvFile } from '../csv.js';
import { count } from '../format.js';
import { kindWords } from '../kind-words.js';
import { lineInWords } from '../order/line-list.js';
import { stateInWords } from '../order/service-words.js';

/** A file for the thread of an order. */
export interface ThreadFile {
  readonly filename: string;
  readonly title: string;
  readonly content: string;
}

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

/**
 * Returns every number in service of a request as a file for its thread. Its name tells the edition, so that no list is
 * taken for a later one. Throws for orders without such a list.
 */
export function numbersFile({ id, request, edition }: Order): ThreadFile {
  if (!isInService(request)) throw new Error(`order ${id} is about no numbers in service`);
  const rows = request.inService.map((record) => columns.map(([, cell]) => cell(record) ?? ''));
  return {
    filename: `${request.kind}-${id}${edition === 1 ? '' : `-${edition}`}.csv`,
    title: `${count(request.inService.length, 'number')} to be ${kindWords[request.kind].verbed}`,
    content: csvFile([columns.map(([head]) => head), ...rows]),
  };
}

const lineHeads = [
  'line',
  'asked for',
  'quantity',
  'delivered',
  'status',
  'numbers',
  'carrier order',
  'why',
  'sub-account',
  'sub-account id',
  'location',
  'location id',
  'order',
] as const;

/** Returns what became of each line of a purchase, as a file for its thread. */
function linesFile(order: Order): ThreadFile {
  const lines = linesOf(order);
  const rows = lines.map((line, index) => {
    const { request } = line;
    const { site, location } = request.kind === 'purchase' ? request : {};
    const numbers = listedNumbers(line);
    return [
      String(index + 1),
      request.kind === 'purchase' ? linesWanted(request.wanted).map(lineInWords).join(', ') : '',
      String(requestedQuantity(request)),
      String(deliveredOf(line)),
      line.status,
      numbers.map(nationalDigits).join(' '),
      'carrierOrderId' in line ? line.carrierOrderId : '',
      whyNot(line),
      site?.name ?? '',
      site?.id ?? '',
      location?.name ?? '',
      location?.id ?? '',
      order.id,
    ];
  });
  return {
    filename: `order-${order.id}.csv`,
    title: count(lines.length, 'line'),
    content: csvFile([lineHeads, ...rows]),
  };
}

const deliveredOf = (line: Order): number | string =>
  'outcome' in line ? (deliveredQuantity(line.status, line.outcome) ?? 'not known') : 0;

/** Bandwidth's reasons for what wasn't delivered. */
function whyNot(line: Order): string {
  const faults = 'outcome' in line ? line.outcome.faults : line.status === 'refused' ? line.faults : [];
  const said = faults.map(({ code, description }) => `${code}: ${description}`);
  return [...(line.status === 'refused' ? [line.advice] : []), ...new Set(said)].join('; ');
}

/** Returns every delivered number of a purchase as a file for its thread. Throws for orders without one. */
export function deliveredFile(order: Order): ThreadFile {
  const { id, request } = order;
  if (order.lines !== undefined) return linesFile(order);
  if (request.kind !== 'purchase' || !('outcome' in order)) throw new Error(`order ${id} delivered nothing`);
  const { site, location } = request;
  const heads = [
    'number',
    'sub-account',
    'sub-account id',
    'location',
    'location id',
    'order',
    'carrier order',
    ...serviceNames,
  ];
  const states = statesByNumber(serviceCheckOf(order));
  const place = [site.name, site.id, location?.name ?? '', location?.id ?? ''];
  const rows = order.outcome.completed.map((number) => [
    nationalDigits(number),
    ...place,
    id,
    order.carrierOrderId,
    ...serviceNames.map((service) => stateInWords(states.get(number)?.[service] ?? SERVICE_UNKNOWN)),
  ]);
  return {
    filename: `order-${id}.csv`,
    title: count(rows.length, 'delivered number'),
    content: csvFile([heads, ...rows]),
  };
}

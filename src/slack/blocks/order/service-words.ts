import type { Order } from '../../../orders/domain/order.js';
import { nextServiceCheckAt, serviceCheckOf } from '../../../orders/domain/service-check.js';
import {
  allWork,
  numbersWith,
  type ServiceCheck,
  type ServiceName,
  type ServiceState,
  serviceNames,
} from '../../../orders/domain/service-states.js';
import { count, figure, typed } from '../format.js';
import { reasonWords } from '../reason-words.js';

// What works on bought numbers, as far as Bandwidth says. Used by the card, its thread, its files and `who`.

type State = ServiceState['state'];

const titles: Readonly<Record<ServiceName, string>> = {
  voice: 'voice',
  messaging: 'messaging',
  emergency: 'emergency calling',
};

const stateWords: Readonly<Record<State, string>> = {
  works: 'works',
  on: 'is on',
  ready: 'is ready to activate',
  off: 'is off',
  'not-known': "isn't known",
};

/** The best state first. */
const stateOrder = Object.keys(stateWords) as readonly State[];

/** One service of one number, such as "ready to activate" or "off (NOT_READY: NO_VCP)". */
export function stateInWords(state: ServiceState): string {
  const words = state.state === 'not-known' ? 'not known' : stateWords[state.state].replace(/^is /, '');
  return `${words}${because(state)}`;
}

function because({ status, reasons = [] }: ServiceState): string {
  const said = [
    ...(status === undefined ? [] : [status]),
    ...(reasons.length === 0 ? [] : [reasons.join(', ')]),
  ];
  return said.length === 0 ? '' : ` (${said.map((each) => typed(each, 150)).join(': ')})`;
}

/** Whether these numbers can be called active: each is known to take calls. Otherwise they are only bought. */
export const areActive = (order: Order): boolean =>
  'outcome' in order && allWork(serviceCheckOf(order), order.outcome.completed);

/**
 * One line about the services of an order's numbers, one about what isn't known, and one about what to do. Empty before
 * Bandwidth was asked.
 */
export function orderServiceLines(order: Order): string[] {
  const check = serviceCheckOf(order);
  if (check === undefined) return [];
  const isAskedAgain = nextServiceCheckAt(order) !== undefined;
  const hope = isAskedAgain ? " I'll ask again in a few minutes." : '';
  const notKnown = check.notKnown === undefined ? '' : ` ${typed(reasonWords(check.notKnown), 400)}`;
  if (isNothingKnown(check)) {
    const total = totalOf(check);
    return [
      `I couldn't find out whether ${total === 1 ? 'this number works' : 'these numbers work'}.${notKnown}${hope}`,
    ];
  }
  return [sentenceOf(check), ...(notKnown === '' && hope === '' ? [] : [`${notKnown}${hope}`.trim()])];
}

const totalOf = ({ groups }: ServiceCheck): number =>
  groups.reduce((sum, { numbers }) => sum + numbers.length, 0);

const isNothingKnown = (check: ServiceCheck): boolean =>
  check.groups.every((group) => serviceNames.every((service) => group[service].state === 'not-known'));

/** "Voice works on 3 numbers and is ready to activate on 2 · messaging is on · no emergency address on these numbers". */
function sentenceOf(check: ServiceCheck): string {
  const parts = [
    serviceWords(check, 'voice'),
    serviceWords(check, 'messaging'),
    addressWords(check) ?? serviceWords(check, 'emergency'),
  ];
  const line = parts.join(' · ');
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}`;
}

/** Said only where Bandwidth says that there is none. */
function addressWords(check: ServiceCheck): string | undefined {
  const without = check.groups
    .filter(({ noAddress }) => noAddress === true)
    .reduce((sum, { numbers }) => sum + numbers.length, 0);
  if (without === 0) return undefined;
  const total = totalOf(check);
  if (without < total) return `no emergency address on ${figure(without)} of these numbers`;
  return `no emergency address on ${total === 1 ? 'this number' : 'these numbers'}`;
}

function serviceWords(check: ServiceCheck, service: ServiceName): string {
  const states = stateOrder.flatMap((state) => {
    const { length } = numbersWith(check, service, state);
    return length === 0 ? [] : [{ state, length }];
  });
  const [only] = states;
  const title = titles[service];
  if (only !== undefined && states.length === 1) {
    return `${title} ${stateWords[only.state]}${reasonOf(check, service, only.state)}`;
  }
  const each = states.map(
    ({ state, length }, index) =>
      `${stateWords[state]}${reasonOf(check, service, state)} on ${index === 0 ? count(length, 'number') : figure(length)}`,
  );
  return `${title} ${each.slice(0, -1).join(', ')} and ${each.at(-1)}`;
}

/** The first reason; several are rare, and `who` has each number's own. */
function reasonOf(check: ServiceCheck, service: ServiceName, state: State): string {
  const group = check.groups.find((each) => each[service].state === state);
  return group === undefined ? '' : because(group[service]);
}

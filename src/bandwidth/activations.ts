import type { CarrierReport } from '../orders/domain/carrier-report.js';
import type { PhoneNumber } from '../orders/domain/phone-number.js';
import type { Activatable, ActivationRequest, OrderId } from '../orders/domain/request.js';
import type { ServiceStates } from '../orders/domain/service-states.js';
import { CarrierError, type Placement } from '../orders/ports/carrier.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Calls } from './calls.js';
import type { AskChecker } from './check-services.js';
import { adviceFor, retryAtFrom, statusError, troubleOf, unreadable } from './errors.js';
import { type HttpAnswer, NoAnswer } from './http.js';
import { fieldOf, parsedJson, stringIn } from './json.js';
import { unansweredPlacement, unknownPlacement } from './placement.js';

const ACTIVATION = 'this activation';

/** Everything that can be activated except international calls, which is what fraudsters run up charges with. */
const services: Readonly<Record<Activatable, readonly string[]>> = {
  voice: ['INBOUND', 'OUTBOUND_NATIONAL'],
  messaging: ['ALL'],
};

/**
 * Stands in for the id of an activation whose answer was lost, once everything it asked for is in service: Bandwidth
 * has no list of activations to find the id in.
 */
const IN_SERVICE = 'in-service:';

/** Orders that activate services: JSON, in version 2 of the API only. */
export interface Activations {
  place(orderId: OrderId, request: ActivationRequest, deadline: AbortSignal): Promise<Placement>;
  /** Throws CarrierError. */
  report(carrierOrderId: string): Promise<CarrierReport>;
  /** Returns an id if everything the activation asked for is in service, however that came about. Throws CarrierError. */
  find(orderId: OrderId, request: ActivationRequest): Promise<readonly string[]>;
}

export function makeActivations(deps: {
  readonly account: string;
  readonly isSupported: boolean;
  readonly calls: Pick<Calls, 'send' | 'faultsIn' | 'background'>;
  readonly askChecker: AskChecker;
  readonly clock: Pick<Clock, 'now'>;
}): Activations {
  const { account, isSupported, calls, askChecker, clock } = deps;

  return {
    async place(orderId, request, deadline) {
      if (!isSupported) return { outcome: 'refused', advice: NOT_SUPPORTED, faults: [] };
      try {
        const answer = await calls.send('POST', `${account}/serviceActivation`, {
          json: true,
          body: JSON.stringify({
            action: 'ACTIVATE',
            phoneNumbers: request.numbers,
            services: Object.fromEntries(request.services.map((service) => [service, services[service]])),
            customerOrderId: orderId,
          }),
          deadline,
        });
        return await judged(answer);
      } catch (error) {
        if (error instanceof NoAnswer || error instanceof CarrierError)
          return unansweredPlacement(ACTIVATION, error);
        throw error;
      }
    },

    async report(carrierOrderId) {
      if (carrierOrderId.startsWith(IN_SERVICE)) return reportOf('COMPLETE');
      const answer = await calls.background.ask(
        `${account}/serviceActivation/${encodeURIComponent(carrierOrderId)}`,
        ACTIVATION,
        { method: 'GET', json: true },
      );
      if (answer.status !== 200) {
        throw statusError(answer, ACTIVATION, await calls.faultsIn(answer), clock.now());
      }
      const status = stringIn(fieldOf(fieldOf(parsedJson(answer.body), 'data'), 'orderStatus'));
      if (status === undefined) throw unreadable(ACTIVATION, 'a report without a status');
      return reportOf(status);
    },

    async find(orderId, { numbers, services: wanted }) {
      const states = await askChecker(numbers);
      if (states === undefined) {
        throw new CarrierError('forbidden', 'the activation checker does not answer', {
          advice: adviceFor('forbidden', 'the check of these numbers'),
        });
      }
      return numbers.every((number) => isActive(states, number, wanted)) ? [IN_SERVICE + orderId] : [];
    },
  };

  async function judged(answer: HttpAnswer): Promise<Placement> {
    const { status, headers, advice } = answer;
    const id = stringIn(fieldOf(fieldOf(parsedJson(answer.body), 'data'), 'orderId'));
    const isSuccess = status >= 200 && status < 300;
    if (isSuccess && id !== undefined && id !== '') return { outcome: 'taken', carrierOrderId: id };
    if (isSuccess || id !== undefined || !isRefusal(status)) {
      const unknown = unknownPlacement(ACTIVATION);
      return unknown.outcome === 'unknown' ? { ...unknown, heard: status } : unknown;
    }
    if (status === 429) {
      const retryAt = retryAtFrom(headers, clock.now());
      return {
        outcome: 'not-taken',
        advice: adviceFor('throttled', ACTIVATION),
        ...(retryAt === undefined ? {} : { retryAt }),
      };
    }
    const words = status === 403 || status === 404 ? MISSING_ROLE : undefined;
    return {
      outcome: 'refused',
      advice: advice ?? words ?? adviceFor(troubleOf(status), ACTIVATION, status),
      faults: await calls.faultsIn(answer),
    };
  }
}

const NOT_SUPPORTED =
  "This address of Bandwidth's API can't activate services. An admin should set BW_API_URL to version 2, which ends in /v2.";
const MISSING_ROLE =
  "Bandwidth doesn't allow this activation. My credentials may lack the role for service activation, or the account doesn't have it.";

/** Statuses about timing or state rather than the request. A server or a proxy may send them. */
const undecided: readonly number[] = [408, 409, 425, 499];
const isRefusal = (status: number): boolean => status >= 400 && status < 500 && !undecided.includes(status);

const isActive = (
  states: ReadonlyMap<PhoneNumber, ServiceStates>,
  number: PhoneNumber,
  wanted: readonly Activatable[],
): boolean => wanted.every((service) => states.get(number)?.[service].state === 'works');

const statuses: Readonly<Record<string, CarrierReport['status']>> = {
  RECEIVED: 'received',
  PROCESSING: 'processing',
  COMPLETE: 'complete',
  COMPLETED: 'complete',
  PARTIAL: 'partial',
  FAILED: 'failed',
};

/** Bandwidth doesn't say for which numbers it worked; the check afterwards does. */
function reportOf(status: string): CarrierReport {
  const known = statuses[status.trim().toUpperCase()];
  const report = { completed: [], failed: [], faults: [] };
  return known === undefined
    ? { ...report, status: 'processing', unknownStatus: status }
    : { ...report, status: known };
}

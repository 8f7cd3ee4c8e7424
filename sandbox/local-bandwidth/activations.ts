import { randomUUID } from 'node:crypto';
import { isOurs } from './disconnects.js';
import type { Numbers, TelephoneNumber } from './numbers.js';
import type { Timers } from './timers.js';

/* The activation of services: JSON, in version 2 only. Bandwidth documents two statuses; the third is made up. */

type ServiceStatus = 'IN_SERVICE' | 'READY_TO_ACTIVATE' | 'NOT_READY';

/** What a number that was just bought can do, before anybody activates anything on it. */
export interface ServicesAtFirst {
  readonly voice: ServiceStatus;
  readonly messaging: ServiceStatus;
}

type Service = keyof ServicesAtFirst;

export interface Activation {
  readonly id: string;
  readonly customerOrderId: string | undefined;
  readonly services: readonly Service[];
  readonly requested: readonly string[];
  readonly status: 'RECEIVED' | 'PROCESSING' | 'COMPLETE' | 'PARTIAL' | 'FAILED';
  /** The numbers that were activated. */
  readonly numbers: readonly string[];
}

/** How the next activation ends. PARTIAL activates the first half, FAILED nothing. */
export interface ActivationPlan {
  readonly ends?: 'PARTIAL' | 'FAILED';
  readonly delayMs?: number | 'manual';
}

/** The body of an answer, and its status. */
interface JsonAnswer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
}

export interface Activations {
  /** POST serviceActivationChecker. */
  check(body: string): JsonAnswer;
  /** POST serviceActivation. */
  place(body: string): JsonAnswer;
  /** GET serviceActivation/{id}. */
  show(id: string): JsonAnswer;
  plan(plan: ActivationPlan): void;
  finish(id: string): void;
  /** Newest last. */
  all(): readonly Activation[];
}

export function makeActivations(deps: {
  readonly accountId: string;
  readonly numbers: Numbers;
  readonly timers: Timers;
  readonly changed: (id: string) => void;
  readonly usually: () => { readonly delayMs: number | 'manual'; readonly services: ServicesAtFirst };
}): Activations {
  const { accountId, numbers, timers, changed, usually } = deps;
  const activations = new Map<string, Activation>();
  const planned = new Map<string, ActivationPlan>();
  const plans: ActivationPlan[] = [];
  /** The services that were activated, each as `voice 9102414365`. */
  const active = new Set<string>();

  const statusOf = (service: Service, number: TelephoneNumber): ServiceStatus =>
    active.has(`${service} ${number.fullNumber}`) ||
    (service === 'messaging' && number.attached?.messaging === true)
      ? 'IN_SERVICE'
      : usually().services[service];

  const change = (activation: Activation, changes: Partial<Activation>) => {
    activations.set(activation.id, { ...activation, ...changes });
    changed(activation.id);
  };

  const decide = (id: string) => {
    const activation = activations.get(id);
    if (activation === undefined || !['RECEIVED', 'PROCESSING'].includes(activation.status)) return;
    const { requested, services } = activation;
    const { ends } = planned.get(id) ?? {};
    const able = requested.filter((each) => isOurs(each, numbers, accountId));
    const done =
      ends === 'FAILED' ? [] : ends === 'PARTIAL' ? able.slice(0, Math.floor(requested.length / 2)) : able;
    for (const each of done) for (const service of services) active.add(`${service} ${each}`);
    const status = done.length === requested.length ? 'COMPLETE' : done.length === 0 ? 'FAILED' : 'PARTIAL';
    change(activation, { status, numbers: done });
  };

  return {
    check(body) {
      const asked = numbersIn(body);
      if (asked === undefined) return refused('phoneNumbers must be a list of E.164 numbers');
      const rows = asked.flatMap((fullNumber) => {
        const number = numbers.get(fullNumber);
        if (number === undefined || !isOurs(fullNumber, numbers, accountId)) return [];
        return [
          {
            phoneNumber: `+1${fullNumber}`,
            serviceTypes: {
              voice: shown(statusOf('voice', number), 'VCP_MISSING'),
              messaging: shown(statusOf('messaging', number), 'CAMPAIGN_MISSING'),
              emergency: shown(
                number.attached?.e911 === true ? 'IN_SERVICE' : 'NOT_READY',
                'ENDPOINT_MISSING',
              ),
            },
          },
        ];
      });
      return json(200, { data: { phoneNumbers: rows } });
    },
    place(body) {
      const asked = numbersIn(body);
      const { action, services, customerOrderId } = (parsed(body) ?? {}) as {
        action?: unknown;
        services?: Record<string, unknown>;
        customerOrderId?: unknown;
      };
      const named = (['voice', 'messaging'] as const).filter((each) => Array.isArray(services?.[each]));
      if (asked === undefined || action !== 'ACTIVATE' || named.length === 0) {
        return refused('action, phoneNumbers and at least one service are required');
      }
      const id = randomUUID();
      activations.set(id, {
        id,
        customerOrderId: typeof customerOrderId === 'string' ? customerOrderId : undefined,
        services: named,
        requested: asked,
        status: 'RECEIVED',
        numbers: [],
      });
      const plan = plans.shift() ?? {};
      planned.set(id, plan);
      timers.after(plan.delayMs ?? usually().delayMs, () => decide(id));
      changed(id);
      return json(201, { data: { orderId: id } });
    },
    show(id) {
      const activation = activations.get(id);
      return activation === undefined
        ? json(404, { errors: [{ code: '404', description: 'There is no such order.' }] })
        : json(200, { data: { orderId: id, orderStatus: activation.status } });
    },
    plan: (plan) => plans.push(plan),
    finish: decide,
    all: () => [...activations.values()],
  };
}

const shown = (status: ServiceStatus, code: string): object =>
  status === 'NOT_READY' ? { status, reasons: [{ code }] } : { status };

const json = (status: number, body: object): JsonAnswer => ({
  status,
  body: JSON.stringify(body),
  contentType: 'application/json',
});

const refused = (description: string): JsonAnswer => json(400, { errors: [{ code: '1003', description }] });

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** Ten digits each; undefined unless all are in E.164. */
function numbersIn(body: string): readonly string[] | undefined {
  const { phoneNumbers } = (parsed(body) ?? {}) as { phoneNumbers?: unknown };
  if (!Array.isArray(phoneNumbers) || phoneNumbers.length === 0) return undefined;
  const digits = (phoneNumbers as readonly unknown[]).flatMap(
    (each) => /^\+1([2-9]\d{9})$/.exec(typeof each === 'string' ? each : '')?.[1] ?? [],
  );
  return digits.length === phoneNumbers.length ? digits : undefined;
}

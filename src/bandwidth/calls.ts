import type { CarrierFault } from '../orders/domain/carrier-report.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import { type CarrierClock, makeCarrierClock } from './carrier-clock.js';
import type { Credentials } from './credentials.js';
import { complaintsOf, decodeFaults } from './decode/decode-faults.js';
import { type RequestName, refusal, retryAtFrom, statusError, unreachable, unreadable } from './errors.js';
import {
  type Http,
  type HttpAnswer,
  type HttpRequest,
  type MakeHttpsAgent,
  makeHttp,
  NoAnswer,
  type Timeouts,
} from './http.js';
import type { LookupLimit, Priority } from './lookup-limit.js';
import { type CallMeasurements, measuringCall } from './measure-call.js';
import { operationName } from './operation-name.js';
import { MalformedXml, parseXml, type XmlDocument } from './xml.js';

/**
 * Calls to Bandwidth with our credentials, and the interpretation of their answers. Paths are relative to the API's
 * address.
 */
export interface Calls {
  /** Returns an answer of any status. Throws NoAnswer, or CarrierError when there are no usable credentials. */
  send(method: HttpRequest['method'], path: string, more?: More): Promise<HttpAnswer>;
  /** Like `send`, for requests that are safe to repeat: no answer is a CarrierError too. Without `sent` it is a GET. */
  ask(path: string, asked: RequestName, sent?: Sent): Promise<HttpAnswer>;
  /** Returns the document with that root from a successful answer. Throws any other answer as a CarrierError. */
  expect(answer: HttpAnswer, asked: RequestName, root: string): Promise<XmlDocument>;
  /** Gets a document; undefined for "no content". Throws CarrierError. */
  get(path: string, asked: RequestName, root: string): Promise<XmlDocument | undefined>;
  /** Returns the errors an answer reports. */
  faultsIn(answer: HttpAnswer): Promise<readonly CarrierFault[]>;
  /** The same calls at background priority, for lookups no person is waiting for. */
  readonly background: PlainCalls;
  /**
   * The same calls for reading the account's numbers: each is a background lookup whatever its path, and a 429 doesn't
   * stop other lookups, which Bandwidth counts separately. The caller waits.
   */
  readonly inventory: PlainCalls;
  /** Returns the time on Bandwidth's clock; see {@link CarrierClock.now}. */
  now: CarrierClock['now'];
  close(): void;
}

type PlainCalls = Omit<Calls, 'background' | 'inventory'>;

/** `json`: the request and its answer are JSON, as in the newer parts of the API. Otherwise they are XML. */
type More = Pick<HttpRequest, 'body' | 'deadline'> & { readonly json?: true };

type Sent = More & { readonly method: HttpRequest['method'] };

export function makeCalls(deps: {
  /** The API address before `/accounts`. */
  apiUrl: string;
  credentials: Credentials;
  clock: Pick<Clock, 'now'>;
  /** See {@link makeCarrierClock}. */
  stopwatch?: (() => number) | undefined;
  log: Log;
  timeouts?: Partial<Timeouts> | undefined;
  httpsAgent?: MakeHttpsAgent | undefined;
  /** The rate limit every lookup passes through. Without one, lookups never wait. */
  lookupLimit?: LookupLimit | undefined;
  measure?: CallMeasurements | undefined;
}): Calls {
  const http = makeHttp(deps.timeouts, deps.httpsAgent);
  const carrierClock = makeCarrierClock(deps.clock, deps.stopwatch);
  const close = () => {
    deps.lookupLimit?.close();
    http.close();
  };
  return {
    ...callsWith(deps, http, carrierClock, 'interactive', close),
    background: callsWith(deps, http, carrierClock, 'background', close),
    inventory: callsWith(deps, http, carrierClock, 'inventory', close),
  };
}

/**
 * The calls that share one rate limit, which Bandwidth names "HISTORY". Moves and options aren't in any published list,
 * so they are counted too.
 */
const lookUps = /\/(?:orders|disconnects|moveTns|tnoptions|tns)(?:[/?]|$)/;

/** Bandwidth publishes no separate rate limit for the activation checker. */
const checker = /\/serviceActivation(?:Checker$|\/)/;

function isLookUp(method: HttpRequest['method'], path: string): boolean {
  return checker.test(path) || (lookUps.test(path) && (method === 'GET' || path.startsWith('/tns')));
}

/** How long lookups pause after a 429 that names no time. */
const ENOUGH_FOR_MS = 10_000;

function callsWith(
  deps: Parameters<typeof makeCalls>[0],
  http: Http,
  carrierClock: CarrierClock,
  use: Priority | 'inventory',
  close: () => void,
): PlainCalls {
  const { credentials, clock, log, lookupLimit, measure } = deps;
  const priority = use === 'inventory' ? 'background' : use;
  const api = deps.apiUrl.replace(/\/+$/, '');

  /** Sends with our credentials. A 401 means nothing was done, so any call may be sent once more with a new token. */
  const send = async (
    method: HttpRequest['method'],
    path: string,
    { body, deadline, json }: More = {},
  ): Promise<HttpAnswer> => {
    const type = json === true ? 'application/json' : 'application/xml';
    const limit = use === 'inventory' || isLookUp(method, path) ? lookupLimit : undefined;
    const attempt = async (authorization: string) => {
      await limit?.acquire(priority);
      const startedAt = clock.now();
      const answer = await measuringCall(measure, operationName(method, path), () =>
        http.send({
          method,
          url: api + path,
          headers: {
            Authorization: authorization,
            Accept: type,
            ...(body === undefined ? {} : { 'Content-Type': `${type}; charset=utf-8` }),
          },
          ...(body === undefined ? {} : { body }),
          ...(deadline === undefined ? {} : { deadline }),
        }),
      );
      carrierClock.learn(answer.headers.date);
      log.debug(
        { method, path, status: answer.status, milliseconds: clock.now() - startedAt },
        'bandwidth answered',
      );
      if (answer.garbled) {
        log.warn({ method, path }, 'bandwidth answer has bytes outside its declared charset');
      }
      if (answer.status === 429 && use !== 'inventory') {
        const now = clock.now();
        limit?.blockUntil(retryAtFrom(answer.headers, now) ?? now + ENOUGH_FOR_MS);
      }
      return answer;
    };
    const authorization = await credentials.authorization();
    const answer = await attempt(authorization);
    if (answer.status !== 401) return answer;
    if (await credentials.renew(authorization)) return attempt(await credentials.authorization());
    const advice = credentials.whyRefused();
    return advice === undefined ? answer : { ...answer, advice };
  };

  const faultsIn = async (answer: HttpAnswer): Promise<readonly CarrierFault[]> =>
    (await complaintsOf(answer, log)).faults;

  const ask = async (path: string, asked: RequestName, sent?: Sent): Promise<HttpAnswer> => {
    try {
      return await (sent === undefined ? send('GET', path) : send(sent.method, path, sent));
    } catch (error) {
      throw error instanceof NoAnswer ? unreachable(asked, error) : error;
    }
  };

  const expect = async (answer: HttpAnswer, asked: RequestName, root: string): Promise<XmlDocument> => {
    if (answer.status !== 200) throw statusError(answer, asked, await faultsIn(answer), clock.now());
    const document = await documentIn(answer);
    if (document instanceof MalformedXml) throw unreadable(asked, document.message, await faultsIn(answer));
    if (document.root === root) return document;
    const faults = decodeFaults(document, log);
    throw faults.length > 0 ? refusal(asked, faults) : unreadable(asked, `a document <${document.root}>`);
  };

  return {
    send,
    ask,
    expect,
    async get(path, asked, root) {
      const answer = await ask(path, asked);
      return answer.status === 204 ? undefined : expect(answer, asked, root);
    },
    faultsIn,
    now: carrierClock.now,
    close,
  };
}

/** Returns the document of an answer, or the reason it has none. */
export async function documentIn(answer: HttpAnswer): Promise<XmlDocument | MalformedXml> {
  if (answer.unreadable !== undefined) return new MalformedXml(answer.unreadable, { isBroken: true });
  try {
    return await parseXml(answer.body);
  } catch (error) {
    if (error instanceof MalformedXml) return error;
    throw error;
  }
}

/**
 * Whether a 404 means the thing doesn't exist. Bandwidth's own 404 is empty or a document. A web page comes from a
 * proxy or a wrong address and proves nothing.
 */
export function saysThereIsNone({ status, body, unreadable: why }: HttpAnswer): boolean {
  return status === 404 && why === undefined && !/^\s*<!doctype\s+html|<html\b/i.test(body.slice(0, 1_000));
}

import type { Location, Site } from '../orders/domain/request.js';
import type { CarrierError, PartlyRead } from '../orders/ports/carrier.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import { makeCalls, saysThereIsNone } from './calls.js';
import { makeBandwidth } from './client.js';
import type { Credentials } from './credentials.js';
import { encodeQuery } from './encode.js';
import { type RequestName, statusError } from './errors.js';
import type { MakeHttpsAgent } from './http.js';

/** What the app needs a role for. A call that changes nothing shows whether it has that role. */
export const probedRoles = ['search', 'orders', 'numbers', 'in-service', 'activation'] as const;
export type ProbedRole = (typeof probedRoles)[number];

/** What Bandwidth says about this app's account. Every method throws {@link CarrierError}. */
export interface AccountFacts {
  sites(): Promise<PartlyRead<Site>>;
  locations(siteId: string): Promise<PartlyRead<Location>>;
  /** Resolves if the credentials may do this; a {@link CarrierError} with the trouble `forbidden` means that they may not. */
  probe(role: ProbedRole): Promise<void>;
  /** How far our clock is ahead of Bandwidth's in milliseconds; undefined until an answer has told its time. */
  aheadMs(): number | undefined;
  close(): void;
}

export function makeAccountFacts(deps: {
  accountId: string;
  apiUrl: string;
  credentials: Credentials;
  clock: Pick<Clock, 'now'>;
  log: Log;
  httpsAgent?: MakeHttpsAgent | undefined;
}): AccountFacts {
  const { accountId, clock } = deps;
  const timeouts = { silence: 5_000, whole: 10_000 };
  const bandwidth = makeBandwidth({ ...deps, timeouts });
  const calls = makeCalls({ ...deps, timeouts });
  const account = `/accounts/${encodeURIComponent(accountId)}`;
  const first = [
    ['page', '1'],
    ['size', 1],
  ] as const;
  /** A number that belongs to nobody. The checker only reads. */
  const nobodys = JSON.stringify({ phoneNumbers: ['+12015550100'] });
  const probes: Readonly<Record<ProbedRole, readonly [path: string, asked: RequestName, body?: string]>> = {
    search: [
      `${account}/availableNumbers?${encodeQuery([
        ['areaCode', '919'],
        ['quantity', 1],
      ])}`,
      'a search',
    ],
    orders: [`${account}/orders?${encodeQuery(first)}`, 'the list of orders'],
    numbers: [
      `/tns?${encodeQuery([['accountId', accountId], ...first])}`,
      "the list of the account's numbers",
    ],
    activation: [`${account}/serviceActivationChecker`, 'the check of numbers', nobodys],
    'in-service': [`${account}/inserviceNumbers/totals`, "the count of the account's numbers"],
  };

  return {
    sites: bandwidth.sites,
    locations: bandwidth.locations,
    async probe(role) {
      const [path, asked, body] = probes[role];
      const sent = body === undefined ? undefined : ({ method: 'POST', json: true, body } as const);
      const answer = await calls.ask(path, asked, sent);
      // Even a refusal of this number takes the role.
      if (sent !== undefined && answer.status === 400) return;
      if (answer.status === 200 || answer.status === 204 || saysThereIsNone(answer)) return;
      throw statusError(answer, asked, await calls.faultsIn(answer), clock.now());
    },
    aheadMs() {
      const theirs = bandwidth.now() ?? calls.now();
      return theirs === undefined ? undefined : clock.now() - theirs;
    },
    close() {
      bandwidth.close();
      calls.close();
    },
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import { makeBandwidth } from '../../src/bandwidth/client.js';
import { basicCredentials, type Credentials } from '../../src/bandwidth/credentials.js';
import type { Timeouts } from '../../src/bandwidth/http.js';
import { type PhoneNumber, parsePhoneNumber } from '../../src/orders/domain/phone-number.js';
import type { DisconnectRequest, OrderRequest, PurchaseRequest } from '../../src/orders/domain/request.js';
import { checkSearch } from '../../src/orders/domain/search/check-search.js';
import type { Search, SearchDraft } from '../../src/orders/domain/search/search.js';
import { CarrierError, type SentOrder } from '../../src/orders/ports/carrier.js';
import type { Log } from '../../src/orders/ports/log.js';
import { inFull, secretsIn } from '../support/no-secrets.js';

export const HOST = 'https://dashboard.bandwidth.com';
export const ACCOUNT = '/api/accounts/9900012';
export const ORDER_ID = '0f8c3b52-6f0e-4a52-9a53-1c3a1e2f7d10';
export const CARRIER_ORDER_ID = 'e6b1d3f0-3a0c-4f8a-9d5e-5b1c7b0a2d44';
/** 2026-03-02T10:00:00Z */
export const NOW = 1_772_445_600_000;

export const XML = { 'Content-Type': 'application/xml; charset=utf-8' };

/** What these tests sign in with: in no log line and no error of theirs, however deep. */
const SECRETS = ['correct horse', 'jane:correct horse', 'sesame', 'a+b/c=d', 'eyJ.abc-_~+/='];

export interface LogLine {
  readonly level: string;
  readonly facts: object;
  readonly sentence: string;
}

export function recordingLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: string) => (facts: object, sentence: string) => {
    expect(secretsIn(inFull([facts, sentence]), SECRETS)).toEqual([]);
    lines.push({ level, facts, sentence });
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export function aClient(
  given: {
    apiUrl?: string;
    accountId?: string;
    credentials?: Credentials;
    timeouts?: Partial<Timeouts>;
    now?: () => number;
    placeWithinMs?: number;
  } = {},
) {
  const log = recordingLog();
  const bandwidth = makeBandwidth({
    accountId: given.accountId ?? '9900012',
    apiUrl: given.apiUrl ?? `${HOST}/api`,
    credentials:
      given.credentials ??
      basicCredentials({ username: 'jane', password: 'correct horse' }, { clock: { now: () => NOW } }),
    clock: { now: given.now ?? (() => NOW) },
    stopwatch: given.now ?? (() => NOW),
    log,
    ...(given.timeouts === undefined ? {} : { timeouts: given.timeouts }),
    ...(given.placeWithinMs === undefined ? {} : { placeWithinMs: given.placeWithinMs }),
  });
  return { bandwidth, log };
}

export function fixture(name: string): string {
  return readFileSync(join(__dirname, '..', 'fixtures', 'bandwidth', name), 'utf8');
}

export function phone(text: string): PhoneNumber {
  const number = parsePhoneNumber(text);
  if (number === undefined) throw new Error(`${text} isn't a phone number`);
  return number;
}

export function aSearch(draft: SearchDraft): Search {
  const checked = checkSearch(draft);
  if ('kind' in checked) return checked;
  throw new Error(`no such search: ${JSON.stringify(checked)}`);
}

export function aPurchase(change: Partial<PurchaseRequest> = {}): PurchaseRequest {
  return {
    kind: 'purchase',
    name: 'Spring campaign',
    wanted: { by: 'numbers', numbers: [phone('9105550123')] },
    site: { id: '461', name: 'Raleigh' },
    reason: 'for the spring campaign',
    partialAllowed: false,
    backOrder: false,
    protected: false,
    ...change,
  };
}

export function aDisconnect(change: Partial<DisconnectRequest> = {}): DisconnectRequest {
  return {
    kind: 'disconnect',
    name: 'Spring campaign is over',
    inService: [{ number: phone('9105550123') }],
    reason: 'nothing calls it anymore',
    mode: 'normal',
    protected: 'UNCHANGED',
    ...change,
  };
}

/** An order sent a minute ago, whose answer never came. */
export function lost(request: OrderRequest): SentOrder {
  return { id: ORDER_ID, request, sentAt: NOW - 60_000 };
}

export const searchFor = (draft: SearchDraft): PurchaseRequest['wanted'] => ({
  by: 'search',
  search: aSearch(draft),
});

/** The error a call ended with; a call that succeeds is a failed test. */
export async function errorOf(call: Promise<unknown>): Promise<CarrierError> {
  const ended = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in ended && ended.error instanceof CarrierError) {
    expect(secretsIn(inFull(ended.error), SECRETS)).toEqual([]);
    return ended.error;
  }
  throw new Error(`expected a CarrierError, got ${inspect(ended)}`);
}

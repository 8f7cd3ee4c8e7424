import { z } from 'zod';
import type { Timestamp } from '../orders/domain/request.js';
import { CarrierError } from '../orders/ports/carrier.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import { basicRefused } from './basic-auth-retirement.js';
import { complaintsOf } from './decode/decode-faults.js';
import { adviceFor, codesOf, proxyAdvice, retryAtFrom, withWords } from './errors.js';
import { type HttpAnswer, type MakeHttpsAgent, makeHttp, NoAnswer, type Timeouts } from './http.js';
import { parsedJson } from './json.js';
import { type CallMeasurements, measuringCall } from './measure-call.js';

/**
 * How this app authenticates with Bandwidth. Both methods throw {@link CarrierError} when they can't get credentials.
 */
export interface Credentials {
  /** The value of the Authorization header. */
  authorization(): Promise<string>;
  /**
   * Called with a value that Bandwidth has just answered with a 401. Returns true when there is another one to try.
   * Fetches a new token only if another call hasn't done so already.
   */
  renew(stale: string): Promise<boolean>;
  /** What people should be told after a 401 with these credentials; undefined if there's nothing special to say. */
  whyRefused(): string | undefined;
}

/** The configured credentials. */
export type GivenCredentials =
  | {
      readonly kind: 'oauth';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
    }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

export function makeCredentials(
  given: GivenCredentials,
  deps: {
    clock: Pick<Clock, 'now'>;
    log: Log;
    measure?: CallMeasurements;
    httpsAgent?: MakeHttpsAgent | undefined;
  },
): Credentials {
  return given.kind === 'oauth' ? oauthCredentials({ ...given, ...deps }) : basicCredentials(given, deps);
}

/** HTTP Basic with an API user's name and password: see `basic-auth-retirement.ts`. */
export function basicCredentials(
  given: { username: string; password: string },
  { clock }: { clock: Pick<Clock, 'now'> },
): Credentials {
  const header = basic(given.username, given.password);
  return {
    authorization: async () => header,
    renew: async () => false,
    whyRefused: () => basicRefused(clock.now()),
  };
}

/** A token is replaced this long before it expires, so it can't expire in transit. Bandwidth's own SDKs do the same. */
const EARLY = 60_000;
/** RFC 6749 only recommends `expires_in`. Without it, ask again soon. */
const UNSTATED_LIFE_SECONDS = 300;

const tokenAnswer = z.object({
  // What a header can carry (RFC 6750).
  access_token: z.string().regex(/^[\w\-.~+/]+=*$/),
  expires_in: z.coerce.number().positive().catch(UNSTATED_LIFE_SECONDS),
});

interface Token {
  readonly header: string;
  readonly usableUntil: Timestamp;
}

/** OAuth 2.0 client credentials. All calls share one token, fetched when first needed. */
export function oauthCredentials(deps: {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  clock: Pick<Clock, 'now'>;
  log: Log;
  timeouts?: Partial<Timeouts>;
  measure?: CallMeasurements;
  httpsAgent?: MakeHttpsAgent | undefined;
}): Credentials {
  const http = makeHttp(deps.timeouts, deps.httpsAgent);
  let token: Token | undefined;
  let coming: Promise<Token> | undefined;

  const fetchToken = async (): Promise<Token> => {
    const askedAt = deps.clock.now();
    const request = {
      method: 'POST',
      url: deps.tokenUrl,
      headers: {
        Authorization: basic(deps.clientId, deps.clientSecret),
        'Content-Type': 'application/x-www-form-urlencoded',
        Accept: 'application/json',
      },
      body: 'grant_type=client_credentials',
    } as const;
    const answer = await measuringCall(deps.measure, 'post_token', () => http.send(request)).catch(
      (error: unknown) => {
        if (!(error instanceof NoAnswer)) throw error;
        throw new CarrierError('unreachable', `token: ${error.message}`, {
          advice: proxyAdvice(error) ?? NO_TOKEN_NOW,
          cause: error,
        });
      },
    );
    const given = tokenAnswer.safeParse(parsedJson(answer.body));
    if (answer.status !== 200 || !given.success) throw await tokenError(answer, deps);
    const life = given.data.expires_in * 1000;
    deps.log.debug({ expiresInSeconds: given.data.expires_in }, 'bandwidth token fetched');
    return {
      header: `Bearer ${given.data.access_token}`,
      // A token that lives barely longer than a minute is used for half its life.
      usableUntil: askedAt + Math.max(life - EARLY, life / 2),
    };
  };

  const newToken = async (): Promise<Token> => {
    coming ??= fetchToken().finally(() => {
      coming = undefined;
    });
    token = await coming;
    return token;
  };

  return {
    async authorization() {
      const usable = token !== undefined && deps.clock.now() < token.usableUntil;
      return (usable && token !== undefined ? token : await newToken()).header;
    },
    async renew(stale) {
      if (token === undefined || token.header === stale) await newToken();
      return true;
    },
    whyRefused: () => undefined,
  };
}

const NO_TOKEN_NOW =
  "Bandwidth didn't give this app an access token. Try again in a minute. If it happens again, an admin should check BW_TOKEN_URL, BW_CLIENT_ID and BW_CLIENT_SECRET.";
const BAD_CLIENT =
  "Bandwidth doesn't accept this app's credentials. An admin should check BW_CLIENT_ID and BW_CLIENT_SECRET: a secret can expire or be revoked.";

async function tokenError(
  answer: HttpAnswer,
  { clientSecret, clock, log }: { clientSecret: string; clock: Pick<Clock, 'now'>; log: Log },
): Promise<CarrierError> {
  // A success holds a token, or part of one, which must not reach a log or a person.
  const said = answer.status < 300 ? [] : (await complaintsOf(answer, log)).faults;
  const faults = said.filter((fault) => !JSON.stringify(fault).includes(clientSecret));
  const message = `token: HTTP ${answer.status}${codesOf(faults)}`;
  if (answer.status === 429) {
    return new CarrierError('throttled', message, {
      advice: withWords(adviceFor('throttled', 'a token'), faults),
      retryAt: retryAtFrom(answer.headers, clock.now()),
      faults,
    });
  }
  const ourFault = answer.status >= 400 && answer.status < 500 && answer.status !== 408;
  return ourFault
    ? new CarrierError('credentials', message, { advice: withWords(BAD_CLIENT, faults), faults })
    : new CarrierError('unreachable', message, { advice: withWords(NO_TOKEN_NOW, faults), faults });
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

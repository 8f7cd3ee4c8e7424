import { z } from 'zod';
import type { Timestamp } from '../orders/domain/request.js';
import { CarrierError, type Clock, type Log } from '../orders/ports.js';
import { complaintsOf } from './decode-faults.js';
import { adviceFor, codesOf, retryAtFrom, withWords } from './errors.js';
import { type HttpAnswer, makeHttp, NoAnswer, type Timeouts } from './http.js';

/** How we prove to Bandwidth who we are. Both methods throw {@link CarrierError} when no proof can be had. */
export interface Credentials {
  /** The value of the Authorization header. */
  authorization(): Promise<string>;
  /**
   * Called with a value that Bandwidth has just answered 401 to. True when there is another one to try: asks for it
   * only if nobody has done so since.
   */
  renew(stale: string): Promise<boolean>;
}

/** What we were given to prove it with. */
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
  deps: { clock: Pick<Clock, 'now'>; log: Log },
): Credentials {
  return given.kind === 'oauth' ? oauthCredentials({ ...given, ...deps }) : basicCredentials(given);
}

/** The user name and password of an API user, as the guide shows. Bandwidth ends this on 2 December 2026. */
export function basicCredentials(given: { username: string; password: string }): Credentials {
  const header = basic(given.username, given.password);
  return { authorization: async () => header, renew: async () => false };
}

/** A token is given up this long before it ends, so that none ends on its way. Bandwidth's own SDKs do the same. */
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

/** OAuth 2.0 client credentials: one token for everybody, asked for by whoever first needs it. */
export function oauthCredentials(deps: {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  clock: Pick<Clock, 'now'>;
  log: Log;
  timeouts?: Partial<Timeouts>;
}): Credentials {
  const http = makeHttp(deps.timeouts);
  let token: Token | undefined;
  let coming: Promise<Token> | undefined;

  const fetchToken = async (): Promise<Token> => {
    const askedAt = deps.clock.now();
    const answer = await http
      .send({
        method: 'POST',
        url: deps.tokenUrl,
        headers: {
          Authorization: basic(deps.clientId, deps.clientSecret),
          'Content-Type': 'application/x-www-form-urlencoded',
          Accept: 'application/json',
        },
        body: 'grant_type=client_credentials',
      })
      .catch((error: unknown) => {
        if (!(error instanceof NoAnswer)) throw error;
        throw new CarrierError('unreachable', `token: ${error.message}`, { advice: NO_TOKEN_NOW });
      });
    const given = tokenAnswer.safeParse(json(answer.body));
    if (answer.status !== 200 || !given.success) throw await tokenError(answer, deps);
    const life = given.data.expires_in * 1000;
    deps.log.debug({ expiresInSeconds: given.data.expires_in }, 'Got a new Bandwidth token');
    return {
      header: `Bearer ${given.data.access_token}`,
      // A token that lives hardly longer than a minute is used for half its life.
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
  };
}

const NO_TOKEN_NOW =
  'Bandwidth gave this app no access token just now. Please try again in a minute; if this lasts, whoever runs the app should check BW_TOKEN_URL, BW_CLIENT_ID and BW_CLIENT_SECRET.';
const BAD_CLIENT =
  "Bandwidth doesn't accept this app's credentials. An admin should check BW_CLIENT_ID and BW_CLIENT_SECRET: a secret can expire or be withdrawn.";

async function tokenError(
  answer: HttpAnswer,
  { clientSecret, clock, log }: { clientSecret: string; clock: Pick<Clock, 'now'>; log: Log },
): Promise<CarrierError> {
  // A success holds a token, or half of one, which nobody shall read.
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

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
}

/** Authenticates requests: by a token from here (OAuth 2.0) or by name and password (HTTP Basic). */
export interface Access {
  /** Answers POST /api/v1/oauth2/token. */
  token(
    authorization: string | undefined,
    contentType: string | undefined,
    body: string,
  ): { readonly status: 200 | 400 | 401; readonly body: string };
  admits(authorization: string | undefined): boolean;
  /** Invalidates every token issued so far. */
  revokeTokens(): void;
  setTokenLifetime(seconds: number): void;
}

export function makeAccess(
  credentials: Credentials,
  accountId: string,
  lifetimeSeconds: number,
  now: () => number,
): Access {
  const expiries = new Map<string, number>();
  let lifetime = lifetimeSeconds;
  const { clientId, clientSecret, username, password } = credentials;
  return {
    token(authorization, contentType, body) {
      if (!isBasic(authorization, clientId, clientSecret)) return { status: 401, body: '' };
      const form = contentType?.startsWith('application/x-www-form-urlencoded') === true;
      if (!form || new URLSearchParams(body).get('grant_type') !== 'client_credentials') {
        return { status: 400, body: '{"error":"unsupported_grant_type"}' };
      }
      const token = jsonWebToken({
        sub: clientId,
        accounts: [accountId],
        roles: ROLES,
        jti: randomUUID(),
        exp: Math.floor(now() / 1000) + lifetime,
      });
      expiries.set(token, now() + lifetime * 1000);
      return {
        status: 200,
        body: JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: lifetime }),
      };
    },
    admits(authorization) {
      if (isBasic(authorization, username, password)) return true;
      const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
      return token !== undefined && (expiries.get(token) ?? 0) > now();
    },
    revokeTokens: () => expiries.clear(),
    setTokenLifetime(seconds) {
      lifetime = seconds;
    },
  };
}

/** What clients read out of a token to show people which accounts and roles they have. */
const ROLES = ['Numbers', 'Ordering', 'Sub-Accounts', 'Campaign Management'];

/** Writes a token as Bandwidth's look; nobody verifies the signature. */
function jsonWebToken(claims: object): string {
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${randomBytes(32).toString('base64url')}`;
}

function isBasic(authorization: string | undefined, name: string, password: string): boolean {
  const given = Buffer.from(authorization ?? '');
  const right = Buffer.from(`Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`);
  return given.length === right.length && timingSafeEqual(given, right);
}

/** Where orders are stored, parsed from STORE_URL. */
export type StoreAddress =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'postgres';
      /** With credentials, and without our own parameters. */
      readonly url: string;
      readonly encryption: Encryption;
      readonly schema: string;
    }
  | {
      readonly kind: 'redis';
      readonly url: string;
      readonly encryption: Encryption;
      /** The prefix of every key. */
      readonly prefix: string;
    };

/** `unverified`: encrypted, but without checking who answers. */
export type Encryption = 'none' | 'unverified' | 'verified';

/** A sentence that follows the variable's name. */
export interface StoreUrlProblem {
  readonly problem: string;
}

const DEFAULT_NAME = 'numbers';
const SPECIAL_CHARACTERS =
  'Write special characters of a password as in any URL: @ as %40, / as %2F, # as %23, % as %25.';
const EXAMPLES = {
  schema: 'postgres://name:password@host:5432/database',
  prefix: 'redis://name:password@host:6379/0',
} as const;
const EXAMPLE = 'sqlite:data/numbers.db';

/** A valid unquoted PostgreSQL name, short enough for a prefix. */
const NAME = /^[a-z_][a-z0-9_]{0,49}$/;

/**
 * libpq's names. Like the driver, `require` and `verify-ca` mean the stricter `verify-full`, so no one gets less than
 * they asked for. `allow` and `prefer` would silently fall back to no encryption.
 */
const sslModes: Readonly<Record<string, Encryption>> = {
  disable: 'none',
  'no-verify': 'unverified',
  require: 'verified',
  'verify-ca': 'verified',
  'verify-full': 'verified',
};

/** Parses `sqlite:` with a path, `postgres://`, `postgresql://`, `redis://` and `rediss://`. */
export function readStoreUrl(value: string): StoreAddress | StoreUrlProblem {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(value)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'sqlite':
      return sqlite(value);
    case 'postgres':
    case 'postgresql':
      return readServer(value, 'schema', (url, encryption, schema) => ({
        kind: 'postgres',
        url,
        encryption: encryption ?? 'none',
        schema,
      }));
    case 'redis':
    case 'rediss':
      return redis(value, scheme);
    default: {
      const named = scheme === undefined ? 'has no sqlite: before its path' : `begins with ${scheme}:`;
      return {
        problem: `${named}, but orders are kept in sqlite:, postgres:// or redis://, e.g. ${EXAMPLE}.`,
      };
    }
  }
}

/**
 * Accepts `sqlite:data/x.db` and `sqlite:/var/x.db`, also with the two additional slashes that other programs write.
 */
function sqlite(value: string): StoreAddress | StoreUrlProblem {
  const path = /^sqlite:(?:\/\/)?(\/?[^/:].*)$/i.exec(value)?.[1];
  return path === undefined
    ? { problem: `needs the path of a file after sqlite:, e.g. ${EXAMPLE}.` }
    : { kind: 'sqlite', path };
}

function redis(value: string, scheme: 'redis' | 'rediss'): StoreAddress | StoreUrlProblem {
  return readServer(value, 'prefix', (url, encryption, prefix) => {
    // The client throws errors of its own at both.
    const { hostname, pathname } = new URL(url);
    if (hostname === '') return { problem: `names no host; it should look like ${EXAMPLES.prefix}.` };
    if (!/^(?:\/\d*)?$/.test(pathname)) {
      return { problem: `can only have the number of a database after the host: ${EXAMPLES.prefix}.` };
    }
    const encrypted = scheme === 'rediss';
    if (encryption !== undefined && (encryption !== 'none') !== encrypted) {
      return {
        problem:
          'says one thing with sslmode and another with its scheme: rediss:// is encrypted, redis:// is not.',
      };
    }
    return { kind: 'redis', url, encryption: encryption ?? (encrypted ? 'verified' : 'none'), prefix };
  });
}

function readServer(
  value: string,
  nameParameter: 'schema' | 'prefix',
  address: (url: string, encryption: Encryption | undefined, name: string) => StoreAddress | StoreUrlProblem,
): StoreAddress | StoreUrlProblem {
  if (!URL.canParse(value)) {
    return { problem: `is not a URL; it should look like ${EXAMPLES[nameParameter]}. ${SPECIAL_CHARACTERS}` };
  }
  const url = new URL(value);
  if (decoded(url.username) === undefined || decoded(url.password) === undefined) {
    return { problem: `has a % in its name or password that encodes nothing. ${SPECIAL_CHARACTERS}` };
  }
  if (url.hash !== '') return { problem: 'contains a #: write it as %23 if it is part of the password.' };
  const mode = take(url, 'sslmode');
  const encryption = mode === undefined ? undefined : sslModes[mode];
  if (mode !== undefined && encryption === undefined) {
    return {
      problem: "has an sslmode that isn't supported: use disable, no-verify or verify-full.",
    };
  }
  const name = take(url, nameParameter) ?? DEFAULT_NAME;
  if (!NAME.test(name)) {
    return {
      problem: `has an invalid ${nameParameter}: it must be at most 50 lowercase letters, digits and underscores.`,
    };
  }
  return address(url.href, encryption, name);
}

/** Removes a parameter from the URL and returns it. */
function take(url: URL, parameter: string): string | undefined {
  const value = url.searchParams.get(parameter) ?? undefined;
  url.searchParams.delete(parameter);
  return value;
}

/**
 * Heroku's databases require encryption, but their certificates are self-signed, so Heroku's documentation tells every
 * client not to verify them. A URL that states its encryption is left as it is.
 */
export function unverifiedOnHeroku(value: string): string {
  const url = new URL(value);
  const encrypted = /^(?:postgres(?:ql)?|rediss):$/.test(url.protocol);
  if (encrypted && !url.searchParams.has('sslmode')) url.searchParams.set('sslmode', 'no-verify');
  return url.href;
}

/** Returns the parts of a URL that must never be printed. */
export function secretsOf(value: string): readonly string[] {
  // An invalid URL may contain a password anywhere.
  if (!URL.canParse(value)) return value.includes('@') ? [value] : [];
  const { password } = new URL(value);
  return password === '' ? [] : [value, password, decoded(password) ?? password];
}

/** Returns undefined if a `%` in it encodes nothing. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

import { hostAndPort, nameOf, type ProxySettings } from './proxy-settings.js';

/** What went wrong before the proxy had connected us, so nothing was sent to Slack or Bandwidth. */
export type ProxyTrouble =
  | 'PROXY_UNREACHABLE'
  /** It wants a name and password, or others than it got. */
  | 'PROXY_CREDENTIALS'
  | 'PROXY_REFUSED'
  /** The proxy is there, but didn't reach the host. */
  | 'PROXY_GATEWAY'
  | 'PROXY_SILENT'
  /** It closed the connection, or doesn't speak HTTP. */
  | 'PROXY_BROKEN';

/**
 * The proxy didn't connect us. `message` is the second half of a sentence, `advice` a sentence for operators. Neither
 * contains the password.
 */
export class ProxyFailed extends Error {
  override readonly name = 'ProxyFailed';
  readonly code: ProxyTrouble;
  readonly advice: string;

  constructor(code: ProxyTrouble, message: string, advice: string) {
    super(message);
    this.code = code;
    this.advice = advice;
  }
}

type Proxy = Pick<ProxySettings, 'host' | 'port' | 'credentials'>;

interface Target {
  readonly host: string;
  readonly port: number;
}

/** @param code the code of the system's error, such as ECONNREFUSED. */
export const unreachableProxy = (proxy: Proxy, code: string): ProxyFailed =>
  new ProxyFailed(
    'PROXY_UNREACHABLE',
    `the proxy ${nameOf(proxy)} can't be reached (${code})`,
    'Check HTTPS_PROXY, and whether the proxy runs.',
  );

export const silentProxy = (proxy: Proxy, seconds: number): ProxyFailed =>
  new ProxyFailed(
    'PROXY_SILENT',
    `the proxy ${nameOf(proxy)} didn't answer within ${seconds} seconds`,
    'Check HTTPS_PROXY, and whether the proxy works.',
  );

export const brokenProxy = (proxy: Proxy, code: string): ProxyFailed =>
  new ProxyFailed(
    'PROXY_BROKEN',
    `the proxy ${nameOf(proxy)} hung up or gave an answer that isn't HTTP (${code})`,
    'Check HTTPS_PROXY: its port, and whether it begins with http:// or https://.',
  );

/**
 * Explains why a proxy answered a CONNECT with this status.
 *
 * @param schemes the names in its Proxy-Authenticate header.
 */
export function refusingProxy(
  proxy: Proxy,
  target: Target,
  status: number,
  schemes: readonly string[],
): ProxyFailed {
  const name = nameOf(proxy);
  const there = hostAndPort(target.host, target.port);
  if (status === 407) return wantsCredentials(proxy, name, schemes);
  if (status >= 500) {
    return new ProxyFailed(
      'PROXY_GATEWAY',
      `the proxy ${name} can't connect to ${there} (${status})`,
      `This may be temporary. If it lasts, ask the proxy's administrator whether it can reach ${target.host}.`,
    );
  }
  return new ProxyFailed(
    'PROXY_REFUSED',
    `the proxy ${name} doesn't allow connections to ${there} (${status})`,
    `Ask the proxy's administrator to allow ${target.host}, or add it to NO_PROXY if it can be reached directly.`,
  );
}

function wantsCredentials({ credentials }: Proxy, name: string, schemes: readonly string[]): ProxyFailed {
  if (schemes.length > 0 && !schemes.some((scheme) => scheme.toLowerCase() === 'basic')) {
    return new ProxyFailed(
      'PROXY_CREDENTIALS',
      `the proxy ${name} asks for ${schemes.join(' or ')} authentication (407)`,
      "The app can only send a name and a password (Basic). Ask the proxy's administrator for an account of that kind, or to let this server through.",
    );
  }
  return credentials === undefined
    ? new ProxyFailed(
        'PROXY_CREDENTIALS',
        `the proxy ${name} asks for a name and a password (407)`,
        'Put them into HTTPS_PROXY: http://name:password@host:port.',
      )
    : new ProxyFailed(
        'PROXY_CREDENTIALS',
        `the proxy ${name} doesn't accept the name and password in HTTPS_PROXY (407)`,
        'Correct them. Write special characters of a password as in any URL: @ as %40, / as %2F, # as %23.',
      );
}

/** Returns the failure of the proxy that caused an error, however deep; undefined if none did. */
export function proxyFailureIn(error: unknown): ProxyFailed | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ProxyFailed) return cause;
  }
  return undefined;
}

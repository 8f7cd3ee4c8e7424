/** Through which proxy requests to Slack and Bandwidth go, and to which hosts they go directly. */
export interface ProxySettings {
  /** `http:` or `https:`: how the proxy itself is spoken to. */
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  /** `name:password`, decoded. */
  readonly credentials?: string;
  /** The entries of NO_PROXY, in lower case. */
  readonly exceptions: readonly string[];
}

/** A sentence that follows the variable's name. It never contains what is in the variable. */
export interface ProxyUrlProblem {
  readonly problem: string;
}

const EXAMPLE = 'http://proxy.example.com:3128';
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Parses HTTPS_PROXY, which many tools also take without `http://`. */
export function readProxyUrl(value: string): Omit<ProxySettings, 'exceptions'> | ProxyUrlProblem {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(text)) {
    return {
      problem: `is not a URL; it should look like ${EXAMPLE}. Write special characters of a password as in any URL: @ as %40, / as %2F, # as %23.`,
    };
  }
  const url = new URL(text);
  const defaultPort = DEFAULT_PORTS[url.protocol];
  if (defaultPort === undefined) {
    return {
      problem: `begins with ${url.protocol}//, but a proxy must be http:// or https://, e.g. ${EXAMPLE}.`,
    };
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return { problem: `has something after the host and port; it should look like ${EXAMPLE}.` };
  }
  const credentials = credentialsOf(url);
  if (credentials === undefined) {
    return { problem: 'has a % in its name or password that encodes nothing: write % itself as %25.' };
  }
  return {
    protocol: url.protocol,
    host: withoutBrackets(url.hostname),
    port: url.port === '' ? defaultPort : Number(url.port),
    ...(credentials === ':' ? {} : { credentials }),
  };
}

/** Splits NO_PROXY at commas and spaces. */
export const readExceptions = (value: string): readonly string[] =>
  value
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');

/** How people call the proxy; without credentials. */
export const nameOf = ({ host, port }: Pick<ProxySettings, 'host' | 'port'>): string =>
  hostAndPort(host, port);

/** `host:port`, with an IPv6 address in brackets. */
export const hostAndPort = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/**
 * Whether NO_PROXY names this host. `example.com`, `.example.com` and `*.example.com` each mean the host and all hosts
 * below it, and `*` means every host. A port in an entry restricts it to that port.
 */
export function isException(
  { exceptions }: Pick<ProxySettings, 'exceptions'>,
  host: string,
  port: number,
): boolean {
  const wanted = withoutBrackets(host.toLowerCase()).replace(/\.$/, '');
  return exceptions.some((entry) => {
    if (entry === '*') return true;
    const { name, onPort } = partsOf(entry);
    return (
      name !== '' &&
      (onPort === undefined || onPort === port) &&
      (wanted === name || wanted.endsWith(`.${name}`))
    );
  });
}

function partsOf(entry: string): { readonly name: string; readonly onPort?: number } {
  // An IPv6 address has colons of its own, and a port only after brackets.
  const [, name = '', port] = /^(\[[^\]]*\]|[^:]*|[^[]*:[^[]*:[^[]*?)(?::(\d+))?$/.exec(entry) ?? [];
  const host = withoutBrackets(name).replace(/^\*?\./, '');
  return port === undefined ? { name: host } : { name: host, onPort: Number(port) };
}

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

/** Returns `:` without credentials, and undefined if they can't be decoded. */
function credentialsOf({ username, password }: URL): string | undefined {
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    return undefined;
  }
}

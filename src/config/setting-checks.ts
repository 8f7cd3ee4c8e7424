import { validate as isCronExpression } from 'node-cron';
import { z } from 'zod';
import { notifyWays } from '../orders/policy/policy.js';
import { readProxyUrl } from '../proxy/proxy-settings.js';
import { readStoreUrl } from '../store/store-url.js';
import { approversProblem, channelProblem, shown, wholeNumberProblem } from './setting-values.js';

/** What single environment variables may contain. */

/** Returns what is wrong, as text that follows the variable's name, or undefined. */
type Check = (value: string) => string | undefined;

export function checked(check: Check, missing?: string) {
  return z.string(missing === undefined ? undefined : { error: missing }).superRefine((value, context) => {
    const message = check(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

export const anything: Check = (value) =>
  /^(["']).*\1$/.test(value) ? 'has quotes around its value: remove them.' : undefined;

export const botToken: Check = (value) => {
  if (value.startsWith('xapp-'))
    return 'contains an app-level token (xapp-): that one belongs in SLACK_APP_TOKEN.';
  if (value.startsWith('xoxp-')) {
    return 'contains a user token (xoxp-): use the Bot User OAuth Token (xoxb-) from the page "OAuth & Permissions".';
  }
  if (value.startsWith('xoxe')) {
    return 'contains a token that expires (xoxe): turn token rotation off and use the one that begins with xoxb-.';
  }
  if (/^xoxb-[\w-]+$/.test(value)) return undefined;
  return anything(value) ?? 'is not a bot token: those begin with xoxb- and have no spaces.';
};

export const appToken: Check = (value) => {
  if (value.startsWith('xoxb-')) return 'contains a bot token (xoxb-): that one belongs in SLACK_BOT_TOKEN.';
  if (/^xapp-[\w-]+$/.test(value)) return undefined;
  return (
    anything(value) ??
    'is not an app-level token: those begin with xapp-. Generate one on the page "Basic Information", with the scope connections:write.'
  );
};

export const signingSecret: Check = (value) =>
  /^(?:xox|xapp-)/.test(value)
    ? 'contains a token: the signing secret is on the page "Basic Information" and has no prefix.'
    : anything(value);

/** Credentials are sent to these addresses. */
export const address: Check = (value) => {
  if (!URL.canParse(value)) return 'is not a URL; it should look like https://example.com/path.';
  const url = new URL(value);
  if (url.username !== '' || url.password !== '')
    return 'contains a name or a password: remove them from the URL.';
  if (url.search !== '' || url.hash !== '')
    return 'contains a ? or a #: only the part before it belongs here.';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && isThisMachine(url.hostname)) return undefined;
  return 'must begin with https://, or others could read the credentials on the way.';
};

/** On this host, one path that ends in /v2 isn't the Numbers API. */
export const numbersAddress: Check = (value) => {
  const problem = address(value);
  if (problem !== undefined) return problem;
  const { hostname, pathname } = new URL(value);
  return hostname.endsWith('.bandwidth.com') && /^\/v2\/*$/.test(pathname)
    ? `is the address of Bandwidth's Voice API. The one for numbers is https://${hostname}/api/v2.`
    : undefined;
};

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

/** The URL may contain a name and a password, so the problem is described without it. */
export const proxyUrl: Check = (value) => {
  const proxy = readProxyUrl(value);
  return 'problem' in proxy ? proxy.problem : undefined;
};

export const bandwidthId: Check = (value) =>
  /^\d+$/.test(value) ? undefined : `is ${shown(value)}, but Bandwidth's ids are whole numbers like 1234567.`;

export const approverList: Check = (value) => approversProblem(listed(value));

export function listed(value: string): readonly string[] {
  return [...new Set(value.split(',').map((entry) => entry.trim()))].filter((entry) => entry !== '');
}

const addressAndPort = /^(\[[\da-f:.]+\]|[^\s:/[\]@]+):(\d{1,5})$/i;

/** Where to listen: `127.0.0.1:9100` or `[::1]:9100`. */
export const listenAddress: Check = (value) =>
  Number(addressAndPort.exec(value)?.[2] ?? Number.NaN) <= 65_535
    ? undefined
    : `is ${shown(value)}, but must be an address and a port, such as 127.0.0.1:9100.`;

/** Expects an address without problems. */
export function listenAddressOf(value: string): { readonly host: string; readonly port: number } {
  const [, host = '', port] = addressAndPort.exec(value) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

export const wholeNumber =
  (least: number, most: number): Check =>
  (value) =>
    wholeNumberProblem(value, least, most);

export const yesOrNo: Check = (value) =>
  value === 'true' || value === 'false' ? undefined : `is ${shown(value)}, but must be true or false.`;

export const refuseOrAllow: Check = (value) =>
  value === 'refuse' || value === 'allow' ? undefined : `is ${shown(value)}, but must be refuse or allow.`;

export const notifyWay: Check = (value) =>
  notifyWays.some((way) => way === value)
    ? undefined
    : `is ${shown(value)}, but must be one of ${notifyWays.join(', ')}.`;

export const channelId: Check = (value) => channelProblem(value);

export const schedule: Check = (value) =>
  isCronExpression(value)
    ? undefined
    : `is ${shown(value)}, which isn't a schedule; every five seconds is */5 * * * * *.`;

export const reportSchedule: Check = (value) =>
  isCronExpression(value)
    ? undefined
    : `is ${shown(value)}, which isn't a schedule; every Monday at 9:00 UTC would be 0 9 * * 1.`;

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logLevel: Check = (value) =>
  logLevels.some((level) => level === value)
    ? undefined
    : `is ${shown(value)}, but must be one of ${logLevels.join(', ')}.`;

/** Refuses other schemes, so that nobody believes their orders are in a database that the app never uses. */
export const store: Check = (value) => {
  const address = readStoreUrl(value);
  return 'problem' in address ? address.problem : undefined;
};

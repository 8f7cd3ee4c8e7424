import { type ProxySettings, readExceptions, readProxyUrl } from '../proxy/proxy-settings.js';
import { secretsOf } from '../store/store-url.js';
import type { Environment } from './settings.js';

/** The variables of the proxy. Most tools know both spellings, and prefer the lower case. */
export const proxyVariables = ['HTTPS_PROXY', 'NO_PROXY'] as const;

/** Returns the environment with the variables of the proxy in upper case only. */
export function withProxyVariables(environment: Environment): Environment {
  const spelled = proxyVariables.flatMap((name) => {
    const value = environment[name.toLowerCase()]?.trim();
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return { ...environment, ...Object.fromEntries(spelled) };
}

/** Expects values without problems. */
export function proxyOf(given: {
  readonly HTTPS_PROXY?: string | undefined;
  readonly NO_PROXY?: string | undefined;
}): ProxySettings | undefined {
  const proxy = given.HTTPS_PROXY === undefined ? undefined : readProxyUrl(given.HTTPS_PROXY);
  if (proxy === undefined || 'problem' in proxy) return undefined;
  return { ...proxy, exceptions: readExceptions(given.NO_PROXY ?? '') };
}

/** Returns the parts of HTTPS_PROXY that must never be printed. */
export function proxySecretsOf(value: string): readonly string[] {
  const proxy = readProxyUrl(value);
  const text = value.includes('://') ? value : `http://${value}`;
  const credentials = 'problem' in proxy ? undefined : proxy.credentials;
  return credentials === undefined ? secretsOf(text) : [...secretsOf(text), credentials];
}

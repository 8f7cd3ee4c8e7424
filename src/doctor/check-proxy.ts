import type { Config } from '../config/config.js';
import { nameOf } from '../proxy/proxy-settings.js';
import { type Finding, ok } from './finding.js';

/** Names the proxy. Whether it works is found out by the other checks, which go through it. */
export function checkProxy({ proxy }: Pick<Config, 'proxy'>): readonly Finding[] {
  if (proxy === undefined) return [];
  const { exceptions } = proxy;
  const except =
    exceptions.length === 0 ? '' : `, except to the hosts in NO_PROXY (${exceptions.join(', ')})`;
  return [ok('Proxy', `Slack and Bandwidth are asked through ${nameOf(proxy)}${except}.`)];
}

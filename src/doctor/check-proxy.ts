import type { Config } from '../config/config.js';
import { nameOf } from '../proxy/proxy-settings.js';
import { type Finding, ok } from './finding.js';

/** Names the proxy. The other checks go through it and show whether it works. */
export function checkProxy({ proxy }: Pick<Config, 'proxy'>): readonly Finding[] {
  if (proxy === undefined) return [];
  const { exceptions } = proxy;
  const except =
    exceptions.length === 0 ? '' : `, except to the hosts in NO_PROXY (${exceptions.join(', ')})`;
  return [ok('Proxy', `Slack and Bandwidth are reached through ${nameOf(proxy)}${except}.`)];
}

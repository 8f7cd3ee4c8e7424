import { listenAddressOf } from '../config/setting-checks.js';
import type { Environment } from '../config/settings.js';

const DEFAULT_PORT = 3000;

/** Returns where an app with these settings answers `/healthz` to a program on the same machine. */
export function healthAddress(environment: Environment): string {
  const given = environment.OPERATIONS_ADDRESS?.trim();
  const { host, port } = given
    ? listenAddressOf(given)
    : {
        host: environment.HOST?.trim() || '0.0.0.0',
        port: Number(environment.PORT?.trim() || DEFAULT_PORT),
      };
  return `http://${reachable(host)}:${port}/healthz`;
}

/** The wildcard addresses are for listening only: nothing can be reached there. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

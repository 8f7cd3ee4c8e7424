import { execFileSync } from 'node:child_process';
import { describe, test } from '@jest/globals';
import { postgres, redis, type StoreServer } from '../../sandbox/store-servers.js';

export { postgres, redis };

const variables = new Map([
  [postgres, 'TEST_POSTGRES_URL'],
  [redis, 'TEST_REDIS_URL'],
]);

/** Tests that need these servers. If one is missing, they are skipped on a laptop, with the reason, and fail in CI. */
export function describeWith(servers: readonly StoreServer[], title: string, tests: () => void): void {
  const missing = servers
    .filter(({ host, port }) => !answers(host, port))
    .map((server) => {
      const { name, host, port } = server;
      return `nothing answers at ${host}:${port}; start ${name} there, or name another one in ${variables.get(server)}`;
    });
  if (missing.length === 0) {
    describe(title, tests);
  } else if (process.env.CI === 'true') {
    test(title, () => {
      throw new Error(missing.join('; '));
    });
  } else {
    test.skip(`${title}: not tested, because ${missing.join('; ')}`, tests);
  }
}

/** Checked in another process, because tests are named before anything can be awaited. */
function answers(host: string, port: number): boolean {
  const program = `require('net').connect({ host: ${JSON.stringify(host)}, port: ${port}, timeout: 2000 })
    .on('connect', () => process.exit(0)).on('timeout', () => process.exit(1)).on('error', () => process.exit(1))`;
  try {
    execFileSync(process.execPath, ['-e', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

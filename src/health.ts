import type { RequestListener } from 'node:http';
import { inTime } from './orders/in-time.js';

/** A health check that gets no answer within two seconds counts as failed. */
const STORE_TIMEOUT_MS = 2_000;

/** Asks all at once whether each can be reached. Never rejects. */
export async function whatIsReached<Name extends string>(
  reached: Readonly<Record<Name, () => Promise<boolean>>>,
): Promise<Readonly<Record<Name, boolean>>> {
  const asked = Object.entries<() => Promise<boolean>>(reached);
  const answers = await Promise.all(
    asked.map(async ([name, ask]) => {
      const yes = await inTime(
        STORE_TIMEOUT_MS,
        ask().catch(() => false),
      );
      return [name, yes === true] as const;
    }),
  );
  return Object.fromEntries(answers) as Record<Name, boolean>;
}

/**
 * Reports the health of the process to its operator. No one else needs to reach it, and it reveals nothing.
 *
 * `/healthz` returns 200 as long as the process lives: an outage of Slack or of the database ends by itself, and a
 * restart wouldn't help. `/readyz` returns 503 while one of them can't be reached. Both name the one that can't.
 */
export function makeHealthEndpoints(
  /** Whether each dependency can be reached right now; a rejection means that it can't. */
  reached: Readonly<Record<string, () => Promise<boolean>>>,
): Readonly<Record<string, RequestListener>> {
  async function look(): Promise<{ ready: boolean; words: Record<string, string> }> {
    const answers = Object.entries(await whatIsReached(reached));
    const words = answers.map(([name, yes]) => [name, yes ? 'reached' : 'not reached'] as const);
    return { ready: answers.every(([, yes]) => yes), words: Object.fromEntries(words) };
  }

  const answer =
    (statusOf: (ready: boolean) => number): RequestListener =>
    (request, response) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
        return;
      }
      void look().then(({ ready, words }) => {
        response.writeHead(statusOf(ready), {
          'content-type': 'application/json',
          'cache-control': 'no-store',
        });
        response.end(request.method === 'HEAD' ? undefined : `${JSON.stringify(words)}\n`);
      });
    };

  return { '/healthz': answer(() => 200), '/readyz': answer((ready) => (ready ? 200 : 503)) };
}

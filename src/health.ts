import type { RequestListener } from 'node:http';
import { inTime } from './orders/in-time.js';

/** Health checks are impatient, and "not within two seconds" is an answer too. */
const ANSWER_WITHIN_MS = 2_000;

/**
 * Reports the health of the process to its operator. No one else needs to reach it, and it reveals nothing.
 *
 * `/healthz` returns 200 as long as the process lives: an outage of Slack or of the database passes, and a restart
 * wouldn't end it. `/readyz` returns 503 while one of them can't be reached. Both name the one that can't.
 */
export function makeHealthEndpoints(
  /** Whether each dependency can be reached right now; a rejection means that it can't. */
  reached: Readonly<Record<string, () => Promise<boolean>>>,
): Readonly<Record<string, RequestListener>> {
  async function look(): Promise<{ ready: boolean; words: Record<string, string> }> {
    const answers = await Promise.all(
      Object.entries(reached).map(async ([name, ask]) => {
        const yes = await inTime(
          ANSWER_WITHIN_MS,
          ask().catch(() => false),
        );
        return [name, yes ? 'reached' : 'not reached'] as const;
      }),
    );
    return { ready: answers.every(([, answer]) => answer === 'reached'), words: Object.fromEntries(answers) };
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

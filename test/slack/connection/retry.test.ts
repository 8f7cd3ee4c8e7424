import { describe, expect, test } from '@jest/globals';
import { WebAPIPlatformError } from '@slack/web-api';
import type { Log } from '../../../src/orders/ports/log.js';
import { makeRetry, SlackRefused } from '../../../src/slack/connection/retry.js';

const quiet = () => {};

/** Attempts that fail with these, one after the other, and then succeed. */
function failing(failures: readonly unknown[], shortestPauseMs?: number) {
  const left = [...failures];
  const stopping = new AbortController();
  const warned: object[] = [];
  const log: Log = { debug: quiet, info: quiet, error: quiet, warn: (facts) => void warned.push(facts) };
  const retry = makeRetry({
    log,
    stopping: stopping.signal,
    ...(shortestPauseMs === undefined ? {} : { shortestPauseMs }),
  });
  const outcome = () =>
    retry('SLACK_BOT_TOKEN', async () => {
      if (left.length > 0) throw left.shift();
      return 'connected';
    });
  return { outcome, stopping, warned };
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setImmediate(resolve));
}

describe('While Slack cannot be reached', () => {
  test('calls are repeated, whatever kind of error it was', async () => {
    const error = new TypeError('the answer made no sense');
    const { outcome, warned } = failing([error], 1);
    expect(await outcome()).toBe('connected');
    expect(warned).toEqual([{ err: error, failures: 1 }]);
  });

  test('stopping does not wait for the next attempt, and says what failed last', async () => {
    const { outcome, stopping, warned } = failing([new Error('first'), new Error('second')], 60_000);
    const ended = outcome();
    await until(() => warned.length === 1);
    stopping.abort();
    await expect(ended).rejects.toThrow('first');
    expect(warned).toHaveLength(1);
  });
});

test('A token that Slack refuses is not tried again', async () => {
  const refused = new WebAPIPlatformError({ ok: false, error: 'token_revoked' });
  const { outcome, warned } = failing([refused, refused]);
  await expect(outcome()).rejects.toMatchObject({ code: 'token_revoked' });
  await expect(outcome()).rejects.toBeInstanceOf(SlackRefused);
  expect(warned).toEqual([]);
});

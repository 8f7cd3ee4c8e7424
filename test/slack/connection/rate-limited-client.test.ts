import { describe, expect, test } from '@jest/globals';
import { WebAPIRateLimitedError } from '@slack/web-api';
import { makeRateLimits, waitingBriefly } from '../../../src/slack/connection/rate-limited-client.js';

/** A clock that moves only while somebody waits, and calls that Slack answers with these waits before it takes them. */
function setting() {
  let time = 0;
  const waits: number[] = [];
  const sent: string[] = [];
  const limits = makeRateLimits({
    now: () => time,
    wait: async (ms) => {
      waits.push(ms);
      time += ms;
    },
  });
  const call = (key: string, ...retryAfter: number[]) =>
    limits.run(key, async () => {
      sent.push(key);
      const seconds = retryAfter.shift();
      if (seconds !== undefined) throw new WebAPIRateLimitedError(seconds);
      return 'taken';
    });
  const goesBy = (ms: number) => {
    time += ms;
  };
  return { call, waits, sent, goesBy };
}

describe('A call that Slack limits', () => {
  test('waits as long as Slack says if that is short, and is made again', async () => {
    const { call, waits, sent } = setting();
    expect(await call('chat.update C1', 1, 2)).toBe('taken');
    expect(waits).toEqual([1_000, 2_000]);
    expect(sent).toHaveLength(3);
  });

  test('is left to its caller if the wait would be long, and later ones are not even sent', async () => {
    const { call, waits, sent, goesBy } = setting();
    await expect(call('chat.update C1', 30)).rejects.toMatchObject({ retryAfter: 30 });
    goesBy(10_000);
    await expect(call('chat.update C1')).rejects.toMatchObject({ retryAfter: 20 });
    expect([waits, sent]).toEqual([[], ['chat.update C1']]);
    goesBy(18_000);
    expect(await call('chat.update C1')).toBe('taken');
    expect(waits).toEqual([2_000]);
  });

  test('holds up neither another channel nor another method', async () => {
    const { call, waits } = setting();
    await expect(call('chat.update C1', 30)).rejects.toThrow();
    expect(await call('chat.update C2')).toBe('taken');
    expect(await call('chat.postMessage C1')).toBe('taken');
    expect(waits).toEqual([]);
  });

  test('is not repeated forever', async () => {
    const { call, sent } = setting();
    await expect(call('chat.update C1', 1, 1, 1, 1)).rejects.toMatchObject({ retryAfter: 1 });
    expect(sent).toHaveLength(3);
  });

  test('that fails otherwise fails at once', async () => {
    const { waits } = setting();
    const limits = makeRateLimits({ now: () => 0, wait: async () => {} });
    await expect(limits.run('chat.update C1', () => Promise.reject(new Error('away')))).rejects.toThrow(
      'away',
    );
    expect(waits).toEqual([]);
  });
});

describe('A call that a person waits for', () => {
  const answering =
    (...answers: readonly (readonly [number, string?])[]) =>
    (seen: string[]): typeof fetch => {
      const left = [...answers];
      return async (input) => {
        seen.push(String(input));
        const [status, retryAfter] = left.shift() ?? [200];
        return new Response('', {
          status,
          headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
        });
      };
    };

  test.each([
    ['is made once more after a 429 that ends at once', [[429, '0']], 200, 2],
    ['isn’t after one that lasts', [[429, '30']], 429, 1],
    ['isn’t after one that says nothing', [[429]], 429, 1],
    [
      'isn’t a third time',
      [
        [429, '0'],
        [429, '0'],
      ],
      429,
      2,
    ],
    ['isn’t after any other answer', [[500, '0']], 500, 1],
  ] as const)('%s', async (_, answers, status, calls) => {
    const seen: string[] = [];
    const answer = await waitingBriefly(answering(...answers)(seen))('https://slack.test/api/views.open');
    expect([answer.status, seen.length]).toEqual([status, calls]);
  });
});

import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  makePublishQueue,
  PACE,
  type Published,
  type PublishQueue,
} from '../../../src/slack/messages/publish-queue.js';
import { allQuiet, type ManualClock, makeManualClock } from '../../support/orders/manual-clock.js';

const SECOND = 1_000;

let clock: ManualClock;
let queue: PublishQueue;
/** Who was published for, and how many seconds after the start. */
let published: (readonly [userId: string, second: number])[];
let result: Published;
/** While set, a publish doesn't end. */
let held: Promise<void> | undefined;

beforeEach(() => {
  clock = makeManualClock();
  const began = clock.now();
  published = [];
  result = 'sent';
  held = undefined;
  queue = makePublishQueue({
    clock,
    async publish(userId, slot) {
      if (result === 'unchanged') return result;
      if (!(await slot())) return 'failed';
      published.push([userId, (clock.now() - began) / SECOND]);
      await held;
      return result;
    },
  });
});

const people = (count: number) => Array.from({ length: count }, (_, at) => `U${at}`);

describe('Home tabs in the background', () => {
  test('are published once a second for everyone together', async () => {
    for (const userId of people(4)) queue.later(userId);
    await clock.advance(10 * SECOND);
    expect(published).toEqual([
      ['U0', 0],
      ['U1', 1],
      ['U2', 2],
      ['U3', 3],
    ]);
  });

  test('are published for each person every 30 seconds, no matter how often something changes', async () => {
    for (let second = 0; second < 59; second += 1) {
      queue.later('U0');
      await clock.advance(SECOND);
    }
    expect(published).toEqual([
      ['U0', 0],
      ['U0', 30],
    ]);
  });

  test('come after the person’s own actions', async () => {
    await queue.now('U0');
    queue.later('U0');
    await clock.advance(29 * SECOND);
    expect(published).toHaveLength(1);
    await clock.advance(SECOND);
    expect(published[1]).toEqual(['U0', 30]);
  });

  test('are tried again later if Slack could not be reached, but not if it refused', async () => {
    result = 'failed';
    queue.later('U0');
    await clock.advance(SECOND);
    result = 'refused';
    await clock.advance(120 * SECOND);
    expect(published).toEqual([
      ['U0', 0],
      ['U0', 30],
    ]);
  });

  test('leave people their part of what Slack allows', async () => {
    await Promise.all(people(PACE.burst).map((userId) => queue.now(userId)));
    queue.later('U99');
    await clock.advance(14 * SECOND);
    expect(published).toHaveLength(PACE.burst);
    await clock.advance(2 * SECOND);
    expect(published).toHaveLength(PACE.burst + 1);
  });
});

describe('For a person who is waiting', () => {
  test('one publish runs at a time, and one more follows for everything that arrived during it', async () => {
    let release = () => {};
    held = new Promise((resolve) => {
      release = resolve;
    });
    const all = [queue.now('U0'), queue.now('U0'), queue.now('U0')];
    await allQuiet();
    expect(published).toHaveLength(1);
    release();
    expect(await Promise.all(all)).toEqual(['sent', 'sent', 'sent']);
    expect(published).toHaveLength(2);
  });

  test('it happens at once, up to a burst; if it would take longer than three seconds, the person is told so', async () => {
    const waiting = people(PACE.burst + 5).map((userId) => queue.now(userId));
    await clock.advance(3 * SECOND);
    const results = await Promise.all(waiting);
    expect(results.filter((each) => each === 'sent')).toHaveLength(PACE.burst + 3);
    expect(results.slice(-2)).toEqual(['failed', 'failed']);
    // They get theirs in the background.
    await clock.advance(60 * SECOND);
    expect(published.map(([userId]) => userId).sort()).toEqual(people(PACE.burst + 5).sort());
  });

  test('what is unchanged doesn’t count against Slack’s limit', async () => {
    result = 'unchanged';
    for (const userId of people(PACE.burst * 2)) await queue.now(userId);
    result = 'sent';
    expect(await queue.now('U0')).toBe('sent');
  });

  test('nothing is sent while Slack says to wait', async () => {
    queue.pauseUntil(clock.now() + 20 * SECOND);
    expect(await queue.now('U0')).toBe('failed');
    await clock.advance(60 * SECOND);
    expect(published).toEqual([['U0', 30]]);
  });
});

test('stopping sends nothing more, waits for what is being sent, and leaves no timer', async () => {
  let release = () => {};
  held = new Promise((resolve) => {
    release = resolve;
  });
  const running = queue.now('U0');
  queue.later('U1');
  await allQuiet();
  const stopped = queue.stop();
  release();
  await stopped;
  expect(await running).toBe('sent');
  expect(await queue.now('U2')).toBe('refused');
  queue.later('U3');
  await clock.advance(60 * SECOND);
  expect(published).toEqual([['U0', 0]]);
  expect(clock.timers()).toBe(0);
});

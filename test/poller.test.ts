import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Log } from '../src/orders/ports/log.js';
import { makePoller } from '../src/poller.js';

const never = '0 0 0 29 2 *';
const everySecond = '* * * * * *';

/** A pass that people in the test end by hand. */
function slowPass() {
  const ends: Array<(failure?: Error) => void> = [];
  let running = 0;
  let most = 0;
  const pass = async () => {
    running += 1;
    most = Math.max(most, running);
    try {
      await new Promise<void>((resolve, reject) =>
        ends.push((failure) => (failure === undefined ? resolve() : reject(failure))),
      );
    } finally {
      running -= 1;
    }
  };
  return {
    pass,
    begun: () => ends.length,
    most: () => most,
    end: async (nth: number, failure?: Error) => {
      ends[nth]?.(failure);
      await settled();
    },
  };
}

// node-cron ticks by the clock of Jest, which moves only when a test moves it.
beforeEach(() => void jest.useFakeTimers({ now: Date.UTC(2026, 0, 5, 9) }));
afterEach(() => void jest.useRealTimers());

/** Everything that needs no time has happened. */
const settled = () => jest.advanceTimersByTimeAsync(0);
const goesBy = (ms: number) => jest.advanceTimersByTimeAsync(ms);

function listening(): Log & { lines: string[] } {
  const lines: string[] = [];
  const say = (level: string) => (facts: object, sentence: string) =>
    void lines.push(`${level}: ${sentence} ${'err' in facts ? String(facts.err) : ''}`.trim());
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error'), lines };
}

describe('asking for a pass', () => {
  test('begins one at once and resolves when it has ended', async () => {
    const slow = slowPass();
    const poller = makePoller({ schedule: never, pass: slow.pass, log: listening() });
    let done = false;
    const asked = poller.requestPass().then(() => {
      done = true;
    });
    await settled();
    expect([slow.begun(), done]).toEqual([1, false]);
    await slow.end(0);
    await asked;
    expect(done).toBe(true);
    await poller.stop();
  });

  test('while one runs gets one more after it, shared by everyone who asked', async () => {
    const slow = slowPass();
    const poller = makePoller({ schedule: never, pass: slow.pass, log: listening() });
    const ended: string[] = [];
    const asks = ['first', 'second', 'third'].map((name) =>
      poller.requestPass().then(() => ended.push(name)),
    );
    await settled();
    expect(slow.begun()).toBe(1);
    await slow.end(0);
    expect(ended).toEqual(['first']);
    expect(slow.begun()).toBe(2);
    asks.push(poller.requestPass().then(() => ended.push('fourth')));
    await slow.end(1);
    expect(ended).toEqual(['first', 'second', 'third']);
    await slow.end(2);
    await Promise.all(asks);
    expect(ended).toEqual(['first', 'second', 'third', 'fourth']);
    expect([slow.begun(), slow.most()]).toEqual([3, 1]);
    await poller.stop();
  });

  test('at the very moment a pass ends never runs two at once', async () => {
    const slow = slowPass();
    const poller = makePoller({ schedule: never, pass: slow.pass, log: listening() });
    const again = poller.requestPass().then(() => poller.requestPass());
    const queued = poller.requestPass().then(() => poller.requestPass());
    for (let i = 0; i < 6; i++) {
      await settled();
      await slow.end(i);
    }
    await Promise.all([again, queued]);
    expect(slow.most()).toBe(1);
    await poller.stop();
  });

  test('a pass that fails is logged, and affects neither the one who asked nor the next pass', async () => {
    const slow = slowPass();
    const log = listening();
    const poller = makePoller({ schedule: never, pass: slow.pass, log });
    const first = poller.requestPass();
    const second = poller.requestPass();
    await slow.end(0, new Error('no database'));
    await first;
    expect(log.lines).toEqual([expect.stringContaining('no database')]);
    expect(slow.begun()).toBe(2);
    await slow.end(1);
    await second;
    await poller.stop();
  });

  test('a pass that fails before it begins is logged too', async () => {
    const log = listening();
    const poller = makePoller({
      schedule: never,
      pass: () => {
        throw new Error('at once');
      },
      log,
    });
    await poller.requestPass();
    await poller.requestPass();
    expect(log.lines).toHaveLength(2);
    await poller.stop();
  });
});

describe('stopping', () => {
  test('waits for the running pass and begins no other', async () => {
    const slow = slowPass();
    const poller = makePoller({ schedule: never, pass: slow.pass, log: listening() });
    const asks = [poller.requestPass(), poller.requestPass()];
    let stopped = false;
    const stopping = poller.stop().then(() => {
      stopped = true;
    });
    await settled();
    expect(stopped).toBe(false);
    await slow.end(0);
    await Promise.all([stopping, ...asks, poller.requestPass()]);
    expect([stopped, slow.begun()]).toEqual([true, 1]);
  });

  test('is quick when nothing runs, started or not', async () => {
    let begun = 0;
    const pass = async () => {
      begun += 1;
    };
    const stopped = makePoller({ schedule: everySecond, pass, log: listening() });
    await stopped.stop();
    await stopped.stop();
    const started = makePoller({ schedule: everySecond, pass, log: listening() });
    started.start();
    await started.stop();
    await started.stop();
    await goesBy(5_000);
    expect(begun).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('the schedule', () => {
  test('asks at each tick, skips the ticks during a pass, and ends with stop', async () => {
    const slow = slowPass();
    const log = listening();
    const poller = makePoller({ schedule: everySecond, pass: slow.pass, log });
    poller.start();
    await goesBy(2_100);
    expect(slow.begun()).toBe(1);
    expect(log.lines).toContain('debug: previous pass still running, skipping this one');
    await slow.end(0, new Error('broken'));
    await goesBy(1_100);
    expect(slow.begun()).toBe(2);
    await slow.end(1);
    await poller.stop();
    await goesBy(5_000);
    expect(slow.begun()).toBe(2);
  });

  test('writes node-cron’s messages to our log', async () => {
    const log = listening();
    const poller = makePoller({ schedule: everySecond, pass: async () => {}, log });
    poller.start();
    await goesBy(20);
    // The machine sleeps, so that ticks are missed.
    jest.setSystemTime(Date.now() + 2_500);
    await goesBy(1_200);
    await poller.stop();
    expect(log.lines).toContainEqual(expect.stringMatching(/^warn: missed execution/));
  });
});

import { expect, test } from '@jest/globals';
import { makeCarrierClock } from '../../src/bandwidth/carrier-clock.js';

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;
const NOON = Date.UTC(2026, 2, 2, 12);

function aClock() {
  const time = { ours: NOON, passed: 0 };
  const theirs = makeCarrierClock({ now: () => time.ours }, () => time.passed);
  const pass = (ms: number) => {
    time.ours += ms;
    time.passed += ms;
  };
  return { time, theirs, pass };
}

test('Bandwidth’s time is unknown until it has answered, and advances by itself from then on', () => {
  const { theirs, pass } = aClock();
  expect(theirs.now()).toBeUndefined();
  theirs.learn('Mon, 02 Mar 2026 09:30:00 GMT');
  pass(90 * SECOND);
  expect(theirs.now()).toBe(Date.UTC(2026, 2, 2, 9, 31, 30));
});

test.each([
  ['somebody sets our clock', { ours: DAY, passed: 0 }],
  ['somebody sets it back', { ours: -DAY, passed: 0 }],
  ['the machine sleeps, and its stopwatch with it', { ours: 3 * SECOND, passed: 0 }],
])('where %s, it is unknown until Bandwidth answers again', (_what, { ours, passed }) => {
  const { time, theirs, pass } = aClock();
  theirs.learn('Mon, 02 Mar 2026 09:30:00 GMT');
  time.ours += ours;
  time.passed += passed;
  expect(theirs.now()).toBeUndefined();
  theirs.learn('Mon, 02 Mar 2026 09:40:00 GMT');
  pass(SECOND);
  expect(theirs.now()).toBe(Date.UTC(2026, 2, 2, 9, 40, 1));
});

test.each([undefined, '', 'soon'])('an answer dated %j leaves us with our own clock', (date) => {
  const { theirs } = aClock();
  theirs.learn(date);
  expect(theirs.now()).toBe(NOON);
});

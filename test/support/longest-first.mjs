import Sequencer from '@jest/test-sequencer';

/** Tests that take a minute or more, most of it in separate processes. */
const LONGEST = [
  'test/sandbox/chaos/chaos.test.ts',
  'test/main.test.ts',
  'test/bench.test.ts',
  'test/promises.test.ts',
  'test/orders/engine/settle-crash.test.ts',
  'test/sandbox/page/order.test.ts',
  'test/sandbox/page/settings.test.ts',
];
/** How many other tests start between two of them: all at once, they would keep each other waiting until they fail. */
const APART = 16;

const rank = (path) => LONGEST.findIndex((each) => path.endsWith(each));

/**
 * Starts the longest tests early, because a fresh clone has no record of how long each takes. Started last, one of them
 * would run alone while the other workers have nothing to do.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const usual = super.sort(tests);
    const others = usual.filter(({ path }) => rank(path) === -1);
    const longest = usual.filter(({ path }) => rank(path) !== -1);
    longest.sort((a, b) => rank(a.path) - rank(b.path));
    return longest.flatMap((each) => [each, ...others.splice(0, APART)]).concat(others);
  }
}

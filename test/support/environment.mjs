import { AsyncLocalStorage } from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';

const used = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...call) {
  used.add(this);
  return run.apply(this, call);
};

/**
 * Node's environment, which leaves no `AsyncLocalStorage` behind. Jest makes one for each test file, and Node 20 passes
 * the value of each that was ever used on to every promise: after a hundred files, most of a worker's time would go there.
 */
export default class NumbersEnvironment extends TestEnvironment {
  async teardown() {
    await super.teardown();
    for (const storage of used) storage.disable();
    used.clear();
  }
}

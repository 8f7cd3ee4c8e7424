import { AsyncLocalStorage } from 'node:async_hooks';
import v8 from 'node:v8';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/*
 * Each test file has its own copy of every function, and most are done before V8 has optimized them. This has V8 wait
 * until a function has run seven times as long as usual.
 */
v8.setFlagsFromString('--interrupt-budget=1000000');

const compiled = new Map();

/**
 * Compiles each module once for all test files of a worker, and runs it in the context of each. Jest compiles modules,
 * its own included, for every test file, which takes longer than running most of them.
 */
vm.compileFunction = (source, parameters, { filename, parsingContext }) => {
  const head = `(function(${parameters}){`;
  let known = compiled.get(filename);
  if (known?.source !== source || known.head !== head) {
    const script = new vm.Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
    known = { source, head, script };
    compiled.set(filename, known);
  }
  return known.script.runInContext(parsingContext);
};

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

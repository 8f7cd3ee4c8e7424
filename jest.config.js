/** Source is ESM; inside Jest swc turns it into CommonJS, so nothing tested may use import.meta or top-level await. */
export default {
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: [],
  resolver: '<rootDir>/test/support/resolve-source.mjs',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
    '[/\\\\]node_modules[/\\\\].+\\.js$': [
      '@swc/jest',
      { jsc: { target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  // These packages are ESM only, so swc has to turn them into CommonJS as well.
  transformIgnorePatterns: ['[/\\\\]node_modules[/\\\\](?!(?:p-map|p-retry|is-network-error)[/\\\\])'],
  globalSetup: '<rootDir>/test/support/bundle-programs.mjs',
  setupFilesAfterEnv: ['<rootDir>/test/support/each-test-asserts.ts'],
  // The first speaks before the summary, which stays at the end.
  reporters: ['<rootDir>/test/support/report-skipped.mjs', 'default'],
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  restoreMocks: true,
  // Passed to each module, because looking up a global in the context of a test file is slow.
  sandboxInjectedGlobals: [
    'Array',
    'Error',
    'JSON',
    'Map',
    'Math',
    'Number',
    'Object',
    'Promise',
    'Set',
    'String',
  ],
  // Most tests wait for other processes and timers, so three workers share two cores well.
  maxWorkers: 3,
  // A worker keeps much of what each test file loaded, and in the end spends most of its time collecting it.
  workerIdleMemoryLimit: '350MB',
  // Generous, because what waits too long here is a hang, and slow machines are not mistakes.
  testTimeout: 120_000,
};

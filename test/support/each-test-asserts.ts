import { afterEach, expect } from '@jest/globals';

/**
 * Fails a test that asserts nothing. This hook runs before those of the test file's own top level, so that what they
 * assert doesn't count; `expect.hasAssertions()` would count it.
 */
afterEach(() => {
  if (expect.getState().assertionCalls === 0) throw new Error('This test asserts nothing.');
});

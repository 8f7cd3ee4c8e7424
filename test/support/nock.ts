import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import nock from 'nock';

/**
 * nock, set up so that nothing unexpected reaches the network, everything expected was requested, and nothing stays
 * behind. Jest runs many files in one process, and an interception left by one of them breaks the errors of the next.
 */
beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  const neverAsked = nock.pendingMocks();
  nock.cleanAll();
  expect(neverAsked).toEqual([]);
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

export { nock };

import { expect, jest } from '@jest/globals';

/*
 * These play people against the whole app in real time, three workers on two cores. One that fails in CI is played once
 * more, and its first failure is printed: a promise that is broken breaks again, a wait that was too impatient does not.
 */
const playsInRealTime = /[\\/]test[\\/](?:app|sandbox)[\\/]/.test(expect.getState().testPath ?? '');
if (process.env.CI === 'true' && playsInRealTime) jest.retryTimes(1, { logErrorsBeforeRetry: true });

import { describe, expect, test } from '@jest/globals';
import { placeAdvice, placeCodes } from '../../../src/slack/blocks/slack-problems.js';

describe('What people read about a place that takes no messages', () => {
  test.each(placeCodes)('names the channel in whole sentences, for %s', (code) => {
    const advice = placeAdvice(code, { channel: '<#C0X>', myName: 'numbers2' });
    expect(`${advice?.why} ${advice?.fix}`).toMatch(/^[A-Z<].*[.`]$/);
    expect(`${advice?.why} ${advice?.fix}`).not.toMatch(/undefined|this channel|@Numbers\b/);
  });

  test.each(['missing_scope', 'token_revoked', 'fatal_error', 'constructor', 'a `weird` <code>'])(
    'is nothing when the code, %s, says nothing about a place',
    (code) => {
      expect(placeAdvice(code)).toBeUndefined();
    },
  );
});

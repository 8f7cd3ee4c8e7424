import { describe, expect, test } from '@jest/globals';
import { readPolicyWords } from '../../../src/slack/commands/policy-words.js';

describe('after /numbers policy a person types', () => {
  test.each(['', ' ', 'me'])('%j, and means what they can do', (text) => {
    expect(readPolicyWords(text)).toEqual({ about: 'me' });
  });

  test.each<[string, object]>([
    ['test <@U0ANA|ana> order 25 tollfree', { userId: 'U0ANA', kind: 'toll-free', quantity: 25 }],
    ['test <@U0ANA> order 25', { userId: 'U0ANA', kind: 'purchase', quantity: 25 }],
    ['test <@W0ANA|ana.b> 25 toll free numbers', { userId: 'W0ANA', kind: 'toll-free', quantity: 25 }],
    ['test <@U0ANA|ana> order x3 toll-free', { userId: 'U0ANA', kind: 'toll-free', quantity: 3 }],
    ['TEST <@U0ANA|ana> ORDER', { userId: 'U0ANA', kind: 'purchase', quantity: 1 }],
    [
      'test <@U0ANA|ana> disconnect 3 in <#C0SALES|sales>',
      { userId: 'U0ANA', kind: 'disconnect', quantity: 3, channelId: 'C0SALES' },
    ],
    ['test if <@U0ANA|ana> wants to buy 5 numbers', { userId: 'U0ANA', kind: 'purchase', quantity: 5 }],
    ['test order 25', { kind: 'purchase', quantity: 25 }],
    ['test <@U0ANA|ana> order 1,500', { userId: 'U0ANA', kind: 'purchase', quantity: 1500 }],
    ['test <@U0ANA|ana> order if <@U0ANA|ana> wants', { userId: 'U0ANA', kind: 'purchase', quantity: 1 }],
    ['test me order 25', { kind: 'purchase', quantity: 25 }],
  ])('%j, and is understood', (text, question) => {
    expect(readPolicyWords(text)).toEqual({ about: 'test', question });
  });

  test.each([
    ['test @nobody order 5', 'no-such-person', '@nobody'],
    ['test <@U0ANA|ana> order 5 in #nowhere', 'no-such-channel', '#nowhere'],
    ['test <@U0ANA|ana> order 0', 'quantity', '0'],
    ['test <@U0ANA|ana> order -5', 'quantity', '-5'],
    ['test <@U0ANA|ana> order 2.5', 'quantity', '2.5'],
    ['test <@U0ANA|ana> order 99999999', 'quantity', '99999999'],
    ['test <@U0ANA|ana> order five', 'not-understood', 'five'],
    ['test <@U0ANA|ana> order 25 30', 'quantity', '25 30'],
    ['test <@U0ANA|ana> order 1,500,000 numbers', 'quantity', '1500000'],
    ['test <@U0ANA|ana> <@U0BEN|ben> order 5', 'several-people', '<@U0BEN|ben>'],
    ['test order 5 in <#C0SALES|sales> <#C0HELP|help>', 'several-channels', '<#C0HELP|help>'],
    ['test <@U0ANA|ana> order 5 disconnect 3', 'several-verbs', 'disconnect'],
    ['test', 'no-verb', ''],
    ['test <@U0ANA|ana> 25', 'no-verb', '<@U0ANA|ana> 25'],
    ['change', 'not-understood', 'change'],
    ['<@U0ANA|ana>', 'not-understood', '<@U0ANA|ana>'],
  ])('%j, and is told what is wrong with it', (text, why, typed) => {
    expect(readPolicyWords(text)).toEqual({ about: 'fault', fault: { why, typed } });
  });
});

import { expect, test } from '@jest/globals';
import { policyProblemAnswer } from '../../../../src/slack/blocks/answers/policy-answer.js';
import { type PolicyWordsProblem, readPolicyWords } from '../../../../src/slack/commands/policy-words.js';

function answerTo(words: string): string {
  const read = readPolicyWords(words);
  if (read.about !== 'fault') throw new Error(`“${words}” is understood`);
  return policyProblemAnswer(read.fault).text;
}

test.each(['test <@U0ANA|ana> 25', 'test order 5 disconnect 3'])(
  'a person who asks about no action, or about two, as in “%s”, reads which ones there are',
  (words) => {
    expect(answerTo(words)).toContain('Name one action: `order`, `disconnect`, `move` or `messaging`.');
  },
);

test('each action that the answer names is understood', () => {
  const [, named = ''] = /Name one action: (.*)\./.exec(answerTo('test 5')) ?? [];
  const actions = [...named.matchAll(/`(\w+)`/g)].map(([, action = '']) => action);
  expect(actions.map((action) => readPolicyWords(`test ${action} 5`).about)).toEqual(
    actions.map(() => 'test'),
  );
});

test('each command that the answer suggests works once a person and a channel are chosen', () => {
  const problem: PolicyWordsProblem = { why: 'no-verb', typed: '' };
  const suggested = [...policyProblemAnswer(problem).text.matchAll(/`\/numbers policy ?([^`]*)`/g)];
  expect(suggested).toHaveLength(4);
  for (const [, words = ''] of suggested) {
    const chosen = words.replace('@someone', '<@U0ANA|ana>').replace('#channel', '<#C0SALES|sales>');
    expect(readPolicyWords(chosen).about).not.toBe('fault');
  }
});

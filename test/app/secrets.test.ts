import { expect, test } from '@jest/globals';
import { expectNoSecrets, secretsIn } from '../support/no-secrets.js';
import { startWorld } from '../support/world.js';

/*
 * Every world of these tests ends with a search for its secrets in all that was written: the log, what Slack was sent,
 * what people see, the database file. Here is shown that the search finds what there is to find.
 */

test('a secret on a card is found on the card, in what Slack was sent, and in the database', async () => {
  const world = await startWorld();
  await world.requested('919', async (form) => {
    await form.fill('Reason', `my ${world.slack.botToken}`);
  });
  const ended: unknown = await world.close().catch((error: unknown) => error);
  const found = String(ended);
  for (const place of ['what was sent to Slack', 'what people see', 'the database'])
    expect(found).toMatch(new RegExp(`\\+ +"${place}": Array \\[\\s*(?:\\S+\\s+)?"${world.slack.botToken}"`));
  // The log masks what it is given, no matter who typed it.
  expect(JSON.stringify(world.log)).not.toContain(world.slack.botToken);
});

test('a secret is found in each of its spellings, and so is a Bandwidth token that the search was not told about', () => {
  const [name, token] = ['jane:swordfish', 'local-0f8c3b52-6f0e-4a52-9a53-1c3a1e2f7d10'];
  const header = `Authorization: Basic ${Buffer.from(name).toString('base64')}`;
  expect(secretsIn(header, [name])).toEqual([name]);
  expect(secretsIn('?key=a%2Bb%2Fc%3Dd', ['a+b/c=d'])).toEqual(['a+b/c=d']);
  expect(secretsIn(`Bearer ${token}`, [])).toEqual([token]);
  expect(secretsIn('nothing to see', [name])).toEqual([]);
});

test('the search does not pass because nothing was searched, or for nothing', () => {
  expect(() => expectNoSecrets({ log: { text: '', mustSay: 'listening' } }, ['swordfish'])).toThrow();
  expect(() => expectNoSecrets({ log: { text: 'words' } }, [])).toThrow();
  expect(() => expectNoSecrets({ log: { text: 'it is swordfish' } }, ['swordfish'])).toThrow('swordfish');
  expectNoSecrets({ log: { text: 'listening', mustSay: 'listening' } }, ['swordfish']);
});

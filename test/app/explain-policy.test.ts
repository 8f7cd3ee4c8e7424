import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { temporaryFolder } from '../support/folder.js';
import { approverGroup, CHANNEL, people, startWorld, type World } from '../support/world.js';

let world: World;

const person = (name: 'ana' | 'ben') => world[name];

/** What somebody is told, alone, after typing this; without its bold and code. */
async function answered(name: 'ana' | 'ben', words: string): Promise<string> {
  const before = person(name).ephemerals(CHANNEL).length;
  const posted = world.slack.messages(CHANNEL).length;
  const answer = await person(name).types(CHANNEL, `/numbers ${words}`);
  const plain = (message: Parameters<typeof asPlainText>[0]) =>
    asPlainText(message).replace(/[*`\u200B]/g, '');
  if (answer.text !== undefined) return plain(answer);
  await world.slack.until(() => person(name).ephemerals(CHANNEL).length > before);
  expect(world.slack.messages(CHANNEL)).toHaveLength(posted);
  return plain(person(name).ephemerals(CHANNEL).at(-1) ?? {});
}

describe('With the settings alone', () => {
  beforeAll(async () => {
    world = await startWorld({ settings: { MAX_NUMBERS_PER_MONTH: '500', AUTO_APPROVE_UP_TO: '3' } });
  });
  afterAll(() => world.close());

  test('Ana learns what she can do', async () => {
    const told = await answered('ana', 'policy');
    expect(told).toContain('Order numbers\nNeeds an approval by @telecom.');
    expect(told).toContain('Up to 3 numbers a day need no approval: you have 3 left.');
    expect(told).toContain("At most 100 at once, 500 of everyone's 500 a month left.");
    expect(told).toContain('Disconnect numbers\nNeeds an approval by @telecom.\nAt most 100 at once');
    expect(told).not.toContain('approver: the buttons');
  });

  test('Ben learns that he is an approver, but not of his own requests', async () => {
    const told = await answered('ben', 'policy');
    expect(told).toContain("You're also an approver");
    expect(told).toContain("Needs an approval by @telecom. Your own approval doesn't count.");
  });

  test('Ben asks what Ana could do', async () => {
    expect(await answered('ben', 'policy test @ana order 25 tollfree')).toBe(
      [
        'If @ana asked in #numbers to order 25 toll-free numbers:',
        'It would need an approval by @telecom.',
        'Numbers after this order: 25 of 500 for everyone this month.',
        'Why: these are the settings for everyone; no rule applies here.',
      ].join('\n'),
    );
    expect(await answered('ben', 'policy test @ana order 3')).toContain(
      "It wouldn't need approval: AUTO_APPROVE_UP_TO: up to 3 a day.",
    );
    expect(await answered('ben', 'policy test @ana disconnect 1')).toContain('It would need an approval');
    expect(await answered('ben', 'policy test @ana order 101')).toContain(
      'It would be refused. One order may have at most 100 numbers.',
    );
  });

  test('words that aren’t understood are answered with words that work', async () => {
    expect(await answered('ana', 'policy test @nobody order 5')).toContain(
      "I don't know @nobody. Type @ and choose the person from Slack's list.",
    );
    expect(await answered('ana', 'policy test @ana @ben order 5')).toContain(
      'You named several people. I can answer for one at a time.',
    );
    const told = await answered('ana', 'policy test @ana order <!channel>');
    expect(told).toContain("I don't understand <!channel> here.");
    expect(told).toContain('Try /numbers policy  or  /numbers policy test @someone order 25');
    expect(await answered('ana', 'polcy')).toContain('Did you mean  /numbers policy?');
    expect(await answered('ana', 'limits')).toContain('Did you mean  /numbers policy?');
  });

  test('while Slack does not say who is in the group, the answer says so', async () => {
    await world.restart();
    world.slack.fail('usergroups.users.list', { error: 'internal_error', times: 3 });
    expect(await answered('ana', 'policy')).toContain('Try again in a minute.');
  });
});

describe('With a policy file', () => {
  const folder = temporaryFolder();
  beforeAll(async () => {
    const path = join(folder.path, 'policy.yml');
    writeFileSync(
      path,
      [
        'rules:',
        '  - name: Toll-free numbers cost more',
        '    kinds: [toll-free]',
        '    approvals_required: 2',
        '  - name: Elsewhere',
        '    channels: [C0ELSEWHERE]',
        '    max_numbers_per_order: 1',
        '  - name: Cleo looks after *disconnects*',
        '    kinds: [disconnect]',
        `    approvers: [${people.cleo.id}]`,
      ].join('\n'),
    );
    world = await startWorld({ settings: { POLICY_FILE: path } });
  });
  afterAll(async () => {
    await world.close();
    folder.remove();
  });

  test('the rule that makes the difference is named', async () => {
    expect(await answered('ben', 'policy test @ana order 25 tollfree')).toContain(
      [
        'It would need approvals by 2 different people, of these: @telecom.',
        'Why: the rule “Toll-free numbers cost more” in the policy file, and the settings.',
      ].join('\n'),
    );
    expect(await answered('ben', 'policy test @ana order 25')).toContain('no rule applies here');
    expect(await answered('ben', 'policy test @cleo disconnect 2')).toContain(
      '⚠️ Nobody can give that, so it could never be approved. An admin has to name more approvers.',
    );
    const cut = await answered('ben', 'policy test @ana disconnect 2');
    expect(cut).toContain('It would need an approval by @cleo.');
    expect(cut).toContain('Cleo looks after disconnects');
  });

  test('and it applies to the buttons as well', async () => {
    expect(approverGroup.members).toContain(people.ben.id);
    const told = await answered('ana', 'policy');
    expect(told).toContain('Disconnect numbers\nNeeds an approval by @cleo.');
  });
});

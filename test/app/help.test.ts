import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { told } from '../support/search-steps.js';
import { asRead, CHANNEL, people, startWorld, type World } from '../support/world.js';

let world: World;

const shown = (message: Parameters<typeof asPlainText>[0]) => asRead(asPlainText(message));
type Name = 'ana' | 'dan';

/** What someone is told, alone, after typing this. */
async function answered(name: Name, words: string): Promise<string> {
  const before = world[name].ephemerals(CHANNEL).length;
  const answer = await world[name].types(CHANNEL, `/numbers ${words}`);
  if (answer.text !== undefined) return shown(answer);
  await world.slack.until(() => world[name].ephemerals(CHANNEL).length > before, { describe: 'an answer' });
  return shown(world[name].ephemerals(CHANNEL).at(-1) ?? {});
}

describe('Help', () => {
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  const newest = () => world.ana.ephemerals(CHANNEL).at(-1) as Message;
  const opened = (words: string) =>
    world.slack.until(() => shown(newest()).includes(words), { describe: `help that says “${words}”` });

  test.each([
    ['Search', '/numbers search 910 in Raleigh, NC', ['Order & disconnect', 'Look up']],
    ['Order & disconnect', '/numbers disconnect 910-241-4365, 910-241-4366', ['Search', 'Look up']],
    ['Look up', '/numbers who 910-241-4365', ['Search', 'Order & disconnect']],
  ])('opens its topic %s in place of what it said, for Ana alone', async (topic, command, others) => {
    await world.ana.types(CHANNEL, '/numbers help');
    await world.slack.until(() => world.ana.ephemerals(CHANNEL).length > 0, { describe: 'help' });
    const before = world.ana.ephemerals(CHANNEL).length;
    expect(shown(newest())).toContain('[Search] [Order & disconnect] [Look up]');
    await world.ana.presses(newest(), topic);
    await opened(command);
    expect(shown(newest())).toContain(others.map((each) => `[${each}]`).join(' '));
    // From there to the next, and still in one message.
    await world.ana.presses(newest(), others[0] ?? '');
    await opened(`[${topic}]`);
    expect(world.ana.ephemerals(CHANNEL)).toHaveLength(before);
    expect(world.slack.messages(CHANNEL)).toEqual([]);
    expect(world.dan.ephemerals(CHANNEL)).toEqual([]);
  });

  test('with a topic gives the grammar of a search at once', async () => {
    const said = await answered('ana', 'help search');
    for (const words of [
      'search vanity PIZZA in 910',
      'lata 426',
      'by fullNumber',
      'protected only',
      'rc "QUEENS 8" NY',
    ]) {
      expect(said).toContain(words);
    }
    expect(said).not.toContain('/numbers orders waiting');
  });

  test.each([
    ['pending', 'Did you mean /numbers orders waiting?'],
    ['inbox', 'Did you mean /numbers orders waiting?'],
    ['mine', 'Did you mean /numbers orders mine?'],
    ['find 910', 'Did you mean /numbers search 910?'],
    ['export', 'Did you mean /numbers list?'],
    ['cancel', 'To cancel an order, press Cancel on its card. Nothing was changed.'],
    ['price', "Bandwidth's API has no prices, so I can't show any."],
  ])('is the answer to “%s”, which people try', async (word, sentence) => {
    const said = await answered('ana', word);
    expect(said.replace(/[`*]/g, '').replace(/\s+/g, ' ')).toContain(sentence);
    expect(said).toContain(`“${word}” isn't a command.`);
  });

  test('isn’t the answer to “list”, which is a command', async () => {
    expect(await answered('ana', 'list')).not.toContain("isn't a command");
  });
});

describe('A person whom the policy doesn’t name among the requesters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'numbers-requesters-'));
  const sentence =
    "The policy names who can order and disconnect numbers, and you aren't one of them. Nothing was ordered or changed.";
  beforeAll(async () => {
    const path = join(folder, 'policy.yml');
    writeFileSync(path, `requesters: [${people.ana.id}]\n`);
    world = await startWorld({
      settings: { POLICY_FILE: path },
      bandwidth: { inService: { ours: ['9102414365'] } },
    });
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true });
  });

  test.each([
    'order',
    'order 919',
    'order Raleigh, NC x5',
    'order tollfree',
    'disconnect',
    'disconnect 910-241-4365',
  ])('is told why after “%s”, and no form opens', async (words) => {
    expect(await answered('dan', words)).toContain(sentence);
    expect(world.slack.calls.filter(({ method }) => method === 'views.open')).toEqual([]);
  });

  test('can search, but can’t order through a button either', async () => {
    await world.dan.types(CHANNEL, '/numbers search 919 x2');
    const results = await world.message('Order selected…');
    const [number = ''] = world.bandwidth.available('919');
    await world.dan.ticks(results, [`(919) ${number.slice(3, 6)}-${number.slice(6)}`]);
    expect(await told(world, world.dan, () => world.dan.presses(results, 'Order selected…'))).toContain(
      sentence,
    );
    expect(world.slack.calls.filter(({ method }) => method === 'views.open')).toEqual([]);
  });
});

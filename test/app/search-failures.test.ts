import { afterEach, describe, expect, test } from '@jest/globals';
import Database from 'libsql';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { failures, found, queries, secretsOf, told } from '../support/search-steps.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(async () => {
  const log = JSON.stringify(world.log);
  for (const secret of secretsOf(world)) expect(log).not.toContain(secret);
  await world.close();
});

const SEARCH = /availableNumbers/;

/** Lets Ana search, expects one sentence to her alone and nothing else for anybody; gives the sentence. */
async function searchesInVain(): Promise<string> {
  const { ana, slack } = world;
  const said = await told(world, ana, () => ana.types(CHANNEL, '/numbers search 910'));
  expect(slack.messages(CHANNEL)).toEqual([]);
  expect(ana.ephemerals(CHANNEL)).toHaveLength(1);
  expect(slack.deliveries).toMatchObject([{ ok: true }]);
  return said;
}

/** The error a failed request left in the log: once, whole, and whose. */
function logged() {
  expect(failures(world)).toMatchObject([{ level: 50, userId: 'U0ANA', err: { stack: expect.any(String) } }]);
  return failures(world)[0]?.err;
}

/** Waits until the app has its first token, which the check of the account at the start asks for. */
async function checkedAtStart(): Promise<void> {
  await world.slack.until(() => world.bandwidth.requests.some(({ path }) => path.endsWith('/sites')), {
    describe: 'the check of the account at the start',
  });
}

describe('When Bandwidth', () => {
  test.each([
    [401, "doesn't accept this app's credentials"],
    [403, "doesn't allow this search"],
    [404, "can't find this search"],
    [500, 'is having problems (HTTP 500). Try again'],
    [503, 'is having problems (HTTP 503). Try again'],
    ['html', "sent an answer I can't read (HTTP 200). Try again"],
    ['truncated', "sent an answer I can't read (HTTP 200). Try again"],
    ['reset-before-read', "I couldn't reach Bandwidth"],
    ['cut', "I couldn't reach Bandwidth, or its answer was cut off"],
  ] as const)(
    'answers a search with %s, Ana is told so privately, and the log has the rest',
    async (how, words) => {
      world = await startWorld();
      world.bandwidth.fail({ path: SEARCH, how, times: 4 });
      expect(await searchesInVain()).toContain(words);
      expect(logged()).toMatchObject({ class: 'CarrierError' });
      world.bandwidth.failNothing();
      expect(asPlainText(await found(world, '910'))).toContain('searched by @ana');
    },
  );

  test('cannot be reached at all, Ana is told so', async () => {
    world = await startWorld();
    await checkedAtStart();
    await world.bandwidth.close();
    expect(await searchesInVain()).toContain("I couldn't reach Bandwidth");
    logged();
  });

  test.each([
    [40, /Wait (?:39|40|41) seconds/],
    [1, /Wait [12] seconds?\./],
    [720, /Wait (?:12|13) minutes/],
  ])('limits us for %i seconds, Ana is told how long', async (resetSeconds, words) => {
    world = await startWorld();
    world.bandwidth.fail({ path: SEARCH, how: 429, resetSeconds });
    expect(await searchesInVain()).toMatch(words);
    expect(queries(world)).toHaveLength(1);
  });

  test('no longer accepts our token, nobody notices', async () => {
    world = await startWorld();
    await found(world, '910');
    world.bandwidth.revokeTokens();
    expect(asPlainText(await found(world, '919'))).toContain('searched by @ana');
    expect(failures(world)).toEqual([]);
  });

  test('gives no token, Ana is told who can fix it', async () => {
    world = await startWorld();
    await checkedAtStart();
    world.bandwidth.revokeTokens();
    world.bandwidth.fail({ path: /oauth2/, how: 401, times: 4 });
    expect(await searchesInVain()).toContain('BW_CLIENT_SECRET');
  });

  test('takes its time, Ana still gets her results, and others get theirs in the meantime', async () => {
    world = await startWorld();
    world.bandwidth.fail({ path: SEARCH, how: 'slow', afterMs: 3_300 });
    const { ana, ben, slack } = world;
    await ana.types(CHANNEL, '/numbers search 910');
    await slack.until(() => queries(world).length === 1 || undefined);
    expect(asPlainText(await found(world, '919', ben))).toContain('searched by @ben');
    await world.message('searched by @ana');
    // An acknowledgement that waits for Bandwidth takes as long as Bandwidth.
    expect(slack.deliveries.filter(({ ok, took }) => !ok || took >= 3_300)).toEqual([]);
  });

  test('is down, the form’s channel says so, and the results there stay', async () => {
    world = await startWorld();
    const { ana } = world;
    const results = await found(world, '910');
    const before = asPlainText(results);
    await ana.presses(results, 'Change search…');
    const form = await ana.form();
    world.bandwidth.fail({ path: SEARCH, how: 500, times: 4 });
    const said = await told(world, ana, () => form.submit());
    expect(said).toContain('Bandwidth is having problems');
    expect(ana.directMessages()).toEqual([]);
    expect(asPlainText(results)).toBe(before);
    logged();
  });

  test('is down, paging still works', async () => {
    world = await startWorld();
    const results = await found(world, '910 x25');
    await world.bandwidth.close();
    await world.ana.presses(results, 'More');
    await world.says(results, '11–20 of 25');
    expect(asPlainText(results).match(/\(910\) \d{3}-\d{4}/g)).toHaveLength(10);
  });

  test('is down, typing ahead for a sub-account finds nothing and sends nobody a message', async () => {
    world = await startWorld();
    const { ana, slack } = world;
    await ana.types(CHANNEL, '/numbers order 910');
    const form = await ana.form();
    world.bandwidth.fail({ path: /sites/, how: 500, times: 50 });
    await world.restart();
    const said = [ana.ephemerals(CHANNEL).length, ana.directMessages().length];
    for (const typed of ['R', 'Ra', 'Ral']) expect(await form.options('Sub-account', typed)).toEqual([]);
    expect([ana.ephemerals(CHANNEL).length, ana.directMessages().length]).toEqual(said);
    expect(slack.deliveries.every(({ ok }) => ok)).toBe(true);
    world.bandwidth.failNothing();
    expect(await form.options('Sub-account', 'Ral')).toEqual(['Raleigh office']);
  });
});

describe('Where the bot', () => {
  const elsewhere = {
    id: 'C0ELSE',
    name: 'elsewhere',
    members: ['U0ANA', 'U0BEN'],
    botIsMember: false,
  };
  const inChannel = (change: object) => startWorld({ slack: { channels: [{ ...elsewhere, ...change }] } });

  test.each([
    ['is not in the channel', {}, 'Add me with `/invite @Numbers`'],
    ['is not in a private channel', { private: true }, 'add me with `/invite @Numbers`'],
    ['cannot be: a direct message between two people', { id: 'D0TWO', private: true }, 'use a channel'],
  ])('%s, Ana is told what to do, right where she typed', async (_, change, words) => {
    world = await inChannel(change);
    const { ana, slack } = world;
    const id = 'id' in change ? change.id : elsewhere.id;
    const said = await told(world, ana, () => ana.types(id, '/numbers search 910'), id);
    expect(said).toContain(words);
    expect(slack.messages(id)).toEqual([]);
    expect(ana.directMessages()).toEqual([]);
  });

  test('is not in the channel, help and wrong words are answered anyway', async () => {
    world = await inChannel({});
    expect((await world.ana.types('C0ELSE', '/numbers')).text).toContain('Search, order and disconnect');
    expect((await world.ana.types('C0ELSE', '/numbers search 91O')).text).toContain('search 910');
  });

  test('is not in the channel a form was opened from, Ana is told in a direct message', async () => {
    world = await inChannel({});
    const { ana } = world;
    await ana.types('C0ELSE', '/numbers search');
    const form = await ana.form();
    await form.fill('Area code', '910');
    const said = await told(world, ana, () => form.submit(), 'C0ELSE');
    expect(said).toContain('Add me with `/invite @Numbers`');
    expect(ana.directMessages()).toHaveLength(1);
  });

  test.each([
    ['was removed', { botIsMember: false, private: true }, "I can't see this conversation"],
    ['finds the channel archived', { archived: true }, 'This channel is archived'],
  ])('%s after a search, a press of More says so', async (_, change, words) => {
    world = await startWorld();
    const { ana, slack } = world;
    const results = await found(world, '910 x25');
    slack.changeChannel(CHANNEL, change);
    expect(await told(world, ana, () => ana.presses(results, 'More'))).toContain(words);
    expect(asPlainText(results)).toContain('1–10 of 25');
  });

  test('finds the channel archived while Bandwidth was answering, Ana is told so', async () => {
    world = await startWorld();
    const { ana, slack } = world;
    world.bandwidth.fail({ path: SEARCH, how: 'slow', afterMs: 200 });
    const said = await told(world, ana, async () => {
      await ana.types(CHANNEL, '/numbers search 910');
      slack.changeChannel(CHANNEL, { archived: true });
    });
    expect(said).toContain('This channel is archived');
  });

  test('has a direct message with Ana, her results are posted there', async () => {
    world = await startWorld();
    const { ana, slack } = world;
    const direct = slack.workspace.directChannel(ana.id);
    await ana.types(direct.id, '/numbers search 910');
    await slack.until(() =>
      ana.directMessages().some((each) => asPlainText(each).includes('10 of 100 shown')),
    );
    expect(slack.messages(CHANNEL)).toEqual([]);
  });
});

describe('When Slack', () => {
  test('fails on the results once, they are posted at the second attempt', async () => {
    world = await startWorld();
    world.slack.fail('chat.postMessage', { status: 500 });
    expect(asPlainText(await found(world, '910'))).toContain('searched by @ana');
    expect(failures(world)).toEqual([]);
  });

  test.each([
    ['nobody', 'The posting permissions of this channel'],
    ['read_only_channel', 'This channel is read-only for me'],
    ['thread_only_channel', 'only allows replies in threads'],
  ] as const)(
    'does not let the app post in the channel (%s), Ana is told why, and that nothing was ordered',
    async (posting, words) => {
      world = await startWorld();
      world.slack.changeChannel(CHANNEL, { posting });
      const said = await searchesInVain();
      expect(said).toContain(words);
      expect(said).toContain('Nothing was ordered.');
      expect(said).toContain('`restricted_action');
      logged();
    },
  );

  test.each(['fatal_error', 'some_new_code'])(
    'refuses them with %s, Ana is told the code, and that nothing was ordered',
    async (error) => {
      world = await startWorld();
      world.slack.fail('chat.postMessage', { error });
      const said = await searchesInVain();
      expect(said).toContain(`\`${error}\``);
      expect(said).toContain('Nothing was ordered.');
      logged();
    },
  );

  test('refuses a form with an unknown code, Ana is told it, and that nothing was ordered', async () => {
    world = await startWorld();
    world.slack.fail('views.open', { error: 'some_new_code' });
    const said = await told(world, world.ana, () => world.ana.types(CHANNEL, '/numbers order'));
    expect(said).toContain("I can't open the form.");
    expect(said).toContain('Nothing was ordered or disconnected.');
    expect(said).toContain('`some_new_code`');
    logged();
  });
});

describe('When the database', () => {
  function breaksDown() {
    const database = new Database(world.config.storeUrl.replace('sqlite:', ''));
    database.exec('DROP TABLE entry');
    database.close();
  }

  test('is down, a search says so and posts nothing that could not be paged', async () => {
    world = await startWorld();
    breaksDown();
    expect(await searchesInVain()).toContain("I can't reach my database right now");
    expect(logged()).toMatchObject({ class: 'StoreError' });
  });

  test.each(['More', 'Order selected…', 'Change search…'])(
    'is down, a press of %s says so',
    async (label) => {
      world = await startWorld();
      const { ana } = world;
      const results = await found(world, '910 x25');
      breaksDown();
      expect(await told(world, ana, () => ana.presses(results, label))).toContain(
        "I can't reach my database",
      );
      expect(ana.hasForm()).toBe(false);
      expect(asPlainText(results)).toContain('1–10 of 25');
      logged();
    },
  );
});

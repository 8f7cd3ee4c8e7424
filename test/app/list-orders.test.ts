import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'libsql';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { newOrder } from '../../src/orders/domain/transitions.js';
import { openStore } from '../../src/store/open-store.js';
import { listeningLog } from '../store/store-fixtures.js';
import { purchase } from '../support/orders/people.js';
import { describeWith, postgres } from '../support/servers.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

type Name = 'ana' | 'ben' | 'dan';

let world: World;

/** The private message that somebody gets after typing this, once it is there. */
async function answer(name: Name, words: string): Promise<Message> {
  const person = world[name];
  const before = person.ephemerals(CHANNEL).length;
  await person.types(CHANNEL, `/numbers ${words}`);
  return world.slack.until(() => person.ephemerals(CHANNEL)[before], { describe: `an answer to ${words}` });
}
const read = (message: Parameters<typeof asPlainText>[0]): string =>
  asRead(asPlainText(message)).replace(/[*`]/g, '');

/** What somebody is told, at once or in a message. */
async function told(name: Name, words: string): Promise<string> {
  const person = world[name];
  const before = person.ephemerals(CHANNEL).length;
  const answered = await person.types(CHANNEL, `/numbers ${words}`);
  if (answered.text !== undefined) return read(answered);
  return read(await world.slack.until(() => person.ephemerals(CHANNEL)[before], { describe: words }));
}

const linksAsked = () => world.slack.calls.filter(({ method }) => method === 'chat.getPermalink').length;

describe('After three requests, one of which was delivered,', () => {
  let cards: Message[];
  let first: string;

  beforeAll(async () => {
    world = await startWorld();
    const delivered = await world.requested('910 x2');
    await world.ben.presses(delivered, 'Approve & order');
    await world.says(delivered, 'Complete: 2 of 2');
    const waiting = await world.requested('Raleigh, NC x1');
    const declined = await world.requested('919 x3');
    await world.ben.presses(declined, 'Decline…');
    const form = await world.ben.form();
    await form.fill('Why?', 'Too many');
    await form.submit();
    await world.says(declined, 'Declined');
    cards = [delivered, waiting, declined];
    const metadata = delivered.metadata as { event_payload: { order_id: string } };
    first = metadata.event_payload.order_id;
  });
  afterAll(() => world.close());

  test('anyone sees all of them, newest first: what, its state, who, when, and a link to the card', async () => {
    const posted = world.slack.messages(CHANNEL).length;
    const message = await answer('dan', 'orders');
    const lines = read(message);
    expect(lines).toMatch(/^Orders, newest first\n/);
    expect(lines.match(/Declined: .*|Order: .*approval|Complete: .*/g)).toEqual([
      expect.stringContaining('Declined: 3 numbers in area code 919'),
      expect.stringContaining('Order: 1 number in Raleigh, NC — waiting for approval'),
      expect.stringContaining('Complete: 2 of 2 numbers in area code 910'),
    ]);
    expect(lines).toMatch(/Requested by @ana, .* UTC · Open card · [0-9a-f]{8}/);
    for (const { ts } of cards)
      expect(JSON.stringify(message.blocks)).toContain(
        `/archives/${CHANNEL}/p${ts.replace('.', '')}|Open card>`,
      );
    expect(message.text).toContain('Declined: 3 numbers in area code 919');
    expect(world.slack.messages(CHANNEL)).toHaveLength(posted);
  });

  test('what waits names who can decide, and since when', async () => {
    for (const words of [
      'orders waiting',
      'orders pending',
      'orders inbox',
      'orders queue',
      'orders requests',
    ]) {
      const lines = await told('ana', words);
      expect(lines).toMatch(/^Orders waiting for approval, newest first\n/);
      expect(lines).toMatch(/Order: 1 number in Raleigh, NC.*\nWaiting for @telecom since .* UTC\n/);
      expect(lines).not.toContain('Complete');
    }
  });

  test.each([
    ['orders mine', 'ana', ['Declined', 'Order', 'Complete']],
    ['orders @ana', 'ben', ['Declined', 'Order', 'Complete']],
    ['orders open', 'ben', ['Order']],
    ['orders done', 'ben', ['Declined', 'Complete']],
    ['orders done 910', 'ben', ['Complete']],
    ['orders 919', 'ben', ['Declined']],
    ['orders (910)', 'ben', ['Complete']],
    ['orders 910-', 'ben', ['Complete']],
    ['orders raleigh waiting', 'ben', ['Order']],
    ['orders Raleigh, NC', 'ben', ['Declined', 'Order', 'Complete']],
    ['orders Raleigh office', 'ben', ['Declined', 'Order', 'Complete']],
    ['orders show all orders of @ana in 910', 'ben', ['Complete']],
  ] as const)('%j finds what it says', async (words, name, found) => {
    const lines = await told(name, words);
    const states = lines.match(/(?<=^\S+ )(Declined|Order|Complete)(?=:)/gmu);
    expect(states).toEqual(found);
  });

  test('an order is found by the numbers that were delivered, and by eight characters of its id or Bandwidth’s', async () => {
    const [carrierOrder] = world.bandwidth.orders();
    const number = world.slack
      .messages(CHANNEL)
      .flatMap((each) => [each, ...each.replies])
      .map((each) => /\(910\) \d{3}-\d{4}/.exec(asPlainText(each))?.[0])
      .find((each) => each !== undefined);
    for (const words of [number, number?.replace(/\D/g, ''), first, first.slice(0, 8), carrierOrder?.id]) {
      const lines = await told('ben', `orders ${words}`);
      expect(lines).toContain('Complete: 2 of 2 numbers in area code 910');
      expect(lines.match(/Requested by/g)).toHaveLength(1);
    }
  });

  test('Slack is asked for each link once, also after a restart', async () => {
    await told('ben', 'orders');
    const before = linksAsked();
    await world.restart();
    expect(await told('ben', 'orders')).toContain('Open card');
    expect(linksAsked()).toBe(before);
  });

  test.each([
    [
      'orders waiting mine',
      'No order requested by you is waiting for approval. Try /numbers orders for all orders.',
    ],
    [
      'orders 704',
      'I found no order for “704”. Try a number or the start of one (910-241), a city, a sub-account, @somebody, or at least the first 8 characters of an id.',
    ],
    ['orders Nowhere Hollow', 'I found no order for “Nowhere Hollow”.'],
    ['orders deadbeef', 'I found no order for “deadbeef”.'],
    ['orders ???', 'I found no order for “???”.'],
    ['orders 😀', 'I found no order for “😀”.'],
    ['orders Portland, ME', 'I found no order for “Portland ME”. Try a number'],
    [
      'orders @nobody',
      "I don't know @nobody. Type @ and choose the person from Slack's list. Try /numbers orders waiting, /numbers orders mine, /numbers orders 910.",
    ],
    ['orders open done', 'An order is waiting, open or done. Name one of them.'],
    ['orders mine @ben', 'I can list the orders of one person at a time.'],
    ['orders #numbers', "I can't list orders by channel."],
  ])('%j is answered with a sentence', async (words, sentence) => {
    expect(await told('dan', words)).toContain(sentence);
  });

  test('5,000 characters are answered with a sentence', async () => {
    expect(await told('dan', `orders ${'9102414365 '.repeat(455)}`)).toContain(
      "That's 5,004 characters. Name a number, a place, a sub-account or an id.",
    );
  });

  test.each([
    ['pending', 'orders waiting'],
    ['inbox', 'orders waiting'],
    ['queue', 'orders waiting'],
    ['requests', 'orders waiting'],
    ['mine', 'orders mine'],
    ['my orders', 'orders mine'],
    ['status 910', 'orders 910'],
    ['ordres 910', 'orders 910'],
  ])('%j points at the right command', async (words, command) => {
    expect(await told('dan', words)).toContain(`/numbers ${command}`);
  });
});

describe('Before anyone has requested anything,', () => {
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  test('the list says so, and what to try', async () => {
    expect(await told('ana', 'orders')).toBe(
      'No orders yet. Try /numbers search 910 to find numbers to order.',
    );
    expect(await told('ana', 'orders waiting')).toBe(
      'No order is waiting for approval. Try /numbers orders for all orders.',
    );
    expect(await told('ana', 'orders mine')).toBe(
      'No orders requested by you yet. Try /numbers orders for all orders.',
    );
  });

  test('a card that was deleted is named as such; one whose link Slack does not give names its channel', async () => {
    const card = await world.requested('910 x1');
    await world.restart();
    world.slack.fail('chat.getPermalink', { error: 'internal_error' });
    expect(await told('ana', 'orders')).toContain('card in #numbers');
    world.dan.deletes(card);
    expect(await told('ana', 'orders')).toContain('its card in #numbers was deleted');
  });
});

describe('Among many orders,', () => {
  const start = Date.UTC(2026, 9, 1);

  beforeAll(async () => {
    world = await startWorld();
    const store = await openStore(world.config.storeUrl, listeningLog());
    for (let index = 0; index < 35; index++) {
      const order = newOrder({
        id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        request: purchase({ name: `Desk ${index}` }),
        requester: { teamId: world.slack.teamId, userId: world.ana.id },
        channelId: CHANNEL,
        now: start + index,
        expiresAt: Date.now() + 86_400_000,
      });
      expect(await store.orders.insert(order)).toBe(true);
    }
    await store.close();
    // At its start the app looks for open orders, and posts their cards.
    await world.restart();
    await world.slack.until(() => world.slack.messages(CHANNEL).length === 35, { describe: '35 cards' });
  });
  afterAll(() => world.close());

  const desks = (message: Message) =>
    read(message)
      .match(/(?<=Desk )\d+/g)
      ?.map(Number);
  const down = (from: number, to: number) =>
    Array.from({ length: from - to + 1 }, (_, index) => from - index);

  test('there are ten per page, and Next and Previous lead there and back', async () => {
    const message = await answer('ana', 'orders mine');
    const now = () => world.ana.ephemerals(CHANNEL).find(({ ts }) => ts === message.ts) ?? message;
    const turn = async (label: string, expected: readonly number[]) => {
      await world.ana.presses(now(), label);
      await world.slack.until(() => desks(now())?.[0] === expected[0], {
        describe: `the page from ${expected[0]}`,
      });
      expect(desks(now())).toEqual(expected);
    };
    expect(desks(message)).toEqual(down(34, 25));
    expect(read(message)).not.toContain('[Previous]');
    await turn('Next', down(24, 15));
    await turn('Next', down(14, 5));
    await turn('Next', down(4, 0));
    expect(read(now())).not.toContain('[Next]');
    await turn('Previous', down(14, 5));
    await turn('Previous', down(24, 15));
    await turn('Previous', down(34, 25));
  });
});

test('a store written by the version before lists its orders after the upgrade', async () => {
  world = await startWorld();
  try {
    const card = await world.requested('910 x1');
    const file = (world.config.storeUrl ?? '').replace('sqlite:', '');
    await world.restart();
    expect(await told('ana', 'orders')).toContain('1 number in area code 910');
    const database = new Database(file);
    database.exec("DELETE FROM entry WHERE namespace = 'order-index'");
    database.exec(
      `UPDATE entry SET value = '{"value":{"version":1}}' WHERE namespace = 'about' AND key = 'schema'`,
    );
    database.close();
    await world.restart();
    expect(await told('ana', 'orders')).toContain('1 number in area code 910');
    expect(world.log.filter(({ msg }) => msg === 'index of orders built')).toMatchObject([{ orders: 1 }]);
    expect(asPlainText(card)).toContain('waiting for approval');
  } finally {
    await world.close();
  }
});

describeWith([postgres], 'While the database is down', () => {
  test('the list says so, and works again afterwards', async () => {
    const proxy = await startTcpProxy(postgres.host, postgres.port);
    const url = postgres.fresh(proxy.port);
    world = await startWorld({ settings: { STORE_URL: url } });
    try {
      await world.requested('910 x1');
      // The journal has what happened before the database goes away.
      await world.restart();
      proxy.cut();
      expect(await told('ana', 'orders')).toContain("I can't reach my database right now");
      proxy.restore();
      let said = '';
      while (!said.includes('1 number in area code 910')) said = await told('ana', 'orders');
    } finally {
      await world.close();
      await proxy.close();
      await postgres.discard(url);
    }
  });
});

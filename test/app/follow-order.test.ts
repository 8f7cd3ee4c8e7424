import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalBandwidth, startLocalBandwidth } from '../../sandbox/local-bandwidth/local-bandwidth.js';
import { asPlainText, type Message, mentionsIn } from '../../sandbox/local-slack/local-slack.js';
import { asRead, people, startWorld, type World } from '../support/world.js';

let world: World;
let second: LocalBandwidth | undefined;

/** How often an order was sent to Bandwidth, whatever became of it. */
const timesSent = () =>
  world.bandwidth.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/orders')).length;

/** How often the list of orders was searched for one of ours. */
const timesLookedUp = () =>
  world.bandwidth.requests.filter(({ method, path }) => method === 'GET' && path.endsWith('/orders')).length;

const newest = () => {
  const order = world.bandwidth.orders().at(-1);
  if (order === undefined) throw new Error('Bandwidth has no order');
  return order;
};

async function approved(words: string): Promise<Message> {
  const card = await world.requested(words);
  await world.ben.presses(card, 'Approve & order');
  return card;
}

/** The sentences in a card's thread, once there are so many. */
async function thread(card: Message, sentences: number): Promise<readonly string[]> {
  await world.slack.until(() => card.replies.length >= sentences, {
    describe: `${sentences} sentences in the thread`,
  });
  const told = card.replies.map((each) => asRead(asPlainText(each)));
  expect(told).toHaveLength(sentences);
  return told;
}

/** The headlines the card has had, each once, without its picture. */
const headlines = (card: Message): readonly string[] => [
  ...new Set(
    card.versions.map(({ blocks }) => asPlainText({ blocks: blocks.slice(0, 1) }).replace(/^\S+ /, '')),
  ),
];

describe('An approved order', () => {
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());
  afterEach(() => {
    world.bandwidth.failNothing();
    world.bandwidth.set({ orderDelayMs: 50, omitOrderStatus: false, pendingError: false, emptyLists: false });
  });

  test('that is complete says which numbers were delivered, to Ana and on the card', async () => {
    const card = await approved('919 x3');
    await world.says(card, 'your 3 numbers are active');
    const [one = '', two = '', three = ''] = newest().numbers.map(
      (number) => `(${number.slice(0, 3)}) ${number.slice(3, 6)}-${number.slice(6)}`,
    );
    expect(asPlainText(card)).toContain(`Delivered:*\n${one}\n${two}\n${three}`);
    expect(await thread(card, 2)).toEqual([
      'Approved by @ben.',
      `@ana your 3 numbers are active: ${one}, ${two}, ${three}\nVoice works · messaging is off · no emergency address on these numbers`,
    ]);
    expect(card.replies.map((each) => mentionsIn(each))).toEqual([[people.ben.id], [people.ana.id]]);
    expect(headlines(card)).toEqual([
      'Order: 3 numbers in area code 919 — waiting for approval',
      'Ordering… 3 numbers in area code 919',
      'Received by Bandwidth: 3 numbers in area code 919',
      'Complete: 3 of 3 numbers in area code 919',
    ]);
  });

  test('of two numbers of which another customer bought one is partly delivered: it says which, and why not the other', async () => {
    const [kept = '', lost = ''] = world.bandwidth.available('919439');
    world.bandwidth.set({ reservationsAllowed: false });
    const card = await world.requested(`${kept} ${lost}`);
    await world.says(card, 'No number is held.');
    expect(world.bandwidth.anotherCustomerBuys(lost)).toBe(true);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'is no longer available. The order continues with (919) 439-');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Partial: 1 of 2 numbers');
    world.bandwidth.set({ reservationsAllowed: true });
    await world.says(card, '1 of the 2 numbers you ordered was delivered.');
    const shown = (number: string) => `(919) 439-${number.slice(6)}`;
    expect(asPlainText(card)).toContain(`Delivered:* ${shown(kept)}`);
    const because = `• 5005: The telephone number is unavailable for ordering — ${shown(lost)}`;
    expect(asPlainText(card)).toContain(because);
    expect((await thread(card, 2))[1]).toBe(
      `@ana 1 of the 2 numbers you ordered was delivered.\nActive: ${shown(kept)}\nVoice works · messaging is off · no emergency address on this number\nBandwidth says:\n${because}`,
    );
  });

  test('of numbers that another customer bought fails, with Bandwidth’s own code and words', async () => {
    const [lost = ''] = world.bandwidth.available('984200');
    world.bandwidth.set({ reservationsAllowed: false });
    const card = await world.requested(lost);
    await world.says(card, 'No number is held.');
    world.bandwidth.anotherCustomerBuys(lost);
    // Whether it is still on offer can't be seen, so the order goes out.
    world.bandwidth.fail({ path: /\/availableNumbers$/, how: 503, times: 9 });
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Failed: 0 of 1 number');
    world.bandwidth.set({ reservationsAllowed: true });
    await world.says(card, 'failed: no number was delivered.');
    expect(asPlainText(card)).toContain('No number was delivered.');
    expect(asPlainText(card)).toContain(
      `• 5005: The telephone number is unavailable for ordering — (984) 200-${lost.slice(6)}`,
    );
    await thread(card, 2);
  });

  test('for all or none of which one is gone fails as a whole', async () => {
    const [kept = '', lost = ''] = world.bandwidth.available('919439');
    world.bandwidth.set({ reservationsAllowed: false });
    const card = await world.requested(`${kept} ${lost}`, async (form) => {
      await form.untick('Options', 'Partial delivery allowed');
    });
    await world.says(card, 'No number is held.');
    world.bandwidth.anotherCustomerBuys(lost);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'it will very likely deliver none');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Failed: 0 of 2 numbers');
    world.bandwidth.set({ reservationsAllowed: true });
    expect(world.bandwidth.available(kept)).toEqual([kept]);
    expect(asPlainText(card)).toContain('5005');
  });

  test('that Bandwidth can only fill in part: what was requested and what was delivered', async () => {
    world.bandwidth.nextOrder({ ends: 'PARTIAL' });
    const card = await approved('919 x5');
    await world.says(card, 'Partial: 2 of 5 numbers');
    await world.says(card, '2 of the 5 numbers you ordered were delivered.');
    await world.says(
      card,
      '5017: Only a partial quantity of the total telephone numbers ordered could be fulfilled',
    );
    for (const number of newest().numbers) {
      expect(asPlainText(card)).toContain(`(${number.slice(0, 3)}) ${number.slice(3, 6)}-${number.slice(6)}`);
    }
    expect(newest().numbers).toHaveLength(2);
  });

  test('that fails with unknown errors shows them as they are', async () => {
    world.bandwidth.nextOrder({
      ends: 'FAILED',
      errors: [{ code: '9999', description: 'The *frobnicator* <!channel> is `down` & out' }],
    });
    const card = await approved('919');
    await world.says(card, 'Failed: 0 of 1 number');
    await world.says(card, 'failed: ');
    for (const message of [card, ...card.replies]) {
      expect(mentionsIn(message).filter((id) => !id.startsWith('U0'))).toEqual([]);
    }
    expect(asRead(asPlainText(card))).toContain('9999: The *frobnicator* <!channel> is `down` & out');
  });

  test('that is back-ordered says so, and is complete when the numbers come', async () => {
    world.bandwidth.nextOrder({ ends: 'BACKORDERED' });
    const card = await world.requested('919 x4', async (form) => {
      await form.tick('Options', 'Back-order');
    });
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Back-ordered: 4 numbers');
    await world.says(
      card,
      'Bandwidth has back-ordered the rest of 4 numbers in area code 919: 2 delivered, 2 pending.',
    );
    expect(asPlainText(card)).toContain('Delivered so far');
    expect(mentionsIn(card.replies[1] ?? {})).toEqual([people.ana.id]);
    world.bandwidth.finish(newest().id);
    await world.says(card, 'Complete: 4 of 4 numbers');
    await world.says(card, 'your 4 numbers are active');
    await thread(card, 3);
  });

  test('that Bandwidth is working on is followed until it is done', async () => {
    world.bandwidth.nextOrder({ processing: true, delayMs: 'manual' });
    const card = await approved('919');
    await world.says(card, 'Being processed by Bandwidth');
    world.bandwidth.finish(world.bandwidth.orders().at(-1)?.id ?? '');
    await world.says(card, 'Complete: 1 of 1 number');
    await thread(card, 2);
  });

  test('is followed although Bandwidth’s answers leave things out or report errors that are none', async () => {
    world.bandwidth.set({ omitOrderStatus: true, pendingError: true, emptyLists: true, orderDelayMs: 500 });
    const card = await approved('919');
    await world.says(card, 'Received by Bandwidth');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(asPlainText(card)).not.toContain('5019');
  });

  test('that Bandwidth refuses says why, and that nothing was ordered', async () => {
    const before = world.bandwidth.orders().length;
    world.bandwidth.refuseNextOrder(
      { code: '5016', description: 'The SiteId submitted is invalid.' },
      { code: '5023', description: 'SIP peer submitted is invalid.' },
    );
    const card = await approved('919');
    await world.says(card, 'Refused by Bandwidth: 1 number in area code 919');
    await world.says(
      card,
      '@ana Bandwidth refused your order of 1 number in area code 919. Nothing was ordered.',
    );
    for (const message of [card, card.replies[1] ?? {}]) {
      expect(asPlainText(message)).toContain('• 5016: The SiteId submitted is invalid.');
      expect(asPlainText(message)).toContain('• 5023: SIP peer submitted is invalid.');
    }
    expect(world.bandwidth.orders()).toHaveLength(before);
  });

  test.each([
    ['401, also with a new token', 401, "Bandwidth doesn't accept this app's credentials."],
    [
      '403 without a word',
      403,
      "Bandwidth doesn't allow this order. My credentials need the roles Ordering and Numbers",
    ],
  ])('that is answered with %s is refused, and says who can fix it', async (_, how, advice) => {
    const before = world.bandwidth.orders().length;
    world.bandwidth.fail({ method: 'POST', path: /\/orders$/, how, times: 2 });
    const card = await approved('919');
    await world.says(card, 'Refused by Bandwidth');
    await world.says(card, advice);
    expect(world.bandwidth.orders()).toHaveLength(before);
  });

  test('whose token expired on the way gets a new one and is ordered once', async () => {
    const before = world.bandwidth.orders().length;
    world.bandwidth.revokeTokens();
    const card = await approved('919');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(world.bandwidth.orders()).toHaveLength(before + 1);
  });

  test('for which Bandwidth has no time waits as long as Bandwidth says, then is ordered once', async () => {
    const sent = timesSent();
    world.bandwidth.fail({ method: 'POST', path: /\/orders$/, how: 429, resetSeconds: 3 });
    const card = await world.requested('919');
    const at = Date.now();
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Bandwidth is getting too many requests from this account.');
    expect(asPlainText(card)).toContain('[Cancel]');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(timesSent()).toBe(sent + 2);
    // Bandwidth names the time in real, whole seconds. A slow machine only adds to them.
    expect(Date.now() - at).toBeGreaterThan(2_000);
    expect(asPlainText(card)).not.toContain('too many requests');
  });

  test.each([
    ['a 503 although it was taken', { how: 503, accepted: true }],
    ['a connection that breaks after it was taken', { how: 'reset-after-accept' }],
    ['half a document', { how: 'truncated' }],
  ] as const)('that is answered with %s is looked up, not sent again', async (_, fault) => {
    const [before, sent] = [world.bandwidth.orders().length, timesSent()];
    world.bandwidth.fail({ method: 'POST', path: /\/orders$/, ...fault });
    const card = await approved('919');
    await world.says(card, 'Complete: 1 of 1 number');
    await world.says(card, '@ana your number is active');
    expect(timesSent()).toBe(sent + 1);
    expect(world.bandwidth.orders()).toHaveLength(before + 1);
  });

  test('that got lost on the way to Bandwidth says that the outcome is unknown, and is not sent again by itself', async () => {
    const [before, sent, looked] = [world.bandwidth.orders().length, timesSent(), timesLookedUp()];
    world.bandwidth.fail({ method: 'POST', path: /\/orders$/, how: 'reset-before-read' });
    const card = await approved('919');
    await world.says(card, 'Outcome unknown: 1 number in area code 919');
    await world.says(card, "@ana Bandwidth didn't answer, so I don't know yet whether it has the order.");
    await world.slack.until(() => timesLookedUp() > looked, { describe: 'it to be looked up' });
    expect(asPlainText(card)).toContain('Outcome unknown');
    expect(asPlainText(card)).not.toContain('[');
    expect(timesSent()).toBe(sent + 1);
    expect(world.bandwidth.orders()).toHaveLength(before);
  });

  test('that Bandwidth cannot report on for a moment is complete in the end', async () => {
    world.bandwidth.fail({ method: 'GET', path: /\/orders\/[\w-]+$/, how: 500 });
    const card = await approved('919');
    await world.says(card, 'Complete: 1 of 1 number');
    await thread(card, 2);
  });
});

describe('An order that is sent to a Bandwidth which', () => {
  afterEach(async () => {
    await world.close();
    await second?.close();
    second = undefined;
  });

  test('accepts it, never answers, and lists it late is asked until the order is found by our id; it exists once', async () => {
    world = await startWorld({
      placeWithinMs: 400,
      bandwidth: { switches: { listOmitsReceived: true }, orderDelayMs: 1_200 },
    });
    world.bandwidth.fail({ method: 'POST', path: /\/orders$/, how: 'hang-after-accept' });
    const card = await approved('919');
    await world.says(card, 'Outcome unknown');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(timesSent()).toBe(1);
    expect(world.bandwidth.orders()).toHaveLength(1);
    await thread(card, 3);
  });

  test('is down says so, can be canceled, and nothing is ordered when it is back', async () => {
    world = await startWorld();
    const card = await world.requested('919');
    await world.bandwidth.close();
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, "I couldn't reach Bandwidth");
    expect(asPlainText(card)).toContain('Ordering…');
    await world.ana.presses(card, 'Cancel');
    await world.says(card, 'Canceled by @ana. Nothing was ordered.');
    second = await backAgain();
    await world.restart();
    await world.says(await approved('910'), 'Complete');
    expect(second.orders()).toMatchObject([
      { type: 'AreaCodeSearchAndOrderType', name: '1 number in area code 910' },
    ]);
  });

  test('is down at the approval is ordered as soon as Bandwidth is back, once', async () => {
    world = await startWorld();
    const card = await world.requested('919');
    await world.bandwidth.close();
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, "I couldn't reach Bandwidth");
    second = await backAgain();
    await world.says(card, 'Complete: 1 of 1 number');
    expect(second.orders()).toHaveLength(1);
    expect(asPlainText(card)).not.toContain("couldn't reach");
  });
});

/** The same Bandwidth at the same address after an outage; it has forgotten its tokens. */
function backAgain(): Promise<LocalBandwidth> {
  return startLocalBandwidth({ port: Number(new URL(world.bandwidth.apiUrl).port), orderDelayMs: 50 });
}

describe('A restart', () => {
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());
  afterEach(() => world.bandwidth.failNothing());

  test('while Bandwidth is working on the order: it is followed to its end', async () => {
    world.bandwidth.nextOrder({ delayMs: 'manual' });
    const card = await approved('919');
    await world.says(card, 'Received by Bandwidth');
    const { id } = newest();
    await world.restart();
    world.bandwidth.finish(id);
    await world.says(card, 'Complete: 1 of 1 number');
    await thread(card, 2);
  });

  test('right after the approval: ordered once', async () => {
    const before = world.bandwidth.orders().length;
    const card = await approved('919');
    await world.restart();
    await world.says(card, 'Complete: 1 of 1 number');
    expect(world.bandwidth.orders()).toHaveLength(before + 1);
    await thread(card, 2);
  });

  test('while the outcome is unknown: it is looked up, and ordered once', async () => {
    const sent = timesSent();
    world.bandwidth.fail({ method: 'POST', path: /\/orders$/, how: 'reset-after-accept' });
    const card = await approved('919');
    await world.says(card, 'Outcome unknown');
    await world.restart();
    await world.says(card, 'Complete: 1 of 1 number');
    expect(timesSent()).toBe(sent + 1);
  });

  test('after the end, before Slack could be told: the card is right and everything is announced once', async () => {
    const card = await world.requested('919');
    world.slack.fail('chat.update', { error: 'internal_error' });
    await world.ben.presses(card, 'Approve & order');
    await world.slack.until(() => newest().status === 'COMPLETE');
    await world.restart();
    await world.says(card, 'Complete: 1 of 1 number');
    await world.says(card, '@ana your number is active');
    await thread(card, 2);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message, mentionsIn } from '../../sandbox/local-slack/local-slack.js';
import {
  cardOf,
  disconnectApproved,
  disconnectAsked,
  disconnectForm,
  makeStock,
  orderIdOn,
  shown,
  threadOf,
  timesSent,
} from '../support/disconnect-steps.js';
import { asRead, people, startWorld, type World } from '../support/world.js';

let world: World;

const newest = () => {
  const disconnect = world.bandwidth.disconnects().at(-1);
  if (disconnect === undefined) throw new Error('Bandwidth has no disconnect');
  return disconnect;
};

const NOT_OURS =
  '5006: Telephone number could not be disconnected since it is not associated with your account';
const BACK = 'A released number can usually be reordered for about 30 days.';

describe('An approved disconnect', () => {
  const stock = makeStock(60);
  beforeAll(async () => {
    world = await startWorld({
      settings: { UNDO_WINDOW: '0' },
      bandwidth: { inService: { ours: stock.all } },
    });
  });
  afterAll(() => world.close());
  afterEach(() => {
    world.bandwidth.failNothing();
    world.bandwidth.set({ omitDisconnectedNumbers: false, omitOrderStatus: false });
  });

  test.each([
    ['Normal', 'Unchanged', 'normal', 'UNCHANGED'],
    ['Normal', 'Protected', 'normal', 'TRUE'],
    ['Normal', 'Not protected', 'normal', 'FALSE'],
    ['Soft-remove', 'Unchanged', 'soft-remove', 'UNCHANGED'],
    ['Soft-remove', 'Not protected', 'soft-remove', 'FALSE'],
    ['Purge', 'Protected', 'purge', 'TRUE'],
  ])(
    'in mode %s, marked %s, reaches Bandwidth in exactly these words',
    async (mode, mark, asMode, asMark) => {
      const [one, two] = stock.take(2);
      const form = await disconnectForm(world, `${one} ${two}`);
      await form.fill('Name', 'Tom & "Jerry" <old>');
      await form.choose('Mode', mode);
      await form.choose('Protected', mark);
      const card = await cardOf(world, form);
      const before = timesSent(world);
      await world.ben.presses(card, 'Approve & disconnect');
      await world.slack.until(() => timesSent(world) > before);
      const sent = world.bandwidth.requests.findLast(
        ({ method, path }) => method === 'POST' && path.endsWith('/disconnects'),
      );
      expect(sent?.path).toBe(`/api/accounts/${world.bandwidth.accountId}/disconnects`);
      expect(sent?.body.trimEnd()).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<DisconnectTelephoneNumberOrder>
  <name>Tom &amp; "Jerry" &lt;old&gt;</name>
  <CustomerOrderId>${orderIdOn(card)}</CustomerOrderId>
  <DisconnectTelephoneNumberOrderType>
    <TelephoneNumberList>
      <TelephoneNumber>${one}</TelephoneNumber>
      <TelephoneNumber>${two}</TelephoneNumber>
    </TelephoneNumberList>
    <DisconnectMode>${asMode}</DisconnectMode>
    <Protected>${asMark}</Protected>
  </DisconnectTelephoneNumberOrderType>
</DisconnectTelephoneNumberOrder>`);
    },
  );

  test('that is complete says which numbers were disconnected and that they can be reordered, to Ana and on the card', async () => {
    const [one = '', two = ''] = stock.take(2);
    const card = await disconnectApproved(world, `${one} ${two}`);
    await world.says(card, 'Disconnected: 2 of 2 numbers');
    expect(asPlainText(card)).toContain(`Disconnected:*\n${shown(one)}\n${shown(two)}`);
    expect(await threadOf(world, card, 2)).toEqual([
      'Approved by @ben.',
      `@ana your 2 numbers are disconnected: ${shown(one)}, ${shown(two)}\n${BACK}`,
    ]);
    expect(card.replies.map((each) => mentionsIn(each))).toEqual([[people.ben.id], [people.ana.id]]);
  });

  test('that is complete without a list of its numbers is understood too', async () => {
    world.bandwidth.set({ omitDisconnectedNumbers: true, omitOrderStatus: true });
    const [one = '', two = ''] = stock.take(2);
    const card = await disconnectApproved(world, `${one} ${two}`);
    await world.says(card, 'Disconnected: 2 of 2 numbers');
    expect(asPlainText(card)).toContain(`Disconnected:*\n${shown(one)}\n${shown(two)}`);
    expect((await threadOf(world, card, 2))[1]).toBe(
      `@ana your 2 numbers are disconnected: ${shown(one)}, ${shown(two)}\n${BACK}`,
    );
  });

  test('of a number that left the account in the meantime is partly done: it says which were disconnected, and why the other was not', async () => {
    const [kept = '', lost = ''] = stock.take(2);
    const card = await disconnectAsked(world, `${kept} ${lost}`);
    expect(world.bandwidth.leaves(lost)).toBe(true);
    await world.ben.presses(card, 'Approve & disconnect');
    await world.says(card, 'Partly disconnected: 1 of 2 numbers');
    expect(asPlainText(card)).toContain(`Disconnected:* ${shown(kept)}`);
    expect(asPlainText(card)).toContain(`• ${NOT_OURS} — ${shown(lost)}`);
    expect((await threadOf(world, card, 2))[1]).toBe(
      [
        '@ana 1 of the 2 numbers in your disconnect was disconnected.',
        `Disconnected: ${shown(kept)}`,
        'Bandwidth says:',
        `• ${NOT_OURS} — ${shown(lost)}`,
        BACK,
      ].join('\n'),
    );
  });

  test('of only one number, which left the account in the meantime, fails and offers nothing to reorder', async () => {
    const lost = stock.one();
    const form = await disconnectForm(world, lost);
    const card = await cardOf(world, form);
    world.bandwidth.leaves(lost);
    await world.ben.presses(card, 'Approve & disconnect');
    await world.says(card, 'Disconnect failed: 0 of 1 number');
    expect(asPlainText(card)).toContain('No number was disconnected.');
    expect((await threadOf(world, card, 2))[1]).toBe(
      [
        '@ana your disconnect of 1 number failed: no number was disconnected.',
        'Bandwidth says:',
        `• ${NOT_OURS} — ${shown(lost)}`,
      ].join('\n'),
    );
  });

  test('of a number that left the account before the form was submitted is not requested at all', async () => {
    const lost = stock.one();
    const form = await disconnectForm(world, lost);
    world.bandwidth.leaves(lost);
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({ Numbers: `Not on your Bandwidth account: ${shown(lost)}.` });
    await form.close();
  });

  test('that is partly done without a list or a reason claims nothing that is not known', async () => {
    world.bandwidth.set({ omitDisconnectedNumbers: true });
    world.bandwidth.nextDisconnect({ ends: 'PARTIAL', errors: [] });
    const numbers = stock.take(4);
    const card = await disconnectApproved(world, numbers.join(' '));
    await world.says(card, 'Partly disconnected: some of 4 numbers');
    await world.says(
      card,
      "your disconnect was partly done, but Bandwidth doesn't say how many of the 4 numbers it disconnected.",
    );
    await world.says(card, 'Bandwidth gave no reason.');
    expect(asPlainText(card)).toContain("Bandwidth didn't list the disconnected numbers.");
  });

  test('that fails with unexpected words shows them as they are, and mentions no one', async () => {
    world.bandwidth.nextDisconnect({
      ends: 'FAILED',
      errors: [{ code: '9999', description: 'The *frobnicator* <!channel> is `down` & out' }],
    });
    const card = await disconnectApproved(world, stock.one());
    await world.says(card, 'Disconnect failed: 0 of 1 number');
    await threadOf(world, card, 2);
    for (const message of [card, ...card.replies]) {
      expect(mentionsIn(message).filter((id) => !id.startsWith('U0'))).toEqual([]);
    }
    expect(asRead(asPlainText(card))).toContain('9999: The *frobnicator* <!channel> is `down` & out');
  });

  test('that purges without the privilege is refused in Bandwidth’s own words, and nothing is lost', async () => {
    const number = stock.one();
    const before = world.bandwidth.disconnects().length;
    const form = await disconnectForm(world, number);
    await form.choose('Mode', 'Purge');
    const card = await cardOf(world, form);
    expect(asPlainText(card)).toContain("Mode:* ⚠️ Purge. Removes every trace and can't be undone.");
    await world.ben.presses(card, 'Approve & disconnect');
    await world.says(card, 'Refused by Bandwidth: disconnect of 1 number');
    const told = (await threadOf(world, card, 2))[1];
    expect(told).toContain('@ana Bandwidth refused your disconnect of 1 number. Nothing was disconnected.');
    for (const text of [told, asPlainText(card)]) {
      expect(text).toContain('• 5085: Insufficient permissions for this DisconnectMode');
    }
    expect(world.bandwidth.disconnects()).toHaveLength(before);
    expect(world.bandwidth.numbersInService()).toContain(number);
    // Refused is over: the number can be asked for again.
    await disconnectAsked(world, number);
  });

  test('is followed through a moment in which Bandwidth cannot report on it', async () => {
    world.bandwidth.fail({ method: 'GET', path: /\/disconnects\/[\w-]+$/, how: 500 });
    world.bandwidth.nextDisconnect({ processing: true, delayMs: 900 });
    const card = await disconnectApproved(world, stock.one());
    await world.says(card, 'Disconnected: 1 of 1 number');
    expect(await threadOf(world, card, 2)).toHaveLength(2);
    expect(newest().status).toBe('COMPLETE');
  });

  test('in progress is followed across a restart', async () => {
    world.bandwidth.nextDisconnect({ delayMs: 'manual' });
    const card = await disconnectApproved(world, stock.one());
    await world.says(card, 'Received by Bandwidth: disconnect of 1 number');
    await world.restart();
    world.bandwidth.finish(newest().id);
    await world.says(card, 'Disconnected: 1 of 1 number');
    expect(await threadOf(world, card, 2)).toHaveLength(2);
  });
});

describe('A disconnect whose answer was lost', () => {
  const lost = [
    { how: 'reset-after-accept' },
    { how: 'hang-after-accept' },
    { how: 500, accepted: true },
  ] as const;

  test.each([
    ['names no order, as documented', {}, 50],
    ['names our orders', { disconnectListNamesOrders: true }, 50],
    ['shows only what is over', { listOmitsReceived: true }, 1_300],
    [
      'names our orders, but shows only what is over',
      { disconnectListNamesOrders: true, listOmitsReceived: true },
      1_300,
    ],
  ])('is found where the list %s; never sent again', async (_, switches, orderDelayMs) => {
    const stock = makeStock(20);
    world = await startWorld({
      settings: { UNDO_WINDOW: '0' },
      placeWithinMs: 1_000,
      bandwidth: { inService: { ours: stock.all }, switches, orderDelayMs },
    });
    // Others of that day, before and after it.
    const bystander = await disconnectApproved(world, stock.one());
    await world.says(bystander, 'Received by Bandwidth');
    const cards: { card: Message; numbers: readonly string[]; isSurelyTold: boolean }[] = [];
    for (const fault of lost) {
      const numbers = stock.take(2);
      const card = await disconnectAsked(world, numbers.join(' '));
      const before = world.bandwidth.disconnects().length;
      world.bandwidth.fail({ method: 'POST', path: /\/disconnects$/, ...fault });
      await world.ben.presses(card, 'Approve & disconnect');
      await world.slack.until(() => world.bandwidth.disconnects().length > before);
      // After an error it is looked up at once, and may be found before anyone can be told.
      cards.push({ card, numbers, isSurelyTold: fault.how !== 500 });
    }
    await disconnectApproved(world, stock.one());
    for (const { card, numbers, isSurelyTold } of cards) {
      await world.says(card, 'Disconnected: 2 of 2 numbers');
      await world.says(card, 'your 2 numbers are disconnected');
      const between = (await threadOf(world, card, 2)).slice(1, -1);
      if (isSurelyTold || between.length > 0) {
        expect(between).toEqual([
          expect.stringContaining("I'm looking up what became of it before doing anything else"),
        ]);
      }
      const made = world.bandwidth.disconnects().filter((each) => each.requested.includes(numbers[0] ?? ''));
      expect(made).toMatchObject([
        { customerOrderId: orderIdOn(card), requested: numbers, numbers, status: 'COMPLETE' },
      ]);
    }
    expect(timesSent(world)).toBe(lost.length + 2);
  });

  test('although Bandwidth then shows no list at all is found by its numbers', async () => {
    const stock = makeStock(2);
    world = await startWorld({
      settings: { UNDO_WINDOW: '0' },
      bandwidth: { inService: { ours: stock.all } },
    });
    const card = await disconnectAsked(world, stock.all.join(' '));
    world.bandwidth.fail({ method: 'POST', path: /\/disconnects$/, how: 'reset-after-accept' });
    world.bandwidth.fail({ method: 'GET', path: /\/disconnects$/, how: 500, times: 1_000 });
    await world.ben.presses(card, 'Approve & disconnect');
    await world.says(card, 'Disconnected: 2 of 2 numbers');
    expect(timesSent(world)).toBe(1);
  });

  test.each([
    ['reset-before-read', "Bandwidth didn't answer"],
    ['hang', "Bandwidth didn't answer"],
    [500, 'Bandwidth answered with error 500'],
  ] as const)(
    'because it never arrived (%s): the outcome is unknown, it is looked up, and not sent again by itself',
    async (how, heard) => {
      const stock = makeStock(2);
      world = await startWorld({
        settings: { UNDO_WINDOW: '0' },
        placeWithinMs: 400,
        bandwidth: { inService: { ours: stock.all } },
      });
      const number = stock.one();
      const card = await disconnectAsked(world, number);
      world.bandwidth.fail({ method: 'POST', path: /\/disconnects$/, how });
      await world.ben.presses(card, 'Approve & disconnect');
      await world.says(card, 'Outcome unknown: disconnect of 1 number');
      await world.says(card, `@ana ${heard}, so I don't know yet whether it has the disconnect.`);
      const looked = () =>
        world.bandwidth.requests.filter(
          ({ method, path }) => method === 'GET' && path.endsWith('/disconnects'),
        ).length;
      await world.slack.until(() => looked() >= 1);
      expect(asPlainText(card)).not.toContain('[');
      expect(timesSent(world)).toBe(1);
      expect(world.bandwidth.numbersInService()).toContain(number);
    },
  );

  test('and that names the same number as an older one, which failed, is not mistaken for the older one', async () => {
    const stock = makeStock(1);
    world = await startWorld({
      settings: { UNDO_WINDOW: '0' },
      bandwidth: { inService: { ours: stock.all } },
    });
    const number = stock.one();
    world.bandwidth.nextDisconnect({ ends: 'FAILED' });
    const first = await disconnectApproved(world, number);
    await world.says(first, 'Disconnect failed: 0 of 1 number');
    const second = await disconnectAsked(world, number);
    world.bandwidth.fail({ method: 'POST', path: /\/disconnects$/, how: 'reset-after-accept' });
    await world.ben.presses(second, 'Approve & disconnect');
    await world.says(second, 'Disconnected: 1 of 1 number');
    expect(world.bandwidth.disconnects().map(({ status }) => status)).toEqual(['FAILED', 'COMPLETE']);
  });

  afterEach(() => world.close());
});

describe('Whatever people type about a disconnect', () => {
  const stock = makeStock(20);
  const place = 'R&D <!channel> *west* `wing`';
  beforeAll(async () => {
    world = await startWorld({
      settings: { UNDO_WINDOW: '0' },
      bandwidth: {
        inService: { ours: stock.all },
        sites: [
          { id: '461', name: place, peers: [{ id: '651681', name: '<@U0DAN> trunk', isDefault: true }] },
        ],
      },
    });
  });
  afterAll(() => world.close());

  test.each([
    '<!channel> <!here> <@U0DAN>',
    '*bold* _slanted_ ~gone~ `code` ```block```',
    '&amp; &lt;!channel&gt; & < > </name>',
    '<https://evil.example|Approve> https://evil.example',
    ':tada: 🎉 👩‍👩‍👧‍👦 \u202Eright to left\u202C',
    '> quoted',
  ])('%s is shown as typed, mentions no one and reaches Bandwidth as it is', async (text) => {
    const number = stock.one();
    const form = await disconnectForm(world, number, { reason: `${text}\n${text}` });
    const name = Array.from(text).slice(0, 50).join('').trim();
    await form.fill('Name', name);
    const card = await cardOf(world, form);
    expect(asRead(asPlainText(card))).toContain(`> ${text}\n> ${text}`);
    expect(asRead(asPlainText(card))).toContain(`Name:* ${name}`);
    expect(asRead(asPlainText(card))).toContain(`${place} (461) · <@U0DAN> trunk (651681)`);
    await world.ben.presses(card, 'Approve & disconnect');
    await world.says(card, 'Disconnected: 1 of 1 number');
    await threadOf(world, card, 2);
    expect(newest().name).toBe(name);
    const about: readonly string[] = [people.ana.id, people.ben.id];
    for (const message of [card, ...card.replies]) {
      const mentioned = [...mentionsIn(message), ...mentionsIn({ text: message.text })];
      expect(mentioned.filter((id) => !about.includes(id))).toEqual([]);
    }
  });
});

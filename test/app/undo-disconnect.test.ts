import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import {
  disconnectApproved,
  disconnectAsked,
  makeStock,
  orderIdOn,
  threadOf,
  timesSent,
  toldBy,
} from '../support/disconnect-steps.js';
import { type KillableApp, makeKillableApp } from '../support/killable-app.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;

/** Longer than any test takes: it ends when the tests let the time go by. */
const UNDO_WINDOW = '10m';
const WINDOW_MS = 600_000;
/** Until when a card lets people undo, in seconds since 1970. */
const undoUntil = ({ blocks }: Pick<Message, 'blocks'>): number =>
  Number(/<!date\^(\d+)\^[^>]*>; undo until then/.exec(JSON.stringify(blocks))?.[1]);

const inService = (number: string): boolean => world.bandwidth.numbersInService().includes(number);

/** Approved by Ben and drawn so. */
async function approved(number: string): Promise<Message> {
  const card = await disconnectApproved(world, number);
  await world.says(card, '[Undo]');
  return card;
}

describe('An approved disconnect', () => {
  const stock = makeStock(20);
  beforeAll(async () => {
    world = await startWorld({
      settings: { UNDO_WINDOW },
      bandwidth: { inService: { ours: stock.all } },
    });
  });
  afterAll(() => world.close());
  afterEach(() => world.bandwidth.failNothing());

  test('waits for its time, says until when, and only then goes to Bandwidth', async () => {
    const before = timesSent(world);
    const card = await disconnectAsked(world, stock.one());
    const pressed = world.now();
    await world.ben.presses(card, 'Approve & disconnect');
    await world.says(card, '[Undo]');
    expect(asPlainText(card)).toContain('Approved: 1 number will be disconnected');
    expect(asPlainText(card)).toMatch(/^\*1 number will be disconnected .*; undo until then\.\*$/m);
    expect(asPlainText(card)).not.toContain('[Approve');
    const until = undoUntil(card);
    expect(until * 1_000).toBeGreaterThan(pressed + WINDOW_MS - 1_000);
    expect(until * 1_000).toBeLessThan(world.now() + WINDOW_MS + 1_000);
    expect(timesSent(world)).toBe(before);
    world.goesBy(WINDOW_MS);
    await world.says(card, 'Disconnected: 1 of 1 number');
    expect(timesSent(world)).toBe(before + 1);
    // It counts down in words, not in a drawing a second.
    expect(card.versions.filter((each) => asPlainText(each).includes('undo until then'))).toHaveLength(1);
    expect(asPlainText(card)).not.toContain('[Undo]');
  });

  test('is undone by Ana, who requested it, by Ben, who approved it, or by Cleo, another approver: it never reaches Bandwidth', async () => {
    const before = timesSent(world);
    const people = [world.ana, world.ben, world.cleo];
    const numbers = stock.take(people.length);
    const cards: Message[] = [];
    for (const [at, person] of people.entries()) {
      const card = await approved(numbers[at] ?? '');
      // It asks nothing back: the person who presses it has seconds.
      expect(await person.presses(card, 'Undo')).toEqual({});
      await world.says(card, 'Undone: disconnect of 1 number');
      expect(asPlainText(card)).toMatch(
        new RegExp(`\\*Approved by:\\* @ben, .*\\n\\*Undone by:\\* @${person.name}, `),
      );
      expect(asPlainText(card)).not.toContain('[');
      expect(await threadOf(world, card, 2)).toEqual([
        expect.stringMatching(/^Approved by @ben\. /),
        `Undone by @${person.name}. This request wasn't sent to Bandwidth.`,
      ]);
      cards.push(card);
    }
    // Were one of them to go as well, it would go before this one.
    const other = await approved(stock.one());
    world.goesBy(WINDOW_MS);
    await world.says(other, 'Disconnected: 1 of 1 number');
    expect(timesSent(world)).toBe(before + 1);
    expect(numbers.every(inService)).toBe(true);
    for (const card of cards) expect(asPlainText(card)).toContain('Undone');
    // What was undone can be asked for again.
    await world.ana.presses(await disconnectAsked(world, numbers.join(' ')), 'Cancel');
  });

  test('is not undone by Dan, who is told who can', async () => {
    const card = await approved(stock.one());
    expect(await toldBy(world, world.dan, () => world.dan.presses(card, 'Undo'))).toBe(
      'Only @ana and the approvers (@telecom) can undo this disconnect.',
    );
    world.goesBy(WINDOW_MS);
    await world.says(card, 'Disconnected: 1 of 1 number');
  });

  test('is undone by two at once: one of them did, the other is told', async () => {
    const card = await approved(stock.one());
    const [ana, cleo] = [world.ana, world.cleo];
    const told = () =>
      [...ana.ephemerals(CHANNEL), ...cleo.ephemerals(CHANNEL)].map((each) => asPlainText(each));
    const before = told().length;
    await Promise.all([ana.presses(card, 'Undo'), cleo.presses(card, 'Undo')]);
    await world.slack.until(() => told().length > before);
    expect(
      told().filter((each) =>
        /^Already undone by @(ana|cleo), .*\. This request wasn't sent to Bandwidth\.$/.test(each),
      ),
    ).toHaveLength(1);
    expect(await threadOf(world, card, 2)).toHaveLength(2);
  });

  test('cannot be undone once it has been sent, nor after it is done: the press says so and redraws the card', async () => {
    world.bandwidth.nextDisconnect({ delayMs: 'manual' });
    const card = await approved(stock.one());
    const { text, blocks } = card;
    world.goesBy(WINDOW_MS);
    await world.says(card, 'Received by Bandwidth: disconnect of 1 number');
    expect(asPlainText(card)).not.toContain('[');
    world.slack.workspace.rewrite(card, { text, blocks });
    expect(await toldBy(world, world.ana, () => world.ana.presses(card, 'Undo'))).toMatch(
      /^Already approved by @ben, .*, and on its way to Bandwidth: it can't be stopped now\.$/,
    );
    await world.says(card, 'Received by Bandwidth');
    world.bandwidth.finish(world.bandwidth.disconnects().at(-1)?.id ?? '');
    await world.says(card, 'Disconnected: 1 of 1 number');
    world.slack.workspace.rewrite(card, { text, blocks });
    expect(await toldBy(world, world.ana, () => world.ana.presses(card, 'Undo'))).toMatch(
      /^Already approved by @ben, .*, and finished, /,
    );
    await world.says(card, 'Disconnected: 1 of 1 number');
  });

  test('that Cleo approves again does not wait longer, and tells her when it goes', async () => {
    const card = await disconnectAsked(world, stock.one());
    const { text, blocks } = card;
    await world.ben.presses(card, 'Approve & disconnect');
    await world.says(card, '[Undo]');
    const until = undoUntil(card);
    world.slack.workspace.rewrite(card, { text, blocks });
    expect(await toldBy(world, world.cleo, () => world.cleo.presses(card, 'Approve & disconnect'))).toMatch(
      /^Already approved by @ben, .*; it goes to Bandwidth at .*, and \*Undo\* stops it until then\.$/,
    );
    world.goesBy(WINDOW_MS);
    await world.says(card, 'Disconnected: 1 of 1 number');
    const promised = card.versions.filter((each) => asPlainText(each).includes('undo until then'));
    expect(new Set(promised.map(undoUntil))).toEqual(new Set([until]));
  });

  test('for which Bandwidth has no time is undone while it waits for its turn', async () => {
    const number = stock.one();
    world.bandwidth.fail({ method: 'POST', path: /\/disconnects$/, how: 429, resetSeconds: 20 });
    const card = await approved(number);
    world.goesBy(WINDOW_MS);
    await world.says(card, 'Bandwidth is getting too many requests');
    await world.ana.presses(card, 'Undo');
    await world.says(card, 'Undone: disconnect of 1 number');
    expect(inService(number)).toBe(true);
  });

  test('survives a restart within its window, whatever the new window is: undone, or done on time', async () => {
    const [kept = '', gone = ''] = stock.take(2);
    const second = await disconnectAsked(world, gone);
    const first = await disconnectAsked(world, kept);
    const before = timesSent(world);
    await world.ben.presses(second, 'Approve & disconnect');
    await world.ben.presses(first, 'Approve & disconnect');
    await world.restart({ UNDO_WINDOW: '1h' });
    await world.says(first, '[Undo]');
    await world.ana.presses(first, 'Undo');
    await world.says(first, 'Undone by @ana.');
    expect(timesSent(world)).toBe(before);
    world.goesBy(WINDOW_MS);
    await world.says(second, 'Disconnected: 1 of 1 number');
    expect(timesSent(world)).toBe(before + 1);
    expect(inService(kept)).toBe(true);
  });
});

describe('With UNDO_WINDOW=0', () => {
  afterEach(() => world.close());

  test('an approved disconnect goes to Bandwidth at once, and no one is offered Undo', async () => {
    const stock = makeStock(1);
    world = await startWorld({
      settings: { UNDO_WINDOW: '0' },
      bandwidth: { inService: { ours: stock.all } },
    });
    const card = await disconnectApproved(world, stock.one());
    await world.says(card, 'Disconnected: 1 of 1 number');
    expect((await threadOf(world, card, 2))[0]).toBe('Approved by @ben.');
    expect(card.versions.some((version) => asPlainText(version).includes('[Undo]'))).toBe(false);
  });
});

describe('A kill -9', () => {
  let killable: KillableApp;
  const stock = makeStock(10);
  beforeAll(async () => {
    killable = makeKillableApp(400);
    world = await startWorld({
      run: killable.run,
      settings: { UNDO_WINDOW },
      bandwidth: { inService: { ours: stock.all } },
    });
  });
  afterAll(async () => {
    await world.close();
    killable.remove();
  });

  test('in the undo window: Undo still works, and what nobody undoes goes once, not before its time', async () => {
    const [kept = '', one = '', other = ''] = stock.take(3);
    const undone = await approved(kept);
    const cards = [await disconnectAsked(world, one), await disconnectAsked(world, other)];
    for (const card of cards) await world.ben.presses(card, 'Approve & disconnect');
    await killable.kill();
    await world.restart();
    await world.ana.presses(undone, 'Undo');
    await world.says(undone, "Undone by @ana. This request wasn't sent to Bandwidth.");
    expect(timesSent(world)).toBe(0);
    await killable.kill();
    killable.goesBy(WINDOW_MS);
    await world.restart();
    for (const card of cards) await world.says(card, 'Disconnected: 1 of 1 number');
    expect(timesSent(world)).toBe(cards.length);
    expect(inService(kept)).toBe(true);
  });

  test('until the window is over: it goes when the app is back, once', async () => {
    const before = timesSent(world);
    const card = await disconnectApproved(world, stock.one());
    await killable.kill();
    killable.goesBy(WINDOW_MS);
    expect(timesSent(world)).toBe(before);
    await world.restart();
    await world.says(card, 'Disconnected: 1 of 1 number');
    expect(timesSent(world)).toBe(before + 1);
  });

  test('while Bandwidth takes the disconnect: it is found, not sent again', async () => {
    await world.restart({ UNDO_WINDOW: '0' });
    const before = timesSent(world);
    const card = await disconnectAsked(world, stock.one());
    world.bandwidth.fail({ method: 'POST', path: /\/disconnects$/, how: 'hang-after-accept' });
    const known = world.bandwidth.disconnects().length;
    await world.ben.presses(card, 'Approve & disconnect');
    await world.slack.until(() => world.bandwidth.disconnects().length > known);
    await killable.kill();
    await world.restart();
    await world.says(card, 'Disconnected: 1 of 1 number');
    expect(timesSent(world)).toBe(before + 1);
    expect(world.bandwidth.disconnects().at(-1)?.customerOrderId).toBe(orderIdOn(card));
  });
});

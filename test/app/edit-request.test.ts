import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Form, type Message } from '../../sandbox/local-slack/local-slack.js';
import { disconnectAsked, makeStock, shown, toldBy } from '../support/disconnect-steps.js';
import { asRead, startWorld, type World } from '../support/world.js';

let world: World;

const stock = makeStock(10);
const thread = (card: Message): readonly string[] => card.replies.map((each) => asRead(asPlainText(each)));

async function editing(card: Message): Promise<Form> {
  await world.ana.presses(card, 'Edit…');
  return world.ana.form();
}

beforeAll(async () => {
  world = await startWorld({ bandwidth: { inService: { ours: stock.all } } });
});
afterAll(() => world.close());

describe('Ana edits an order that waits', () => {
  test('in the form she filled in, and the thread says what is different', async () => {
    const card = await world.requested('919 x2', async (form) => {
      await form.fill('Name', 'Front desk');
    });
    const form = await editing(card);
    expect(form.title).toBe('Edit the order');
    expect(['Name', 'Sub-account', 'Quantity', 'Reason'].map((field) => form.value(field))).toEqual([
      'Front desk',
      'Raleigh office',
      '2',
      'New support line',
    ]);
    await form.fill('Quantity', '3');
    await form.fill('Reason', 'Two support lines\nand a fax');
    await form.tick('Options', 'Back-order');
    expect(await form.submit()).toBe('closed');
    await world.says(card, 'Order: 3 numbers in area code 919 — waiting for approval');
    await world.says(card, 'The new version needs approval.');
    expect(thread(card)).toEqual([
      [
        '@ana changed this order:',
        '• *Quantity:* 2 numbers → 3 numbers',
        '• *Options:* partial delivery allowed · no back-order · not protected → partial delivery allowed · back-order what is not in stock · not protected',
        '• *Reason:*',
        '> Two support lines',
        '> and a fax',
        'The new version needs approval.',
      ].join('\n'),
    ]);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '@ana your 3 numbers are active');
  });

  test('and takes a picked number away', async () => {
    const card = await world.requested('910-241-4365 910-317-4992');
    const form = await editing(card);
    expect(form.value('Numbers')).toBe('910-241-4365\n910-317-4992');
    await form.fill('Numbers', '910-317-4992, 910');
    expect(await form.submit()).toBe('errors');
    expect(form.errors.Numbers).toContain('“910” is only part of a number');
    await form.fill('Numbers', '910-317-4992');
    expect(await form.submit()).toBe('closed');
    await world.says(card, '• *Removed:* (910) 241-4365');
    // The suggested name followed, and says nothing more.
    expect(thread(card).join('\n')).not.toContain('*Name:*');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '@ana your number is active: (910) 317-4992');
  });

  test('and what Ben sees in an outdated client is not approved but redrawn', async () => {
    const before = world.bandwidth.orders().length;
    const card = await world.requested('919');
    const { text, blocks } = card;
    const form = await editing(card);
    await form.fill('Quantity', '5');
    expect(await form.submit()).toBe('closed');
    await world.says(card, 'Order: 5 numbers');
    world.slack.workspace.rewrite(card, { text, blocks });
    expect(await toldBy(world, world.ben, () => world.ben.presses(card, 'Approve & order'))).toBe(
      'The order has changed since that card was drawn. Read the updated card, then decide.',
    );
    await world.says(card, 'Order: 5 numbers');
    expect(world.bandwidth.orders()).toHaveLength(before);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 5 of 5 numbers');
  });

  test('beyond the limit of an order: the form says so', async () => {
    const card = await world.requested('919');
    const form = await editing(card);
    await form.fill('Quantity', '101');
    expect(await form.submit()).toBe('errors');
    expect(form.errors.Quantity).toContain('at most 100 numbers');
    await form.close();
    expect(asPlainText(card)).toContain('Order: 1 number');
  });

  test.each([
    [
      'approved',
      () => world.ben,
      'Approve & order',
      'This order was approved in the meantime, so nothing was changed.',
    ],
    [
      'cancelled',
      () => world.cleo,
      'Cancel',
      'This order was canceled in the meantime, so nothing was changed.',
    ],
  ])(
    'too late, when it was %s while the form was open: the form says so',
    async (_what, who, press, words) => {
      const card = await world.requested('919');
      const form = await editing(card);
      await who().presses(card, press);
      await world.slack.until(() => !asPlainText(card).includes('waiting for approval'));
      await form.fill('Quantity', '9');
      expect(await form.submit()).toBe('errors');
      expect(form.errors).toEqual({ Quantity: words });
      await form.close();
      expect(thread(card).join('\n')).not.toContain('changed');
    },
  );

  test('while Ben approves it: one decision, and both are told which', async () => {
    for (let round = 0; round < 4; round += 1) {
      const before = world.bandwidth.orders().length;
      const card = await world.requested('919');
      const form = await editing(card);
      await form.fill('Quantity', '2');
      const told = world.ben.ephemerals(card.channel).length;
      const acts = [() => form.submit(), () => world.ben.presses(card, 'Approve & order')];
      const [first, second] = round % 2 === 0 ? acts : acts.reverse();
      await Promise.all([first?.(), second?.()]);
      if (form.isOpen) {
        expect(form.errors.Quantity).toContain('was approved in the meantime');
        await form.close();
        await world.says(card, 'Complete: 1 of 1 number');
        expect(world.bandwidth.orders()).toHaveLength(before + 1);
      } else {
        await world.says(card, 'Order: 2 numbers');
        await world.slack.until(() => world.ben.ephemerals(card.channel).length > told);
        expect(asPlainText(world.ben.ephemerals(card.channel).at(-1) ?? card)).toContain(
          'has changed since that card',
        );
        expect(world.bandwidth.orders()).toHaveLength(before);
      }
    }
  });
});

test('Nobody but Ana edits her order, and anyone who tries is told', async () => {
  const card = await world.requested('919');
  for (const person of [world.ben, world.dan]) {
    expect(await toldBy(world, person, () => person.presses(card, 'Edit…'))).toBe(
      'Only @ana can edit this order. Approvers can decline it and say what to change.',
    );
    expect(person.hasForm()).toBe(false);
  }
});

describe('Ana edits a disconnect that waits', () => {
  test('and its numbers are looked up again', async () => {
    const [first = '', second = '', third = ''] = stock.take(3);
    const card = await disconnectAsked(world, `${first} ${second}`);
    const form = await editing(card);
    expect(form.title).toBe('Edit the disconnect');
    expect(form.value('Numbers').replace(/-/g, '').split('\n')).toEqual([first, second]);
    expect(form.value('Reason')).toBe('The campaign is over');
    await form.fill('Numbers', `${second} ${third} 919-555-0199`);
    await form.fill('Confirmation', '3');
    expect(await form.submit()).toBe('errors');
    expect(form.errors.Numbers).toContain('(919) 555-0199');
    await form.fill('Numbers', `${second} ${third}`);
    await form.fill('Confirmation', '2');
    expect(await form.submit()).toBe('closed');
    await world.says(card, `• *Removed:* ${shown(first)}\n• *Added:* ${shown(third)}`);
    expect(asPlainText(card)).toContain(shown(third));
    expect(asPlainText(card)).not.toContain(shown(first));
  });

  test('too late, when it was declined while the form was open', async () => {
    const card = await disconnectAsked(world, stock.one());
    const form = await editing(card);
    await world.ben.presses(card, 'Decline…');
    const declining = await world.ben.form();
    await declining.fill('Why?', 'Still in use');
    expect(await declining.submit()).toBe('closed');
    await form.fill('Confirmation', form.value('Numbers').slice(-4));
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({
      Numbers: 'This disconnect was declined in the meantime, so nothing was changed.',
    });
    await form.close();
  });
});

describe('Where two have to approve', () => {
  beforeAll(async () => {
    await world.restart({ APPROVALS_REQUIRED: '2' });
  });

  test('an edit drops Ben’s approval, and says so', async () => {
    const card = await world.requested('919');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '1 of 2 approvals');
    const form = await editing(card);
    await form.fill('Quantity', '2');
    expect(await form.submit()).toBe('closed');
    await world.says(card, "The new version needs approval; @ben's approval no longer counts.");
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Approved by @cleo: 1 of 2 approvals.');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '@ana your 2 numbers are active');
  });
});

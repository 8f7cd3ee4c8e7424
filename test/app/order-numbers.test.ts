import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { CHANNEL, setups, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

describe.each(setups)('In %s, with %s of the API', (mode, version) => {
  test('Ana searches, picks two numbers and requests them; Ben approves; Bandwidth delivers; the card shows all of it', async () => {
    world = await startWorld({ mode, version });
    const { ana, ben, bandwidth, message, says } = world;
    await ana.types(CHANNEL, '/numbers search 910');
    const results = await message('Order selected…');
    await ana.ticks(results, ['(910) 241-4365', '(910) 317-4992']);
    await ana.presses(results, 'Order selected…');
    const form = await ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'New support line');
    expect(await form.submit()).toBe('closed');
    const card = await message('waiting for approval');
    expect(bandwidth.orders()).toEqual([]);
    await ben.presses(card, 'Approve & order');
    await says(card, 'Complete: 2 of 2 numbers');
    await says(card, '@ana your 2 numbers are active: (910) 241-4365, (910) 317-4992');
    expect(asPlainText(card)).not.toContain('[Approve');
    expect(bandwidth.orders()).toMatchObject([
      { status: 'COMPLETE', numbers: ['9102414365', '9103174992'], siteId: '461' },
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { asPlainText } from '../../src/sandbox/local-slack/local-slack.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

jest.setTimeout(20_000);

const [first, second] = ['9102420001', '9102420002'] as const;

let world: World;

describe('A form that Slack says did not arrive, though it did', () => {
  beforeAll(async () => {
    world = await startWorld({
      slack: { ackTimeoutMs: 1_000 },
      bandwidth: { inService: { ours: [first, second] } },
    });
  });
  afterAll(() => world.close());

  test('and is sent again with another number in it, does not pass that for asked: its card shows the first', async () => {
    await world.ana.types(CHANNEL, `/numbers disconnect ${first}`);
    const form = await world.ana.form();
    await form.fill('Reason', 'The campaign is over');
    await form.fill('Confirmation', first.slice(-4));
    world.bandwidth.fail({ path: /tndetails$/, how: 'slow', afterMs: 1_400 });
    expect(await form.submit()).toBe('operation_timeout');
    await world.message('Disconnect: 1 number — waiting for approval');

    await form.fill('Numbers', second);
    await form.fill('Confirmation', second.slice(-4));
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({
      Numbers: expect.stringContaining('sent before with something else in it'),
    });

    await form.fill('Numbers', first);
    await form.fill('Confirmation', first.slice(-4));
    expect(await form.submit()).toBe('closed');
    const cards = world.slack.messages(CHANNEL).map((card) => asRead(asPlainText(card)));
    expect(cards).toEqual([expect.stringContaining('(910) 242-0001')]);
  });
});

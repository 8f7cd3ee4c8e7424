import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Form } from '../../sandbox/local-slack/local-slack.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

const [first, second] = ['9102420001', '9102420002'] as const;

let world: World;

afterEach(() => world.close());

/** A form for this number, with all it takes in it. */
async function formFor(number: string): Promise<Form> {
  await world.ana.types(CHANNEL, `/numbers disconnect ${number}`);
  const form = await world.ana.form();
  await form.fill('Reason', 'The campaign is over');
  await form.fill('Confirmation', number.slice(-4));
  return form;
}

describe('A form that Slack says did not arrive, though it did', () => {
  test('and is sent again with another number in it, does not count as submitted: its card shows the first', async () => {
    world = await startWorld({
      slack: { ackTimeoutMs: 1_000 },
      bandwidth: { inService: { ours: [first, second] } },
    });
    const form = await formFor(first);
    world.bandwidth.fail({ path: /tndetails$/, how: 'slow', afterMs: 1_400 });
    expect(await form.submit()).toBe('operation_timeout');
    await world.message('Disconnect: 1 number — waiting for approval');

    await form.fill('Numbers', second);
    await form.fill('Confirmation', second.slice(-4));
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({
      Numbers: expect.stringContaining('already submitted with different content'),
    });

    await form.fill('Numbers', first);
    await form.fill('Confirmation', first.slice(-4));
    expect(await form.submit()).toBe('closed');
    const cards = world.slack.messages(CHANNEL).map((card) => asRead(asPlainText(card)));
    expect(cards).toEqual([expect.stringContaining('(910) 242-0001')]);
  });
});

describe('A form whose numbers Bandwidth does not let us look up', () => {
  test('names the missing roles, and nothing of that is cut off', async () => {
    world = await startWorld({ bandwidth: { inService: { ours: [first] } } });
    const form = await formFor(first);
    world.bandwidth.fail({ path: /tndetails$/, how: 403 });
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({
      Numbers:
        "Bandwidth doesn't allow the details of these numbers. My credentials need the roles Ordering and Numbers, and access to the account in BW_ACCOUNT_ID.",
    });
    expect(world.slack.messages(CHANNEL)).toEqual([]);
  });
});

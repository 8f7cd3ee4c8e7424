import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { told } from '../support/search-steps.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

const OURS = ['9102420000', '9102420001'] as const;
const shown = (number: string) => `(${number.slice(0, 3)}) ${number.slice(3, 6)}-${number.slice(6)}`;

let world: World;

async function submits(
  words: string,
  fill?: (form: Awaited<ReturnType<World['ana']['form']>>) => Promise<void>,
) {
  await world.ana.types(CHANNEL, `/numbers order ${words}`);
  const form = await world.ana.form();
  await form.choose('Sub-account', 'Raleigh office');
  await form.fill('Reason', 'New support line');
  await fill?.(form);
  return { form, result: await form.submit() };
}

/** One on offer that no other test of this file has touched. */
let next = 0;
const onOffer = (): string => world.bandwidth.available('919439').slice(next++)[0] ?? '';

const nothingOrdered = () => {
  expect(world.slack.messages(CHANNEL)).toEqual([]);
  expect(world.bandwidth.orders()).toEqual([]);
};

const settings = [
  ['which would wait for approval', {}],
  ['which nobody would have to approve', { AUTO_APPROVE_UP_TO: '5' }],
] as const;
describe.each(settings)('An order %s', (_, given) => {
  beforeAll(async () => {
    world = await startWorld({ settings: given, bandwidth: { inService: { ours: [...OURS] } } });
  });
  afterAll(() => world.close());

  test.each([
    ['one number', [OURS[0]]],
    ['two numbers', [...OURS]],
  ])(
    'for %s whose lookup was late, but are on the account already, is refused in the form, which says where they are',
    async (__, numbers) => {
      // In time, the command answers with what is known about them instead of a form.
      world.bandwidth.fail({ path: /\/tns\//, how: 'slow', afterMs: 2_000, times: numbers.length });
      const { form, result } = await submits(numbers.join(' '));
      expect(result).toBe('errors');
      const [said = ''] = Object.values(form.errors);
      expect(said).toContain(shown(numbers[0] ?? ''));
      expect(said).toMatch(/Already on your account: .*Raleigh office.*Nothing was ordered\.$/);
      nothingOrdered();
      await form.close();
    },
  );
});

describe('An order', () => {
  beforeAll(async () => {
    world = await startWorld({ bandwidth: { inService: { ours: [...OURS] } } });
  });
  afterEach(() => {
    world.bandwidth.failNothing();
    world.bandwidth.set({ reservationsAllowed: true });
  });
  afterAll(() => world.close());

  test('for a number of the account and another tells Ana privately which one continues, and the card says so too', async () => {
    const other = onOffer();
    const said = await told(world, world.ana, async () => {
      expect((await submits(`${OURS[0]} ${other}`)).result).toBe('closed');
    });
    expect(said).toContain(`${shown(OURS[0])} (Raleigh office`);
    expect(said).toContain(`is already on your account. The order continues with ${shown(other)}.`);
    const card = await world.message('2 numbers');
    await world.says(
      card,
      `${shown(OURS[0])} is no longer available. The order continues with ${shown(other)}.`,
    );
  });

  test('for all or none of a number of the account and another tells Ana to remove it', async () => {
    const said = await told(world, world.ana, async () => {
      const { result } = await submits(`${OURS[0]} ${onOffer()}`, (form) =>
        form.untick('Options', 'Partial delivery allowed').then(() => {}),
      );
      expect(result).toBe('closed');
    });
    expect(said).toContain('very likely deliver none: press *Edit…*');
  });

  test('is accepted if the lookup fails or takes too long: Bandwidth decides', async () => {
    for (const fault of [{ how: 503 }, { how: 'slow', afterMs: 2_500 }] as const) {
      world.bandwidth.fail({ path: /\/tns\//, times: 9, ...fault });
      const number = onOffer();
      expect((await submits(number)).result).toBe('closed');
      await world.message(shown(number));
      world.bandwidth.failNothing();
    }
    // Each twice: for the command and for the form. The slow ones aren't failures.
    expect(
      world.log.filter(({ msg }) => msg === 'lookup of picked numbers failed, continuing without it'),
    ).toHaveLength(2);
  });

  test('for numbers that another customer has can’t be approved, and says why', async () => {
    const number = onOffer();
    world.bandwidth.anotherCustomerBuys(number);
    const card = await world.requested(number);
    await world.says(card, 'is no longer available. Nothing is left to order: edit the order or cancel it.');
    expect(asPlainText(card)).not.toContain('Approve');
    expect(asPlainText(card)).toContain('[Decline…] [Edit…] [Cancel]');
    expect(asPlainText(card)).not.toContain('goes on');
  });

  test('whose only number another customer buys before Ben approves is refused, and nothing is ordered', async () => {
    const number = onOffer();
    world.bandwidth.set({ reservationsAllowed: false });
    const card = await world.requested(number);
    await world.says(card, 'No number is held.');
    world.bandwidth.anotherCustomerBuys(number);
    const before = world.bandwidth.orders().length;
    const said = await told(world, world.ben, () => world.ben.presses(card, 'Approve & order'));
    expect(said).toContain(`${shown(number)} is no longer available. Nothing was ordered.`);
    await world.slack.until(() => !asPlainText(card).includes('Approve'));
    expect(asPlainText(card)).toContain('waiting for approval');
    expect(world.bandwidth.orders()).toHaveLength(before);
  });
});

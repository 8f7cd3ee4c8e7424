import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;

/** A card whose order Ben has approved. */
const approved = async (words: string): Promise<Message> => {
  const card = await world.requested(words);
  await world.ben.presses(card, 'Approve & order');
  return card;
};

const threadOf = (card: Message): string => card.replies.map((each) => asRead(asPlainText(each))).join('\n');

const checks = () =>
  world.bandwidth.requests.filter(({ path }) => path.endsWith('/serviceActivationChecker'));

/** Only of numbers that aren't bought yet: earlier ones may be asked about again at any time. */
function failNextCheck(fault: Omit<Parameters<World['bandwidth']['fail']>[0], 'path' | 'when'>): void {
  const earlier = world.bandwidth.orders().flatMap(({ numbers }) => numbers);
  world.bandwidth.fail({
    ...fault,
    path: /serviceActivationChecker$/,
    when: ({ body }) => !earlier.some((each) => body.includes(each)),
  });
}

const afterwards = () => {
  world.bandwidth.failNothing();
  world.bandwidth.set({ services: { voice: 'IN_SERVICE', messaging: 'NOT_READY' }, lacksRoles: [] });
};

describe('Once an order is complete, its thread says what works on the numbers', () => {
  beforeAll(async () => {
    world = await startWorld({ version: 'v2' });
  });
  afterAll(() => world.close());
  afterEach(afterwards);

  test('numbers are active if calls work on them, and what else works is listed with Bandwidth’s reasons', async () => {
    const [one = ''] = world.bandwidth.available('919439');
    const card = await approved(one);
    await world.says(card, 'your number is active');
    expect(threadOf(card)).toContain(
      'Voice works · messaging is off (NOT_READY: CAMPAIGN_MISSING) · emergency calling is off (NOT_READY: ENDPOINT_MISSING)',
    );
    await world.says(card, 'Voice works · messaging is off');
    expect(asPlainText(card)).toContain('Voice works · messaging is off');
    expect(checks().at(-1)?.body).toBe(JSON.stringify({ phoneNumbers: [`+1${one}`] }));
  });

  test('numbers that can only be activated are bought, not active', async () => {
    world.bandwidth.set({ services: { voice: 'READY_TO_ACTIVATE', messaging: 'READY_TO_ACTIVATE' } });
    const card = await approved('919 x2');
    await world.says(card, 'your 2 numbers are bought');
    expect(threadOf(card)).toContain('Voice is ready to activate · messaging is ready to activate');
    expect(threadOf(card)).not.toMatch(/\bactive\b/);
  });

  test('numbers that don’t work yet are checked again, and the thread says when they do', async () => {
    world.bandwidth.set({ services: { voice: 'NOT_READY', messaging: 'NOT_READY' } });
    const card = await approved('919');
    await world.says(card, 'your number is bought');
    expect(threadOf(card)).toContain('Voice is off (NOT_READY: VCP_MISSING)');
    expect(threadOf(card)).toContain("I'll ask again in a few minutes.");
    world.bandwidth.set({ services: { voice: 'IN_SERVICE', messaging: 'NOT_READY' } });
    world.goesBy(16_000);
    await world.says(card, '@ana your number is active');
    expect(threadOf(card)).toContain('Voice works');
    expect(asPlainText(card)).not.toContain('ask again');
  });

  test('without the role the details of each number are looked up instead, and the log says so once', async () => {
    world.bandwidth.set({ lacksRoles: ['Activation'] });
    for (const _ of [1, 2]) {
      const card = await approved('919');
      await world.says(card, 'your number is active');
      expect(threadOf(card)).toContain(
        'Voice works · messaging is off · no emergency address on this number',
      );
    }
    const said = world.log.filter(({ msg }) =>
      String(msg).includes('does not answer the activation checker'),
    );
    expect(said).toHaveLength(1);
  });

  test('without any role it is not known, which is said with the reason and not checked again', async () => {
    world.bandwidth.set({ lacksRoles: ['Activation', 'Numbers'] });
    const card = await approved('919');
    await world.says(card, 'your number is bought');
    expect(threadOf(card)).toContain(
      "I couldn't find out whether this number works. Bandwidth doesn't allow",
    );
    expect(threadOf(card)).not.toContain('ask again');
  });

  test.each([
    ['is busy', { how: 429, resetSeconds: 1 } as const, 'too many requests'],
    ['fails', { how: 503 } as const, 'Bandwidth is having problems'],
    ['breaks off', { how: 'reset-after-accept' } as const, "couldn't reach Bandwidth"],
    ['answers something else', { how: 200, says: '{"data":{}}' } as const, "an answer I can't read"],
    ['answers a page', { how: 'html' } as const, "an answer I can't read"],
    ['refuses', { how: 400, says: '{"errors":[{"code":"1003","description":"Too many"}]}' } as const, '1003'],
  ])(
    'a checker that %s leaves it unknown, with the reason, and the order is complete',
    async (_, fault, why) => {
      failNextCheck(fault);
      const card = await approved('919');
      await world.says(card, 'Complete: 1 of 1 number');
      await world.says(card, 'your number is bought');
      expect(threadOf(card)).toContain("I couldn't find out whether");
      expect(threadOf(card)).toContain(why);
    },
  );

  test('a checker that leaves a number out leaves that one unknown', async () => {
    failNextCheck({
      how: 200,
      says: '{"data":{"phoneNumbers":[{"phoneNumber":"+19195550000"},{"phoneNumber":7},null]}}',
    });
    const card = await approved('919');
    await world.says(card, 'your number is bought');
    expect(threadOf(card)).toContain(
      "I couldn't find out whether this number works. Bandwidth's answer leaves out 1 of the numbers.",
    );
  });

  test('looking up a number shows what works on it now', async () => {
    const [one = ''] = world.bandwidth.available('919439');
    const card = await approved(one);
    await world.says(card, 'your number is active');
    world.bandwidth.set({ services: { voice: 'READY_TO_ACTIVATE', messaging: 'NOT_READY' } });
    const before = world.ana.ephemerals(CHANNEL).length;
    await world.ana.types(CHANNEL, `/numbers who ${one}`);
    const told = await world.slack.until(() => world.ana.ephemerals(CHANNEL)[before], {
      describe: 'the answer',
    });
    expect(asRead(asPlainText(told))).toContain(
      'Service activation:* voice ready to activate · messaging off (NOT_READY: CAMPAIGN_MISSING) · emergency off',
    );
  });

  test('what could not be checked before a restart is checked after it, and announced once', async () => {
    world.bandwidth.fail({ path: /serviceActivationChecker$/, how: 'hang' });
    const card = await approved('919');
    await world.says(card, 'Complete: 1 of 1 number');
    await world.restart();
    await world.says(card, 'your number is bought');
    world.goesBy(16_000);
    await world.says(card, 'your number is active');
    expect(threadOf(card).match(/your number is/g)).toHaveLength(2);
  });
});

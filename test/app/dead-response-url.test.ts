import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { CHANNEL, type Mode, modes, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

type Person = World['ana'];

const alone = (person: Person) => person.ephemerals(CHANNEL).map((each) => asPlainText(each));
const direct = (person: Person) => person.directMessages().map((each) => asPlainText(each));

/** What somebody does that is answered to them alone, by the response_url where it works. */
const answered: readonly (readonly [what: string, act: () => Promise<Person>, says: string])[] = [
  [
    'the refusal of somebody who may not approve',
    async () => {
      const card = await world.requested('910-241-4365');
      await world.dan.presses(card, 'Approve & order');
      return world.dan;
    },
    'Only approvers can decide',
  ],
  [
    'the refusal of a decline by somebody who may not',
    async () => {
      const card = await world.requested('910-241-4365');
      await world.dan.presses(card, 'Decline…');
      return world.dan;
    },
    'Only approvers can decide',
  ],
  [
    'the refusal of an edit by somebody else',
    async () => {
      const card = await world.requested('910-241-4365');
      await world.dan.presses(card, 'Edit…');
      return world.dan;
    },
    'can edit this',
  ],
  [
    'what the policy allows',
    async () => {
      await world.ana.types(CHANNEL, '/numbers policy');
      return world.ana;
    },
    'approv',
  ],
  [
    'what is known about a number',
    async () => {
      await world.dan.types(CHANNEL, '/numbers who 212-555-0142');
      return world.dan;
    },
    'no record of it',
  ],
  [
    'the refusal to show the audit',
    async () => {
      await world.dan.types(CHANNEL, '/numbers audit');
      return world.dan;
    },
    'approvers',
  ],
  [
    'that nothing is ticked',
    async () => {
      await world.ana.types(CHANNEL, '/numbers search 910');
      await world.ana.presses(await world.message('Order selected…'), 'Order selected…');
      return world.ana;
    },
    'Tick at least one number first',
  ],
  [
    "Bandwidth's failure",
    async () => {
      world.bandwidth.fail({ path: /availableNumbers/, how: 503, times: 9 });
      await world.ana.types(CHANNEL, '/numbers search 910');
      return world.ana;
    },
    'Bandwidth',
  ],
];

describe.each(modes)('With a response_url that no longer works, in %s,', (mode: Mode) => {
  test.each(answered)('%s is an ephemeral message', async (_, act, says) => {
    world = await startWorld({ mode });
    world.slack.fail('response_url', { status: 404, error: 'used_url', times: 99 });
    const person = await act();
    await world.slack.until(() => alone(person).some((each) => each.includes(says)), { describe: says });
    expect(direct(person)).toEqual([]);
  });
});

describe('With a response_url that no longer works and ephemeral messages that Slack refuses,', () => {
  test.each(answered)('%s is a direct message that names the channel', async (_, act, says) => {
    world = await startWorld();
    world.slack.fail('response_url', { status: 404, error: 'expired_url', times: 99 });
    world.slack.fail('chat.postEphemeral', { error: 'user_not_in_channel', times: 99 });
    const person = await act();
    const posted = () => world.slack.messages(CHANNEL).length;
    await world.slack.until(() => direct(person).length === 1, { describe: says });
    expect(direct(person)[0]).toMatch(/^About your request in #numbers:/);
    expect(direct(person)[0]).toContain(says);
    expect(alone(person)).toEqual([]);
    // At most the card or the results: never what was for one person.
    expect(posted()).toBeLessThanOrEqual(1);
  });

  test('a search in a channel that is archived in the meantime is a direct message', async () => {
    world = await startWorld();
    world.bandwidth.fail({ path: /availableNumbers/, how: 'slow', afterMs: 200 });
    world.slack.fail('response_url', { status: 500, times: 99 });
    await world.ana.types(CHANNEL, '/numbers search 910');
    world.slack.changeChannel(CHANNEL, { archived: true });
    await world.slack.until(() => direct(world.ana).length === 1);
    expect(direct(world.ana)[0]).toMatch(
      /^About your request in #numbers: .*archived\. Nothing was ordered\./s,
    );
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { App, type Receiver } from '@slack/bolt';
import { numbersChannel } from '../../../sandbox/sample-workspace.js';
import { type ListenerDeps, listen } from '../../../src/slack/listen.js';
import { lastPayload, pressWith, sendAsSlack } from '../../support/as-slack.js';
import { found, posted, requestsForPeople } from '../../support/search-steps.js';
import { CHANNEL, people, startWorld, type World } from '../../support/world.js';

type Kind = 'command' | 'action' | 'view' | 'options';
const kinds: readonly string[] = ['command', 'action', 'view', 'options'];

/** Everything Slack can call, as it is registered; whatever is added to the app is in here by itself. */
const registered = ((): readonly { readonly kind: Kind; readonly id: string }[] => {
  const calls: { kind: Kind; id: string }[] = [];
  const receiver: Receiver = { init: () => {}, start: async () => {}, stop: async () => {} };
  const bolt = new App({ token: 'xoxb-test', receiver, deferInitialization: true, convoStore: false });
  const recording = new Proxy(bolt, {
    get(target, name): unknown {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== 'function') return own;
      return (...given: readonly unknown[]): unknown => {
        const [id] = given;
        // A pattern stands for what an earlier version drew.
        if (kinds.includes(String(name)))
          calls.push({ kind: name as Kind, id: typeof id === 'string' ? id : 'drawn-by-an-earlier-version' });
        return Reflect.apply(own, target, given);
      };
    },
  });
  listen(recording, {} as ListenerDeps);
  return calls;
})();

const olga = { id: 'U0OLGA', name: 'olga', teamId: 'T0OTHER' };
const rob = { id: 'U0ROB', name: 'rob', isBot: true };
const gil = { id: 'U0GIL', name: 'gil', guest: 'multi-channel' } as const;
const dee = { id: 'U0DEE', name: 'dee', deactivated: true };
const strangers = [olga, rob, gil, dee];

let world: World;
let press: Readonly<Record<string, unknown>>;
let submission: Readonly<Record<string, unknown>>;
let command: Readonly<Record<string, string>>;

beforeAll(async () => {
  const everybody = [...Object.values(people), ...strangers];
  world = await startWorld({
    mode: 'HTTP mode',
    settings: { APPROVERS: '*', AUTO_APPROVE_UP_TO: '100' },
    slack: { people: everybody, channels: [{ ...numbersChannel, members: everybody.map(({ id }) => id) }] },
  });
  const { ana } = world;
  const results = await found(world, '910 x25');
  command = world.slack.deliveries.findLast(({ kind }) => kind === 'slash_commands')
    ?.payload as typeof command;
  await ana.presses(results, 'More');
  press = lastPayload(world, 'block_actions');
  await ana.types(CHANNEL, '/numbers search');
  const form = await ana.form();
  await form.fill('Area code', '919');
  await posted(world, () => form.submit());
  submission = lastPayload(world, 'view_submission');
});
afterAll(() => world.close());

/** What Slack sends when this person uses that. */
function payloadFor(
  { kind, id }: { readonly kind: Kind; readonly id: string },
  person: { readonly id: string; readonly teamId?: string },
): Readonly<Record<string, unknown>> | string {
  const teamId = person.teamId ?? world.slack.teamId;
  const user = { id: person.id, name: 'somebody', team_id: teamId };
  switch (kind) {
    case 'command':
      return new URLSearchParams({ ...command, command: id, user_id: person.id, team_id: teamId }).toString();
    case 'action':
      return { ...pressWith(press, { action_id: id }), user };
    case 'options': {
      const { actions: _, ...rest } = press;
      return { ...rest, type: 'block_suggestion', action_id: id, block_id: 'b', value: 'Ral', user };
    }
    case 'view': {
      const view = { ...(submission.view as object), callback_id: id };
      return { ...submission, view, user, team: { id: teamId, domain: 'somewhere' } };
    }
  }
}

const turnedAway = () => world.log.filter(({ msg }) => msg === 'person refused').length;

describe('Everything that Slack can call', () => {
  test('is registered: commands, presses, forms and lists of options', () => {
    expect(new Set(registered.map(({ kind }) => kind))).toEqual(new Set(kinds));
    expect(registered.length).toBeGreaterThan(25);
  });

  test.each(registered.flatMap((listener) => strangers.map((person) => [listener, person] as const)))(
    '%j does nothing for %j but tell them so',
    async (listener, person) => {
      const { slack } = world;
      const [calls, requests, away] = [slack.calls.length, requestsForPeople(world).length, turnedAway()];
      const answer = await sendAsSlack(world, payloadFor(listener, person));
      expect(answer.status).toBe(200);
      await slack.until(() => turnedAway() > away, { describe: 'somebody to be turned away' });
      const isTold = () =>
        JSON.stringify(answer.body ?? '').includes('Nothing was ordered or changed') ||
        slack.calls
          .slice(calls)
          .some(({ args }) => String(args.text ?? '').includes('Nothing was ordered or changed'));
      if (listener.kind === 'options') expect(answer.body).toEqual({ options: [] });
      else await slack.until(isTold, { describe: 'the person to be told' });
      const asked = slack.calls.slice(calls).map(({ method }) => method);
      expect(asked.filter((method) => method.startsWith('views.') || method === 'chat.update')).toEqual([]);
      for (const { method, args } of slack.calls.slice(calls)) {
        if (method === 'chat.postMessage') expect(args.channel).toBe(person.id);
      }
      expect(requestsForPeople(world)).toHaveLength(requests);
    },
  );

  test.each(registered)('%j lets a member pass', async (listener) => {
    const away = turnedAway();
    const answer = await sendAsSlack(world, payloadFor(listener, people.ana));
    expect(answer.status).toBe(200);
    expect(turnedAway()).toBe(away);
  });
});

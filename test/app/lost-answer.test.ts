import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

/** Each act of a person, the event it puts on record, and what the card then shows. */
const acts: Readonly<
  Record<string, { what: string; shows: string; act(world: World, card: Message): Promise<unknown> }>
> = {
  'an approval': {
    what: 'approved',
    shows: 'Complete: 1 of 1',
    act: ({ ben }, card) => ben.presses(card, 'Approve & order'),
  },
  'a decline': {
    what: 'declined',
    shows: 'Declined',
    async act({ ben }, card) {
      await ben.presses(card, 'Decline…');
      const form = await ben.form();
      await form.fill('Why?', 'Not now');
      await form.submit();
    },
  },
  'a cancellation': {
    what: 'cancelled',
    shows: 'Canceled',
    act: ({ ana }, card) => ana.presses(card, 'Cancel'),
  },
};

for (const server of [postgres, redis]) {
  describeWith([server], `Where ${server.name} does not confirm a write`, () => {
    let proxy: TcpProxy;
    let url: string;
    let world: World;

    beforeEach(async () => {
      proxy = await startTcpProxy(server.host, server.port);
      url = server.fresh(proxy.port);
      world = await startWorld({ settings: { STORE_URL: url } });
    });
    afterEach(async () => {
      proxy.restore();
      await world.close();
      await proxy.close();
      await server.discard(url);
    });

    const heard = (who: World['ana']) =>
      [...who.ephemerals(CHANNEL), ...who.directMessages()].map((message) => asPlainText(message));
    const carries = (what: string) => (sent: string) =>
      /UPDATE|GET', KEYS/.test(sent) && sent.includes(`"what":"${what}"`);

    test.each(Object.entries(acts))('%s counts if it was written', async (_, { what, shows, act }) => {
      const card = await world.requested('910 x1');
      proxy.loseAnswerTo(carries(what));
      await act(world, card);
      await world.says(card, shows);
      expect(proxy.lost()).toBe(1);
      expect([...heard(world.ana), ...heard(world.ben)].join('\n')).not.toMatch(
        /nothing was changed|don't know/,
      );
      expect(world.bandwidth.orders().length).toBe(what === 'approved' ? 1 : 0);
    });

    test('a request is posted once, and its form closes', async () => {
      proxy.loseAnswerTo((sent) => /INSERT|NX/.test(sent) && sent.includes('"what":"requested"'));
      const card = await world.requested('910 x1');
      expect(proxy.lost()).toBe(1);
      await world.ben.presses(card, 'Approve & order');
      await world.says(card, 'Complete: 1 of 1');
      expect(world.slack.messages(CHANNEL).filter(({ metadata }) => metadata !== undefined)).toHaveLength(1);
    });

    test.each(['an approval', 'a cancellation'])(
      '%s, and is down afterwards: nobody is told that nothing was changed, and the outcome is announced later',
      async (name) => {
        const { what, shows, act } = acts[name] ?? fail(name);
        const card = await world.requested('910 x1');
        proxy.loseAnswerTo(carries(what), 'cut');
        await act(world, card).catch(() => {});
        const all = () => [...heard(world.ana), ...heard(world.ben)].join('\n');
        await world.slack.until(() => all().includes("I don't know whether your"));
        expect(all()).not.toContain('nothing was changed');
        proxy.restore();
        await world.slack.until(() => /was saved after all|wasn't saved/.test(all()));
        if (all().includes("wasn't saved")) {
          // The write whose answer was lost had itself lost against one of the card's.
          expect(asPlainText(card)).toContain('waiting for approval');
          await act(world, card);
        }
        await world.says(card, shows);
      },
    );
  });
}

function fail(name: string): never {
  throw new Error(`there is no act ${name}`);
}

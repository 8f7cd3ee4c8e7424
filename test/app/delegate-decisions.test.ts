import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { disconnectApproved, makeStock } from '../support/disconnect-steps.js';
import { told } from '../support/search-steps.js';
import { approverGroup, asRead, CHANNEL, people, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const HOUR = 60 * 60_000;
/** Ben alone may approve. */
const telecom = { ...approverGroup, members: [people.ben.id] };
const shown = (message: Message) => asRead(asPlainText(message));
const heard = (name: 'ana' | 'ben' | 'cleo' | 'dan', words: string) =>
  world[name].notifications().filter((each) => shown(each).includes(words)).length;

async function away(who: World['ben'], words: string): Promise<void> {
  const said = await told(world, who, () => who.types(CHANNEL, `/numbers away ${words}`));
  expect(said).toContain('can approve orders for you');
}

describe('An approver who is away', () => {
  const approvers = { APPROVERS: `${people.ben.id},${people.dan.id}` };

  test.each(['thread', 'dm'])('is not mentioned (%s): the delegate is, with the others', async (how) => {
    world = await startWorld({ settings: { ...approvers, NOTIFY_APPROVERS: how } });
    await away(world.ben, 'until Friday @cleo');
    await world.requested('919');
    await world.slack.until(
      () => heard('cleo', 'lease decide by') > 0 && heard('dan', 'lease decide by') > 0,
    );
    expect(heard('ben', 'lease decide by')).toBe(0);
  });

  test('is not reminded: the delegate is', async () => {
    world = await startWorld({ settings: approvers });
    await away(world.ben, 'for 3 days @cleo');
    const card = await world.requested('919');
    world.goesBy(13 * HOUR);
    await world.says(card, '@dan, @cleo (for an approver who is away) this order of 1 number');
    expect(heard('ben', 'still waiting')).toBe(0);
    expect(heard('cleo', 'still waiting')).toBe(1);
  });

  test('is mentioned after all if the requester is the delegate', async () => {
    world = await startWorld({ settings: { APPROVERS: people.ben.id, NOTIFY_APPROVERS: 'thread' } });
    await away(world.ben, 'until Friday @ana');
    const card = await world.requested('919');
    await world.says(card, '@ben please decide by');
    expect(await told(world, world.ana, () => world.ana.presses(card, 'Approve & order'))).toContain(
      'This is your own request',
    );
  });
});

describe('The delegate of the only approver', () => {
  test('can cancel an order that waits', async () => {
    world = await startWorld({ slack: { userGroups: [telecom] } });
    const card = await world.requested('919');
    expect(await told(world, world.cleo, () => world.cleo.presses(card, 'Cancel'))).toContain(
      'Only @ana and the approvers (@telecom) can cancel this order.',
    );
    await away(world.ben, 'until Friday @cleo');
    await world.cleo.presses(card, 'Cancel');
    await world.says(card, 'Canceled by @cleo');
  });

  test('can undo a disconnect that was approved', async () => {
    const stock = makeStock(1);
    world = await startWorld({
      slack: { userGroups: [telecom] },
      settings: { UNDO_WINDOW: '10m' },
      bandwidth: { inService: { ours: stock.all } },
    });
    const card = await disconnectApproved(world, stock.one());
    await world.says(card, '[Undo]');
    await away(world.ben, 'until Friday @cleo');
    await world.cleo.presses(card, 'Undo');
    await world.says(card, 'Undone by @cleo');
  });

  test('can close a back-order', async () => {
    world = await startWorld({ slack: { userGroups: [telecom] } });
    world.bandwidth.nextOrder({ ends: 'BACKORDERED' });
    const card = await world.requested('919 x5', async (form) => {
      await form.tick('Options', 'Back-order');
    });
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Back-ordered: 5 numbers');
    await away(world.ben, 'until Friday @cleo');
    await world.cleo.presses(card, 'Close back-order');
    await world.says(card, '@cleo is closing the back-order');
  });

  /** Time goes by ten times as fast until the card says this. */
  const comes = (card: Message, words: string) =>
    world.slack.until(
      () => {
        if ([card, ...card.replies].some((each) => shown(each).includes(words))) return true;
        world.goesBy(100);
        return false;
      },
      { describe: `“${words}”` },
    );

  async function untraced(card: Message): Promise<void> {
    world.bandwidth.fail({ method: 'POST', path: /orders$/, how: 'reset-before-read' });
    await world.ben.presses(card, 'Approve & order');
    await comes(card, '[Check again] [Order again] [Give up]');
  }

  test('can order again what left no trace, in the absent person’s name', async () => {
    world = await startWorld({ clockStands: true, slack: { userGroups: [telecom] } });
    const card = await world.requested('910 x2');
    await untraced(card);
    expect(await told(world, world.cleo, () => world.cleo.presses(card, 'Order again'))).toContain(
      'Only approvers can decide: @telecom.',
    );
    await away(world.ben, 'for 3 days @cleo');
    await world.cleo.presses(card, 'Order again');
    await comes(card, 'Complete: 2 of 2 numbers');
    await comes(card, '@cleo for @ben resubmitted the order.');
    expect(shown(card)).toContain('resubmitted by @cleo for @ben');
  });

  test('can give it up', async () => {
    world = await startWorld({ clockStands: true, slack: { userGroups: [telecom] } });
    const card = await world.requested('910 x2');
    await untraced(card);
    await away(world.ben, 'for 3 days @cleo');
    await world.cleo.presses(card, 'Give up');
    await comes(card, '@cleo gave up on it');
  });

  test('cannot order again what they requested themselves', async () => {
    world = await startWorld({ clockStands: true, slack: { userGroups: [telecom] } });
    await away(world.ben, 'for 3 days @ana');
    const card = await world.requested('910 x2');
    await untraced(card);
    expect(await told(world, world.ana, () => world.ana.presses(card, 'Order again'))).toMatch(
      /own request|Only approvers can decide/,
    );
    expect(world.bandwidth.orders()).toEqual([]);
  });
});

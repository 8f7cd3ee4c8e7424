import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../sandbox/local-slack/local-slack.js';
import { buildApp } from '../src/app.js';
import { makeLog } from '../src/log.js';
import { orderIdOn } from './support/disconnect-steps.js';
import { type KillableApp, makeKillableApp } from './support/killable-app.js';
import { describeWith, postgres } from './support/servers.js';
import { CHANNEL, people, startWorld, type World } from './support/world.js';

/*
 * The promises of README.md, each proven from end to end: people at a local Slack, a local Bandwidth that keeps its own
 * account of what was ordered, and the whole app between them.
 */

let world: World;

const promises: string[] = [];
/** One promise of README.md, in its words. */
function promise(words: string, proof: () => void): void {
  promises.push(words);
  describe(words, () => {
    afterEach(() => world.close());
    proof();
  });
}

const timesSent = () =>
  world.bandwidth.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/orders')).length;

/** What only this person was told, once it is more than it was before the press. */
async function toldAfter(person: World['ana'], press: () => Promise<unknown>): Promise<string> {
  const before = person.ephemerals(CHANNEL).length;
  await press();
  const told = await world.slack.until(() => person.ephemerals(CHANNEL)[before], {
    describe: `${person.name} to be told something`,
  });
  return asPlainText(told);
}

async function thread(card: Message, sentences: number): Promise<readonly string[]> {
  await world.slack.until(() => card.replies.length >= sentences);
  expect(card.replies).toHaveLength(sentences);
  return card.replies.map((each) => asPlainText(each));
}

let killable: KillableApp;
beforeAll(() => {
  killable = makeKillableApp(400);
});
afterAll(() => killable.remove());

promise('Never ordered twice', () => {
  test('when the app is killed while Bandwidth accepts the order: it is found by the id saved before', async () => {
    world = await startWorld({ run: killable.run });
    const card = await world.requested('919 x2');
    world.bandwidth.fail({ method: 'POST', path: /\/orders$/, how: 'hang-after-accept' });
    await world.ben.presses(card, 'Approve & order');
    await world.slack.until(() => world.bandwidth.orders().length === 1);
    await killable.kill();
    await world.restart();
    await world.says(card, '@ana your 2 numbers are active');
    expect(timesSent()).toBe(1);
    expect(world.bandwidth.orders()).toMatchObject([
      { customerOrderId: orderIdOn(card), status: 'COMPLETE' },
    ]);
  });

  test('when the app is killed and Bandwidth never got the order: it is looked up, never repeated blindly', async () => {
    world = await startWorld({ run: killable.run });
    const card = await world.requested('919');
    world.bandwidth.fail({ method: 'POST', path: /\/orders$/, how: 'hang' });
    await world.ben.presses(card, 'Approve & order');
    await world.slack.until(() => timesSent() === 1);
    await killable.kill();
    await world.restart();
    await world.says(card, "I'm looking the order up before doing anything else");
    await world.slack.until(
      () =>
        world.bandwidth.requests.filter(({ query }) => query.includes(`customerOrderId=${orderIdOn(card)}`))
          .length >= 2,
      { describe: 'the order to be looked up twice' },
    );
    expect(timesSent()).toBe(1);
    expect(world.bandwidth.orders()).toEqual([]);
  });
});

promise('Never lost', () => {
  test('is a request, an approval, a refusal or a result that was acknowledged before kill -9', async () => {
    world = await startWorld({ run: killable.run });
    const { ana, ben, cleo, bandwidth } = world;
    bandwidth.nextOrder({ delayMs: 'manual' });
    const underWay = await world.requested('910');
    await ben.presses(underWay, 'Approve & order');
    await world.says(underWay, 'Received by Bandwidth');
    const [approved, declined, cancelled] = [
      await world.requested('919'),
      await world.requested('984'),
      await world.requested('703'),
    ];
    await cleo.presses(declined, 'Decline…');
    const why = await cleo.form();
    await why.fill('Why?', 'We have enough');
    await ana.types(CHANNEL, '/numbers order Boston, MA');
    const form = await ana.form();
    await form.choose('Sub-account', 'Boston office');
    await form.fill('Reason', 'Last words');
    await ben.presses(approved, 'Approve & order');
    await world.slack.until(() => bandwidth.orders().length === 2, { describe: 'Bandwidth to have both' });
    const acknowledged = await Promise.all([why.submit(), ana.presses(cancelled, 'Cancel'), form.submit()]);
    await killable.kill();
    expect(acknowledged).toEqual(['closed', { asked: expect.any(String) }, 'closed']);
    bandwidth.finish(bandwidth.orders()[0]?.id ?? '');

    await world.restart();
    await world.says(underWay, '@ana your number is active');
    await world.says(approved, '@ana your number is active');
    await world.says(declined, 'Declined');
    await world.says(cancelled, 'Canceled by @ana.');
    expect(asPlainText(await world.message('Last words'))).toContain('waiting for approval');
    expect(bandwidth.orders().map(({ customerOrderId }) => customerOrderId)).toEqual([
      orderIdOn(underWay),
      orderIdOn(approved),
    ]);
  });

  test('is an approval, at whatever moment the app is killed: finished, or reported as unknown and not ordered', async () => {
    world = await startWorld({ run: killable.run });
    for (const afterMs of [0, 15, 60]) {
      const before = world.bandwidth.orders().length;
      const card = await world.requested('919');
      await world.ben.presses(card, 'Approve & order');
      // Any moment will do: there is no event to wait for.
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await killable.kill();
      await world.restart();
      // The app may have died between writing the order down and sending it: then Bandwidth never heard of it.
      const end = await world.slack.until(() => /Complete|Outcome unknown/.exec(asPlainText(card))?.[0], {
        describe: 'an end',
      });
      const ordered = world.bandwidth.orders().length > before;
      await world.says(card, ordered ? '@ana your number is active' : 'so nothing is bought twice');
      expect(end === 'Complete' && !ordered).toBe(false);
      expect(world.bandwidth.orders().length - before).toBeLessThanOrEqual(1);
    }
  });
});

promise('The card tells the truth', () => {
  test('even if Slack takes no update, the card is deleted and the app restarts', async () => {
    world = await startWorld();
    const [one, two] = [await world.requested('919'), await world.requested('910')];
    world.slack.fail('chat.update', { error: 'internal_error', times: 2 });
    await world.ben.presses(one, 'Approve & order');
    await world.ben.presses(two, 'Approve & order');
    await world.slack.until(() => world.bandwidth.orders().every(({ status }) => status === 'COMPLETE'));
    expect(asPlainText(one)).toContain('waiting for approval');
    world.dan.deletes(two);
    await world.restart();
    await world.says(one, 'Complete: 1 of 1 number in area code 919');
    const again = await world.message('Complete: 1 of 1 number in area code 910');
    expect((await thread(one, 2))[1]).toContain('@ana your number is active');
    expect((await thread(again, 2))[1]).toContain('@ana your number is active');
  });
});

promise('A click is never ignored', () => {
  test('late, doubled or not allowed: the card is redrawn and the person is told why', async () => {
    world = await startWorld();
    const { ana, ben, cleo, dan, slack } = world;
    const card = await world.requested('919');
    const { text, blocks } = card;
    expect(await toldAfter(dan, () => dan.presses(card, 'Approve & order'))).toContain('Only approvers can');
    expect(await toldAfter(ana, () => ana.presses(card, 'Approve & order'))).toContain(
      'This is your own request',
    );
    const twice = () =>
      Promise.all([ben.presses(card, 'Approve & order'), ben.presses(card, 'Approve & order')]);
    expect(await toldAfter(ben, twice)).toContain('Already approved by @ben');
    await world.says(card, '@ana your number is active');
    slack.workspace.rewrite(card, { text, blocks });
    expect(await toldAfter(cleo, () => cleo.presses(card, 'Decline…'))).toContain('Already approved by @ben');
    await world.says(card, 'Complete: 1 of 1 number');
  });
});

promise('Two clicks, one decision', () => {
  /** Ben and Cleo press at once, three times; one of them is told that the other was faster. */
  async function pressAtOnce(): Promise<void> {
    const { ben, cleo, slack, bandwidth } = world;
    for (let round = 1; round <= 3; round += 1) {
      const card = await world.requested('919');
      const order = orderIdOn(card);
      const told = () => ben.ephemerals(CHANNEL).length + cleo.ephemerals(CHANNEL).length;
      const before = told();
      await Promise.all([ben.presses(card, 'Approve & order'), cleo.presses(card, 'Approve & order')]);
      await slack.until(() => told() === before + 1, { describe: 'one of the two to be told' });
      await slack.until(() => bandwidth.orders().at(round - 1)?.status === 'COMPLETE');
      const cards = () => slack.messages(CHANNEL).filter((each) => orderIdOn(each) === order);
      await slack.until(() => cards().some((each) => /Approved by:\* @(ben|cleo)/.test(asPlainText(each))), {
        describe: 'the card to say who approved',
      });
      expect(timesSent()).toBe(round);
    }
  }

  test('by two people at once', async () => {
    world = await startWorld();
    await pressAtOnce();
  });

  describeWith([postgres], 'also when two instances of the app receive them', () => {
    const url = postgres.fresh();
    afterAll(() => postgres.discard(url));

    test('in any order', async () => {
      world = await startWorld({ settings: { STORE_URL: url } });
      const { config, slack } = world;
      const log = makeLog({ level: 'warn', secrets: config.secrets, destination: { write: () => {} } });
      // Only one of two on the same machine can answer health checks at this port.
      const { listen, ...unheard } = config;
      const another = await buildApp(unheard, { log, onLost: (error) => Promise.reject(error) });
      try {
        await another.start();
        expect(slack.connections).toBe(2);
        await pressAtOnce();
      } finally {
        await another.stop();
      }
    });
  });
});

promise('Nobody spends or disconnects beyond the policy', () => {
  test('which is checked at the moment of the press, not when the card was drawn', async () => {
    world = await startWorld();
    const [many, few] = [await world.requested('919 x9'), await world.requested('919')];
    await world.restart({ APPROVERS: people.cleo.id, MAX_NUMBERS_PER_ORDER: '5' });
    const { ana, ben, cleo, dan } = world;
    expect(await toldAfter(ben, () => ben.presses(few, 'Approve & order'))).toBe(
      'Only approvers can decide: @cleo.',
    );
    expect(await toldAfter(dan, () => dan.presses(few, 'Approve & order'))).toBe(
      'Only approvers can decide: @cleo.',
    );
    expect(await toldAfter(ana, () => ana.presses(few, 'Approve & order'))).toContain(
      'someone else has to decide',
    );
    expect(await toldAfter(cleo, () => cleo.presses(many, 'Approve & order'))).toContain('at most 5 numbers');
    expect(timesSent()).toBe(0);
    await cleo.presses(few, 'Approve & order');
    await world.says(few, 'Complete: 1 of 1 number');
    expect(timesSent()).toBe(1);
  });
});

promise('What was approved is what is ordered', () => {
  test('to the last detail, and not what another card’s button means', async () => {
    world = await startWorld();
    const card = await world.requested('Raleigh, NC x3', async (form) => {
      await form.fill('Name', 'Front desk & “lobby”');
      await form.untick('Options', 'Partial delivery allowed');
      await form.tick('Options', 'Protected');
    });
    const other = await world.requested('919');
    const fingerprint = (message: Message) =>
      /[\w-]{36}:([\w-]{22})/.exec(JSON.stringify(message.blocks))?.[1] ?? 'none';
    const { text, blocks } = card;
    const forged = JSON.stringify(blocks).replace(fingerprint(card), fingerprint(other));
    world.slack.workspace.rewrite(card, { text, blocks: JSON.parse(forged) });
    const { ben } = world;
    expect(await toldAfter(ben, () => ben.presses(card, 'Approve & order'))).toContain(
      'has changed since that card was drawn',
    );
    expect(timesSent()).toBe(0);
    await world.slack.until(() => JSON.stringify(card.blocks).includes(fingerprint({ ...card, blocks })));
    await ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 3 of 3 numbers');
    const [order] = world.bandwidth.orders();
    expect(order).toMatchObject({ name: 'Front desk & “lobby”', siteId: '461', quantity: 3 });
    expect(order?.requestXml.replace(/>\s+</g, '><')).toContain(
      '<PartialAllowed>false</PartialAllowed><BackOrderRequested>false</BackOrderRequested><TnAttributes><TnAttribute>Protected</TnAttribute></TnAttributes><CitySearchAndOrderType><City>Raleigh</City><State>NC</State><Quantity>3</Quantity></CitySearchAndOrderType>',
    );
  });
});

promise('The people who can decide are told at once', () => {
  const calls = (person: World['ben']) =>
    person.notifications().filter((each) => asPlainText(each).includes('please decide by'));

  test('each of them is notified once: who requests, what and until when', async () => {
    world = await startWorld({ settings: { NOTIFY_APPROVERS: 'thread' } });
    await world.requested('919 x2');
    const { ben, cleo, dan, ana } = world;
    await world.slack.until(() => calls(ben).length > 0 && calls(cleo).length > 0, { describe: 'two calls' });
    expect(calls(ben).map((each) => asPlainText(each))).toEqual([
      expect.stringMatching(/^@telecom please decide by .*: order of 2 numbers in area code 919 for @ana\.$/),
    ]);
    expect(calls(cleo)).toHaveLength(1);
    expect(calls(dan)).toEqual([]);
    expect(calls(ana)).toHaveLength(1);
  });

  test('even if the app is killed between the card and the notification', async () => {
    world = await startWorld({ settings: { NOTIFY_APPROVERS: 'thread' }, run: killable.run });
    world.slack.fail('chat.postMessage', { hang: true, times: 1 });
    await world.ana.types(CHANNEL, '/numbers order 919');
    const form = await world.ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'New support line');
    await form.submit();
    await world.slack.until(() => world.slack.calls.some(({ method }) => method === 'chat.postMessage'));
    await killable.kill();
    await world.restart();
    await world.slack.until(() => calls(world.ben).length > 0, { describe: 'ben to be told' });
    expect(calls(world.cleo)).toHaveLength(1);
  });
});

promise("Nothing is said that isn't known", () => {
  const answered = (says: string) =>
    `<OrderResponse><ErrorList><Error><Code>5005</Code><Description>One is gone</Description></Error></ErrorList><Order><SiteId>461</SiteId></Order>${says}</OrderResponse>`;

  test('an order answered with an error and a status is looked up, not called refused', async () => {
    world = await startWorld();
    world.bandwidth.fail({
      method: 'POST',
      path: /\/orders$/,
      how: 201,
      accepted: true,
      says: answered('<OrderStatus>RECEIVED</OrderStatus>'),
    });
    const card = await world.requested('919');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(card.versions.map((each) => asPlainText(each)).join('\n')).not.toContain('Refused');
    expect(timesSent()).toBe(1);
  });

  test('a list of numbers that is missing is not called empty', async () => {
    world = await startWorld();
    const { ana, bandwidth } = world;
    bandwidth.fail({
      method: 'GET',
      path: /\/availableNumbers$/,
      how: 200,
      says: '<SearchResult><ResultCount>7</ResultCount></SearchResult>',
    });
    const told = await toldAfter(ana, () => ana.types(CHANNEL, '/numbers search 919'));
    expect(told).toContain('Bandwidth');
    const said = world.slack.messages(CHANNEL).map((each) => asPlainText(each));
    expect([told, ...said].join('\n')).not.toMatch(/Nothing found|No numbers/i);
  });
});

promise('Everything can be found again', () => {
  test('an order by who, where, number or id, and a number with its history, also after a restart', async () => {
    world = await startWorld();
    const card = await world.requested('910 x1');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    await world.requested('919 x3');
    const [carrierOrder] = world.bandwidth.orders();
    const number = /\(910\) \d{3}-\d{4}/.exec(asPlainText(card))?.[0] ?? '';
    await world.restart();
    const { dan } = world;
    const told = (words: string) => toldAfter(dan, () => dan.types(CHANNEL, `/numbers ${words}`));
    for (const words of ['@ana done', '910', number, orderIdOn(card), carrierOrder?.id]) {
      const found = await told(`orders ${words}`);
      expect(found).toContain('Complete: 1 of 1 number in area code 910');
      expect(found).not.toContain('area code 919');
    }
    const history = await told(`who ${number}`);
    expect(history).toContain('is in service on your account');
    expect(history).toContain('New support line');
    expect(history).toContain('@ana');
  });
});

test('README.md promises this, and nothing else', () => {
  const section = /## Promises([\s\S]*?)\n## /.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
  expect(promises).toEqual([...section.matchAll(/^\d+\. \*\*(.+?)[.,]\*\*/gm)].map(([, words]) => words));
});

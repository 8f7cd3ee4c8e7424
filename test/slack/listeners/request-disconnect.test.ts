import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type LocalSlack, startLocalSlack } from '../../../sandbox/local-slack/local-slack.js';
import { makeLog } from '../../../src/log.js';
import type { Order } from '../../../src/orders/domain/order.js';
import type { OrderRequest } from '../../../src/orders/domain/request.js';
import { usualCircumstances } from '../../../src/orders/domain/standing.js';
import { newOrder, rendered } from '../../../src/orders/domain/transitions.js';
import type { Policy } from '../../../src/orders/policy/policy.js';
import { judge } from '../../../src/orders/policy/ruling.js';
import { CarrierError } from '../../../src/orders/ports/carrier.js';
import type { OrderBoard } from '../../../src/orders/ports/order-board.js';
import type { CheckNumbers } from '../../../src/orders/use-cases/check-numbers.js';
import { makeOutbound } from '../../../src/proxy/outbound.js';
import { makeInstallation } from '../../../src/slack/access/installation.js';
import { boltLogger } from '../../../src/slack/connection/bolt-logger.js';
import { type Connection, connectSlack } from '../../../src/slack/connection/connection.js';
import { listen } from '../../../src/slack/listen.js';
import { makeOrderBoard } from '../../../src/slack/messages/order-board.js';
import { makePrivateAnswers } from '../../../src/slack/messages/private-answers.js';
import { nothingUsed } from '../../support/orders/people.js';
import {
  approvedDisconnect,
  inService,
  manyNumbers,
  noon,
  numbers,
  orderId,
} from '../../support/sample-orders.js';

const CHANNEL = 'C0NUMBERS';
const policy: Policy = {
  approvers: { anyone: true, users: [], groups: [] },
  approvalsRequired: 1,
  autoApproveUpTo: 0,
  rules: [],
  allowSelfApproval: false,
  allowSelfApprovalOfDisconnects: false,
  guestsMayRequest: false,
  externalChannels: 'refuse',
  undoWindowMs: 60_000,
  approvalTtlMs: 24 * 60 * 60_000,
  maxNumbersPerOrder: 300,
  notify: 'thread',
};

let slack: LocalSlack;
let connection: Connection;
let ana: ReturnType<LocalSlack['person']>;
let board: OrderBoard;
let asked: { id: string; request: OrderRequest; channelId: string }[];
let undone: string[];
/** What Bandwidth says; each test scripts its own. */
let checkNumbers: CheckNumbers;

const allInService: CheckNumbers = async (given) => ({
  inService: given.map((number) => ({ ...inService('9102414365'), number })),
});
const notOurs: CheckNumbers = async () => ({
  problems: numbers('9102414366').map((number) => ({ number, why: 'not-ours' })),
});
const unreachable: CheckNumbers = async () => {
  throw new CarrierError('unreachable', 'no answer', { advice: 'Bandwidth does not answer just now.' });
};
/** Not before the app has acknowledged the form without this answer, because Slack wouldn't wait longer. */
const late =
  (answer: CheckNumbers): CheckNumbers =>
  async (...given) => {
    const isAcknowledged = () =>
      slack.deliveries.some(({ payload, ok }) => payload.type === 'view_submission' && ok);
    await slack.until(isAcknowledged, { describe: 'the form to be acknowledged without an answer' });
    return answer(...given);
  };

/** Without the invisible characters that keep marks from formatting. */
const visible = (drawn: string): string => drawn.replaceAll('\u200b', '');

const begun = async () => ({ at: noon });

const never = (): never => {
  throw new Error('nobody asked for that');
};

beforeEach(async () => {
  asked = [];
  undone = [];
  checkNumbers = allInService;
  slack = await startLocalSlack({
    people: [{ id: 'U0ANA', name: 'ana' }],
    channels: [{ id: CHANNEL, name: 'numbers', members: ['U0ANA'] }],
  });
  const log = makeLog({ level: 'error', secrets: [], destination: { write: () => {} } });
  connection = connectSlack(
    {
      botToken: slack.botToken,
      apiUrl: slack.apiUrl,
      connection: { mode: 'socket', appToken: slack.appToken },
    },
    { log, boltLogger: boltLogger(log), onLost: never, serve: never, outbound: makeOutbound(undefined) },
  );
  board = makeOrderBoard({
    client: connection.background,
    policy,
    channels: { about: never },
    groups: { includesAny: never, membersOf: never },
    delegates: { all: never },
    accounts: { standingOf: never },
    log,
  });
  const orders = new Map<string, Order>();
  listen(connection.bolt, {
    searchNumbers: never,
    browseSearch: never,
    listOrders: never,
    reportStatus: never,
    fetchFile: never,
    listPlaces: { sites: never, locations: never },
    checkNumbers: (...given) => checkNumbers(...given),
    async requestOrder({ id, request, requester, channelId }) {
      asked.push({ id, request, channelId });
      const order =
        orders.get(id) ??
        newOrder({ id, request, requester, channelId, now: noon, expiresAt: noon + 86_400_000 });
      if (!orders.has(id)) await board.show(order, order.cards[0], begun);
      orders.set(id, order);
      return order;
    },
    keepBasket: { add: never, now: never, markRequested: never, ordered: never, startOver: never },
    checkOffered: never,
    checkPicks: never,
    checkStock: never,
    lookUpNumber: never,
    listInventory: never,
    exportInventory: never,
    clock: { now: Date.now },
    mayReview: never,
    mayEdit: never,
    editOrder: never,
    askAgain: never,
    orderMissing: never,
    changeBack: never,
    checkMove: never,
    checkMessaging: never,
    listCampaigns: never,
    disconnectDelivered: never,
    mayActivate: never,
    requestActivation: never,
    lastPlace: never,
    collapser: { used: never, ordering: never, cardPosted: never, stop: never },
    checkAgain: never,
    giveUp: never,
    orderAgain: never,
    closeBackOrder: never,
    reviewOrder: never,
    async cancelOrder(id) {
      undone.push(id);
      return { refused: 'no-such-order' };
    },
    policy,
    explainPolicy: never,
    readAudit: never,
    delegateApprovals: { begin: never, end: never, show: never, all: never, journalAll: never },
    askDrift: never,
    mayExplainDrift: never,
    explainDrift: never,
    linksOf: never,
    evaluatePolicy: async (question) =>
      judge(policy, { ...usualCircumstances, ...question }, nothingUsed, noon),
    installation: makeInstallation({ client: connection.lookups, clock: { now: Date.now }, log }),
    admit: async () => ({ placed: true }),
    offered: {},
    answers: makePrivateAnswers({ client: connection.bolt.client, log, sayOnHome: async () => false, fetch }),
    homes: { seenBy: never, draw: never, say: never, bar: never, changed: never, stop: never },
    log,
  });
  await connection.start();
  ana = slack.person('U0ANA');
});

afterEach(async () => {
  await connection.stop();
  await slack.close();
});

async function filledIn(words: string, confirmation: string) {
  await ana.types(CHANNEL, `/numbers disconnect ${words}`);
  const form = await ana.form();
  await form.fill('Reason', 'The office is closed');
  await form.fill('Confirmation', confirmation);
  return form;
}

describe('a person asks to disconnect numbers', () => {
  test('and gets a card once all of them have been looked up', async () => {
    const form = await filledIn('9102414365, +1 (910) 241-4366', '2');
    expect(form.title).toBe('Disconnect numbers');
    expect(form.value('Numbers')).toBe('910-241-4365\n910-241-4366');
    expect(await form.submit()).toBe('closed');
    expect(asked).toMatchObject([
      {
        channelId: CHANNEL,
        request: {
          kind: 'disconnect',
          name: 'Disconnect 2 numbers in 910',
          inService: [{ number: '+19102414365', city: 'FAYETTEVILLE' }, { number: '+19102414366' }],
          mode: 'normal',
          protected: 'UNCHANGED',
        },
      },
    ]);
    expect(slack.messages(CHANNEL)[0]?.text).toContain('Disconnect: 2 numbers — waiting for approval');
  });

  test('with the form alone, more fields and another mode', async () => {
    await ana.types(CHANNEL, '/numbers disconnect');
    const form = await ana.form();
    await form.fill('Numbers', '9102414365');
    await form.fill('Reason', 'The office is closed');
    await form.press('Add another field');
    await slack.until(() => form.labels().includes('Numbers, part 2'));
    expect(form.value('Numbers')).toBe('9102414365');
    await form.fill('Numbers, part 2', '910.241.4366');
    await form.choose('Mode', 'Purge');
    await form.choose('Protected', 'Not protected');
    await form.fill('Confirmation', '2');
    expect(await form.submit()).toBe('closed');
    expect(asked).toMatchObject([
      { request: { inService: [{}, {}], mode: 'purge', protected: 'FALSE', reason: 'The office is closed' } },
    ]);
  });

  test.each([
    ['910241', '“910241” is only part of a number'],
    ['9102414365 hello', "“hello” isn't a phone number"],
    [',', 'Enter the numbers to disconnect.'],
  ])('but not with %s', async (words, sentence) => {
    const answer = await ana.types(CHANNEL, `/numbers disconnect ${words}`);
    expect(answer.text).toContain(sentence);
    expect(ana.hasForm()).toBe(false);
  });

  test('but not more of them than one order can have', async () => {
    const many = manyNumbers(301).join(' ');
    expect((await ana.types(CHANNEL, `/numbers disconnect ${many}`)).text).toContain('at most 300 numbers');
    const form = await filledIn(manyNumbers(231).join(' '), '231');
    await form.fill(
      'Numbers',
      manyNumbers(301)
        .slice(0, 230)
        .map((each) => each.slice(2))
        .join(' '),
    );
    await form.fill(
      'Numbers, part 2',
      manyNumbers(301)
        .slice(230)
        .map((each) => each.slice(2))
        .join(' '),
    );
    await form.fill('Confirmation', '301');
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({ Numbers: expect.stringContaining('at most 300 numbers') });
    expect(asked).toEqual([]);
  });
});

describe('a form whose numbers cannot be disconnected', () => {
  test('says which at their field, and posts nothing', async () => {
    checkNumbers = notOurs;
    const form = await filledIn('9102414365 9102414366', '2');
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({ Numbers: 'Not on your Bandwidth account: (910) 241-4366.' });
    expect(slack.messages(CHANNEL)).toEqual([]);
    checkNumbers = allInService;
    expect(await form.submit()).toBe('closed');
    expect(asked).toHaveLength(1);
  });

  test('says what is wrong with Bandwidth there, too', async () => {
    checkNumbers = unreachable;
    const form = await filledIn('9102414365', '4365');
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({ Numbers: 'Bandwidth does not answer just now.' });
    expect(asked).toEqual([]);
  });

  test('names its order in the lookup, so that it does not conflict with itself if sent twice', async () => {
    const form = await filledIn('9102414365', '4365');
    const { orderId } = JSON.parse(String(form.view.private_metadata)) as { orderId: string };
    const askedAbout: string[] = [];
    checkNumbers = async (given, id) => {
      askedAbout.push(id);
      return allInService(given, id);
    };
    expect(await form.submit()).toBe('closed');
    expect(askedAbout).toEqual([orderId]);
    expect(asked).toMatchObject([{ id: orderId }]);
  });
});

describe('a lookup that takes longer than Slack waits', () => {
  test('ends in a view that says where the card is', async () => {
    checkNumbers = late(allInService);
    const form = await filledIn('9102414365', '4365');
    expect(await form.submit()).toBe('updated');
    expect(form.asPlainText()).toContain('Looking up 1 number at Bandwidth…');
    await slack.until(() => form.asPlainText().includes('Submitted for approval; the card is in #numbers'));
    expect(slack.messages(CHANNEL)).toHaveLength(1);
  });

  test('brings the form back with everything typed and the numbers that aren’t ours', async () => {
    checkNumbers = late(notOurs);
    const form = await filledIn('9102414365 9102414366', '2');
    await form.choose('Mode', 'Purge');
    await form.submit();
    await slack.until(() =>
      visible(form.asPlainText()).includes('Not on your Bandwidth account: (910) 241-4366.'),
    );
    expect(form.value('Reason')).toBe('The office is closed');
    expect(form.value('Confirmation')).toBe('2');
    expect(form.value('Mode')).toContain('Purge');
    expect(slack.messages(CHANNEL)).toEqual([]);
    checkNumbers = allInService;
    expect(await form.submit()).toBe('closed');
    expect(asked).toMatchObject([{ request: { mode: 'purge' } }]);
  });

  test('brings the form back with Bandwidth’s error', async () => {
    checkNumbers = late(unreachable);
    const form = await filledIn('9102414365', '4365');
    await form.submit();
    await slack.until(() => form.asPlainText().includes('Bandwidth does not answer just now.'));
    expect(form.value('Confirmation')).toBe('4365');
    expect(asked).toEqual([]);
  });

  test.each([
    ['problems', notOurs, 'Not on your Bandwidth account: (910) 241-4366.'],
    ['trouble', unreachable, 'Bandwidth does not answer just now.'],
  ])('tells a person who closed the window its %s in the channel, privately', async (_, answer, sentence) => {
    checkNumbers = late(answer);
    const form = await filledIn('9102414365 9102414366', '2');
    await form.submit();
    await form.close();
    await slack.until(() => ana.ephemerals(CHANNEL).some(({ text }) => visible(text).includes(sentence)));
    expect(ana.ephemerals(CHANNEL).at(-1)?.text).toContain("Your disconnect wasn't submitted.");
  });
});

test('Undo on the card cancels the disconnect, and says so if it is too late', async () => {
  const requested = approvedDisconnect();
  const card0 = { ...requested.cards[0], channelId: CHANNEL };
  await board.show({ ...requested, channelId: CHANNEL, cards: [card0] }, card0, begun);
  const [card] = slack.messages(CHANNEL);
  if (card === undefined) throw new Error('no card');
  await ana.presses(card, 'Undo');
  expect(undone).toEqual([orderId]);
  await slack.until(() => ana.ephemerals(CHANNEL).some(({ text }) => text.includes('nothing was done')));
});

test('a list too long for the card is a file in its thread', async () => {
  const many = manyNumbers(12).map((number) => ({ number }));
  const order = approvedDisconnect({ inService: many });
  const unposted = { channelId: CHANNEL, renderedRevision: 0 };
  const posted: Order = { ...order, channelId: CHANNEL, cards: [unposted] };
  const shown = await board.show(posted, unposted, begun);
  if (shown === 'gone') throw new Error('no card');
  await board.tell(rendered(posted, shown.place, 1), 'numbers');
  const [card] = slack.messages(CHANNEL);
  expect(card?.replies[0]).toMatchObject({
    text: 'All 12 numbers of this disconnect, and where they are:',
    files: [{ name: `disconnect-${orderId}.csv` }],
  });
});

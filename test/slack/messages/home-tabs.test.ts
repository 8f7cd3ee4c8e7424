import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { type LocalSlack, startLocalSlack } from '../../../sandbox/local-slack/local-slack.js';
import type { Order } from '../../../src/orders/domain/order.js';
import { usualCircumstances } from '../../../src/orders/domain/standing.js';
import { approved } from '../../../src/orders/domain/transitions.js';
import type { Policy } from '../../../src/orders/policy/policy.js';
import { judge } from '../../../src/orders/policy/ruling.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import type { OrderSummary, SummarizeOrders } from '../../../src/orders/use-cases/summarize-orders.js';
import { storeFailure } from '../../../src/slack/blocks/store-failures.js';
import { boltLogger } from '../../../src/slack/connection/bolt-logger.js';
import { makeDrawHome } from '../../../src/slack/messages/draw-home.js';
import { type HomeTabs, makeHomeTabs } from '../../../src/slack/messages/home-tabs.js';
import { makePublishHome } from '../../../src/slack/messages/publish-home.js';
import { allQuiet, type ManualClock, makeManualClock } from '../../support/orders/manual-clock.js';
import { nothingUsed } from '../../support/orders/people.js';
import { waiting } from '../../support/sample-orders.js';

const SECOND = 1_000;
const ben = { teamId: 'T0LOCAL', userId: 'U0BEN' };

const policy: Policy = {
  approvers: { anyone: true, users: [], groups: [] },
  approvalsRequired: 1,
  autoApproveUpTo: 0,
  rules: [],
  notify: 'thread',
  allowSelfApproval: false,
  allowSelfApprovalOfDisconnects: false,
  guestsMayRequest: false,
  externalChannels: 'refuse',
  undoWindowMs: 60_000,
  approvalTtlMs: 24 * 60 * 60_000,
  maxNumbersPerOrder: 300,
};

let slack: LocalSlack;
let clock: ManualClock;
let homes: HomeTabs;
let logged: string[];
let summary: OrderSummary;
let summarize: SummarizeOrders;

function makeHomes(): HomeTabs {
  const quiet = boltLogger({ debug: () => {}, info: () => {}, warn: () => {}, error: () => {} });
  const write = (_: object, sentence: string) => void logged.push(sentence);
  const log = { info: write, warn: write, error: write };
  const client = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quiet,
  });
  return makeHomeTabs({
    drawHome: makeDrawHome({
      summarize: (person) => summarize(person),
      admit: async () => ({ placed: true }),
      log,
    }),
    publishHome: makePublishHome({ client, log }),
    clock,
    log,
  });
}

beforeEach(async () => {
  slack = await startLocalSlack({
    people: [
      { id: 'U0BEN', name: 'ben' },
      { id: 'U0GIL', name: 'gil' },
    ],
    channels: [],
  });
  clock = makeManualClock();
  logged = [];
  summary = {
    waiting: [],
    checked: 'all',
    yours: [],
    open: [],
    onlyOwn: false,
    more: { yours: false, open: false },
    unreadable: 0,
    ruling: judge(
      policy,
      { ...usualCircumstances, kind: 'purchase', quantity: 1, requester: ben, channelId: '' },
      nothingUsed,
      clock.now(),
    ),
  };
  summarize = async () => summary;
  homes = makeHomes();
});
afterEach(async () => {
  await homes.stop();
  await slack.close();
});

const publishes = () => slack.calls.filter(({ method }) => method === 'views.publish').length;
const hash = () => slack.person('U0BEN').home()?.hash;
const seen = () => slack.person('U0BEN').seesHome();

async function opens(): Promise<void> {
  homes.seenBy(ben, hash());
  await homes.draw(ben.userId);
}

describe('When the database is down', () => {
  test('opening the Home tab says so, and says it once; when it is back, the next opening shows the orders', async () => {
    summarize = () => Promise.reject(new StoreError('no connection'));
    await opens();
    expect(seen()).toBe(
      "I can't reach my database right now, so nothing was changed. Try again in a minute.",
    );
    expect(await homes.say(ben.userId, storeFailure(new StoreError('no connection')))).toBe(true);
    expect(seen().split('Try again').length).toBe(2);
    expect(logged).toContain('home tab could not be drawn');
    summarize = async () => summary;
    await opens();
    expect(seen()).toContain('Waiting for you');
  });
});

describe('What is unchanged isn’t sent again', () => {
  test('unless Slack shows something else, because another instance published it', async () => {
    await opens();
    await opens();
    expect(publishes()).toBe(1);
    slack.workspace.publishHome(ben.userId, { type: 'home', blocks: [{ type: 'divider', block_id: 'x' }] });
    await opens();
    expect(publishes()).toBe(2);
    expect(seen()).toContain('Waiting for you');
  });

  test('even when the person opens it again while it is being drawn', async () => {
    await opens();
    let go = (): void => {};
    const stops = new Promise<void>((resolve) => {
      go = resolve;
    });
    const other = { ...summary, checked: 'some' } as const;
    let reads = 0;
    let begins = (): void => {};
    const begun = new Promise<void>((resolve) => {
      begins = resolve;
    });
    summarize = () => {
      reads += 1;
      begins();
      return reads === 1 ? stops.then(() => other) : Promise.resolve(summary);
    };
    const answered = homes.draw(ben.userId);
    await begun;
    homes.seenBy(ben, hash());
    go();
    await answered;
    await homes.draw(ben.userId);
    expect(seen()).not.toContain('Very many orders');
  });

  test('and what a person did themselves shows at once, but what follows waits its turn', async () => {
    await opens();
    summary = { ...summary, checked: 'some' };
    const order: Order = approved(waiting(), ben, clock.now(), clock.now());
    homes.changed(order);
    await slack.until(() => publishes() === 2);
    summary = { ...summary, checked: 'unknown', open: [order] };
    homes.changed({ ...order, requester: ben });
    await allQuiet();
    expect(publishes()).toBe(2);
    await clock.advance(30 * SECOND);
    await slack.until(() => publishes() === 3);
  });
});

describe('When Slack refuses a Home tab', () => {
  test('because the app has none, the log says what to turn on, and it isn’t tried again', async () => {
    slack.changeAppHome({ homeTab: false });
    await opens();
    expect(logged).toEqual(['home tab is off in slack: turn it on under App Home, as in manifest.yml']);
    homes.changed(waiting());
    await clock.advance(120 * SECOND);
    expect(publishes()).toBe(1);
  });

  test('because of a rate limit, it waits as long as Slack says', async () => {
    slack.fail('views.publish', { retryAfter: 45 });
    await opens();
    expect(slack.person('U0BEN').home()).toBeUndefined();
    await clock.advance(44 * SECOND);
    expect(publishes()).toBe(1);
    await clock.advance(30 * SECOND);
    await slack.until(() => publishes() === 2);
    expect(seen()).toContain('Waiting for you');
  });

  test('because of its blocks, it says so instead of staying empty, with the answer', async () => {
    slack.fail('views.publish', { error: 'invalid_blocks' });
    await opens();
    expect(seen()).toContain('Slack refused what I sent.');
    expect(seen()).toContain('`invalid_blocks`');
    slack.fail('views.publish', { error: 'invalid_blocks' });
    expect(await homes.say(ben.userId, 'Already declined.')).toBe(true);
    expect(seen()).toContain('Already declined.');
  });

  test('the answer isn’t counted as delivered', async () => {
    await opens();
    slack.fail('views.publish', { error: 'internal_error' });
    expect(await homes.say(ben.userId, 'Already declined.')).toBe(false);
  });
});

test('if something can’t be read or shown, it doesn’t say that there is none', async () => {
  summary = { ...summary, unreadable: 1 };
  await opens();
  expect(seen().match(/None that I can read\./g)).toHaveLength(3);
  expect(seen()).not.toMatch(/You have no orders|Nothing waits|No other orders/);
  summary = { ...summary, unreadable: 0, onlyOwn: true };
  await opens();
  expect(seen()).toContain('Open\nOnly your own requests and those waiting for you are shown.');
  summary = { ...summary, onlyOwn: false, more: { yours: false, open: true } };
  await opens();
  expect(seen()).toContain('Open\nMore: `/numbers orders open`');
});

test('a person who can’t use the app gets a sentence and no orders, even if they could before', async () => {
  await opens();
  homes.bar(ben.userId);
  expect(await homes.say(ben.userId, 'This account is deactivated.')).toBe(true);
  expect(seen()).toBe('This account is deactivated.');
  homes.changed(waiting());
  await clock.advance(60 * SECOND);
  expect(publishes()).toBe(2);
});

test('an answer at the top is gone after a minute, when something changes', async () => {
  await opens();
  await homes.say(ben.userId, 'Already declined.');
  expect(seen()).toContain('Already declined.');
  await clock.advance(61 * SECOND);
  homes.changed(waiting());
  await clock.advance(SECOND);
  await slack.until(() => publishes() === 3);
  expect(seen()).not.toContain('Already declined.');
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { App, type BlockAction, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { asPlainText, type LocalSlack, startLocalSlack } from '../../../sandbox/local-slack/local-slack.js';
import { numbersChannel, people } from '../../../sandbox/sample-workspace.js';
import { CarrierError } from '../../../src/orders/ports/carrier.js';
import type { Log } from '../../../src/orders/ports/log.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import {
  errorSentence,
  formClosed,
  makeErrorMiddleware,
} from '../../../src/slack/messages/error-middleware.js';
import { makePrivateAnswers } from '../../../src/slack/messages/private-answers.js';

const CHANNEL = numbersChannel.id;
/** Slack may hang as long as this here. */
const RESPOND_WITHIN_MS = 300;
const field = (name: string): ModalView['blocks'][number] => ({
  type: 'input',
  block_id: name,
  dispatch_action: true,
  label: { type: 'plain_text', text: name },
  element: { type: 'plain_text_input', action_id: name, initial_value: '910' },
});
const site: ModalView['blocks'][number] = {
  type: 'input',
  block_id: 'site',
  optional: true,
  label: { type: 'plain_text', text: 'Site' },
  element: { type: 'external_select', action_id: 'site', min_query_length: 0 },
};
const view = (blocks: ModalView['blocks']): ModalView => ({
  type: 'modal',
  callback_id: 'form',
  title: { type: 'plain_text', text: 'Form' },
  submit: { type: 'plain_text', text: 'Send' },
  blocks,
});
const text = (words: string): ModalView['blocks'][number] => ({
  type: 'section',
  text: { type: 'mrkdwn', text: words },
});

let slack: LocalSlack;
let bolt: App;
let errors: { facts: Record<string, unknown>; sentence: string }[];
let wrong: unknown;
let acknowledgedFirst: boolean;
let closedIn: string | undefined;
let form: ModalView;

/** An app in which everything a person does goes wrong, before its acknowledgement or after it. */
beforeEach(async () => {
  [errors, wrong, acknowledgedFirst, closedIn, form] = [
    [],
    new Error('boom'),
    false,
    undefined,
    view([text('Two'), field('Area'), site]),
  ];
  slack = await startLocalSlack({ people: Object.values(people), channels: [numbersChannel] });
  const quiet = () => {};
  const log: Log = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (facts, sentence) => void errors.push({ facts: { ...facts }, sentence }),
  };
  bolt = new App({
    token: slack.botToken,
    receiver: new SocketModeReceiver({
      appToken: slack.appToken,
      logLevel: LogLevel.ERROR,
      installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
    }),
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
  const answers = makePrivateAnswers({
    client: bolt.client,
    log,
    sayOnHome: async () => false,
    fetch,
    respondWithinMs: RESPOND_WITHIN_MS,
  });
  bolt.use(makeErrorMiddleware({ log, answers }));
  bolt.command('/numbers', async ({ ack, command, client }) => {
    if (command.text === 'form') {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: form });
      return;
    }
    if (acknowledgedFirst) await ack();
    throw wrong;
  });
  bolt.action<BlockAction>('button', async ({ ack }) => {
    if (acknowledgedFirst) await ack();
    throw wrong;
  });
  bolt.action<BlockAction>('Area', () => Promise.reject(wrong));
  bolt.options('site', () => Promise.reject(wrong));
  bolt.view('form', async ({ ack, context }) => {
    if (closedIn !== undefined) {
      await ack();
      formClosed(context, closedIn);
    }
    throw wrong;
  });
  await bolt.start();
});
afterEach(async () => {
  await bolt.stop();
  await slack.close();
});

const ana = () => slack.person(people.ana.id);
const alone = () =>
  ana()
    .ephemerals(CHANNEL)
    .map((message) => asPlainText(message));
const direct = () =>
  ana()
    .directMessages()
    .map((message) => asPlainText(message));
const openForm = async () => {
  await ana().types(CHANNEL, '/numbers form');
  return ana().form();
};
const OURS = 'Something went wrong on my side';

describe('A failure', () => {
  test.each([false, true])(
    'in a command is reported privately to the person who typed it (acknowledged: %s)',
    async (first) => {
      acknowledgedFirst = first;
      expect((await ana().types(CHANNEL, '/numbers')).error).toBeUndefined();
      await slack.until(() => alone().length === 1);
      expect(alone()[0]).toContain(OURS);
      expect(slack.messages(CHANNEL)).toEqual([]);
      expect(errors).toEqual([
        {
          facts: { err: wrong, userId: people.ana.id, kind: 'command' },
          sentence: 'slack interaction failed',
        },
      ]);
    },
  );

  test.each([false, true])(
    'after a button is reported beside it, and the message stays (acknowledged: %s)',
    async (first) => {
      acknowledgedFirst = first;
      const button = {
        type: 'button',
        action_id: 'button',
        text: { type: 'plain_text', text: 'Press' },
      } as const;
      await bolt.client.chat.postMessage({
        channel: CHANNEL,
        text: 'Card',
        blocks: [text('Card'), { type: 'actions', elements: [button] }],
      });
      const [card] = slack.messages(CHANNEL);
      if (card === undefined) throw new Error('no card');
      expect(await ana().presses(card, 'Press')).toEqual({});
      await slack.until(() => alone().length === 1);
      expect(alone()[0]).toContain(OURS);
      expect(asPlainText(card)).toBe('Card\n[Press]');
      expect(slack.person(people.ben.id).ephemerals(CHANNEL)).toEqual([]);
      expect(errors).toMatchObject([{ facts: { kind: 'block_actions' } }]);
    },
  );

  test('in a form is shown under its first field, as long as Slack shows it, and the form stays', async () => {
    wrong = new CarrierError('broken', 'no', { advice: `${'Bandwidth '.repeat(30)}end` });
    const open = await openForm();
    expect(await open.submit()).toBe('errors');
    expect(open.errors.Area).toMatch(/^Bandwidth .*…$/);
    expect(open.errors.Area?.length).toBeLessThanOrEqual(150);
    expect(open.isOpen).toBe(true);
    expect([...alone(), ...direct()]).toEqual([]);
  });

  test('in a form without fields is reported in a direct message', async () => {
    form = view([text('Sure?')]);
    const open = await openForm();
    expect(await open.submit()).toBe('closed');
    await slack.until(() => direct().length === 1);
    expect(direct()[0]).toContain(OURS);
  });

  test('after a form has closed is reported in the channel it was opened from', async () => {
    closedIn = CHANNEL;
    expect(await (await openForm()).submit()).toBe('closed');
    await slack.until(() => alone().length === 1);
    expect(alone()[0]).toContain(OURS);
    expect(direct()).toEqual([]);
  });

  test('after a form has closed, if that channel cannot be written to, is reported in a direct message', async () => {
    closedIn = 'C0NOWHERE';
    expect(await (await openForm()).submit()).toBe('closed');
    await slack.until(() => direct().length === 1);
    expect(direct()[0]).toContain(OURS);
    expect(alone()).toEqual([]);
  });

  test('of a choice in an open form is reported in a direct message, and the choice is acknowledged', async () => {
    expect(await (await openForm()).fill('Area', '919')).toEqual({});
    await slack.until(() => direct().length === 1);
    expect(direct()[0]).toContain(OURS);
  });

  test('during type-ahead is an empty list, no matter how many letters are typed', async () => {
    const open = await openForm();
    for (const letters of ['R', 'Ra', 'Ral']) expect(await open.options('Site', letters)).toEqual([]);
    expect([...alone(), ...direct()]).toEqual([]);
    expect(errors).toHaveLength(3);
  });

  test('that cannot be reported either is in the log twice, and the app survives', async () => {
    closedIn = 'C0NOWHERE';
    slack.fail('chat.postMessage', { error: 'fatal_error' });
    await (await openForm()).submit();
    await slack.until(() => errors.length === 2);
    expect(errors.map(({ sentence }) => sentence)).toEqual([
      'slack interaction failed',
      'answer could not be delivered',
    ]);
    await ana().types(CHANNEL, '/numbers');
    await slack.until(() => alone().length === 1);
  });
});

describe('The sentence', () => {
  test.each([
    [
      'is Bandwidth’s trouble',
      new CarrierError('broken', 'HTTP 500', { advice: 'Bandwidth has trouble.' }),
      'Bandwidth has trouble.',
    ],
    ['is the database’s trouble', new StoreError('locked'), "I can't reach my database right now"],
    ['is any error’s own advice', Object.assign(new Error('x'), { advice: 'Invite me.' }), 'Invite me.'],
    ['never tells what an unknown error says', new Error('secret xoxb-1'), OURS],
    ['is there for what is no error', 'a text', OURS],
    ['is there for nothing', undefined, OURS],
    ['does not trust advice that is no text', Object.assign(new Error('x'), { advice: 7 }), OURS],
    ['does not trust advice on what is no error', { advice: 'Do it.' }, OURS],
  ])('%s', (_, error, sentence) => {
    expect(errorSentence(error)).toContain(sentence);
    expect(errorSentence(error)).not.toContain('xoxb');
  });
});

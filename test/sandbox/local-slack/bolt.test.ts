import { afterEach, describe, expect, test } from '@jest/globals';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { asPlainText, type LocalSlack, startLocalSlack } from '../../../sandbox/local-slack/local-slack.js';

const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

let givenUp: Promise<void>;
let acknowledged = () => {};

const sites = ['Raleigh', 'Durham', 'Fayetteville'];

const orderForm = (areaCode: string): ModalView => ({
  type: 'modal',
  callback_id: 'order',
  private_metadata: 'C0NUMBERS',
  title: { type: 'plain_text', text: 'Order numbers' },
  submit: { type: 'plain_text', text: 'Submit' },
  close: { type: 'plain_text', text: 'Cancel' },
  notify_on_close: true,
  blocks: [
    {
      type: 'input',
      block_id: 'area',
      label: { type: 'plain_text', text: 'Area code' },
      element: { type: 'plain_text_input', action_id: 'value', initial_value: areaCode, max_length: 3 },
    },
    {
      type: 'input',
      block_id: 'site',
      label: { type: 'plain_text', text: 'Sub-account' },
      element: { type: 'external_select', action_id: 'site', min_query_length: 0 },
    },
    {
      type: 'input',
      block_id: 'flags',
      optional: true,
      label: { type: 'plain_text', text: 'Options' },
      element: {
        type: 'checkboxes',
        action_id: 'flags',
        options: [
          { text: { type: 'plain_text', text: 'Partial allowed' }, value: 'partial' },
          { text: { type: 'plain_text', text: 'Back-order' }, value: 'backorder' },
        ],
      },
    },
  ],
});

/** A small app that does once everything ours does: form, type-ahead, refusal, card, button, private answer. */
function listen(app: App): void {
  app.command('/numbers', async ({ command, ack, client, respond }) => {
    if (command.text === 'help') return ack({ text: `You typed ${command.text}` });
    await ack();
    if (command.text.startsWith('say')) {
      await respond(command.text);
      return;
    }
    await client.views.open({ trigger_id: command.trigger_id, view: orderForm(command.text) });
  });
  app.command('/slow', async ({ ack }) => {
    await givenUp;
    await ack();
    acknowledged();
  });
  app.options('site', async ({ payload, ack }) => {
    await ack({
      options: sites
        .filter((site) => site.toLowerCase().includes(payload.value.toLowerCase()))
        .map((site) => ({ text: { type: 'plain_text', text: site }, value: site })),
    });
  });
  app.view('order', async ({ view, ack, client, body }) => {
    const { values } = view.state;
    const area = values.area?.value?.value ?? '';
    if (area === '110') {
      await ack({ response_action: 'errors', errors: { area: "110 isn't an area code" } });
      return;
    }
    await ack();
    const flags = values.flags?.flags?.selected_options?.map((each) => each.value).join() ?? '';
    await client.chat.postMessage({
      channel: view.private_metadata,
      text: `Order in ${area}`,
      metadata: { event_type: 'order', event_payload: { area } },
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: `<@${body.user.id}> orders in ${area} for ${values.site?.site?.selected_option?.value} (${flags})`,
          },
        },
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              action_id: 'approve',
              text: { type: 'plain_text', text: 'Approve & order' },
              value: 'order-1',
              confirm: { text: { type: 'plain_text', text: 'Really?' } },
            },
          ],
        },
      ],
    });
  });
  app.view({ type: 'view_closed', callback_id: 'order' }, async ({ ack, client, body }) => {
    await ack();
    await client.chat.postEphemeral({ channel: 'C0NUMBERS', user: body.user.id, text: 'Nothing ordered' });
  });
  app.action('approve', async ({ ack, body, client, respond }) => {
    await ack();
    if (body.type !== 'block_actions' || body.message === undefined) return;
    const channel = body.channel?.id ?? '';
    if (body.user.id === 'U0ANA') {
      await respond({ text: 'Somebody else has to approve', replace_original: false });
      return;
    }
    await client.chat.update({ channel, ts: body.message.ts, text: `Approved by <@${body.user.id}>` });
    await client.chat.postMessage({ channel, thread_ts: body.message.ts, text: 'Approved' });
  });
}

async function startSlack(options: { ackTimeoutMs?: number } = {}): Promise<LocalSlack> {
  const slack = await startLocalSlack({
    people: [
      { id: 'U0ANA', name: 'ana' },
      { id: 'U0BEN', name: 'ben' },
    ],
    channels: [{ id: 'C0NUMBERS', name: 'numbers', members: ['U0ANA', 'U0BEN'] }],
    ...options,
  });
  running.push(() => slack.close());
  return slack;
}

async function bySocket(options: { ackTimeoutMs?: number } = {}): Promise<LocalSlack> {
  const slack = await startSlack(options);
  const clientOptions = { slackApiUrl: slack.apiUrl, timeout: 5000 };
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions: { ...clientOptions, retryConfig: { retries: 0 } } },
  });
  const app = new App({
    token: slack.botToken,
    receiver,
    deferInitialization: true,
    logLevel: LogLevel.ERROR,
    clientOptions,
  });
  listen(app);
  await app.init();
  await app.start();
  running.push(() => app.stop());
  return slack;
}

async function byHttp(options: { ackTimeoutMs?: number } = {}): Promise<LocalSlack> {
  const slack = await startSlack(options);
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logLevel: LogLevel.ERROR });
  const app = new App({
    token: slack.botToken,
    receiver,
    deferInitialization: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl, timeout: 5000 },
  });
  listen(app);
  await app.init();
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  running.push(() => app.stop());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  slack.setRequestUrl(`http://127.0.0.1:${address.port}/slack/events`);
  return slack;
}

describe.each([
  ['Socket Mode', bySocket],
  ['HTTP mode', byHttp],
])('a Bolt app in %s', (_mode, start) => {
  test('takes an order from the command to the approved card', async () => {
    const slack = await start();
    const ana = slack.person('U0ANA');
    const ben = slack.person('U0BEN');

    expect(await ana.types('C0NUMBERS', '/numbers 110')).toEqual({});
    const form = await ana.form();
    expect([form.title, form.callbackId]).toEqual(['Order numbers', 'order']);
    expect(form.labels()).toEqual(['Area code', 'Sub-account', 'Options']);
    expect(form.value('Area code')).toBe('110');

    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({ 'Sub-account': 'Please complete this required field.' });
    expect(await form.options('Sub-account', 'r')).toEqual(['Raleigh', 'Durham']);
    await form.choose('Sub-account', 'Raleigh');
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({ 'Area code': "110 isn't an area code" });
    await form.fill('Area code', '910');
    await form.tick('Options', 'Back-order');
    expect(await form.submit()).toBe('closed');

    const card = await slack.until(() => slack.messages('C0NUMBERS')[0]);
    expect(asPlainText(card)).toBe('@ana orders in 910 for Raleigh (backorder)\n[Approve & order]');
    expect(card.metadata).toEqual({ event_type: 'order', event_payload: { area: '910' } });

    await ana.presses(card, 'Approve & order');
    const refusal = await slack.until(() => ana.ephemerals('C0NUMBERS')[0]);
    expect(refusal.text).toBe('Somebody else has to approve');
    expect(ben.ephemerals('C0NUMBERS')).toEqual([]);

    expect(await ben.presses(card, 'Approve & order', { confirm: false })).toEqual({ asked: 'Really?' });
    await ben.presses(card, 'Approve & order');
    await slack.until(() => card.replies[0]);
    expect(asPlainText(card)).toBe('Approved by @ben');
    expect(card.versions).toHaveLength(2);
    await expect(ben.presses(card, 'Approve & order')).rejects.toThrow('There is no button');
  });

  test('answers a command at once, privately', async () => {
    const slack = await start();
    const ana = slack.person('U0ANA');
    expect((await ana.types('C0NUMBERS', '/numbers help')).text).toBe('You typed help');
    await ana.types('C0NUMBERS', '/numbers say <!channel> & @ben in #numbers');
    const echo = await slack.until(() => ana.ephemerals('C0NUMBERS')[1]);
    expect(echo.text).toBe('say &lt;!channel&gt; &amp; <@U0BEN> in <#C0NUMBERS>');
    expect(asPlainText(echo)).toBe('say <!channel> & @ben in #numbers');
  });

  test('is told that a form was closed', async () => {
    const slack = await start();
    const ana = slack.person('U0ANA');
    await ana.types('C0NUMBERS', '/numbers 910');
    await (await ana.form()).close();
    await slack.until(() => ana.ephemerals('C0NUMBERS')[0]);
    expect(ana.hasForm()).toBe(false);
  });

  test('that acknowledges too late leaves the person with a timeout', async () => {
    const slack = await start({ ackTimeoutMs: 50 });
    const late = new Promise<void>((resolve) => {
      acknowledged = resolve;
    });
    let giveUp = () => {};
    givenUp = new Promise<void>((resolve) => {
      giveUp = resolve;
    });
    expect(await slack.person('U0ANA').types('C0NUMBERS', '/slow')).toEqual({ error: 'operation_timeout' });
    giveUp();
    await late;
  });
});

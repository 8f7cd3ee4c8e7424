import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type LocalSlack, startLocalSlack } from '../../../sandbox/local-slack/local-slack.js';

interface Heard {
  readonly [key: string]: unknown;
  readonly type?: string;
}

let slack: LocalSlack;
let heard: Heard[];
let answer: (payload: Heard) => unknown;
const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

/** An app that writes down what it is told and answers what the test says. */
async function start(): Promise<ReturnType<LocalSlack['person']>> {
  heard = [];
  answer = () => undefined;
  const app = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const fields = new URLSearchParams(body);
      const payload = fields.get('payload');
      const told = payload === null ? Object.fromEntries(fields) : (JSON.parse(payload) as Heard);
      heard.push(told);
      const said = answer(told);
      response.end(said === undefined ? '' : JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const { port } = app.address() as AddressInfo;
  slack = await startLocalSlack({
    people: [
      { id: 'U0ANA', name: 'ana' },
      { id: 'U0BEN', name: 'ben' },
    ],
    channels: [
      { id: 'C0NUMBERS', name: 'numbers', members: ['U0ANA', 'U0BEN'] },
      { id: 'C0SECRET', name: 'secret', members: ['U0ANA'], private: true },
    ],
    requestUrl: `http://127.0.0.1:${port}/slack/events`,
  });
  running.push(
    () => new Promise((resolve) => app.close(resolve)),
    () => slack.close(),
  );
  return slack.person('U0ANA');
}

async function call(method: string, args: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  const body = (await response.json()) as Record<string, unknown>;
  if (body.ok !== true) throw new Error(JSON.stringify(body));
  return body;
}

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (text: string, value = text) => ({ text: plain(text), value });
const input = (label: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id: label,
  label: plain(label),
  element: { action_id: 'it', ...element },
  ...more,
});
const modal = (blocks: object[], more: object = {}) => ({
  type: 'modal',
  title: plain('Form'),
  submit: plain('Submit'),
  blocks,
  ...more,
});

async function open(view: object, person = slack.person('U0ANA')) {
  await person.types('C0NUMBERS', '/numbers');
  await call('views.open', { trigger_id: heard.at(-1)?.trigger_id, view });
  return person.form();
}

/** What the app was told of a form's fields, by label. */
function values(): unknown {
  const last = heard.at(-1) as { view?: { state?: { values?: Record<string, { it?: unknown }> } } };
  return Object.fromEntries(
    Object.entries(last.view?.state?.values ?? {}).map(([label, block]) => [label, block.it]),
  );
}

describe('a command', () => {
  test('carries what Slack sends, escaped', async () => {
    const ana = await start();
    await ana.types('C0NUMBERS', '/numbers  search <910> & @ben @nobody #numbers');
    expect(heard).toMatchObject([
      {
        command: '/numbers',
        text: 'search &lt;910&gt; &amp; <@U0BEN> @nobody <#C0NUMBERS>',
        team_id: slack.teamId,
        channel_id: 'C0NUMBERS',
        channel_name: 'numbers',
        user_id: 'U0ANA',
        user_name: 'ana',
        is_enterprise_install: 'false',
      },
    ]);
    await ana.types('C0SECRET', '/numbers');
    expect(heard[1]).toMatchObject({ channel_name: 'privategroup', text: '' });
  });

  test('is answered in the acknowledgement, privately or for everyone', async () => {
    const ana = await start();
    answer = () => ({ text: 'psst' });
    expect(await ana.types('C0NUMBERS', '/numbers')).toEqual({ text: 'psst', blocks: [] });
    expect(ana.ephemerals('C0NUMBERS')).toHaveLength(1);
    answer = () => ({ text: 'hear', response_type: 'in_channel' });
    expect(await ana.types('C0NUMBERS', '/numbers')).toEqual({});
    expect(slack.messages('C0NUMBERS').map((each) => each.text)).toEqual(['hear']);
    const ts = slack.messages('C0NUMBERS')[0]?.ts;
    await expect(call('chat.update', { channel: 'C0NUMBERS', ts, text: 'x' })).rejects.toThrow(
      'cant_update_message',
    );
    answer = () => ({ blocks: [{ type: 'nonsense' }] });
    await expect(ana.types('C0NUMBERS', '/numbers')).rejects.toThrow('unsupported type: nonsense');
  });

  test('can’t be typed where the person is not a member, nor in an archived channel', async () => {
    await start();
    await expect(slack.person('U0BEN').types('C0SECRET', '/numbers')).rejects.toThrow(
      'ben is not in #secret',
    );
    slack.changeChannel('C0NUMBERS', { archived: true });
    await expect(slack.person('U0BEN').types('C0NUMBERS', '/numbers')).rejects.toThrow('archived');
  });

  test('is not available to people from other companies and single-channel guests, whose presses still arrive', async () => {
    await start();
    const ben = slack.person('U0BEN');
    slack.changePerson('U0BEN', { guest: 'single-channel' });
    expect(await ben.types('C0NUMBERS', '/numbers')).toEqual({ error: 'not_a_command' });
    slack.changePerson('U0BEN', { teamId: 'T0OTHER' });
    expect(await ben.types('C0NUMBERS', '/numbers')).toEqual({ error: 'not_a_command' });
    expect(heard).toEqual([]);
    const button = { type: 'button', action_id: 'it', text: plain('Go') };
    await call('chat.postMessage', {
      channel: 'C0NUMBERS',
      text: 'x',
      blocks: [{ type: 'actions', elements: [button] }],
    });
    const [message] = slack.messages('C0NUMBERS');
    if (message === undefined) throw new Error('nothing was posted');
    await ben.presses(message, 'Go');
    // The team of a press in a message is the installation's, not the person's.
    expect(heard.at(-1)).toMatchObject({ user: { team_id: 'T0OTHER' }, team: { id: slack.teamId } });
  });

  test('fails visibly if nothing listens', async () => {
    const ana = await start();
    slack.setRequestUrl('http://127.0.0.1:9/slack/events');
    expect(await ana.types('C0NUMBERS', '/numbers')).toEqual({ error: 'dispatch_failed' });
  });
});

describe('a form', () => {
  test('submits what is in it: typed, chosen, ticked, and untouched initial values', async () => {
    await start();
    const options = [option('Partial allowed', 'partial'), option('Back-order', 'back')];
    const form = await open(
      modal([
        input('Name', { type: 'plain_text_input', initial_value: 'Order 910' }),
        input('Quantity', { type: 'number_input', is_decimal_allowed: false }),
        input('Site', { type: 'static_select', options: [option('Raleigh', '1'), option('Durham', '2')] }),
        input('Speed', { type: 'radio_buttons', options: [option('fast'), option('slow')] }),
        input('Options', { type: 'checkboxes', options, initial_options: options }),
        input('Until', { type: 'datepicker' }),
        input('Reason', { type: 'plain_text_input' }, { optional: true }),
      ]),
    );
    await form.fill('Quantity', '12');
    await form.choose('Site', 'Durham');
    await form.choose('Speed', 'fast');
    await form.untick('Options', 'Partial allowed');
    await form.fill('Until', '2026-12-24');
    expect(heard).toHaveLength(1);
    expect(form.value('Options')).toBe('Back-order');
    expect(form.asPlainText()).toContain('Name: [Order 910]');
    expect(form.asPlainText()).toContain('Options:\n☐ Partial allowed\n☑ Back-order');
    expect(await form.submit()).toBe('closed');
    expect(heard.at(-1)).toMatchObject({ type: 'view_submission', user: { id: 'U0ANA' } });
    expect(values()).toEqual({
      Name: { type: 'plain_text_input', value: 'Order 910' },
      Quantity: { type: 'number_input', value: '12' },
      Site: { type: 'static_select', selected_option: option('Durham', '2') },
      Speed: { type: 'radio_buttons', selected_option: option('fast') },
      Options: { type: 'checkboxes', selected_options: [option('Back-order', 'back')] },
      Until: { type: 'datepicker', selected_date: '2026-12-24' },
      Reason: { type: 'plain_text_input', value: null },
    });
    await expect(form.submit()).rejects.toThrow('The form is closed');
  });

  test('is not sent until the client’s own checks pass', async () => {
    await start();
    const form = await open(
      modal([
        input('Name', { type: 'plain_text_input', min_length: 2, max_length: 3 }),
        input('Quantity', {
          type: 'number_input',
          is_decimal_allowed: false,
          min_value: '1',
          max_value: '9',
        }),
        input('Mail', { type: 'email_text_input' }),
      ]),
    );
    const told = heard.length;
    expect(await form.submit()).toBe('errors');
    expect(Object.values(form.errors)).toEqual(Array(3).fill('Please complete this required field.'));
    for (const [name, quantity, mail] of [
      ['abcd', '0', 'ana'],
      ['a', '10', 'ana@local'],
      ['a', '1.5', 'a b@c.d'],
      ['a', 'ten', '@'],
    ] as const) {
      await form.fill('Name', name);
      await form.fill('Quantity', quantity);
      await form.fill('Mail', mail);
      expect(await form.submit()).toBe('errors');
      expect(Object.keys(form.errors)).toEqual(['Name', 'Quantity', 'Mail']);
    }
    expect(heard).toHaveLength(told);
    await form.fill('Name', 'abc');
    await form.fill('Quantity', '9');
    await form.fill('Mail', 'ana@local.example');
    expect(await form.submit()).toBe('closed');
    expect(form.errors).toEqual({});
  });

  test('follows each answer to its submission', async () => {
    const ana = await start();
    const name = input('Name', { type: 'plain_text_input', initial_value: 'x' });
    const form = await open(modal([name]));
    answer = () => ({ response_action: 'errors', errors: { Name: 'taken' } });
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({ Name: 'taken' });
    answer = () => ({ response_action: 'update', view: modal([name], { title: plain('Updated') }) });
    expect(await form.submit()).toBe('updated');
    expect([form.title, form.errors]).toEqual(['Updated', {}]);
    answer = () => ({ response_action: 'push', view: modal([name], { title: plain('Second') }) });
    expect(await form.submit()).toBe('pushed');
    await expect(form.submit()).rejects.toThrow('not in front');
    const second = await ana.form();
    expect(second.title).toBe('Second');
    answer = () => undefined;
    expect(await second.submit()).toBe('closed');
    expect((await ana.form()).title).toBe('Updated');
    answer = () => ({ response_action: 'clear' });
    expect(await form.submit()).toBe('closed');
    expect(ana.hasForm()).toBe(false);
  });

  test('reveals what would be the app’s mistake', async () => {
    await start();
    const form = await open(modal([input('Name', { type: 'plain_text_input', initial_value: 'x' })]));
    answer = () => ({ response_action: 'errors', errors: { name: 'taken' } });
    await expect(form.submit()).rejects.toThrow('no input block is called name; there are Name');
    answer = () => ({ response_action: 'errors', errors: {} });
    await expect(form.submit()).rejects.toThrow('none is given');
    answer = () => ({ response_action: 'update', view: modal([]) });
    await expect(form.submit()).rejects.toThrow('Slack would refuse this view');
    answer = () => ({ response_action: 'explode' });
    await expect(form.submit()).rejects.toThrow('explode');
    slack.setRequestUrl('http://127.0.0.1:9/');
    expect(await form.submit()).toBe('dispatch_failed');
    expect(form.isOpen).toBe(true);
  });

  test('keeps what was entered if the ids stay, and forgets it if they change', async () => {
    await start();
    const name = (more: object) => input('Name', { type: 'plain_text_input', ...more });
    const site = (action_id: string) => input('Site', { type: 'plain_text_input', action_id });
    const form = await open(modal([name({ initial_value: 'first' }), site('a')]));
    await form.fill('Name', 'mine');
    await form.fill('Site', 'Raleigh');
    await call('views.update', {
      view_id: form.view.id,
      view: modal([name({ initial_value: 'other' }), site('b')]),
    });
    expect([form.value('Name'), form.value('Site')]).toEqual(['mine', '']);
  });

  test('tells the app about a change only if the block asks for it', async () => {
    await start();
    const kinds = { type: 'static_select', options: [option('910'), option('rate center')] };
    const form = await open(
      modal([
        input('Quiet', kinds),
        input('Kind', kinds, { dispatch_action: true }),
        {
          type: 'section',
          block_id: 'side',
          text: plain('Sort by'),
          accessory: { ...kinds, action_id: 'sort' },
        },
        { type: 'actions', block_id: 'row', elements: [{ type: 'button', text: plain('More'), value: '2' }] },
      ]),
    );
    await form.choose('Quiet', '910');
    expect(heard).toHaveLength(1);
    await form.choose('Kind', 'rate center');
    await form.choose('Sort by', '910');
    await form.press('More');
    expect(heard.slice(1)).toMatchObject([
      { type: 'block_actions', actions: [{ block_id: 'Kind', selected_option: option('rate center') }] },
      { container: { type: 'view' }, actions: [{ action_id: 'sort', type: 'static_select' }] },
      { actions: [{ type: 'button', value: '2' }] },
    ]);
    expect(heard[1]).not.toHaveProperty('response_url');
    await expect(form.press('Less')).rejects.toThrow('There is no button [Less] now; there is [More]');
    await expect(form.fill('Nmae', 'x')).rejects.toThrow('There is no field “Nmae” now');
    await expect(form.choose('Kind', '911')).rejects.toThrow('offers no one “911”');
  });

  test('asks the app for options, once enough is typed', async () => {
    await start();
    const form = await open(modal([input('Site', { type: 'external_select' })]));
    answer = (payload) => ({ options: [option(`${payload.value} 1`), option(`${payload.value} 2`)] });
    expect(await form.options('Site', 'Ra')).toEqual([]);
    expect(await form.options('Site', 'Ral')).toEqual(['Ral 1', 'Ral 2']);
    expect(heard.at(-1)).toMatchObject({
      type: 'block_suggestion',
      action_id: 'it',
      block_id: 'Site',
      value: 'Ral',
    });
    answer = () => ({ options: [option('x'.repeat(76))] });
    await expect(form.options('Site', 'Ral')).rejects.toThrow('must be less than 76 characters');
  });

  test('reports being closed only if the app wants to know', async () => {
    await start();
    const told = () => heard.filter((each) => each.type === 'view_closed').length;
    const section = { type: 'section', text: plain('x') };
    await (await open(modal([section]))).close();
    expect(told()).toBe(0);
    await (await open(modal([section], { notify_on_close: true }))).close();
    expect(told()).toBe(1);
  });

  test('can be waited for', async () => {
    const ana = await start();
    await ana.types('C0NUMBERS', '/numbers');
    const coming = ana.form();
    await call('views.open', { trigger_id: heard[0]?.trigger_id, view: modal([{ type: 'divider' }]) });
    expect((await coming).title).toBe('Form');
  });
});

describe('a message', () => {
  const boxes = (block_id: string) => ({
    type: 'actions',
    block_id,
    elements: [
      {
        type: 'checkboxes',
        action_id: 'pick',
        options: [option('(910) 241-4365', 'a'), option('(910) 241-4366', 'b')],
      },
      { type: 'button', action_id: 'order', text: plain('Order selected…'), value: 'go' },
      { type: 'overflow', action_id: 'menu', options: [option('Hide')] },
    ],
  });

  test('remembers each person’s ticks until its block_id changes', async () => {
    const ana = await start();
    const { ts } = await call('chat.postMessage', {
      channel: 'C0NUMBERS',
      text: 'results',
      blocks: [boxes('page1')],
    });
    const [message] = slack.messages('C0NUMBERS');
    if (message === undefined) throw new Error('no message');
    await ana.ticks(message, ['(910) 241-4365', '(910) 241-4366']);
    await ana.unticks(message, ['(910) 241-4365']);
    expect(heard).toMatchObject([
      { actions: [{ selected_options: [{ value: 'a' }] }] },
      { actions: [{ selected_options: [{ value: 'a' }, { value: 'b' }] }] },
      { actions: [{ selected_options: [{ value: 'b' }] }] },
    ]);
    await ana.presses(message, 'Order selected…');
    const state = { values: { page1: { pick: { selected_options: [{ value: 'b' }] } } } };
    expect(heard.at(-1)).toMatchObject({
      type: 'block_actions',
      container: { type: 'message', message_ts: ts, channel_id: 'C0NUMBERS', is_ephemeral: false },
      message: { ts, text: 'results' },
      actions: [{ action_id: 'order', value: 'go' }],
      state,
    });
    expect(ana.sees(message)).toContain('☐ (910) 241-4365\n☑ (910) 241-4366');
    await slack.person('U0BEN').presses(message, 'Order selected…');
    expect(heard.at(-1)).toMatchObject({ state: { values: { page1: { pick: { selected_options: [] } } } } });

    await call('chat.update', { channel: 'C0NUMBERS', ts, text: 'results', blocks: [boxes('page1')] });
    await ana.presses(message, 'Order selected…');
    expect(heard.at(-1)).toMatchObject({ state });
    await call('chat.update', { channel: 'C0NUMBERS', ts, text: 'results', blocks: [boxes('page2')] });
    await ana.presses(message, 'Order selected…');
    expect(heard.at(-1)).toMatchObject({ state: { values: { page2: { pick: { selected_options: [] } } } } });
    await ana.chooses(message, 'menu', 'Hide');
    expect(heard.at(-1)).toMatchObject({ actions: [{ type: 'overflow', selected_option: option('Hide') }] });
  });

  test('can be used only by those who see it, while it is there', async () => {
    const ana = await start();
    const ben = slack.person('U0BEN');
    await call('chat.postEphemeral', {
      channel: 'C0NUMBERS',
      user: 'U0ANA',
      text: 'x',
      blocks: [boxes('a')],
    });
    const [hidden] = ana.ephemerals('C0NUMBERS');
    if (hidden === undefined) throw new Error('no message');
    await ana.presses(hidden, 'Order selected…');
    expect(heard.at(-1)).toMatchObject({ container: { is_ephemeral: true } });
    expect(heard.at(-1)).not.toHaveProperty('message');
    await expect(ben.presses(hidden, 'Order selected…')).rejects.toThrow('Only @ana sees');
    await expect(ana.presses(hidden, 'Approve')).rejects.toThrow('there is [Order selected…]');
    ana.deletes(hidden);
    await expect(ana.presses(hidden, 'Order selected…')).rejects.toThrow("can't find that message");
  });
});

test('a press on the Home tab names the view, and no message, channel or response_url', async () => {
  const ana = await start();
  const blocks = [
    { type: 'section', text: plain('Waiting for you') },
    { type: 'actions', elements: [{ type: 'button', action_id: 'go', text: plain('Approve'), value: '7' }] },
  ];
  await expect(ana.pressesOnHome('Approve')).rejects.toThrow('has published no Home tab for ana');
  await call('views.publish', { user_id: 'U0ANA', view: { type: 'home', blocks } });
  expect(ana.seesHome()).toBe('Waiting for you\n[Approve]');
  await ana.pressesOnHome('Approve');
  const pressed = heard.at(-1);
  const view = ana.home();
  expect(pressed).toMatchObject({
    type: 'block_actions',
    container: { type: 'view', view_id: view?.id },
    view: { type: 'home', hash: view?.hash, app_installed_team_id: 'T0LOCAL' },
    actions: [{ action_id: 'go', value: '7' }],
    user: { id: 'U0ANA' },
  });
  expect(pressed).toHaveProperty('trigger_id');
  for (const absent of ['channel', 'message', 'response_url']) expect(pressed).not.toHaveProperty(absent);
});

test('waiting without success shows what people see', async () => {
  const ana = await start();
  await call('chat.postMessage', { channel: 'C0NUMBERS', text: 'Hello <@U0ANA>' });
  await call('chat.postEphemeral', { channel: 'C0NUMBERS', user: 'U0ANA', text: 'psst' });
  await open(modal([input('Name', { type: 'plain_text_input' })]), ana);
  const waiting = slack.until(() => slack.messages('C0SECRET')[0], { timeoutMs: 30, describe: 'a card' });
  const error = await waiting.catch((each: Error) => each.message);
  for (const part of [
    '30 ms for a card',
    '@numbers: Hello @ana',
    '(only @ana) psst',
    'Name:',
    'views.open ok',
  ]) {
    expect(error).toContain(part);
  }
});

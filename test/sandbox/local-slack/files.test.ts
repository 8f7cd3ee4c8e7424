import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  type LocalSlack,
  type LocalSlackOptions,
  startLocalSlack,
} from '../../../sandbox/local-slack/local-slack.js';

/** What people can do with files, and what an app gets to see of them. */

interface Told {
  readonly type?: string;
  readonly callback_id?: string;
  readonly trigger_id?: string;
  readonly channel?: { readonly id: string };
  readonly message?: { readonly ts: string; readonly files?: readonly FileJson[] };
  readonly view?: {
    readonly state: {
      readonly values: Record<string, Record<string, { readonly files?: readonly FileJson[] }>>;
    };
  };
}

interface FileJson {
  readonly id: string;
  readonly name?: string;
  readonly url_private_download?: string;
  readonly [more: string]: unknown;
}

const SHORTCUT = 'Read this file';

let slack: LocalSlack;
let told: Told[];
const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

async function start(options: Partial<LocalSlackOptions> = {}) {
  told = [];
  const app = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const payload = new URLSearchParams(Buffer.concat(chunks).toString('utf8')).get('payload');
    told.push(JSON.parse(payload ?? '{}') as Told);
    response.end();
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const { port } = app.address() as AddressInfo;
  const started = await startLocalSlack({
    people: [
      { id: 'U0ANA', name: 'ana' },
      { id: 'U0OLGA', name: 'olga', teamId: 'T0OTHER' },
    ],
    channels: [
      { id: 'C0NUMBERS', name: 'numbers', members: ['U0ANA', 'U0OLGA'] },
      { id: 'C0OTHER', name: 'other', members: ['U0ANA'], botIsMember: false },
    ],
    shortcuts: [{ name: SHORTCUT, callbackId: 'read' }],
    requestUrl: `http://127.0.0.1:${port}/`,
    ...options,
  });
  slack = started;
  running.push(() => new Promise((resolve) => app.close(resolve)), started.close);
  return slack.person('U0ANA');
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function download(file: FileJson | undefined, token = slack.botToken): Promise<Response> {
  return fetch(file?.url_private_download ?? 'none', { headers: bearer(token), redirect: 'manual' });
}

async function info(id: string): Promise<Record<string, unknown>> {
  const answer = await fetch(`${slack.apiUrl}files.info?`, {
    method: 'POST',
    headers: { ...bearer(slack.botToken), 'content-type': 'application/json' },
    body: JSON.stringify({ file: id }),
  });
  return (await answer.json()) as Record<string, unknown>;
}

const csv = { name: 'places.csv', content: 'area code\n910\n' };

describe('A file in a form', () => {
  async function openForm(element: object = {}) {
    const ana = await start();
    await ana.opensHome();
    const message = ana.says('C0NUMBERS', 'hello');
    await ana.usesShortcut(message, SHORTCUT);
    await fetch(`${slack.apiUrl}views.open`, {
      method: 'POST',
      headers: { ...bearer(slack.botToken), 'content-type': 'application/json' },
      body: JSON.stringify({
        trigger_id: told.at(-1)?.trigger_id,
        view: {
          type: 'modal',
          title: { type: 'plain_text', text: 'Import' },
          submit: { type: 'plain_text', text: 'Next' },
          blocks: [
            {
              type: 'input',
              block_id: 'file',
              label: { type: 'plain_text', text: 'File' },
              element: { type: 'file_input', action_id: 'file', ...element },
            },
          ],
        },
      }),
    });
    return ana.form();
  }

  test('is submitted with what the app needs to fetch it', async () => {
    const form = await openForm({ filetypes: ['csv'], max_files: 1 });
    await form.attach('File', csv);
    expect(form.value('File')).toBe('places.csv');
    expect(await form.submit()).toBe('closed');
    const [file] = told.at(-1)?.view?.state.values.file?.file?.files ?? [];
    expect(file).toMatchObject({
      name: 'places.csv',
      mimetype: 'text/csv',
      size: 14,
      mode: 'hosted',
      is_external: false,
      user: 'U0ANA',
      user_team: slack.teamId,
    });
    const answer = await download(file);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv']);
    expect(await answer.text()).toBe(csv.content);
    expect(await info(file?.id ?? '')).toMatchObject({ ok: true, file: { name: 'places.csv' } });
  });

  test('is required, and has to have a type and number that the form accepts', async () => {
    const form = await openForm({ filetypes: ['csv'], max_files: 1 });
    expect(await form.submit()).toBe('errors');
    await expect(form.attach('File', { ...csv, name: 'book.xlsx' })).rejects.toThrow('not one of: csv');
    await expect(form.attach('File', csv, csv)).rejects.toThrow('You can add up to 1 file.');
  });
});

describe('A file in a message', () => {
  test('reaches the app by a shortcut', async () => {
    const ana = await start();
    const message = ana.says('C0NUMBERS', 'our places', { files: [csv] });
    expect(ana.shortcuts(message)).toEqual([{ name: SHORTCUT, callbackId: 'read' }]);
    await ana.usesShortcut(message, SHORTCUT);
    const payload = told.at(-1);
    expect(payload).toMatchObject({
      type: 'message_action',
      callback_id: 'read',
      channel: { id: 'C0NUMBERS' },
      message: { ts: message.ts, files: [{ name: 'places.csv' }] },
    });
    expect(await (await download(payload?.message?.files?.[0])).text()).toBe(csv.content);
  });

  test('from another company is known only by its id, until the app asks', async () => {
    const ana = await start();
    const message = slack.person('U0OLGA').says('C0NUMBERS', '', { files: [csv] });
    await ana.usesShortcut(message, SHORTCUT);
    const [file] = told.at(-1)?.message?.files ?? [];
    expect(file).toEqual({ id: expect.any(String), mode: 'file_access', file_access: 'check_file_info' });
    expect(await info(file?.id ?? '')).toMatchObject({ file: { user: 'U0OLGA', user_team: 'T0OTHER' } });
    expect(await slack.person('U0OLGA').usesShortcut(message, SHORTCUT)).toEqual({ error: 'not_offered' });
  });

  test('can’t be read by an app that isn’t in the channel, or has no permission or token', async () => {
    const ana = await start();
    await ana.usesShortcut(ana.says('C0OTHER', '', { files: [csv] }), SHORTCUT);
    const [unseen] = told.at(-1)?.message?.files ?? [];
    expect(await info(unseen?.id ?? '')).toMatchObject({ ok: false, error: 'file_not_found' });
    expect((await download(unseen)).status).toBe(302);

    await ana.usesShortcut(ana.says('C0NUMBERS', '', { files: [csv] }), SHORTCUT);
    const [seen] = told.at(-1)?.message?.files ?? [];
    const answer = await download(seen, 'xoxb-other');
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      expect.stringContaining('?redir='),
    ]);

    const other = await start({ scopes: ['commands'] });
    await other.usesShortcut(other.says('C0NUMBERS', '', { files: [csv] }), SHORTCUT);
    const page = await download(told.at(-1)?.message?.files?.[0]);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await info('F0001')).toMatchObject({ ok: false, error: 'missing_scope' });
  });

  test('is still there after a restart', async () => {
    const ana = await start();
    ana.says('C0NUMBERS', 'ours', { files: [csv] });
    const remembered = JSON.parse(JSON.stringify(slack.workspace.remember()));
    const again = await start({ remembered });
    const [message] = slack.messages('C0NUMBERS');
    if (message === undefined) throw new Error('the message is gone');
    await again.usesShortcut(message, SHORTCUT);
    expect(await (await download(told.at(-1)?.message?.files?.[0])).text()).toBe(csv.content);
  });

  test('in a message that only one person sees has no shortcuts', async () => {
    const ana = await start();
    const message = slack.workspace.post({
      channel: 'C0NUMBERS',
      user: slack.botUserId,
      text: 'psst',
      blocks: [],
      onlyFor: 'U0ANA',
    });
    expect(ana.shortcuts(message)).toEqual([]);
    await expect(ana.usesShortcut(message, SHORTCUT)).rejects.toThrow('one person alone');
  });
});

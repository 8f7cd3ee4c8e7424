import { expect, test } from '@jest/globals';
import { makeResponseUrls } from '../../../sandbox/local-slack/response-url.js';
import { makeWorkspace } from '../../../sandbox/local-slack/workspace.js';

function begin() {
  const clock = { now: 0 };
  const workspace = makeWorkspace({
    team: { id: 'T0LOCAL', name: 'local' },
    botUserId: 'U0BOT',
    people: [{ id: 'U0ANA', name: 'ana' }],
    userGroups: [],
    channels: [{ id: 'C0NUMBERS', name: 'numbers', members: ['U0ANA'] }],
    filesOrigin: () => 'https://files.slack.test',
  });
  const urls = makeResponseUrls(workspace, () => clock.now);
  const origin = { userId: 'U0ANA', channelId: 'C0NUMBERS' };
  const texts = () => ({
    all: workspace.messagesIn('C0NUMBERS').map((each) => each.text),
    ana: workspace.ephemeralsFor('U0ANA', 'C0NUMBERS').map((each) => each.text),
  });
  return { clock, workspace, urls, origin, texts };
}

test('answers privately by default', () => {
  const { urls, origin, texts } = begin();
  const path = urls.issue(origin);
  expect(urls.respond(path, { text: 'psst' }).status).toBe(200);
  expect(urls.respond(path, { text: 'hear', response_type: 'in_channel' }).status).toBe(200);
  expect(texts()).toEqual({ all: ['hear'], ana: ['psst'] });
});

test('can be used five times', () => {
  const { urls, origin } = begin();
  const path = urls.issue(origin);
  const answers = Array.from({ length: 6 }, () => urls.respond(path, { text: 'again' }));
  expect(answers.map((each) => each.status)).toEqual([200, 200, 200, 200, 200, 404]);
  expect(answers[5]?.body.error).toBe('used_url');
});

test('works for thirty minutes', () => {
  const { clock, urls, origin } = begin();
  const path = urls.issue(origin);
  clock.now = 30 * 60_000;
  expect(urls.respond(path, { text: 'in time' }).status).toBe(200);
  clock.now += 1;
  expect(urls.respond(path, { text: 'late' })).toMatchObject({ status: 404, body: { error: 'expired_url' } });
  expect(urls.respond('/actions/T/1/x', { text: 'lost' }).status).toBe(404);
});

test('replaces and deletes the message whose button was pressed', () => {
  const { workspace, urls, origin, texts } = begin();
  const said = { channel: 'C0NUMBERS', user: 'U0BOT', text: 'before', blocks: [] };
  const card = workspace.post(said);
  const hidden = workspace.post({ ...said, onlyFor: 'U0ANA' });
  urls.respond(urls.issue({ ...origin, message: card }), { text: 'after', replace_original: true });
  urls.respond(urls.issue({ ...origin, message: hidden }), { text: 'seen', replace_original: true });
  expect(texts()).toEqual({ all: ['after'], ana: ['seen'] });
  urls.respond(urls.issue({ ...origin, message: hidden }), { delete_original: true });
  expect(texts()).toEqual({ all: ['after'], ana: [] });
});

test('refuses what Slack refuses', () => {
  const { urls, origin } = begin();
  const path = urls.issue(origin);
  expect(urls.respond(path, {})).toMatchObject({ status: 400, body: { error: 'no_text' } });
  const blocks = [{ type: 'nonsense' }];
  expect(urls.respond(path, { text: 'x', blocks })).toMatchObject({
    status: 400,
    body: { error: 'invalid_blocks' },
  });
});

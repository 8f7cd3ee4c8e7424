import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type FetchFile, FileNotFetched, makeFetchFile } from '../../../src/slack/import/fetch-file.js';
import type { SharedFile } from '../../../src/slack/import/shared-file.js';
import { errorSentence } from '../../../src/slack/messages/error-middleware.js';

/** Two servers: Slack, and one that must never get the token. */

const TOKEN = 'xoxb-secret';
const closing: (() => Promise<unknown>)[] = [];
let answer: RequestListener;
let askedSlack: IncomingMessage[];
let askedStranger: IncomingMessage[];
let slackUrl: string;
let strangerUrl: string;
let fetchFile: FetchFile;

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  askedSlack = [];
  askedStranger = [];
  answer = (_, response) => response.end('area code\n910\n');
  slackUrl = await serve((request, response) => {
    askedSlack.push(request);
    answer(request, response);
  });
  strangerUrl = await serve((request, response) => {
    askedStranger.push(request);
    response.end('area code\n911\n');
  });
  fetchFile = makeFetchFile({ fetch, botToken: TOKEN, apiUrl: `${slackUrl}/api/` });
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  expect(askedStranger).toEqual([]);
});

const file = (url: string | undefined, more: Partial<SharedFile> = {}): SharedFile => ({
  id: 'F0001',
  name: 'places.csv',
  isExternal: false,
  ...(url === undefined ? {} : { url }),
  ...more,
});

test('a file is fetched from Slack with the token', async () => {
  const found = await fetchFile(file(`${slackUrl}/files-pri/T1-F1/places.csv`));
  expect('bytes' in found ? Buffer.from(found.bytes).toString() : found).toBe('area code\n910\n');
  expect(askedSlack.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${TOKEN}`]);
});

test('no other host gets the token, whatever its address looks like', async () => {
  const { host } = new URL(strangerUrl);
  const slackHost = new URL(slackUrl).host;
  for (const url of [
    `${strangerUrl}/files-pri/T1-F1/places.csv`,
    `http://${slackHost}@${host}/places.csv`,
    `https://files.slack.com.stranger.test/places.csv`,
    `http://files.127.0.0.1/places.csv`,
    'file:///etc/passwd',
    'not an address',
    '',
  ]) {
    expect([url, await fetchFile(file(url))]).toEqual([url, { fault: 'outside-slack' }]);
  }
  expect(await fetchFile(file(undefined))).toEqual({ fault: 'outside-slack' });
  expect(await fetchFile(file(`${slackUrl}/a.csv`, { isExternal: true }))).toEqual({
    fault: 'outside-slack',
  });
  expect(askedSlack).toEqual([]);
});

test('only Slack’s file host gets it, by https only', async () => {
  const asked: string[] = [];
  const fetchReal = makeFetchFile({
    fetch: async (url) => {
      asked.push(String(url));
      return new Response('area code\n910\n');
    },
    botToken: TOKEN,
    apiUrl: 'https://slack.com/api/',
  });
  const outside = { fault: 'outside-slack' };
  expect(await fetchReal(file('https://files.slack.com/files-pri/T1-F1/a.csv'))).toHaveProperty('bytes');
  expect(await fetchReal(file('http://files.slack.com/files-pri/T1-F1/a.csv'))).toEqual(outside);
  expect(await fetchReal(file('https://files.slack.com:8443/files-pri/T1-F1/a.csv'))).toEqual(outside);
  expect(await fetchReal(file('https://files.slack.com.evil.test/a.csv'))).toEqual(outside);
  expect(await fetchReal(file('https://evilfiles.slack.com/a.csv'))).toEqual(outside);
  expect(asked).toEqual(['https://files.slack.com/files-pri/T1-F1/a.csv']);
});

test('a redirect is never followed: it leads to a login page', async () => {
  answer = (_, response) => response.writeHead(302, { location: `${strangerUrl}/login` }).end();
  expect(await fetchFile(file(`${slackUrl}/a.csv`))).toEqual({ fault: 'no-access' });
  expect(askedSlack).toHaveLength(1);
});

test('a login page instead of the file is no file', async () => {
  answer = (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!DOCTYPE html>');
  expect(await fetchFile(file(`${slackUrl}/a.csv`))).toEqual({ fault: 'no-access' });
});

test('a file that is larger than Slack said is not read to its end', async () => {
  let closed = false;
  answer = (_, response) => {
    response.on('close', () => {
      closed = true;
    });
    const more = () => {
      while (!closed && response.write('910\n'.repeat(4_096))) {}
    };
    response.on('drain', more);
    more();
  };
  expect(await fetchFile(file(`${slackUrl}/a.csv`, { size: 10 }))).toEqual({ fault: 'too-large' });
});

test('a file that is declared too large is not fetched', async () => {
  expect(await fetchFile(file(`${slackUrl}/a.csv`, { size: 600_000 }))).toEqual({ fault: 'too-large' });
  expect(askedSlack).toEqual([]);
});

test('a broken connection is an error with advice', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('area code\n');
    response.socket?.end();
  };
  await expect(fetchFile(file(`${slackUrl}/a.csv`))).rejects.toBeInstanceOf(FileNotFetched);
  answer = (_, response) => void response.socket?.destroy();
  const failure: unknown = await fetchFile(file(`${slackUrl}/a.csv`)).catch((error: unknown) => error);
  expect(errorSentence(failure)).toContain('Nothing was ordered or disconnected.');
});

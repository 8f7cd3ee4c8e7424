import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type RunningApp, runApp } from '../support/app-process.js';
import { compileSource } from '../support/compiled.js';
import { temporaryFolder } from '../support/folder.js';
import { CALLBACKS, CHANNEL, startWorld, type World } from '../support/world.js';

jest.setTimeout(120_000);

const MEGABYTE = 1024 * 1024;
const STRANGERS = 300;

let folder: ReturnType<typeof temporaryFolder>;
let world: World;
let app: RunningApp;
const sockets: Socket[] = [];

/** The app in a process of its own: only so can be told what memory it takes, and that it lives. */
beforeAll(async () => {
  folder = temporaryFolder();
  const compiled = join(folder.path, 'app');
  compileSource(compiled);
  world = await startWorld({
    mode: 'HTTP mode',
    callbacks: true,
    run: async (settings) => {
      app = runApp(join(compiled, 'src', 'main.js'), settings);
      await app.logs('slack connection ready');
      return {
        async stop() {
          app.signal('SIGTERM');
          await app.ended;
        },
      };
    },
  });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await world.close();
  folder.remove();
});

const residentMegabytes = (): number => {
  const status = readFileSync(`/proc/${app.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
};

/** Holds a request open: of a body of this length, all but the end is sent, as far as it is read. */
function holdsOpen(headers: readonly string[], path: string, length: number): Promise<void> {
  return new Promise((resolve) => {
    const { host = '', port = 0 } = world.config.listen ?? {};
    const socket = connect(port, host, () => {
      const all = [`POST ${path} HTTP/1.1`, 'host: x', `content-length: ${length}`, ...headers];
      socket.write(`${all.join('\r\n')}\r\n\r\n`);
      // Written or refused: either way the stranger has done what they can.
      socket.write(Buffer.alloc(length - 1, 'x'), () => resolve());
    });
    sockets.push(socket);
    socket.on('error', () => {}).on('close', () => resolve());
    socket.resume();
  });
}

const forged = () => [
  `x-slack-request-timestamp: ${Math.floor(Date.now() / 1000)}`,
  `x-slack-signature: v0=${'0'.repeat(64)}`,
];

const forgedCallback = () => [
  'content-type: application/json',
  `x-bandwidth-signature-sha-256: ${'A'.repeat(43)}=`,
];

test.each([
  ['unsigned', '/slack/events', 3.9 * MEGABYTE, () => []],
  ['with a forged signature', '/slack/events', 1.9 * MEGABYTE, forged],
  ['of a callback with a forged signature', '/bandwidth/callbacks', 0.9 * MEGABYTE, forgedCallback],
  [
    'of a callback without a password',
    '/bandwidth/callbacks',
    0.9 * MEGABYTE,
    () => ['content-type: text/xml'],
  ],
] as const)(
  '300 bodies held open, %s, take little memory, and Ana is answered as always',
  async (_, path, length, headers) => {
    const before = residentMegabytes();
    const all = Array.from({ length: STRANGERS }, () => holdsOpen(headers(), path, Math.floor(length)));
    await Promise.all(all);
    expect((await world.ana.types(CHANNEL, '/numbers help')).blocks).toBeDefined();
    // Kept whole they would take 270 to 1,170 MB; what passes through leaves some garbage behind.
    expect(residentMegabytes() - before).toBeLessThan(150);
    for (const socket of sockets.splice(0)) socket.destroy();
    const warnings = app.stdout.split('\n').filter((line) => line.includes('"level":40'));
    expect(warnings.length).toBeLessThan(10);
  },
);

test('The fullest form is far smaller than what is read', async () => {
  const { ana, slack } = world;
  await ana.types(CHANNEL, '/numbers disconnect');
  const form = await ana.form();
  for (let fields = 2; fields <= 32; fields += 1) {
    await form.press('Add another field');
    await slack.until(() => form.asPlainText().includes(`Numbers, part ${fields}`));
  }
  const numbers = Array.from({ length: 230 }, (_, at) => `910-241-${4000 + at}`).join('\n');
  for (let part = 1; part <= 32; part += 1)
    await form.fill(part === 1 ? 'Numbers' : `Numbers, part ${part}`, numbers);
  await form.fill('Reason', '🙂'.repeat(1_500));
  await form.fill('Confirmation', '230');
  expect(await form.submit()).toBe('errors');
  const sent = slack.deliveries.findLast(({ payload }) => payload.type === 'view_submission')?.payload;
  const body = new URLSearchParams({ payload: JSON.stringify(sent) }).toString();
  expect(body.length).toBeGreaterThan(100_000);
  expect(body.length).toBeLessThan(MEGABYTE);
});

test('Neither what strangers send nor the keys they lack are in the log', () => {
  expect(app.stdout).not.toContain('xxxxxxxx');
  for (const secret of [world.slack.signingSecret, CALLBACKS.CALLBACK_PASSWORD, CALLBACKS.CALLBACK_SECRET])
    expect(app.stdout).not.toContain(secret);
});

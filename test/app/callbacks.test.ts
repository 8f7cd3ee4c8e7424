import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { makeCredentials } from '../../src/bandwidth/credentials.js';
import { makeSubscriptions } from '../../src/bandwidth/subscriptions.js';
import { runCallbacksCommand } from '../../src/cli/callbacks-command.js';
import { messagingApproved, moveApproved } from '../support/change-steps.js';
import { disconnectAsked } from '../support/disconnect-steps.js';
import { CALLBACKS, setups, startWorld, type World } from '../support/world.js';

/** A pass at the start, and then none: whatever comes sooner comes by a notice. */
const RARELY = { POLL_SCHEDULE: '0 0 1 1 *' };

const IN_SERVICE = '9102420000';
const ALSO_IN_SERVICE = '9102420001';

let world: World;

const url = () => {
  if (world.config.callbacks === undefined) throw new Error('the app does not listen for notices');
  return world.config.callbacks.url;
};

/** `npm run callbacks -- create`, against the local Bandwidth. */
async function subscribe(): Promise<void> {
  const deps = { clock: Date, log: { debug() {}, info() {}, warn() {}, error() {} } };
  const { callbacks, bandwidth } = world.config;
  if (callbacks === undefined) throw new Error('the app does not listen for notices');
  const subscriptions = makeSubscriptions({
    ...bandwidth,
    ...deps,
    credentials: makeCredentials(bandwidth.credentials, deps),
  });
  await runCallbacksCommand('create', { callbacks, subscriptions, print: () => {} });
  subscriptions.close();
}

/** An approved order that Bandwidth has taken; the clock stands, so we look at it only when something tells us to. */
async function waiting(words: string): Promise<{ card: Message; id: string; looks: () => number }> {
  world.bandwidth.set({ orderDelayMs: 'manual' });
  const card = await world.requested(words);
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, 'Received by Bandwidth');
  const id = world.bandwidth.orders().at(-1)?.id ?? '';
  return { card, id, looks: () => looksAt('orders', id) };
}

/** How often Bandwidth was asked about this one. */
const looksAt = (kind: 'orders' | 'disconnects', id: string): number =>
  world.bandwidth.requests.filter(({ method, path }) => method === 'GET' && path.endsWith(`/${kind}/${id}`))
    .length;

/** Waits until Bandwidth's notice about this one has been answered. */
const noticed = (id: string) =>
  world.slack.until(() => world.bandwidth.notices.some(({ orderId }) => orderId === id), {
    describe: 'the notice to be answered',
  });

const basic = (name = CALLBACKS.CALLBACK_USERNAME, password = CALLBACKS.CALLBACK_PASSWORD) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});
const sign = (body: string, secret = CALLBACKS.CALLBACK_SECRET) => ({
  'x-bandwidth-signature-sha-256': createHmac('sha256', secret).update(body).digest('base64'),
});
const XML = { 'content-type': 'application/xml' };
const JSON_TYPE = { 'content-type': 'application/json' };

const xmlNotice = (inside: string) => `<?xml version="1.0"?><Notification>${inside}</Notification>`;

async function post(headers: Record<string, string>, body = '', method = 'POST') {
  const answer = await fetch(url(), { method, headers, ...(method === 'GET' ? {} : { body }) });
  return {
    status: answer.status,
    text: await answer.text(),
    challenge: answer.headers.get('www-authenticate'),
  };
}

describe.each(setups)('With callbacks, in %s, with %s of the API', (mode, version) => {
  beforeAll(async () => {
    world = await startWorld({
      mode,
      version,
      callbacks: true,
      clockStands: true,
      settings: { ...RARELY, UNDO_WINDOW: '0' },
      bandwidth: { inService: { ours: [IN_SERVICE, ALSO_IN_SERVICE] } },
    });
    await subscribe();
  });
  afterAll(() => world.close());

  test('the card shows the end of an order as soon as Bandwidth reports it', async () => {
    const { card, id } = await waiting('919 x2');
    world.bandwidth.finish(id);
    await world.says(card, 'your 2 numbers are active');
    expect(world.bandwidth.notices.filter(({ orderId }) => orderId === id)).toEqual([
      { url: url(), orderId: id, status: 'COMPLETE', result: '200' },
    ]);
  });

  test('a disconnect is reported in the same way', async () => {
    world.bandwidth.nextDisconnect({ delayMs: 'manual' });
    const card = await disconnectAsked(world, IN_SERVICE);
    await world.ben.presses(card, 'Approve & disconnect');
    await world.says(card, 'Received by Bandwidth');
    const id = world.bandwidth.disconnects().at(-1)?.id ?? '';
    world.bandwidth.finish(id);
    await world.says(card, 'your number is disconnected');
    expect(world.bandwidth.notices.filter(({ orderId }) => orderId === id)).toMatchObject([
      { result: '200' },
    ]);
  });

  test('so is a messaging change', async () => {
    world.bandwidth.set({ orderDelayMs: 'manual' });
    const card = await messagingApproved(world, `${ALSO_IN_SERVICE} on`);
    await world.says(card, 'Received by Bandwidth');
    const id = world.bandwidth.optionsOrders().at(-1)?.id ?? '';
    const notices = () => world.bandwidth.notices.filter(({ orderId }) => orderId === id);
    await world.slack.until(() => notices().length === 1, { describe: 'the notice that it was received' });
    world.bandwidth.finish(id);
    await world.slack.until(() => notices().length === 2, { describe: 'the notice of its end' });
    // One look a second, however many notices come.
    world.goesBy(1_000);
    await world.says(card, 'Messaging changed: 1 of 1 number');
    expect(notices()).toMatchObject([
      { status: 'RECEIVED', result: '200' },
      { status: 'COMPLETE', result: '200' },
    ]);
  });

  test('a notice of a failure that lists the number as completed is not believed', async () => {
    world.bandwidth.nextOrder({ ends: 'FAILED', delayMs: 'manual' });
    const number = world.bandwidth.available('919')[0] ?? '';
    const { card, id, looks } = await waiting('919');
    const before = looks();
    await post(
      { ...XML, ...basic() },
      xmlNotice(
        `<Status>COMPLETE</Status><OrderId>${id}</OrderId><CompletedTelephoneNumbers><TelephoneNumber>${number}</TelephoneNumber></CompletedTelephoneNumbers>`,
      ),
    );
    await world.slack.until(() => looks() > before, { describe: 'Bandwidth to be asked' });
    expect(asPlainText(card)).toContain('Received by Bandwidth');
    world.bandwidth.finish(id);
    await noticed(id);
    // One look a second, however many notices come.
    world.goesBy(1_000);
    await world.says(card, 'Failed');
    expect(asPlainText(card)).not.toContain('Delivered');
  });
});

describe('A notice', () => {
  beforeAll(async () => {
    world = await startWorld({
      callbacks: true,
      settings: RARELY,
      clockStands: true,
      bandwidth: { inService: { ours: [IN_SERVICE] } },
    });
    world.bandwidth.subscribeJson({ url: url(), secret: CALLBACKS.CALLBACK_SECRET });
  });
  afterAll(() => world.close());

  test('of the newer kind, signed, does the same', async () => {
    const { card, id } = await waiting('919');
    world.bandwidth.finish(id);
    await world.says(card, 'is active');
    expect(world.bandwidth.notices.map(({ result }) => result)).toEqual(['200']);
  });

  test('of a move, which only the newer kind has, does the same', async () => {
    world.bandwidth.set({ orderDelayMs: 'manual' });
    const card = await moveApproved(world, `${IN_SERVICE} to contact center`);
    await world.says(card, 'Received by Bandwidth');
    const id = world.bandwidth.moves().at(-1)?.id ?? '';
    world.bandwidth.finish(id);
    await world.says(card, 'Moved: 1 of 1 number');
    expect(world.bandwidth.notices.filter(({ orderId }) => orderId === id)).toMatchObject([
      { status: 'COMPLETE', result: '200' },
    ]);
  });

  test('that names only the carrier order finds its order', async () => {
    const { card, id } = await waiting('919');
    world.bandwidth.set({ noticesLost: true });
    world.bandwidth.finish(id);
    expect(
      await post({ ...XML, ...basic() }, xmlNotice(`<OrderId>${id.toUpperCase()}</OrderId>`)),
    ).toMatchObject({
      status: 200,
    });
    await world.says(card, 'is active');
  });

  test('that arrives again and again causes one lookup a second', async () => {
    const { card, id, looks } = await waiting('919');
    const before = looks();
    const body = JSON.stringify({ data: [{ order: { orderId: id } }] });
    for (let i = 0; i < 200; i++)
      expect((await post({ ...JSON_TYPE, ...sign(body) }, body)).status).toBe(200);
    for (const look of [1, 2]) {
      await world.slack.until(() => looks() - before === look, { describe: `look ${look}` });
      world.goesBy(1_000);
    }
    world.bandwidth.finish(id);
    expect((await post({ ...JSON_TYPE, ...sign(body) }, body)).status).toBe(200);
    world.goesBy(1_000);
    await world.says(card, 'is active');
    expect(looks() - before).toBe(3);
  });

  test('about someone else’s order causes no lookup', async () => {
    world.bandwidth.set({ noticesLost: true });
    const { card, id: ours } = await waiting('919');
    const before = world.bandwidth.requests.length;
    for (const id of [randomUUID(), '1', '../../etc', '']) {
      const inside = `<OrderId>${id}</OrderId><CustomerOrderId>${id}</CustomerOrderId>`;
      expect(await post({ ...XML, ...basic() }, xmlNotice(inside))).toMatchObject({ status: 200 });
    }
    // Ours comes after theirs, so what theirs had us ask would have been asked before it.
    world.bandwidth.finish(ours);
    await post({ ...XML, ...basic() }, xmlNotice(`<OrderId>${ours}</OrderId>`));
    await world.says(card, 'is active');
    const asked = world.bandwidth.requests.slice(before).map(({ path }) => path);
    // Once ours is complete, the app looks up what works on its number.
    expect(asked.filter((path) => !path.includes(ours) && !path.endsWith('/tndetails'))).toEqual([]);
    expect(asked).not.toEqual([]);
  });

  test.each([
    ['is no document', 'hello'],
    ['is about no order', xmlNotice('<EventType>MESSAGING_LOST</EventType>')],
    ['is another document', '<OrderId>1</OrderId>'],
    ['is empty', ''],
  ])('from Bandwidth that %s is accepted, because resending it would not fix anything', async (_, body) => {
    expect(await post({ ...XML, ...basic() }, body)).toMatchObject({ status: 200 });
  });

  test('comes before the answer to the request, and nothing is done twice', async () => {
    world.bandwidth.set({ orderDelayMs: 0, noticesLost: false });
    world.bandwidth.fail({ method: 'POST', path: /\/orders$/, how: 'slow', afterMs: 600 });
    const before = world.bandwidth.orders().length;
    const card = await world.requested('919');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Received by Bandwidth');
    world.goesBy(1_000);
    await world.says(card, 'is active');
    expect(world.bandwidth.orders().length).toBe(before + 1);
  });
});

describe('Refused without any details:', () => {
  const body = () => xmlNotice(`<OrderId>${randomUUID()}</OrderId>`);
  const json = JSON.stringify({ orderId: randomUUID() });

  beforeAll(async () => {
    world = await startWorld({ callbacks: true, settings: RARELY });
  });
  afterAll(() => world.close());

  test('XML without a name and a password, and Bandwidth is asked for them', async () => {
    for (const headers of [{}, XML]) {
      expect(await post(headers, headers === XML ? body() : '')).toEqual({
        status: 401,
        text: '',
        challenge: 'Basic realm="Numbers for Slack"',
      });
    }
  });

  test.each([
    ['another password', basic('bandwidth', 'guessed-password')],
    ['another name', basic('somebody')],
    ['no password', { authorization: 'Basic' }],
    ['another scheme', { authorization: `Bearer ${CALLBACKS.CALLBACK_PASSWORD}` }],
    ['what is not base64', { authorization: 'Basic ***' }],
  ])('XML with %s', async (_, headers) => {
    expect(await post({ ...XML, ...headers }, body())).toMatchObject({ status: 401, text: '' });
  });

  test.each([
    ['not signed', {}],
    ['signed with another secret', sign(json, 'guessed')],
    ['signed for another body', sign(`${json} `)],
    ['with an empty signature', { 'x-bandwidth-signature-sha-256': '' }],
    ['with the password of the XML instead', basic()],
  ])('JSON %s', async (_, headers) => {
    expect(await post({ ...JSON_TYPE, ...headers }, json)).toEqual({
      status: 401,
      text: '',
      challenge: null,
    });
  });

  test('another method, or another kind of document', async () => {
    expect((await post(basic(), '', 'GET')).status).toBe(405);
    expect((await post(basic(), body(), 'PUT')).status).toBe(405);
    expect((await post({ ...basic(), 'content-type': 'text/html' }, body())).status).toBe(415);
    expect((await post(basic())).status).toBe(415);
  });

  test('more than any notice contains, no matter who sends it and what length it claims', async () => {
    const long = xmlNotice('x'.repeat(1024 * 1024));
    const status = (headers: Record<string, string>, sent: string | ReadableStream) =>
      fetch(url(), { method: 'POST', headers, body: sent, duplex: 'half' } as RequestInit).then(
        (answer) => answer.status,
        () => 'cut off',
      );
    expect([413, 'cut off']).toContain(await status({ ...XML, ...basic() }, long));
    const piecemeal = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('x'.repeat(64 * 1024)));
      },
    });
    expect([413, 'cut off']).toContain(await status({ ...JSON_TYPE, ...sign(long) }, piecemeal));
    expect(await post({ ...XML, ...basic() }, body())).toMatchObject({ status: 200 });
  });

  test('a body that arrives byte by byte, after ten seconds', async () => {
    const { host, port } = world.config.listen ?? { host: '', port: 0 };
    // Node's own timer of the request, which has no other clock. Without it the socket never closes.
    const heard = await new Promise<string>((resolve) => {
      let said = '';
      const socket = connect(port, host, () => {
        socket.write(
          `POST /bandwidth/callbacks HTTP/1.1\r\nhost: x\r\nauthorization: ${basic().authorization}\r\ncontent-type: text/xml\r\ncontent-length: 500\r\n\r\n`,
        );
      });
      const drip = setInterval(() => socket.write('<'), 250);
      socket.on('data', (piece) => {
        said += piece.toString();
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(drip);
        resolve(said);
      });
    });
    expect(heard).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('and none of it is in the log', () => {
    const log = JSON.stringify(world.log);
    for (const secret of Object.values(CALLBACKS).slice(1)) expect(log).not.toContain(secret);
    expect(log).not.toContain('guessed-password');
  });
});

test('Where every notice is lost, polling still finds the end of an order', async () => {
  world = await startWorld({ callbacks: true });
  await subscribe();
  world.bandwidth.set({ noticesLost: true, orderDelayMs: 400 });
  const card = await world.requested('919');
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, 'is active');
  expect(world.bandwidth.notices).toEqual([]);
  await world.close();
});

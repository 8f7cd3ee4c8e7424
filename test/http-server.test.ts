import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../sandbox/free-port.js';
import { type Handler, type HttpServerLimits, makeHttpServer } from '../src/http-server.js';
import type { Log } from '../src/orders/ports/log.js';
import { throttleWarnings } from '../src/throttled-warnings.js';
import { until } from './support/until.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Warned {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly sentence: string;
}

const quiet = () => {};

/** A listener whose `/echo` answers with the length of what was sent, reading at most 1,000 bytes. */
async function listening(limits: Partial<HttpServerLimits> = {}, withinMs = 60_000) {
  const warned: Warned[] = [];
  const log: Log = {
    debug: quiet,
    info: quiet,
    error: quiet,
    warn: (facts, sentence) => void warned.push({ facts: { ...facts }, sentence }),
  };
  const port = await freePort();
  const listener = makeHttpServer({
    host: '127.0.0.1',
    port,
    log,
    limits: { warnEveryMs: 60_000, ...limits },
  });
  const echo: Handler = (_, response, { readBody }) => {
    readBody({ bytes: 1_000, withinMs }).then(
      (body) =>
        typeof body === 'number'
          ? response.writeHead(body, { connection: 'close' }).end()
          : response.end(String(body.length)),
      () => response.destroy(),
    );
  };
  listener.serve('/echo', echo);
  await listener.start();
  ends.push(() => listener.stop());
  return { port, warned };
}

/** A connection that has written this and nothing more. */
function opened(
  port: number,
  written = '',
): Socket & { readonly said: () => string; readonly over: Promise<string> } {
  let said = '';
  const socket = connect(port, '127.0.0.1', () => {
    if (written !== '') socket.write(written);
  });
  ends.push(() => socket.destroy());
  socket.on('error', quiet).on('data', (piece: Buffer) => {
    said += piece.toString();
  });
  const over = new Promise<string>((resolve) => socket.once('close', () => resolve(said)));
  return Object.assign(socket, { said: () => said, over });
}

const head = (length: number) => `POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n`;

async function echoes(port: number, body: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/echo`, {
    method: 'POST',
    body,
    headers: { connection: 'close' },
  });
  return `${answer.status} ${await answer.text()}`;
}

describe('A stranger who', () => {
  test.each([
    ['says nothing', ''],
    ['never ends the headers', 'POST /echo HTTP/1.1\r\nhost: x\r\n'],
  ])('connects and %s is closed when the time for headers is over', async (_, written) => {
    const { port } = await listening({ headersMs: 100, requestMs: 200 });
    const began = Date.now();
    await opened(port, written).over;
    // Node itself would wait a minute for headers.
    expect(Date.now() - began).toBeLessThan(30_000);
  });

  test('got an answer and keeps the connection open for nothing is closed', async () => {
    const { port } = await listening({ idleMs: 50 });
    expect(await opened(port, `${head(2)}ab`).over).toMatch(/^HTTP\/1\.1 200 .*2$/s);
  });

  test('sends a body byte by byte is refused when the time for it is over', async () => {
    const { port, warned } = await listening({}, 100);
    expect(await opened(port, `${head(500)}ab`).over).toMatch(/^HTTP\/1\.1 408 /);
    expect(warned).toMatchObject([{ sentence: 'refused a body that came too slowly' }]);
  });

  test('announces more than the limit is refused before any of it is sent', async () => {
    const { port, warned } = await listening();
    expect(await opened(port, head(1_001)).over).toMatch(/^HTTP\/1\.1 413 /);
    expect(warned).toMatchObject([{ facts: { most: 1_000 } }]);
  });

  test('sends more than the limit without announcing it is refused there', async () => {
    const { port } = await listening();
    const chunked = 'POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';
    expect(await opened(port, `${chunked}3e9\r\n${'x'.repeat(1_001)}`).over).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('requests an unknown path is not read to the end', async () => {
    const { port } = await listening();
    const heard = opened(port, 'POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 99999\r\n\r\nab');
    expect(await heard.over).toMatch(/^HTTP\/1\.1 404 /);
  });
});

describe('Too many at once', () => {
  test('bodies: the one that has been arriving longest is dropped, and a complete one still gets in', async () => {
    const { port, warned } = await listening({ bodyBytes: 2_000 });
    const held = [];
    for (let n = 0; n < 4; n += 1) {
      const each = opened(port, head(1_000) + 'x'.repeat(600));
      held.push(each);
      await until(() => each.bytesWritten > 600, 'the bytes to leave');
    }
    expect(await held[0]?.over).toMatch(/^HTTP\/1\.1 503 /);
    expect(await echoes(port, 'x'.repeat(900))).toBe('200 900');
    expect(warned).toHaveLength(1);
    expect(warned[0]?.sentence).toContain('too much to read at once');
  });

  test('memory is released once a body is answered, dropped or interrupted', async () => {
    const { port, warned } = await listening({ bodyBytes: 1_000 });
    for (let n = 0; n < 20; n += 1) expect(await echoes(port, 'x'.repeat(900))).toBe('200 900');
    for (let n = 0; n < 5; n += 1) {
      const broken = opened(port, head(1_000) + 'x'.repeat(900));
      await until(() => broken.bytesWritten > 900, 'the bytes to leave');
      broken.resetAndDestroy();
    }
    expect(await echoes(port, 'x'.repeat(900))).toBe('200 900');
    expect(warned.filter(({ sentence }) => sentence.includes('too long'))).toEqual([]);
  });

  test('connections: the oldest unfinished one is closed for each new one, and one warning is logged', async () => {
    const { port, warned } = await listening({ connections: 10 });
    const silent = [];
    for (let n = 0; n < 30; n += 1) {
      const each = opened(port);
      silent.push(each);
      await new Promise((resolve) => each.once('connect', resolve));
    }
    await Promise.all(silent.slice(0, 20).map(({ over }) => over));
    expect(await echoes(port, 'ab')).toBe('200 2');
    expect(silent.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(10);
    expect(warned).toHaveLength(1);
    expect(warned[0]).toMatchObject({ facts: { connections: 10 } });
  });
});

test('A warning comes once per interval, and then says how many were left out', () => {
  let now = 0;
  const warned: unknown[] = [];
  const warn = throttleWarnings(
    { warn: (facts, sentence) => void warned.push([facts, sentence]) },
    1_000,
    () => now,
  );
  for (let n = 0; n < 5; n += 1) warn({ n }, 'too many');
  warn({}, 'another thing');
  now = 999;
  warn({ n: 5 }, 'too many');
  now = 1_000;
  warn({ n: 6 }, 'too many');
  expect(warned).toEqual([
    [{ n: 0 }, 'too many'],
    [{}, 'another thing'],
    [{ n: 6, leftOut: 5 }, 'too many'],
  ]);
});

import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../sandbox/free-port.js';
import { makeBandwidth } from '../../src/bandwidth/client.js';
import { basicCredentials } from '../../src/bandwidth/credentials.js';
import { makeOutbound } from '../../src/proxy/outbound.js';
import { ProxyFailed } from '../../src/proxy/proxy-failed.js';
import { type ProxySettings, readProxyUrl } from '../../src/proxy/proxy-settings.js';
import { openTunnel } from '../../src/proxy/tunnel.js';
import { aPurchase, NOW, ORDER_ID, recordingLog } from '../bandwidth/support.js';
import { type ConnectProxy, startConnectProxy, type Treatment } from '../support/connect-proxy.js';
import { inFull } from '../support/no-secrets.js';

const PASSWORD = 'hunter-2-hunter';
const TARGET = { host: 'api.bandwidth.test', port: 443 };

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function aProxy(
  treatment?: Treatment,
  given: { credentials?: string; tls?: boolean } = {},
): Promise<ConnectProxy> {
  const proxy = await startConnectProxy({ portOf: (_, port) => port, ...given });
  if (treatment !== undefined) proxy.treat('*', treatment);
  ends.push(() => proxy.close());
  return proxy;
}

function settingsFor(url: string): ProxySettings {
  const read = readProxyUrl(url);
  if ('problem' in read) throw new Error(read.problem);
  return { ...read, exceptions: [] };
}

/** Why the proxy didn't connect us; connecting is a failed test. */
async function failureOf(url: string, withinMs?: number): Promise<ProxyFailed> {
  const ended: unknown = await openTunnel(settingsFor(url), TARGET, withinMs).catch(
    (error: unknown) => error,
  );
  if (!(ended instanceof ProxyFailed)) throw new Error(`expected a ProxyFailed, got ${String(ended)}`);
  expect(inFull(ended)).not.toContain(PASSWORD);
  return ended;
}

describe('Why a proxy does not connect is explained in plain words, with advice', () => {
  const basic = { 'Proxy-Authenticate': 'Basic realm="staff only"' };

  test.each<[string, Treatment, string | undefined, Partial<ProxyFailed>]>([
    [
      'it wants a password and there is none',
      { status: 407, headers: basic },
      undefined,
      {
        code: 'PROXY_CREDENTIALS',
        message: 'the proxy PROXY asks for a name and a password (407)',
        advice: 'Put them into HTTPS_PROXY: http://name:password@host:port.',
      },
    ],
    [
      'it does not accept the password',
      { status: 407, headers: basic },
      `ana:${PASSWORD}`,
      {
        code: 'PROXY_CREDENTIALS',
        message: "the proxy PROXY doesn't accept the name and password in HTTPS_PROXY (407)",
        advice: expect.stringContaining('@ as %40') as unknown as string,
      },
    ],
    [
      'it wants something else than a password',
      { status: 407, headers: { 'Proxy-Authenticate': 'Negotiate, NTLM' } },
      `ana:${PASSWORD}`,
      {
        code: 'PROXY_CREDENTIALS',
        message: 'the proxy PROXY asks for Negotiate or NTLM authentication (407)',
        advice: expect.stringContaining(
          'The app can only send a name and a password (Basic).',
        ) as unknown as string,
      },
    ],
    [
      'it forbids the host',
      { status: 403 },
      undefined,
      {
        code: 'PROXY_REFUSED',
        message: "the proxy PROXY doesn't allow connections to api.bandwidth.test:443 (403)",
        advice:
          "Ask the proxy's administrator to allow api.bandwidth.test, or add it to NO_PROXY if it can be reached directly.",
      },
    ],
    [
      'it does not reach the host itself',
      { status: 502 },
      undefined,
      {
        code: 'PROXY_GATEWAY',
        message: "the proxy PROXY can't connect to api.bandwidth.test:443 (502)",
        advice:
          "This may be temporary. If it lasts, ask the proxy's administrator whether it can reach api.bandwidth.test.",
      },
    ],
    [
      'it hangs up',
      'hang up',
      undefined,
      {
        code: 'PROXY_BROKEN',
        message: "the proxy PROXY hung up or gave an answer that isn't HTTP (ECONNRESET)",
        advice: 'Check HTTPS_PROXY: its port, and whether it begins with http:// or https://.',
      },
    ],
    ['it is no proxy at all', 'garbage', undefined, { code: 'PROXY_BROKEN' }],
  ])('%s', async (_, treatment, login, failure) => {
    const proxy = await aProxy(treatment);
    const { code, message, advice } = await failureOf(proxy.url(login));
    const name = `127.0.0.1:${proxy.port}`;
    expect({ code, message: message.replace(name, 'PROXY'), advice }).toMatchObject(failure);
    expect(proxy.asked).toEqual(['api.bandwidth.test:443']);
  });

  test('it never answers', async () => {
    const proxy = await aProxy('silent');
    expect(await failureOf(proxy.url(), 100)).toMatchObject({
      code: 'PROXY_SILENT',
      message: `the proxy 127.0.0.1:${proxy.port} didn't answer within 0.1 seconds`,
    });
  });

  test('it is not there', async () => {
    const port = await freePort();
    expect(await failureOf(`http://ana:${PASSWORD}@127.0.0.1:${port}`)).toMatchObject({
      code: 'PROXY_UNREACHABLE',
      message: `the proxy 127.0.0.1:${port} can't be reached (ECONNREFUSED)`,
      advice: 'Check HTTPS_PROXY, and whether the proxy runs.',
    });
  });

  test('it speaks TLS and HTTPS_PROXY says http', async () => {
    const proxy = await aProxy(undefined, { tls: true });
    expect(await failureOf(proxy.url().replace('https:', 'http:'))).toMatchObject({
      code: 'PROXY_BROKEN',
      advice: expect.stringContaining('whether it begins with http:// or https://'),
    });
  });
});

test('a name and a password with special characters arrive decoded', async () => {
  const proxy = await aProxy(undefined, { credentials: 'ana:p@ss:w/örd' });
  const target = await aProxy();
  const settings = settingsFor(proxy.url('ana:p%40ss%3Aw%2F%C3%B6rd'));
  const socket = await openTunnel(settings, { host: '127.0.0.1', port: target.port });
  expect(proxy.asked).toEqual([`127.0.0.1:${target.port}`]);
  socket.destroy();
});

describe('The answer of a proxy is never mistaken for an answer from Bandwidth', () => {
  function bandwidthThrough(proxyUrl: string) {
    return makeBandwidth({
      accountId: '9900012',
      apiUrl: 'https://api.bandwidth.test/api',
      credentials: basicCredentials(
        { username: 'jane', password: 'correct horse' },
        { clock: { now: () => NOW } },
      ),
      clock: { now: () => NOW },
      log: recordingLog(),
      httpsAgent: makeOutbound(settingsFor(proxyUrl)).httpsAgent,
    });
  }

  test.each<[string, Treatment, string]>([
    ['403', { status: 403 }, 'refused the connection'],
    ['404', { status: 404 }, 'refused the connection'],
    ['407', { status: 407 }, 'asks for other credentials'],
    ['503', { status: 503 }, "couldn't connect me"],
    ['hanging up', 'hang up', "gave an answer I can't read"],
  ])('after %s by the proxy, an order was certainly not sent', async (_, treatment, words) => {
    const proxy = await aProxy(treatment);
    const bandwidth = bandwidthThrough(proxy.url(`ana:${PASSWORD}`));
    const placed = await bandwidth.place(ORDER_ID, aPurchase());
    expect(placed).toEqual({
      outcome: 'not-taken',
      advice: `I couldn't reach Bandwidth: the proxy between us ${words}. Try again in a minute. If it happens again, an admin should run npm run doctor and check HTTPS_PROXY.`,
    });
    bandwidth.close();
  });

  test('and a list that could not be read names the proxy in the log, without its password', async () => {
    const proxy = await aProxy({ status: 403 });
    const bandwidth = bandwidthThrough(proxy.url(`ana:${PASSWORD}`));
    const error: unknown = await bandwidth.sites().catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      name: 'CarrierError',
      trouble: 'unreachable',
      message: expect.stringContaining(`(PROXY_REFUSED: the proxy 127.0.0.1:${proxy.port} doesn't allow`),
    });
    expect(inFull(error)).not.toContain(PASSWORD);
    bandwidth.close();
  });
});

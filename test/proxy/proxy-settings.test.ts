import { describe, expect, test } from '@jest/globals';
import { isException, nameOf, readExceptions, readProxyUrl } from '../../src/proxy/proxy-settings.js';

describe('HTTPS_PROXY is read as other tools read it', () => {
  test.each([
    ['http://proxy.example.com:3128', { protocol: 'http:', host: 'proxy.example.com', port: 3128 }],
    ['http://proxy.example.com/', { protocol: 'http:', host: 'proxy.example.com', port: 80 }],
    ['https://proxy.example.com', { protocol: 'https:', host: 'proxy.example.com', port: 443 }],
    ['proxy.example.com:3128', { protocol: 'http:', host: 'proxy.example.com', port: 3128 }],
    ['10.0.0.1:3128', { protocol: 'http:', host: '10.0.0.1', port: 3128 }],
    ['http://[fd00::1]:3128', { protocol: 'http:', host: 'fd00::1', port: 3128 }],
    [
      'http://ana:p%40ss%3Aw%2Ford@proxy:3128',
      { protocol: 'http:', host: 'proxy', port: 3128, credentials: 'ana:p@ss:w/ord' },
    ],
    ['ana:secret@proxy:3128', { protocol: 'http:', host: 'proxy', port: 3128, credentials: 'ana:secret' }],
    ['http://ana@proxy:3128', { protocol: 'http:', host: 'proxy', port: 3128, credentials: 'ana:' }],
  ])('%s', (value, settings) => {
    expect(readProxyUrl(value)).toEqual(settings);
  });

  test.each([
    ['http://ana:hunter2@proxy:port', 'is not a URL'],
    ['http://ana:hunter2/x@proxy:3128', 'is not a URL'],
    ['socks5://ana:hunter2@proxy:1080', 'begins with socks5://, but a proxy must be http:// or https://'],
    ['http://ana:hunter2@proxy:3128/path', 'has something after the host and port'],
    ['http://ana:hunter2%@proxy:3128', 'has a % in its name or password'],
  ])('%s is refused without showing the password', (value, words) => {
    const read = readProxyUrl(value);
    expect(read).toEqual({ problem: expect.stringContaining(words) });
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });

  test('its name is the host and port, without the password', () => {
    expect(nameOf({ host: 'proxy', port: 3128 })).toBe('proxy:3128');
    expect(nameOf({ host: 'fd00::1', port: 3128 })).toBe('[fd00::1]:3128');
  });
});

describe('NO_PROXY', () => {
  const direct = (entries: string, host: string, port = 443) =>
    isException({ exceptions: readExceptions(entries) }, host, port);

  test.each([
    ['slack.com', 'slack.com'],
    ['slack.com', 'files.slack.com'],
    ['.slack.com', 'slack.com'],
    ['.slack.com', 'wss-primary.slack.com'],
    ['*.slack.com', 'hooks.slack.com'],
    ['*', 'dashboard.bandwidth.com'],
    ['SLACK.com', 'Files.Slack.COM'],
    ['slack.com', 'slack.com.'],
    [' localhost , slack.com', 'slack.com'],
    ['localhost slack.com', 'slack.com'],
    ['127.0.0.1', '127.0.0.1'],
    ['slack.com:443', 'slack.com'],
    ['::1', '::1'],
    ['[::1]', '[::1]'],
    ['[::1]:443', '[::1]'],
    ['fd00::1', 'fd00::1'],
  ])('%j excludes %s', (entries, host) => {
    expect(direct(entries, host)).toBe(true);
  });

  test.each([
    ['', 'slack.com'],
    [',', 'slack.com'],
    ['.', 'slack.com'],
    ['slack.com', 'notslack.com'],
    ['files.slack.com', 'slack.com'],
    ['slack.com:8443', 'slack.com'],
    ['[::1]:8443', '[::1]'],
    ['com.slack', 'slack.com'],
    ['lack.com', 'slack.com'],
  ])('%j does not exclude %s', (entries, host) => {
    expect(direct(entries, host)).toBe(false);
  });
});

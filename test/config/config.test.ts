import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConfigError, readConfig } from '../../src/config/config.js';
import { variables } from '../../src/config/settings.js';
import { temporaryFolder } from '../support/folder.js';
import { requiredSettings } from '../support/settings.js';

type Changes = Record<string, string | undefined>;
const read = (changes: Changes = {}) => readConfig({ ...requiredSettings, ...changes });

function problems(changes: Changes, base: Changes = requiredSettings): readonly string[] {
  try {
    readConfig({ ...base, ...changes });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('with only what is required', () => {
  test('everything else has its default', () => {
    expect(read()).toEqual({
      slack: {
        botToken: 'xoxb-1-2-abcDEF',
        apiUrl: 'https://slack.com/api/',
        connection: { mode: 'socket', appToken: 'xapp-1-A1-2-abcdef' },
      },
      bandwidth: {
        accountId: '9900000',
        apiUrl: 'https://dashboard.bandwidth.com/api',
        credentials: {
          kind: 'oauth',
          clientId: 'client-1',
          clientSecret: 'client-secret-1',
          tokenUrl: 'https://api.bandwidth.com/api/v1/oauth2/token',
        },
        lookUpsPerMinute: 90,
        ordersPerMinute: 90,
      },
      offered: {},
      policy: {
        approvers: { anyone: false, users: ['U0APPROVER'], groups: [] },
        approvalsRequired: 1,
        allowSelfApproval: false,
        allowSelfApprovalOfDisconnects: false,
        undoWindowMs: 60_000,
        approvalTtlMs: 86_400_000,
        guestsMayRequest: false,
        externalChannels: 'refuse',
        autoApproveUpTo: 0,
        maxNumbersPerOrder: 100,
        notify: 'thread',
        rules: [],
      },
      maxHeld: 100,
      storeUrl: 'sqlite:data/numbers.db',
      pollSchedule: '*/5 * * * * *',
      logLevel: 'info',
      warnings: [],
      secrets: ['xoxb-1-2-abcDEF', 'xapp-1-A1-2-abcdef', 'client-secret-1', 'client-1:client-secret-1'],
    });
  });

  test('an empty variable is an unset one, and spaces around a value are none', () => {
    expect(read({ LOG_LEVEL: '', SLACK_SIGNING_SECRET: '  ', PORT: undefined })).toEqual(read());
    expect(read({ SLACK_BOT_TOKEN: ' xoxb-1-2-abcDEF\r' })).toEqual(read());
  });
});

describe('A proxy', () => {
  test('is read with its exceptions, and its password is a secret in every form it is sent in', () => {
    const { proxy, secrets } = read({
      HTTPS_PROXY: 'http://ana:p%40ssword@proxy.example.com:3128',
      NO_PROXY: 'localhost, .example.com',
    });
    expect(proxy).toEqual({
      protocol: 'http:',
      host: 'proxy.example.com',
      port: 3128,
      credentials: 'ana:p@ssword',
      exceptions: ['localhost', '.example.com'],
    });
    expect(secrets).toEqual(
      expect.arrayContaining([
        'p%40ssword',
        'p@ssword',
        'ana:p@ssword',
        'http://ana:p%40ssword@proxy.example.com:3128',
      ]),
    );
  });

  test('without a password is no secret', () => {
    expect(read({ HTTPS_PROXY: 'proxy.example.com:3128' }).secrets).toEqual(read().secrets);
  });

  test('in lower case wins, as with other tools; an empty one does not', () => {
    const upper = { HTTPS_PROXY: 'http://upper:1', NO_PROXY: 'upper' };
    expect(read({ ...upper, https_proxy: 'http://lower:2', no_proxy: 'lower' }).proxy).toMatchObject({
      host: 'lower',
      exceptions: ['lower'],
    });
    expect(read({ ...upper, https_proxy: '', no_proxy: ' ' }).proxy).toEqual(read(upper).proxy);
  });

  test.each([
    ['socks5://ana:hunter-2@proxy:1080', 'HTTPS_PROXY begins with socks5://, but a proxy must be'],
    ['http://ana:hunter-2@proxy:port', 'HTTPS_PROXY is not a URL'],
  ])('%s is refused without its password', (HTTPS_PROXY, words) => {
    const [problem, ...others] = problems({ HTTPS_PROXY });
    expect(problem).toContain(words);
    expect(problem).not.toContain('hunter-2');
    expect(others).toEqual([]);
  });

  test('with exceptions alone does not exist', () => {
    expect(read({ NO_PROXY: 'localhost' })).toEqual(read());
  });
});

describe('Health checks and metrics', () => {
  test.each([
    ['127.0.0.1:9100', { host: '127.0.0.1', port: 9100 }],
    ['localhost:9100', { host: 'localhost', port: 9100 }],
    ['[::1]:9100', { host: '::1', port: 9100 }],
  ])('can have an address of their own: %s', (OPERATIONS_ADDRESS, operations) => {
    const config = read({ OPERATIONS_ADDRESS });
    expect(config.operations).toEqual(operations);
    expect(config.listen).toBeUndefined();
  });

  test.each([
    '9100',
    '127.0.0.1',
    '127.0.0.1:',
    ':9100',
    '::1:9100',
    '127.0.0.1:99999',
    'http://localhost:9100',
  ])('have none if it isn’t an address with a port: %s', (OPERATIONS_ADDRESS) => {
    expect(problems({ OPERATIONS_ADDRESS })).toEqual([
      `OPERATIONS_ADDRESS is "${OPERATIONS_ADDRESS}", but must be an address and a port, such as 127.0.0.1:9100.`,
    ]);
  });
});

describe('Finished orders', () => {
  test('are kept forever, or for as long as KEEP_FINISHED says', () => {
    expect(read().keepFinishedMs).toBeUndefined();
    expect(read({ KEEP_FINISHED: '400d' }).keepFinishedMs).toBe(400 * 24 * 60 * 60_000);
    expect(read({ KEEP_FINISHED: '90d' }).keepFinishedMs).toBe(90 * 24 * 60 * 60_000);
  });

  test.each(['89d', '400', '1y', '0', 'forever'])('are not kept for %s', (KEEP_FINISHED) => {
    expect(problems({ KEEP_FINISHED })).toEqual([
      `KEEP_FINISHED is "${KEEP_FINISHED}", but must be a time of at least 90d, such as 400d.`,
    ]);
  });
});

describe('with nothing at all', () => {
  test('all missing settings are in one readable list', () => {
    expect(problems({}, {}).map((problem) => problem.split(' ')[0])).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'BW_ACCOUNT_ID',
      'BW_CLIENT_ID',
      'APPROVERS',
    ]);
    const { message } = new ConfigError(problems({}, {}));
    expect(message).toMatch(
      /^5 settings need your attention before I can start:\n {2}- SLACK_BOT_TOKEN is not set: /,
    );
    expect(message).not.toMatch(/undefined|\[hidden\]|Invalid|expected/);
  });

  test('invalid settings are in the same list as missing ones', () => {
    const found = problems({ LOG_LEVEL: 'loud', BW_PEER_ID: '1', SLACK_BOT_TOKEN: 'nonsense' }, {});
    expect(found).toHaveLength(7);
    expect(found.at(-1)).toBe('LOG_LEVEL is "loud", but must be one of debug, info, warn, error.');
  });
});

describe('Slack', () => {
  test('is reached in HTTP mode when there is a signing secret', () => {
    const config = read({ SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'abc123', PORT: '8080' });
    expect(config.slack.connection).toEqual({ mode: 'http', signingSecret: 'abc123' });
    expect(config.listen).toEqual({ host: '0.0.0.0', port: 8080 });
    expect(read({ SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'abc123', HOST: '127.0.0.1' }).listen).toEqual({
      host: '127.0.0.1',
      port: 3000,
    });
  });

  test('is reached through our socket otherwise: nothing listens, unless a port is named for health checks', () => {
    expect(read().listen).toBeUndefined();
    expect(read({ HOST: '127.0.0.1', PORT: '8080' }).listen).toEqual({ host: '127.0.0.1', port: 8080 });
  });

  test('is reached in exactly one of two ways', () => {
    expect(problems({ SLACK_SIGNING_SECRET: 'abc123' })).toEqual([
      expect.stringMatching(/^SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set/),
    ]);
    expect(problems({ SLACK_APP_TOKEN: '' })).toEqual([
      expect.stringMatching(/^SLACK_APP_TOKEN is not set.*SLACK_SIGNING_SECRET/),
    ]);
  });

  test.each([
    ['SLACK_BOT_TOKEN', 'xapp-1-A1-2-abcdef', /app-level token.*belongs in SLACK_APP_TOKEN/],
    ['SLACK_BOT_TOKEN', 'xoxp-1-2-3', /user token \(xoxp-\).*xoxb-/],
    ['SLACK_BOT_TOKEN', 'xoxe.xoxb-1-2', /token that expires/],
    ['SLACK_BOT_TOKEN', '"xoxb-1-2"', /quotes around its value/],
    ['SLACK_BOT_TOKEN', 'hello', /is not a bot token/],
    ['SLACK_APP_TOKEN', 'xoxb-1-2-abc', /bot token.*belongs in SLACK_BOT_TOKEN/],
    ['SLACK_APP_TOKEN', 'hello', /is not an app-level token/],
  ])('a %s of the wrong kind (%s) is recognized', (name, value, sentence) => {
    expect(problems({ [name]: value })).toEqual([expect.stringMatching(sentence)]);
  });

  test('a token where the signing secret should be is recognized', () => {
    expect(problems({ SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'xoxb-1' })).toEqual([
      expect.stringMatching(/^SLACK_SIGNING_SECRET contains a token: the signing secret is on the page/),
    ]);
  });
});

describe('Callbacks from Bandwidth', () => {
  const url = 'https://numbers.example.com/from-bandwidth';
  const names = { CALLBACK_USERNAME: 'bandwidth', CALLBACK_PASSWORD: 'a-long-password' };
  const CALLBACK_SECRET = 'a-long-shared-secret';

  test('are accepted when there is an address and a credential to recognize Bandwidth by', () => {
    const config = read({ CALLBACK_URL: url, ...names, CALLBACK_SECRET });
    expect(config.callbacks).toEqual({
      url,
      basic: { username: 'bandwidth', password: 'a-long-password' },
      secret: CALLBACK_SECRET,
    });
    expect(config.listen).toEqual({ host: '0.0.0.0', port: 3000 });
    expect(config.secrets).toEqual(
      expect.arrayContaining(['a-long-password', 'bandwidth:a-long-password', CALLBACK_SECRET]),
    );
    expect(read({ CALLBACK_URL: url, ...names }).callbacks?.secret).toBeUndefined();
    expect(read({ CALLBACK_URL: url, CALLBACK_SECRET }).callbacks?.basic).toBeUndefined();
  });

  test('need no path, and are not accepted unless someone wants them', () => {
    expect(read({ CALLBACK_URL: 'https://numbers.example.com', CALLBACK_SECRET }).callbacks?.url).toBe(
      'https://numbers.example.com/bandwidth/callbacks',
    );
    expect(read().listen).toBeUndefined();
  });

  test.each<[string, Changes, RegExp]>([
    [
      'an address alone',
      { CALLBACK_URL: url },
      /^CALLBACK_URL is set, but there are no credentials to recognize Bandwidth by/,
    ],
    ['a secret alone', { CALLBACK_SECRET }, /^CALLBACK_URL is not set, but CALLBACK_SECRET is/],
    [
      'a name without a password',
      { CALLBACK_URL: url, CALLBACK_USERNAME: 'x' },
      /^CALLBACK_PASSWORD is not set, but CALLBACK_USERNAME is/,
    ],
    ['what is no address', { CALLBACK_URL: 'numbers', CALLBACK_SECRET }, /^CALLBACK_URL is not a URL/],
    [
      'an address that others can listen in on',
      { CALLBACK_URL: 'http://numbers.example.com/', CALLBACK_SECRET },
      /^CALLBACK_URL must begin with https/,
    ],
    [
      'a port that Bandwidth does not deliver to',
      { CALLBACK_URL: 'https://numbers.example.com:81/x', CALLBACK_SECRET },
      /^CALLBACK_URL names port 81/,
    ],
    [
      "Slack's own address",
      { CALLBACK_URL: 'https://numbers.example.com/slack/events', CALLBACK_SECRET },
      /^CALLBACK_URL is the path of Slack/,
    ],
    [
      'the address of the health checks',
      { CALLBACK_URL: 'https://numbers.example.com/healthz', CALLBACK_SECRET },
      /^CALLBACK_URL is the path of a health/,
    ],
    [
      'an easy password',
      { CALLBACK_URL: url, ...names, CALLBACK_PASSWORD: 'hunter2' },
      /^CALLBACK_PASSWORD is too/,
    ],
    ['an easy secret', { CALLBACK_URL: url, CALLBACK_SECRET: 'secret' }, /^CALLBACK_SECRET is too easy/],
    [
      'a name with a colon',
      { CALLBACK_URL: url, ...names, CALLBACK_USERNAME: 'a:b' },
      /^CALLBACK_USERNAME has a colon/,
    ],
  ])('%s is a mistake, and reported in a sentence', (_, changes, sentence) => {
    const found = problems(changes);
    expect(found).toEqual([expect.stringMatching(sentence)]);
    expect(found.join()).not.toMatch(/hunter2|a-long|"secret"/);
  });
});

describe('addresses', () => {
  test('have the ending that their users need', () => {
    const config = read({
      SLACK_API_URL: 'http://127.0.0.1:4000/api',
      BW_API_URL: 'http://localhost:4001/api/',
      BW_TOKEN_URL: 'http://[::1]:4001/token',
    });
    expect(config.slack.apiUrl).toBe('http://127.0.0.1:4000/api/');
    expect(config.bandwidth.apiUrl).toBe('http://localhost:4001/api');
    expect(config.bandwidth.credentials).toMatchObject({ tokenUrl: 'http://[::1]:4001/token' });
  });

  test.each([
    ['slack.com/api', /is not a URL/],
    ['http://slack.example/api', /must begin with https/],
    ['http://127.0.0.1.example/api', /must begin with https/],
    ['ftp://127.0.0.1/api', /must begin with https/],
    ['https://me:hunter22@slack.example/api', /remove them/],
    ['https://slack.example/api?x=1', /only the part before it/],
  ])('%s is refused', (url, sentence) => {
    for (const name of ['SLACK_API_URL', 'BW_API_URL', 'BW_TOKEN_URL']) {
      expect(problems({ [name]: url })).toEqual([expect.stringMatching(sentence)]);
      expect(problems({ [name]: url }).join()).not.toContain('hunter22');
    }
  });
});

test('the address of a different Bandwidth API is refused, with the right one', () => {
  expect(problems({ BW_API_URL: 'https://api.bandwidth.com/v2/' })).toEqual([
    "BW_API_URL is the address of Bandwidth's Voice API. The one for numbers is https://api.bandwidth.com/api/v2.",
  ]);
  expect(read({ BW_API_URL: 'https://api.bandwidth.com/api/v2/' }).bandwidth.apiUrl).toBe(
    'https://api.bandwidth.com/api/v2',
  );
});

describe('Bandwidth credentials', () => {
  const basic = { BW_CLIENT_ID: '', BW_CLIENT_SECRET: '', BW_USERNAME: 'api', BW_PASSWORD: 'pass word' };

  test.each([
    ['2026-11-29T12:00:00Z', /^BW_USERNAME and BW_PASSWORD stop working on December 2, 2026/],
    ['2026-12-01T23:59:59Z', /^BW_USERNAME and BW_PASSWORD stop working on December 2, 2026/],
    [
      '2026-12-02T00:00:00Z',
      /^Bandwidth announced the end of HTTP Basic for December 2, 2026, so .* may no longer/,
    ],
    [
      '2027-05-01T00:00:00Z',
      /^Bandwidth announced the end of HTTP Basic for December 2, 2026, so .* may no longer/,
    ],
  ])('HTTP Basic starts the app on %s, and the first warning is when it ends', (day, sentence) => {
    const environment = { ...requiredSettings, ...basic, ALLOW_SELF_APROVAL: 'true' };
    const config = readConfig(environment, { now: () => Date.parse(day) });
    expect(config.bandwidth.credentials).toEqual({ kind: 'basic', username: 'api', password: 'pass word' });
    expect(config.warnings).toEqual([
      expect.stringMatching(sentence),
      expect.stringContaining('ALLOW_SELF_APROVAL'),
    ]);
    expect(config.warnings[0]).toContain('set BW_CLIENT_ID and BW_CLIENT_SECRET');
  });

  test('of OAuth 2.0 never warn', () => {
    expect(readConfig(requiredSettings, { now: () => Date.parse('2026-12-03') }).warnings).toEqual([]);
  });

  test.each([
    [{ BW_CLIENT_ID: '' }, /^BW_CLIENT_ID is not set, but BW_CLIENT_SECRET is/],
    [{ BW_CLIENT_SECRET: '' }, /^BW_CLIENT_SECRET is not set, but BW_CLIENT_ID is/],
    [{ ...basic, BW_USERNAME: '' }, /^BW_USERNAME is not set, but BW_PASSWORD is/],
    [{ ...basic, BW_PASSWORD: '' }, /^BW_PASSWORD is not set, but BW_USERNAME is/],
  ])('half a pair is reported: %j', (changes, sentence) => {
    expect(problems(changes)).toEqual([expect.stringMatching(sentence)]);
  });

  test('both pairs, or one and a half, are too many', () => {
    for (const changes of [{ BW_USERNAME: 'api', BW_PASSWORD: 'x' }, { BW_PASSWORD: 'x' }]) {
      expect(problems(changes)).toEqual([expect.stringMatching(/^BW_CLIENT_ID.*keep one complete pair/)]);
    }
  });

  test('ids are digits, and a location needs its sub-account', () => {
    expect(read({ BW_SITE_ID: '07030', BW_PEER_ID: '12' }).offered).toEqual({
      siteId: '07030',
      peerId: '12',
    });
    expect(read({ BW_SITE_ID: '07030' }).offered).toEqual({ siteId: '07030' });
    expect(problems({ BW_PEER_ID: '12' })).toEqual([expect.stringMatching(/^BW_SITE_ID is not set/)]);
    for (const name of ['BW_ACCOUNT_ID', 'BW_SITE_ID']) {
      expect(problems({ [name]: 'Main' })).toEqual([
        `${name} is "Main", but Bandwidth's ids are whole numbers like 1234567.`,
      ]);
    }
  });
});

describe('policy', () => {
  test('approvers are people, groups or anyone', () => {
    expect(read({ APPROVERS: ' U123,W456 , S789,,U123' }).policy.approvers).toEqual({
      anyone: false,
      users: ['U123', 'W456'],
      groups: ['S789'],
    });
    expect(read({ APPROVERS: '*' }).policy.approvers).toEqual({ anyone: true, users: [], groups: [] });
  });

  test('an invalid id is named', () => {
    const [problem] = problems({ APPROVERS: 'U123, @alice, C0CHANNEL, <@U123>' });
    expect(problem).toMatch(/^APPROVERS contains "@alice", "C0CHANNEL", "<@U123>": use ids/);
    expect(problems({ APPROVERS: ', ,' })).toEqual(['APPROVERS is empty.']);
  });

  test('cannot require more approvals than there are people named', () => {
    expect(read({ APPROVALS_REQUIRED: '2', APPROVERS: 'U123,U456' }).policy.approvalsRequired).toBe(2);
    expect(read({ APPROVALS_REQUIRED: '3', APPROVERS: 'U123,S456' }).policy.approvalsRequired).toBe(3);
    expect(problems({ APPROVALS_REQUIRED: '3', APPROVERS: 'U123,U456' })).toEqual([
      'APPROVALS_REQUIRED asks for 3 approvals by different people, but only 2 people are named as approvers.',
    ]);
  });

  test('limits and small orders are whole numbers', () => {
    expect(
      read({ MAX_NUMBERS_PER_DAY: '20', MAX_NUMBERS_PER_MONTH: '500', AUTO_APPROVE_UP_TO: '5' }).policy,
    ).toMatchObject({ maxNumbersPerDay: 20, maxNumbersPerMonth: 500, autoApproveUpTo: 5 });
    expect(
      problems({ MAX_NUMBERS_PER_DAY: '0', MAX_NUMBERS_PER_MONTH: 'many', AUTO_APPROVE_UP_TO: '-1' }),
    ).toEqual([
      'AUTO_APPROVE_UP_TO is "-1", but must be a whole number from 0 to 5000.',
      'MAX_NUMBERS_PER_DAY is "0", but must be a whole number from 1 to 1000000.',
      'MAX_NUMBERS_PER_MONTH is "many", but must be a whole number from 1 to 1000000.',
    ]);
  });

  test('the policy file brings its rules, and its problems are in the same list', () => {
    const folder = temporaryFolder();
    try {
      const path = join(folder.path, 'policy.yml');
      writeFileSync(path, 'rules:\n  - name: Sales\n    approvals_required: 2\n');
      expect(read({ POLICY_FILE: path, APPROVERS: 'U123,U456' }).policy.rules).toEqual([
        { name: 'Sales', terms: { approvalsRequired: 2 } },
      ]);
      writeFileSync(path, 'rules:\n  - name: Sales\n    approvals_required: two\n    colour: red\n');
      expect(problems({ POLICY_FILE: path, LOG_LEVEL: 'loud' })).toEqual([
        `POLICY_FILE ${path}, line 3: approvals_required is "two", but must be a whole number from 1 to 10.`,
        expect.stringMatching(/^POLICY_FILE .*, line 4: "colour" isn't a known key\./),
        expect.stringMatching(/^LOG_LEVEL is "loud"/),
      ]);
    } finally {
      folder.remove();
    }
  });

  describe('a rule of the policy file that can never be satisfied', () => {
    let folder: ReturnType<typeof temporaryFolder>;
    beforeEach(() => {
      folder = temporaryFolder();
    });
    afterEach(() => folder.remove());
    const withPolicy = (settings: Readonly<Record<string, string>>, ...lines: string[]) => {
      const path = join(folder.path, 'policy.yml');
      writeFileSync(path, ['rules:', ...lines].join('\n'));
      return { POLICY_FILE: path, ...settings };
    };
    const unmet = (rule: string, required: number, people: string) =>
      expect.stringMatching(
        new RegExp(
          `^POLICY_FILE .*policy.yml: the rule "${rule}", .* asks for ${required} approvals by different people, but only ${people} named as approvers\\.$`,
        ),
      );

    test.each([
      [
        'asks for two where APPROVERS names one',
        { APPROVERS: 'U123' },
        ['  - name: Sales', '    approvals_required: 2'],
      ],
      [
        'names one where APPROVALS_REQUIRED is two',
        { APPROVALS_REQUIRED: '2', APPROVERS: 'U123,U456' },
        ['  - name: Sales', '    channels: [C0SALES]', '    approvers: [U123]'],
      ],
      [
        'names one for what another rule asks two for',
        {},
        [
          '  - name: Sales',
          '    approvers: [U123]',
          '  - name: Big',
          '    kinds: [disconnect]',
          '    approvals_required: 2',
        ],
      ],
    ])('is reported before the start: it %s', (_what, settings, lines) => {
      expect(problems(withPolicy(settings, ...lines))).toContainEqual(unmet('Sales', 2, 'one person is'));
    });

    test.each([
      [
        'needs different people in its stages, and names one for both',
        {},
        ['  - name: Sales', '    approvals: [{from: [U123]}, {from: [U123]}]'],
        'the rule "Sales", together with other rules, APPROVERS and APPROVALS_REQUIRED, asks for 2 approvals in 2 stages by different people, but too few people are named for them.',
      ],
      [
        'has a stage with fewer people than it asks for, beside one with a group',
        {},
        ['  - name: Sales', '    approvals: [{from: [S123]}, {from: [U123], count: 2}]'],
        'asks for 3 approvals in 2 stages by different people, but too few people are named for them.',
      ],
      [
        'has only the requester approve',
        { APPROVERS: 'U123' },
        ['  - name: Sales', '    requesters: [U123]', '    max_numbers_per_day: 5'],
        'lets only U123 approve the orders that only they may request.',
      ],
      [
        'asks large orders for more than there are',
        { APPROVERS: 'U123,U456' },
        ['  - name: Sales', '    above: 50', '    sites: [7]', '    approvals_required: 3'],
        'asks for 3 approvals by different people, but only 2 people are named as approvers.',
      ],
    ])('that %s', (_what, settings, lines, problem) => {
      expect(problems(withPolicy(settings, ...lines))).toEqual([
        expect.stringContaining(`${folder.path}/policy.yml: `),
      ]);
      expect(problems(withPolicy(settings, ...lines)).join()).toContain(problem);
    });

    test('the policy without rules can’t be satisfied either if only one person can request and approve', () => {
      const path = join(folder.path, 'policy.yml');
      writeFileSync(path, 'requesters: [U123]');
      expect(problems({ POLICY_FILE: path, APPROVERS: 'U123' })).toEqual([
        `POLICY_FILE ${path}: requesters, with APPROVERS and APPROVALS_REQUIRED, lets only U123 approve the orders that only they may request.`,
      ]);
      const selfApproval = { ALLOW_SELF_APPROVAL: 'true' };
      expect(problems({ POLICY_FILE: path, APPROVERS: 'U123', ...selfApproval }).join()).toContain(
        'lets only U123 approve the disconnects that only they may request.',
      );
      const ofAll = { ...selfApproval, ALLOW_SELF_APPROVAL_OF_DISCONNECTS: 'true' };
      expect(read({ POLICY_FILE: path, APPROVERS: 'U123', ...ofAll }).policy.requesters).toEqual({
        users: ['U123'],
        groups: [],
      });
    });

    test.each([
      [
        'stages have enough people, who share them',
        {},
        ['  - name: Sales', '    approvals: [{from: [U123, U456]}, {from: [U123]}]'],
      ],
      [
        'a group of requesters has more people than the approver',
        { APPROVERS: 'U123' },
        ['  - name: Sales', '    requesters: [U123, S456]', '    max_numbers_per_day: 5'],
      ],
      [
        'a group might have enough',
        { APPROVERS: 'U123,S456' },
        ['  - name: Sales', '    approvals_required: 2'],
      ],
      ['anybody may', { APPROVERS: '*' }, ['  - name: Sales', '    approvals_required: 2']],
      [
        'a later rule asks for one',
        { APPROVALS_REQUIRED: '2', APPROVERS: 'U123,U456' },
        ['  - name: Sales', '    approvers: [U123]', '  - name: All', '    approvals_required: 1'],
      ],
      [
        'it holds for a workspace where another rule asks for one',
        { APPROVALS_REQUIRED: '2', APPROVERS: 'U123,U456' },
        [
          '  - name: Sales',
          '    channels: [C0SALES]',
          '    approvers: [U123]',
          '  - name: Us',
          '    teams: [T0US]',
          '    approvals_required: 1',
        ],
      ],
    ])('is none where %s', (_why, settings, lines) => {
      expect(read(withPolicy(settings, ...lines)).policy.rules.length).toBeGreaterThan(0);
    });
  });

  test('how approvers are notified, and where, is read and checked', () => {
    expect(read({}).policy).toMatchObject({ notify: 'thread' });
    expect(read({}).policy).not.toHaveProperty('approvalsChannel');
    expect(read({ NOTIFY_APPROVERS: 'dm', APPROVALS_CHANNEL: 'C0APPROVALS' }).policy).toMatchObject({
      notify: 'dm',
      approvalsChannel: 'C0APPROVALS',
    });
    expect(problems({ NOTIFY_APPROVERS: 'loud', APPROVALS_CHANNEL: '#approvals' })).toEqual([
      'NOTIFY_APPROVERS is "loud", but must be one of thread, dm, off.',
      'APPROVALS_CHANNEL is "#approvals", but must be the id of a channel (C…, at the end of its "About" tab).',
    ]);
  });

  test('a token that was put among the approvers by mistake is not shown', () => {
    expect(problems({ APPROVERS: 'xoxb-9-9-stray' }).join()).not.toContain('stray');
  });

  test('true and false are the only values for yes and no', () => {
    expect(read({ ALLOW_SELF_APPROVAL: 'true' }).policy.allowSelfApproval).toBe(true);
    expect(read({ ALLOW_SELF_APPROVAL: 'false' }).policy.allowSelfApproval).toBe(false);
    for (const value of ['yes', '1', 'TRUE', 'no', '0']) {
      expect(problems({ ALLOW_SELF_APPROVAL: value })).toEqual([
        `ALLOW_SELF_APPROVAL is "${value}", but must be true or false.`,
      ]);
    }
  });

  test('approving their own disconnects is a separate permission', () => {
    const { policy } = read({ ALLOW_SELF_APPROVAL: 'true' });
    expect(policy).toMatchObject({ allowSelfApproval: true, allowSelfApprovalOfDisconnects: false });
    const both = read({ ALLOW_SELF_APPROVAL_OF_DISCONNECTS: 'true' }).policy;
    expect(both).toMatchObject({ allowSelfApproval: false, allowSelfApprovalOfDisconnects: true });
    expect(problems({ ALLOW_SELF_APPROVAL_OF_DISCONNECTS: 'yes' })).toHaveLength(1);
  });

  test('guests cannot request unless they are allowed to', () => {
    expect(read({}).policy.guestsMayRequest).toBe(false);
    expect(read({ ALLOW_GUESTS: 'true' }).policy.guestsMayRequest).toBe(true);
    expect(problems({ ALLOW_GUESTS: 'members' })).toEqual([
      'ALLOW_GUESTS is "members", but must be true or false.',
    ]);
  });

  test('channels shared with other companies get no orders unless they are allowed', () => {
    expect(read({}).policy.externalChannels).toBe('refuse');
    expect(read({ EXTERNAL_CHANNELS: 'refuse' }).policy.externalChannels).toBe('refuse');
    expect(read({ EXTERNAL_CHANNELS: 'allow' }).policy.externalChannels).toBe('allow');
    for (const value of ['true', 'Allow', 'warn']) {
      expect(problems({ EXTERNAL_CHANNELS: value })).toEqual([
        `EXTERNAL_CHANNELS is "${value}", but must be refuse or allow.`,
      ]);
    }
  });

  test.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['45', 45_000],
    ['0', 0],
    ['0s', 0],
  ])('a disconnect can be undone for %s', (written, ms) => {
    expect(read({ UNDO_WINDOW: written }).policy.undoWindowMs).toBe(ms);
  });

  test.each(['25h', '86401', '2d', '-1', '1.5m', '90 s', '60sec', 'a minute', '1e3', '99999999999h'])(
    'a disconnect cannot be undone for %s',
    (written) => {
      expect(problems({ UNDO_WINDOW: written })).toEqual([
        expect.stringMatching(/^UNDO_WINDOW is ".*", but must be a time of at most 24h, such as 90s/),
      ]);
    },
  );

  test.each([
    ['5m', 300_000],
    ['300', 300_000],
    ['90m', 5_400_000],
    ['3d', 259_200_000],
    ['14d', 1_209_600_000],
    ['336h', 1_209_600_000],
  ])('a request waits for approval for %s', (written, ms) => {
    expect(read({ APPROVAL_TTL: written }).policy.approvalTtlMs).toBe(ms);
  });

  test.each(['0', '299s', '4m', '15d', '337h', '1w', '-1d', '1.5d', '1 d', 'a day', '999999999d'])(
    'a request cannot wait for approval for %s',
    (written) => {
      expect(problems({ APPROVAL_TTL: written })).toEqual([
        expect.stringMatching(/^APPROVAL_TTL is ".*", but must be a time from 5m to 14d, such as 90m/),
      ]);
    },
  );

  test('lookups a minute are a whole number from 1', () => {
    expect(read({ BW_LOOKUPS_PER_MINUTE: '600' }).bandwidth.lookUpsPerMinute).toBe(600);
    expect(read({ BW_ORDERS_PER_MINUTE: '600' }).bandwidth.ordersPerMinute).toBe(600);
    for (const value of ['0', '-1', '1.5', 'many']) {
      expect(problems({ BW_LOOKUPS_PER_MINUTE: value })).toEqual([
        expect.stringMatching(/^BW_LOOKUPS_PER_MINUTE /),
      ]);
    }
  });

  test('the limit of an order is from 1 to 5000', () => {
    expect(read({ MAX_NUMBERS_PER_ORDER: '5000' }).policy.maxNumbersPerOrder).toBe(5000);
    for (const value of ['0', '5001', '-1', '1.5', '1e3', 'many', '99999999999']) {
      expect(problems({ MAX_NUMBERS_PER_ORDER: value })).toHaveLength(1);
    }
  });
});

describe('the store', () => {
  test('is the file named first', () => {
    expect(read({ STORE_URL: 'sqlite:/var/x.db', DATABASE_URL: 'postgres://h/db' }).storeUrl).toBe(
      'sqlite:/var/x.db',
    );
    expect(read({ DATABASE_URL: 'sqlite:a.db', REDIS_URL: 'sqlite:b.db' }).storeUrl).toBe('sqlite:a.db');
    expect(read({ REDIS_URL: 'sqlite:b.db' }).storeUrl).toBe('sqlite:b.db');
  });

  test.each(['STORE_URL', 'DATABASE_URL', 'REDIS_URL'])('can be a server named in %s', (name) => {
    for (const [scheme, path] of [
      ['postgres', '/numbers'],
      ['postgresql', '/numbers'],
      ['redis', ''],
      ['redis', '/'],
      ['rediss', '/2'],
    ]) {
      const url = `${scheme}://app:hunter22@db.example${path}`;
      const config = read({ [name]: url });
      expect(config.storeUrl).toBe(url);
      expect(config.secrets).toEqual(expect.arrayContaining([url, 'hunter22']));
    }
  });

  test('of an unknown kind is refused, not ignored', () => {
    for (const name of ['STORE_URL', 'DATABASE_URL', 'REDIS_URL']) {
      const [problem, ...others] = problems({ [name]: 'mysql://app:hunter22@db.example/numbers' });
      expect(problem).toMatch(new RegExp(`^${name} begins with mysql:, but orders are kept in sqlite:`));
      expect(problem).not.toContain('hunter22');
      expect(others).toEqual([]);
    }
  });

  test.each([
    ['postgres://app:pa/ss@db/numbers', /is not a URL; .* special characters/],
    ['postgres://app:pa#ss@db/numbers', /is not a URL/],
    ['postgres://db/numbers?sslmode=prefer', /an sslmode that isn't supported/],
    ['redis://db?sslmode=verify-full', /rediss:\/\/ is encrypted, redis:\/\/ is not/],
    ['postgres://db/numbers?schema=Robert%27)', /an invalid schema: it must be/],
    ['redis://db?prefix=*', /an invalid prefix: it must be/],
    ['redis://db:99999/', /is not a URL; it should look like redis:\/\//],
    ['redis://db/numbers', /can only have the number of a database after the host: redis:\/\//],
    ['redis://db/0/1', /can only have the number of a database/],
    ['redis:db', /names no host; it should look like redis:\/\//],
    ['redis://app:100%@db', /has a % in its name or password .* % as %25/],
    ['postgres://app:100%@db/numbers', /has a % in its name or password/],
  ])('%s is refused, saying why', (url, why) => {
    expect(problems({ STORE_URL: url })).toEqual([expect.stringMatching(why)]);
  });

  test('the password of a database is never shown, whatever is wrong with its URL', () => {
    for (const url of ['postgres://app:s3cret/word@db/x', 'postgres://app:s3cretword@db/x?sslmode=allow']) {
      expect(problems({ STORE_URL: url }).join()).not.toContain('s3cret');
    }
  });

  describe('on Heroku', () => {
    const DYNO = 'web.1';

    test('is not a file by default, which would be lost with every restart', () => {
      expect(problems({ DYNO })).toEqual([
        expect.stringMatching(/^STORE_URL is not set, nor is DATABASE_URL .* lost with every restart/),
      ]);
    });

    test('can be a file if it is set explicitly, with a warning', () => {
      const config = read({ DYNO, STORE_URL: 'sqlite:/mnt/numbers.db' });
      expect(config.storeUrl).toBe('sqlite:/mnt/numbers.db');
      expect(config.warnings).toEqual([expect.stringMatching(/^STORE_URL names a file, but DYNO is set/)]);
    });

    test('is encrypted without verifying a certificate, as Heroku’s databases need it', () => {
      expect(read({ DYNO, DATABASE_URL: 'postgres://u:password@h/db' }).storeUrl).toBe(
        'postgres://u:password@h/db?sslmode=no-verify',
      );
      expect(read({ DYNO, REDIS_URL: 'rediss://:password@h:6380' }).storeUrl).toMatch(/\?sslmode=no-verify$/);
      expect(read({ DYNO, DATABASE_URL: 'postgres://h/db?sslmode=verify-full' }).storeUrl).toMatch(
        /\?sslmode=verify-full$/,
      );
      expect(read({ DYNO, STORE_URL: 'postgres://elsewhere/db' }).storeUrl).toBe('postgres://elsewhere/db');
    });
  });

  test('needs a path', () => {
    for (const value of ['sqlite:', 'sqlite://', 'sqlite::memory:']) {
      expect(problems({ STORE_URL: value })).toEqual([expect.stringMatching(/needs the path of a file/)]);
    }
    expect(problems({ STORE_URL: 'data/x.db' })).toEqual([
      expect.stringMatching(/has no sqlite: before its path/),
    ]);
  });
});

describe('running', () => {
  test('the schedule is one that node-cron knows', () => {
    expect(read({ POLL_SCHEDULE: '*/2 * * * *' }).pollSchedule).toBe('*/2 * * * *');
    for (const value of ['* * * *', 'often', '61 * * * * *']) {
      expect(problems({ POLL_SCHEDULE: value })).toEqual([expect.stringMatching(/which isn't a schedule/)]);
    }
  });

  test('the drift report is posted on Mondays where REPORT_CHANNEL says, and not at all without it', () => {
    expect(read({}).report).toBeUndefined();
    expect(read({ REPORT_CHANNEL: 'C0REPORTS' }).report).toEqual({
      channelId: 'C0REPORTS',
      schedule: '0 9 * * 1',
    });
    expect(read({ REPORT_CHANNEL: 'C0REPORTS', REPORT_SCHEDULE: '0 12 1 * *' }).report?.schedule).toBe(
      '0 12 1 * *',
    );
    expect(problems({ REPORT_CHANNEL: '#reports' })).toEqual([
      expect.stringMatching(/must be the id of a channel \(C…/),
    ]);
    expect(problems({ REPORT_CHANNEL: 'C0REPORTS', REPORT_SCHEDULE: 'Monday' })).toEqual([
      expect.stringMatching(/which isn't a schedule; every Monday at 9:00 UTC/),
    ]);
  });

  test('the port is a port', () => {
    for (const value of ['65536', 'http', '-1']) expect(problems({ PORT: value })).toHaveLength(1);
  });
});

describe('a misspelled variable', () => {
  test.each([
    ['BW_CLIENT_SECERT', 'BW_CLIENT_SECRET'],
    ['SLACK_APPTOKEN', 'SLACK_APP_TOKEN'],
    ['slack_bot_token', 'SLACK_BOT_TOKEN'],
    ['APROVERS', 'APPROVERS'],
    ['BW_CLIENT_SECERT_FILE', 'BW_CLIENT_SECRET'],
    ['BW_CLIENT_ID_FILE', 'BW_CLIENT_ID'],
  ])('%s is reported where %s is missing', (stranger, name) => {
    const found = problems({ [name]: undefined, [stranger]: 'some-secret-thing' });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${stranger}: is it a misspelling?`);
    expect(found[0]).not.toContain('some-secret-thing');
  });

  test('of a setting that has a default is a warning', () => {
    expect(read({ ALLOW_SELF_APROVAL: 'true' }).warnings).toEqual([
      "ALLOW_SELF_APROVAL isn't a known setting, so it's ignored. Did you mean ALLOW_SELF_APPROVAL?",
    ]);
  });

  test('is not suspected in unrelated names', () => {
    expect(read({ PATH: '/bin', HOME: '/root', npm_config_loglevel: 'x', HOSTNAME: 'box' }).warnings).toEqual(
      [],
    );
  });
});

test('not even part of a long secret is shown', () => {
  const secret = 'secret-'.repeat(10);
  const { message } = new ConfigError(problems({ BW_CLIENT_SECRET: secret, BW_ACCOUNT_ID: secret }));
  expect(message).toContain('BW_ACCOUNT_ID is a text of 70 characters');
});

test('no secret is ever in a problem', () => {
  const secrets = {
    SLACK_BOT_TOKEN: '"xoxb-secret-one"',
    SLACK_APP_TOKEN: 'app secret two',
    SLACK_SIGNING_SECRET: '"signing-secret-three"',
    BW_CLIENT_SECRET: '"client-secret-four"',
    BW_PASSWORD: 'password-five',
    // The same pasted where they do not belong.
    BW_ACCOUNT_ID: 'client-secret-four',
    APPROVERS: 'password-five',
    LOG_LEVEL: 'xoxb-secret-one',
    POLL_SCHEDULE: 'app secret two',
    PORT: '"signing-secret-three"',
  };
  const { message } = new ConfigError(problems(secrets));
  expect(message).not.toMatch(/secret-one|secret two|secret-three|secret-four|password-five/);
});

describe('.env.example', () => {
  const assignments = readFileSync('.env.example', 'utf8')
    .split('\n')
    .flatMap((line) => /^(?:# )?([A-Z_]+)=(.*)$/.exec(line)?.slice(1, 3) ?? []);
  const example = Object.fromEntries(
    assignments.flatMap((name, i) => (i % 2 === 0 ? [[name, assignments[i + 1]]] : [])),
  );

  test('names exactly the variables there are', () => {
    expect(Object.keys(example).sort()).toEqual([...variables].sort());
  });

  test('shows the defaults', () => {
    const http = { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'abc123' };
    expect(readConfig({ ...example, ...requiredSettings, ...http })).toEqual(read(http));
  });
});

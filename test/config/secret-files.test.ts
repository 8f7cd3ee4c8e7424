import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, readConfig } from '../../src/config/config.js';
import { secretVariables, storeVariables } from '../../src/config/settings.js';
import { temporaryFolder } from '../support/folder.js';
import { requiredSettings } from '../support/settings.js';

const inFiles = [...secretVariables, ...storeVariables, 'HTTPS_PROXY'] as const;

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

/** A file with this content. */
function file(content: string | Uint8Array): string {
  const path = join(folder.path, `secret-${Math.random()}`);
  writeFileSync(path, content);
  return path;
}

const read = (changes: Readonly<Record<string, string>>) => readConfig({ ...requiredSettings, ...changes });

function problems(changes: Readonly<Record<string, string>>): readonly string[] {
  try {
    read(changes);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('these settings are fine');
}

/** Valid settings with this secret, but without its value; and the value. */
function settingsWithout(name: (typeof inFiles)[number]) {
  const { BW_CLIENT_ID: _id, BW_CLIENT_SECRET: _secret, ...withoutOauth } = requiredSettings;
  const { SLACK_APP_TOKEN: _app, ...withoutSocket } = requiredSettings;
  const callbacks = { CALLBACK_URL: 'https://numbers.example.com', CALLBACK_USERNAME: 'bandwidth' };
  const all: Readonly<Record<typeof name, readonly [Readonly<Record<string, string>>, string]>> = {
    SLACK_BOT_TOKEN: [requiredSettings, 'xoxb-from-a-file'],
    SLACK_APP_TOKEN: [requiredSettings, 'xapp-from-a-file'],
    SLACK_SIGNING_SECRET: [withoutSocket, 'signing-secret-from-a-file'],
    BW_CLIENT_SECRET: [requiredSettings, 'client-secret-from-a-file'],
    BW_PASSWORD: [{ ...withoutOauth, BW_USERNAME: 'api' }, 'password-from-a-file'],
    CALLBACK_PASSWORD: [{ ...requiredSettings, ...callbacks }, 'callback-password-from-a-file'],
    CALLBACK_SECRET: [
      { ...requiredSettings, CALLBACK_URL: callbacks.CALLBACK_URL },
      'callback-secret-from-a-file',
    ],
    STORE_URL: [requiredSettings, 'postgres://numbers:database-password@db.example.com/numbers'],
    DATABASE_URL: [requiredSettings, 'postgres://numbers:database-password@db.example.com/numbers'],
    REDIS_URL: [requiredSettings, 'rediss://:database-password@db.example.com'],
    HTTPS_PROXY: [requiredSettings, 'http://numbers:proxy-password@proxy.example.com:3128'],
  };
  const [settings, value] = all[name];
  return { settings: Object.fromEntries(Object.entries(settings).filter(([key]) => key !== name)), value };
}

describe('A secret can come from a file', () => {
  test.each(inFiles)(
    'that %s_FILE names, as if it had been set itself, and is never printed either',
    (name) => {
      const { settings, value } = settingsWithout(name);
      const fromFile = readConfig({ ...settings, [`${name}_FILE`]: file(`${value}\n`) });
      expect(fromFile).toEqual(readConfig({ ...settings, [name]: value }));
      expect(fromFile.secrets.join()).toMatch(/from-a-file|database-password|proxy-password/);
      expect(fromFile.warnings.join()).not.toContain('_FILE');
    },
  );

  test.each([
    ['without a newline', 'no-newline-here'],
    ['with one', 'no-newline-here\n'],
    ['with one of Windows', 'no-newline-here\r\n'],
    ['with several', 'no-newline-here\n\n'],
    ['with one and begins with the byte order mark of PowerShell', '\uFEFFno-newline-here\r\n'],
  ])('in a file that ends with %s', (_, content) => {
    const { credentials } = read({ BW_CLIENT_SECRET: '', BW_CLIENT_SECRET_FILE: file(content) }).bandwidth;
    expect(credentials).toMatchObject({ clientSecret: 'no-newline-here' });
  });

  test('whose line includes every space', () => {
    const content = ' spaces and more ';
    const { credentials } = read({ BW_CLIENT_SECRET: '', BW_CLIENT_SECRET_FILE: file(content) }).bandwidth;
    expect(credentials).toMatchObject({ clientSecret: content });
  });

  test('unless NAME_FILE is empty, which counts as unset', () => {
    expect(read({ BW_CLIENT_SECRET_FILE: '' })).toEqual(read({}));
  });
});

describe('It is a mistake, reported in a sentence without the secret,', () => {
  const without = { BW_CLIENT_SECRET: '' };

  test('to set both', () => {
    expect(problems({ BW_CLIENT_SECRET_FILE: file('hunter-2-hunter') })).toEqual([
      'BW_CLIENT_SECRET and BW_CLIENT_SECRET_FILE are both set: remove one of them.',
    ]);
  });

  test.each([
    ['that does not exist', () => join(folder.path, 'none'), 'there is no such file.'],
    ['that is a folder', () => folder.path, 'it is a folder.'],
    ['below one', () => join(file('hunter-2-hunter'), 'below'), 'there is no such file.'],
  ])('to name a file %s; and nothing else is reported missing', (_, path, why) => {
    const named = path();
    const found = problems({ ...without, BW_CLIENT_SECRET_FILE: named });
    expect(found).toEqual([`BW_CLIENT_SECRET can't be read from ${named} (BW_CLIENT_SECRET_FILE): ${why}`]);
  });

  test('to name a file that this user cannot read', () => {
    const path = file('hunter-2-hunter');
    chmodSync(path, 0o000);
    const mayReadAll = (() => {
      try {
        return readFileSync(path, 'utf8') !== '';
      } catch {
        return false;
      }
    })();
    const given = { ...without, BW_CLIENT_SECRET_FILE: path };
    // Root may read everything.
    if (mayReadAll)
      expect(read(given).bandwidth.credentials).toMatchObject({ clientSecret: 'hunter-2-hunter' });
    else
      expect(problems(given)).toEqual([
        expect.stringContaining("this user doesn't have permission to read it."),
      ]);
  });

  test.each([
    ['empty', '', 'is empty in'],
    ['only a newline', '\n', 'is empty in'],
    ['two secrets', 'hunter-2\nhunter-3\n', 'has more than one line in'],
    ['far too long', 'hunter-2-hunter'.repeat(10_000), 'is too long in'],
  ])('to name a file that is %s', (_, content, why) => {
    const found = problems({ ...without, BW_CLIENT_SECRET_FILE: file(content) });
    expect(found).toEqual([expect.stringContaining(`BW_CLIENT_SECRET ${why}`)]);
    expect(found.join()).not.toContain('hunter');
  });

  test('to name a device that never ends', () => {
    expect(problems({ ...without, BW_CLIENT_SECRET_FILE: '/dev/zero' })).toEqual([
      'BW_CLIENT_SECRET is too long in /dev/zero (BW_CLIENT_SECRET_FILE).',
    ]);
  });

  test('to put the secret itself there', () => {
    const found = problems({ ...without, BW_CLIENT_SECRET_FILE: 'hunter-2-hunter' });
    expect(found).toEqual([
      'BW_CLIENT_SECRET is to be read from a file, so BW_CLIENT_SECRET_FILE must be a path that begins with / or ./.',
    ]);
  });

  test('to put something else in the file: the setting is checked as usual, and nothing of it is shown', () => {
    const found = problems({ SLACK_BOT_TOKEN: '', SLACK_BOT_TOKEN_FILE: file('"xoxb-hunter-2"\n') });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^SLACK_BOT_TOKEN has quotes/);
    expect(found.join()).not.toContain('hunter');
  });

  test('to make both kinds of mistakes: they are in one list', () => {
    const found = problems({
      LOG_LEVEL: 'loud',
      SLACK_APP_TOKEN: '',
      SLACK_APP_TOKEN_FILE: '/nowhere/app-token',
      BW_ACCOUNT_ID: '',
    });
    expect(found.map((problem) => problem.split(' ')[0])).toEqual([
      'SLACK_APP_TOKEN',
      'BW_ACCOUNT_ID',
      'LOG_LEVEL',
    ]);
  });
});

test('docs/settings.md names every setting that can come from a file', () => {
  const text = readFileSync('docs/settings.md', 'utf8');
  const [, section = ''] = /## Secrets in files\n([\s\S]*?)\n## /.exec(text) ?? [];
  expect(inFiles.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { shortcuts } from '../src/slack/blocks/action-ids.js';
import { scopeEffects } from '../src/slack/connection/scopes.js';
import { HOME_OPENED } from '../src/slack/messages/private-answers.js';

interface Manifest {
  display_information: { name: string; description: string; long_description: string };
  features: {
    slash_commands: { command: string; description: string; usage_hint: string }[];
    shortcuts: { name: string; type: string; callback_id: string; description: string }[];
    bot_user: { display_name: string };
    app_home: Readonly<Record<string, boolean>>;
  };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    event_subscriptions: { bot_events: string[] };
    socket_mode_enabled: boolean;
    interactivity: { is_enabled: boolean };
  };
}

const manifest = parse(readFileSync('manifest.yml', 'utf8')) as Manifest;

describe('manifest.yml', () => {
  test('asks for the scopes that tell who people are and who can read a channel', () => {
    const { bot } = manifest.oauth_config.scopes;
    expect(bot).toEqual(
      expect.arrayContaining(['users:read', 'channels:read', 'groups:read', 'usergroups:read']),
    );
  });

  test('asks for exactly the scopes that the startup checks and the doctor compare with', () => {
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual(Object.keys(scopeEffects).sort());
  });

  test('has a Home tab and read-only direct messages, and subscribes to nothing that needs to read messages', () => {
    expect(manifest.features.app_home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: true,
    });
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(['app_home_opened', 'app_mention']);
    const { bot } = manifest.oauth_config.scopes;
    expect(bot.filter((scope) => scope.endsWith(':history'))).toEqual([]);
  });

  test('subscribes to every event the app listens to, and to no other', () => {
    const listened = [
      ...readFileSync(join('src', 'slack', 'listen.ts'), 'utf8').matchAll(/bolt\.event\((.+?),/g),
    ];
    expect(listened.map(([, name]) => name?.replaceAll("'", '')).sort()).toEqual([
      'HOME_OPENED',
      'app_mention',
    ]);
    expect(HOME_OPENED).toBe('app_home_opened');
  });

  test('has every shortcut that the app listens to, and no other', () => {
    const { shortcuts: offered } = manifest.features;
    expect(offered.map(({ callback_id }) => callback_id).sort()).toEqual(Object.values(shortcuts).sort());
    for (const { name, description, type } of offered) {
      expect(type).toBe('message');
      expect(name.length).toBeGreaterThan(0);
      expect(description.length).toBeLessThanOrEqual(150);
      // Slack refuses a manifest with a longer one.
      expect(name.length).toBeLessThanOrEqual(24);
    }
  });

  test('keeps within the lengths that Slack allows', () => {
    // https://docs.slack.dev/reference/app-manifest
    const { display_information: shown, features } = manifest;
    expect(shown.name.length).toBeLessThanOrEqual(35);
    expect(shown.description.length).toBeLessThanOrEqual(140);
    expect(shown.long_description.length).toBeGreaterThanOrEqual(175);
    expect(shown.long_description.length).toBeLessThanOrEqual(4000);
    expect(features.bot_user.display_name.length).toBeLessThanOrEqual(80);
    for (const { command, description, usage_hint } of features.slash_commands) {
      expect(command).toMatch(/^\/[a-z]{1,31}$/);
      expect(description.length).toBeLessThanOrEqual(2000);
      expect(usage_hint.length).toBeLessThanOrEqual(1000);
    }
  });

  test('is a manifest as Slack’s own types describe it', () => {
    expect(complaints(manifest)).toBe('');
  });

  test('fails this check with a scope that Slack does not have', () => {
    const misspelt = structuredClone(manifest);
    misspelt.oauth_config.scopes.bot.push('chat:wriet');
    expect(complaints(misspelt)).toContain('chat:wriet');
  });
});

/** Lets the compiler compare the document with the type in @slack/web-api. */
function complaints(document: unknown): string {
  const folder = join('node_modules', '.cache', 'manifest');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'manifest.ts');
  writeFileSync(
    file,
    [
      `import type { AppsManifestValidateArguments } from '@slack/web-api';`,
      `export default ${JSON.stringify(document)} satisfies AppsManifestValidateArguments['manifest'];`,
    ].join('\n'),
  );
  const compiler = join('node_modules', '.bin', 'tsc');
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--types',
    'node',
  ];
  try {
    execFileSync(compiler, [...options, file], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

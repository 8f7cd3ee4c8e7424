import { EventEmitter } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { FromEnvironment } from './app-settings.js';
import { settingFields } from './app-settings.js';
import type { LocalSlack } from './local-slack/local-slack.js';

/** A guest of the workspace, or a member of another company in a shared channel. */
export const memberships = ['member', 'guest', 'outsider'] as const;
export type Membership = (typeof memberships)[number];

/** What people chose on the page's Settings tab. */
export interface Chosen {
  /** By setting; what isn't there has its default. */
  readonly settings: Readonly<Record<string, string>>;
  /** The policy file's text; empty for none. */
  readonly policy: string;
  /** By person; members aren't listed. */
  readonly people: Readonly<Record<string, Membership>>;
}

/** The team of everyone who isn't a colleague. */
const OTHER_COMPANY = 'T0OTHER';

export type Choices = ReturnType<typeof makeChoices>;

/**
 * Holds what people chose, and applies it to the workspace and the app's settings. The environment's settings take
 * precedence over what was kept. Throws when its policy file can't be read.
 *
 * @param deps.own the settings that come from the sandbox itself
 * @param deps.channel the channel that is shared with the other company while somebody is an outsider
 */
export function makeChoices(
  deps: {
    readonly slack: LocalSlack;
    readonly policyFile: string;
    readonly own: Readonly<Record<string, string>>;
    readonly channel: string;
  },
  kept: Chosen = { settings: {}, policy: '', people: {} },
  environment: Pick<FromEnvironment, 'settings' | 'policyFile'> = { settings: {} },
) {
  const { slack, policyFile } = deps;
  const events = new EventEmitter<{ change: [] }>();
  const offered = new Set(settingFields.map(({ name }) => name));
  const given = Object.entries(environment.settings);
  const forThisRun = Object.fromEntries(given.filter(([name]) => !offered.has(name)));
  let chosen: Chosen = {
    settings: { ...kept.settings, ...Object.fromEntries(given.filter(([name]) => offered.has(name))) },
    policy: environment.policyFile === undefined ? kept.policy : readPolicy(environment.policyFile),
    people: kept.people,
  };
  /** For the next run, which may have another environment. */
  let toKeep = kept;
  arrange();

  /** Makes the workspace and the policy file match what was chosen. */
  function arrange(): void {
    const people = [...slack.workspace.users.values()].filter(({ isBot }) => !isBot);
    const outsiders = people.filter(({ id }) => membershipOf(id) === 'outsider');
    for (const { id } of people) {
      const membership = membershipOf(id);
      slack.changePerson(id, {
        guest: membership === 'guest' ? 'multi-channel' : undefined,
        teamId: membership === 'outsider' ? OTHER_COMPANY : slack.teamId,
      });
    }
    slack.changeChannel(deps.channel, { sharedWith: outsiders.length > 0 ? 'company' : undefined });
    if (chosen.policy === '') rmSync(policyFile, { force: true });
    else writeFileSync(policyFile, chosen.policy);
  }

  function membershipOf(id: string): Membership {
    return chosen.people[id] ?? 'member';
  }

  return {
    chosen: (): Chosen => chosen,
    toKeep: (): Chosen => toKeep,
    membershipOf,
    /** Returns a function that undoes it. */
    choose(next: Chosen): () => void {
      const before = { chosen, toKeep };
      chosen = next;
      toKeep = next;
      arrange();
      events.emit('change');
      return () => {
        ({ chosen, toKeep } = before);
        arrange();
        events.emit('change');
      };
    },
    /** The app's settings with what was chosen. */
    settings: (): Readonly<Record<string, string>> => ({
      ...deps.own,
      ...forThisRun,
      ...chosen.settings,
      ...(chosen.policy === '' ? {} : { POLICY_FILE: policyFile }),
    }),
    changed: (): void => void events.emit('change'),
    onChange(listener: () => void): () => void {
      events.on('change', listener);
      return () => events.off('change', listener);
    },
  };
}

function readPolicy(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`POLICY_FILE names ${path}, which can't be read.`, { cause });
  }
}

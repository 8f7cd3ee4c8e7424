import { z } from 'zod';
import { settingFields } from '../app-settings.js';
import { type Choices, memberships } from '../choices.js';
import type { LocalSlack } from '../local-slack/local-slack.js';
import type { RestartableApp } from '../restartable-app.js';

const names = settingFields.map(({ name }) => name);
const choosing = z.strictObject({
  settings: z.record(
    z.string().refine((name) => names.includes(name)),
    z.string().trim(),
  ),
  policy: z.string(),
  people: z.record(z.string(), z.enum(memberships)),
});

/** What can be done on the Settings tab, by name. */
export function settingActions(choices: Choices, app: RestartableApp) {
  return {
    /**
     * Restarts the app with these settings. If it refuses to start, everything stays as it was and `refused` says why.
     */
    async choose(given: unknown) {
      const { settings, policy, people } = choosing.parse(given);
      let takeBack = (): void => {};
      const next = {
        settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== '')),
        policy: policy.trim() === '' ? '' : policy,
        people: Object.fromEntries(Object.entries(people).filter(([, each]) => each !== 'member')),
      };
      const { problem } = await app.restart(
        () => {
          takeBack = choices.choose(next);
          return choices.settings();
        },
        () => {
          takeBack();
          return choices.settings();
        },
      );
      return problem === undefined
        ? { said: 'The app restarted with these settings.' }
        : { refused: problem };
    },
  };
}

/** Everything the Settings tab shows, as plain JSON. */
export function settingsView(slack: LocalSlack, choices: Choices, app: RestartableApp) {
  const { settings, policy } = choices.chosen();
  return {
    fields: settingFields.map((field) => ({ ...field, value: settings[field.name] ?? '' })),
    policy,
    people: [...slack.workspace.users.values()]
      .filter(({ isBot }) => !isBot)
      .map(({ id, name, title }) => ({ id, name, title, membership: choices.membershipOf(id) })),
    ids: idsOf(slack),
    restarting: app.restarting,
  };
}

/** Everyone and everything a policy can name. */
function idsOf({ workspace }: LocalSlack) {
  const people = [...workspace.users.values()].filter(({ isBot }) => !isBot);
  const channels = [...workspace.channels.values()].filter(({ direct }) => !direct);
  return [
    ...people.map(({ id, name }) => ({ id, name: `@${name}` })),
    ...[...workspace.groups.values()].map(({ id, handle }) => ({ id, name: `@${handle}` })),
    ...channels.map(({ id, name }) => ({ id, name: `#${name}` })),
  ];
}

import { parse } from 'yaml';
import { z } from 'zod';

/** How the app looks in a client, according to its manifest. */
export interface AppProfile {
  readonly name: string;
  readonly appHome: { readonly homeTab: boolean; readonly messagesTab: boolean; readonly readOnly: boolean };
  /** The events it subscribes to. */
  readonly events: readonly string[];
  readonly commands: readonly {
    readonly command: string;
    readonly description: string;
    readonly usageHint: string;
  }[];
  /** The shortcuts in the menu of a message. */
  readonly shortcuts: readonly { readonly name: string; readonly callbackId: string }[];
}

const shape = z.object({
  features: z.object({
    bot_user: z.object({ display_name: z.string() }),
    app_home: z
      .object({
        home_tab_enabled: z.boolean().default(false),
        messages_tab_enabled: z.boolean().default(true),
        messages_tab_read_only_enabled: z.boolean().default(false),
      })
      .prefault({}),
    slash_commands: z
      .array(z.object({ command: z.string(), description: z.string(), usage_hint: z.string().optional() }))
      .optional(),
    shortcuts: z
      .array(z.object({ name: z.string(), type: z.enum(['message', 'global']), callback_id: z.string() }))
      .default([]),
  }),
  settings: z.object({
    event_subscriptions: z.object({ bot_events: z.array(z.string()).default([]) }).prefault({}),
  }),
});

/** Reads manifest.yml as Slack does when an app is created from it. */
export function readManifest(yaml: string): AppProfile {
  const { features, settings } = shape.parse(parse(yaml));
  const tabs = features.app_home;
  return {
    name: features.bot_user.display_name,
    appHome: {
      homeTab: tabs.home_tab_enabled,
      messagesTab: tabs.messages_tab_enabled,
      readOnly: tabs.messages_tab_read_only_enabled,
    },
    events: settings.event_subscriptions.bot_events,
    commands: (features.slash_commands ?? []).map((each) => ({
      command: each.command,
      description: each.description,
      usageHint: each.usage_hint ?? '',
    })),
    shortcuts: features.shortcuts
      .filter(({ type }) => type === 'message')
      .map((each) => ({ name: each.name, callbackId: each.callback_id })),
  };
}

import { parse } from 'yaml';
import { z } from 'zod';

/** How the app looks in a client, according to its manifest. */
export interface AppFace {
  readonly name: string;
  readonly hasHome: boolean;
  readonly commands: readonly {
    readonly command: string;
    readonly description: string;
    readonly usageHint: string;
  }[];
}

const shape = z.object({
  features: z.object({
    bot_user: z.object({ display_name: z.string() }),
    app_home: z.object({ home_tab_enabled: z.boolean().optional() }).optional(),
    slash_commands: z
      .array(z.object({ command: z.string(), description: z.string(), usage_hint: z.string().optional() }))
      .optional(),
  }),
});

/** Reads manifest.yml as Slack does when an app is created from it. */
export function readManifest(yaml: string): AppFace {
  const { features } = shape.parse(parse(yaml));
  return {
    name: features.bot_user.display_name,
    hasHome: features.app_home?.home_tab_enabled === true,
    commands: (features.slash_commands ?? []).map((each) => ({
      command: each.command,
      description: each.description,
      usageHint: each.usage_hint ?? '',
    })),
  };
}

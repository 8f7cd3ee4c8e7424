import type { Workspace } from './workspace.js';

/** Returns what people type as Slack passes it on: &, < and > as entities, @name and #name as ids. */
export function escapeTyped(text: string, workspace: Workspace): string {
  const entities = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const users = new Map([...workspace.users.values()].map((user) => [user.name, user.id]));
  const channels = new Map(
    [...workspace.channels.values()].filter((each) => !each.direct).map((each) => [each.name, each.id]),
  );
  return entities
    .replace(/(?<![\w@])@([\w.-]+)/g, (typed, name: string) =>
      users.has(name) ? `<@${users.get(name)}>` : typed,
    )
    .replace(/(?<![\w#])#([\w-]+)/g, (typed, name: string) =>
      channels.has(name) ? `<#${channels.get(name)}>` : typed,
    );
}

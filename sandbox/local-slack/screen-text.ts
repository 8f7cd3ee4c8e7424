import type { Message } from './messages.js';
import { asPlainText } from './plain-text.js';
import type { View } from './views.js';
import type { Workspace } from './workspace.js';

interface Seen {
  readonly name: string;
  ephemerals(channelId: string): readonly Message[];
}

interface Called {
  readonly method: string;
  readonly ok: boolean;
  readonly error?: string;
}

/** Returns everything people can see and the app's last calls, for debugging a test that timed out. */
export function screenText(
  workspace: Workspace,
  people: ReadonlyMap<string, Seen>,
  calls: readonly Called[],
): string {
  const channels = [...workspace.channels.values()].flatMap((channel) => {
    const title = channel.direct
      ? `DM with @${workspace.names[channel.members[0] ?? '']}`
      : `#${channel.name}`;
    const shown = workspace.messagesIn(channel.id).map((message) => draw(message));
    const privately = [...people.values()].flatMap((person) =>
      person
        .ephemerals(channel.id)
        .map((message) => indent(`(only @${person.name}) ${asPlainText(message)}`)),
    );
    return shown.length + privately.length === 0
      ? [`${title}: empty`]
      : [`${title}:`, ...shown, ...privately];
  });
  const forms = [...people].flatMap(([userId, person]) =>
    workspace.modalsOf(userId).map((view) => `Form of @${person.name}: ${drawView(view)}`),
  );
  const homes = [...people].flatMap(([userId, person]) => {
    const home = workspace.homeOf(userId);
    return home === undefined
      ? []
      : [`Home of @${person.name}:\n${indent(asPlainText({ ...home, names: workspace.names }))}`];
  });
  const last = calls.slice(-8).map((call) => `  ${call.method} ${call.ok ? 'ok' : call.error}`);
  return [
    ...channels,
    ...homes,
    ...forms,
    'Last calls of the app:',
    ...(last.length > 0 ? last : ['  none']),
  ].join('\n');
}

function draw(message: Message): string {
  const replies = message.replies.filter((each) => !each.deleted).map((reply) => indent(draw(reply)));
  return [
    indent(`@${message.names[message.user] ?? message.user}: ${asPlainText(message)}`),
    ...replies,
  ].join('\n');
}

function drawView(view: View): string {
  return `${view.title?.text ?? ''}\n${indent(asPlainText(view))}`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

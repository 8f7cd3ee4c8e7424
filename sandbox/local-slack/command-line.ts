import type { Block } from './block-kit.js';
import { checkMessageBlocks } from './check-blocks.js';
import type { Channel, User } from './directory.js';
import { appId } from './objects.js';
import { escapeTyped } from './typed-text.js';
import { type DeliveryError, nameFor, type UserActionsDeps } from './user-actions.js';

/** What only the person who typed sees at once. */
export interface CommandAnswer {
  readonly text?: string;
  readonly blocks?: readonly Block[];
  readonly error?: DeliveryError;
}

/**
 * Returns a function that sends a slash command in a channel, escaped as for an app with should_escape.
 */
export function makeCommandLine(deps: UserActionsDeps, user: User) {
  const { workspace } = deps;
  const team = { id: workspace.team.id, domain: workspace.team.name };

  return async (channelId: string, line: string): Promise<CommandAnswer> => {
    const channel = workspace.channels.get(channelId);
    if (channel === undefined) throw new Error(`There is no channel ${channelId}`);
    if (!channel.members.includes(user.id)) throw new Error(`${user.name} is not in #${channel.name}`);
    if (channel.archived) throw new Error(`#${channel.name} is archived; people can't write there`);
    const now = workspace.users.get(user.id) ?? user;
    if (!workspace.isOurs(now) || now.guest === 'single-channel') return { error: 'not_a_command' };
    const { enterprise } = workspace;
    const match = /^(\/\S+)(?:\s+([\s\S]*))?$/.exec(line.trim());
    if (match === null) throw new Error(`A command begins with a slash: ${line}`);
    const result = await deps.deliver('slash_commands', {
      token: 'unused',
      team_id: channel.teamId ?? team.id,
      ...(enterprise === undefined ? {} : { enterprise_id: enterprise.id, enterprise_name: enterprise.name }),
      team_domain: team.domain,
      channel_id: channel.id,
      channel_name: nameFor(channel),
      user_id: user.id,
      user_name: user.name,
      command: match[1],
      text: escapeTyped(match[2] ?? '', workspace),
      api_app_id: appId,
      is_enterprise_install: String(enterprise?.wide === true),
      response_url: deps.url(deps.responseUrls.issue({ userId: user.id, channelId: channel.id })),
      trigger_id: deps.triggers.issue(user.id),
    });
    return result.ok ? showAnswer(channel, result.payload) : { error: result.error };
  };

  /**
   * Shows an answer from the acknowledgement, which is a message too: for everyone if it says so, otherwise for one
   * person.
   */
  function showAnswer(channel: Channel, payload: unknown): CommandAnswer {
    if (payload === undefined) return {};
    const answer = (typeof payload === 'string' ? { text: payload } : payload) as {
      readonly text?: string;
      readonly blocks?: unknown;
      readonly response_type?: string;
    };
    const checked = checkMessageBlocks(answer.blocks ?? []);
    if (!checked.ok) {
      throw new Error(
        `Slack would refuse this answer to the command:\n${checked.validationErrors.join('\n')}`,
      );
    }
    const content = { text: answer.text ?? '', blocks: checked.value };
    const message = workspace.post({
      ...content,
      channel: channel.id,
      user: workspace.bot.id,
      viaResponseUrl: true,
      ...(answer.response_type === 'in_channel' ? {} : { onlyFor: user.id }),
    });
    return message.onlyFor === undefined ? {} : content;
  }
}

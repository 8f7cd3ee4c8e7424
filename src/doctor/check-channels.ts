import type { Policy } from '../orders/policy/policy.js';
import type { ChannelAnswer, SlackFacts } from '../slack/access/slack-facts.js';
import { type Finding, ok, undetermined, wrong } from './finding.js';
import type { NamedChannel } from './named-channels.js';

/** Checks that each channel exists, that the app is in it, and that no other company reads it unless that is allowed. */
export function checkChannels(deps: {
  readonly channels: readonly NamedChannel[];
  readonly facts: Pick<SlackFacts, 'channel'>;
  readonly policy: Pick<Policy, 'externalChannels'>;
}): Promise<readonly Finding[]> {
  const { channels, facts, policy } = deps;
  return Promise.all(
    channels.map(async (named) => {
      const check = `Channel ${named.id}`;
      const answer = await facts.channel(named.id);
      if ('value' in answer) return judge(named, answer.value, policy);
      if ('silent' in answer) return undetermined(check, `Slack didn't answer (${answer.silent}).`);
      if (answer.refused === 'channel_not_found') {
        return wrong(
          check,
          `${named.subject} doesn't exist, or is a private channel that the app isn't in: ${named.effect}.`,
          'Correct the id, or add the app with /invite in that channel.',
        );
      }
      return undetermined(check, `Slack didn't say (${answer.refused}).`);
    }),
  );
}

function judge(
  { id, subject, effect }: NamedChannel,
  { name, isArchived, isMember, sharing }: ChannelAnswer,
  { externalChannels }: Pick<Policy, 'externalChannels'>,
): Finding {
  const check = `Channel ${id}`;
  const bad = (problem: string, fix: string) => wrong(check, `${subject} ${problem}: ${effect}.`, fix);
  if (isArchived) return bad('is archived', 'Unarchive it or name another channel.');
  if (sharing === 'external' && externalChannels === 'refuse') {
    return bad('is shared with another company', 'Name another channel, or set EXTERNAL_CHANNELS=allow.');
  }
  if (!isMember)
    return bad("is a channel that the app isn't in", 'Add the app with /invite in that channel.');
  const who =
    sharing === 'external'
      ? 'another company can read it, as EXTERNAL_CHANNELS=allow permits'
      : sharing === 'internal'
        ? 'no other company can read it'
        : "Slack didn't say whether another company can read it";
  return ok(check, `${subject} is #${name}. The app is in it; ${who}.`);
}

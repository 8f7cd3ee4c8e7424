import { mentionsIn } from './plain-text.js';

type Posted = Parameters<typeof mentionsIn>[0] & {
  readonly channel: string;
  readonly user: string;
  readonly onlyFor?: string;
};

/** Who there is, by id. */
interface Around {
  readonly users: ReadonlyMap<string, { readonly deactivated: boolean }>;
  readonly groups: ReadonlyMap<string, { readonly members: readonly string[] }>;
  readonly channels: ReadonlyMap<string, { readonly members: readonly string[]; readonly direct: boolean }>;
}

/**
 * Returns the user ids of everyone whom a new message notifies: the people it mentions who are in its channel, and the
 * owner of a direct message. Slack notifies no one of an edit.
 */
export function notifiedBy({ users, groups, channels }: Around, message: Posted): readonly string[] {
  const channel = channels.get(message.channel);
  if (channel === undefined) return [];
  if (message.onlyFor !== undefined) return [message.onlyFor];
  const mentioned = mentionsIn(message).flatMap((id) => groups.get(id)?.members ?? [id]);
  const told = channel.direct ? channel.members : channel.members.filter((id) => mentioned.includes(id));
  return told.filter((id) => id !== message.user && users.get(id)?.deactivated !== true);
}

import type { Channel, User } from '../local-slack/directory.js';
import { stateValues } from '../local-slack/element-state.js';
import { type LocalSlack, type Message, mentionsIn, type Person } from '../local-slack/local-slack.js';
import type { View } from '../local-slack/views.js';
import type { AppProfile } from './manifest.js';
import type { PendingCommands } from './pending-commands.js';
import type { ReadMarks } from './read-marks.js';

/** How many of a channel's newest messages the page shows. */
const MESSAGES_SHOWN = 200;

/** Mentions of everyone in the channel. */
const everyone: ReadonlySet<string> = new Set(['channel', 'here', 'everyone']);

/** How many of the newest messages that notified a person the page lists. */
const MENTIONS_SHOWN = 5;

/** Everything one person's client shows, as plain JSON. */
export function pageViewOf(
  slack: LocalSlack,
  person: Person,
  app: AppProfile,
  { atWork, readMarks }: { readonly atWork: PendingCommands; readonly readMarks: ReadMarks },
) {
  const { workspace } = slack;
  const direct = workspace.directChannel(person.id);
  const home = person.home();
  const myGroups = [...workspace.groups.values()].filter(({ members }) => members.includes(person.id));
  const callsMe = new Set([person.id, ...myGroups.map(({ id }) => id), ...everyone]);
  return {
    me: person.id,
    team: workspace.team.name,
    app: { ...app, userId: workspace.bot.id, directChannel: direct.id },
    people: [...workspace.users.values()]
      .filter((user) => !user.isBot)
      .map((user) => ({ ...user, membership: membershipOf(user) })),
    groups: [...workspace.groups.values()],
    names: workspace.names,
    channels: [...workspace.channels.values()]
      .filter((channel) => channel.members.includes(person.id))
      .map((channel) => ({
        id: channel.id,
        name: channel.direct ? app.name : channel.name,
        direct: channel.direct,
        private: channel.private,
        archived: channel.archived,
        botIsMember: channel.botIsMember,
        messages: messagesFor(channel),
        readUntil: readMarks.of(person.id, channel.id),
        atWork: atWork.of(person.id, channel.id),
      })),
    mentions: workspace
      .notificationsOf(person.id)
      .filter(({ onlyFor, deleted }) => onlyFor === undefined && !deleted)
      .slice(-MENTIONS_SHOWN)
      .reverse()
      .map(({ ts, channel, text }) => ({ ts, channel, text })),
    modals: workspace.modalsOf(person.id).map(drawView),
    home: home === undefined ? null : drawView(home),
  };

  function membershipOf(user: User): string {
    if (!workspace.isOurs(user)) return 'from another company';
    return user.guest === undefined ? 'member' : 'guest';
  }

  function messagesFor(channel: Channel) {
    const mine = workspace.ephemeralsFor(person.id, channel.id);
    const inThread = (ts: string) => mine.filter((each) => each.threadTs === ts);
    return [...workspace.messagesIn(channel.id), ...mine.filter((each) => each.threadTs === undefined)]
      .sort((one, other) => Number(one.ts) - Number(other.ts))
      .slice(-MESSAGES_SHOWN)
      .map((message) => ({
        ...drawMessage(message),
        replies: [...message.replies.filter((each) => !each.deleted), ...inThread(message.ts)]
          .sort((one, other) => Number(one.ts) - Number(other.ts))
          .map(drawMessage),
        readUntil: readMarks.of(person.id, `${channel.id} ${message.ts}`),
      }));
  }

  function drawMessage(message: Message) {
    const { ts, channel, user, text, blocks, files, threadTs } = message;
    return {
      ts,
      channel,
      user,
      text,
      blocks,
      files,
      onlyForMe: message.onlyFor !== undefined,
      mentionsMe: user !== person.id && mentionsIn(message).some((each) => callsMe.has(each)),
      ...(threadTs === undefined ? {} : { threadTs }),
      shortcuts: person.shortcuts(message).map(({ name }) => name),
      state: stateValues(person.client.state({ channel, ts })),
    };
  }

  function drawView(view: View) {
    return {
      id: view.id,
      title: view.title,
      submit: view.submit,
      close: view.close,
      blocks: view.blocks,
      state: stateValues(person.client.state({ view: view.id })),
      errors: person.client.errors(view.id),
    };
  }
}

import { stateValues } from '../local-slack/element-state.js';
import type { LocalSlack, Message, Person } from '../local-slack/local-slack.js';
import type { Channel, View } from '../local-slack/workspace.js';
import type { AppFace } from './manifest.js';

/** How many of a channel's newest messages the page shows. */
const MESSAGES_SHOWN = 200;

/** Everything one person's client shows, as plain JSON. */
export function seenBy(slack: LocalSlack, person: Person, app: AppFace) {
  const { workspace } = slack;
  const direct = workspace.directChannel(person.id);
  const home = person.home();
  return {
    me: person.id,
    team: workspace.team.name,
    app: { ...app, userId: workspace.bot.id, directChannel: direct.id },
    people: [...workspace.users.values()].filter((user) => !user.isBot),
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
      })),
    modals: workspace.modalsOf(person.id).map(drawView),
    home: home === undefined ? null : drawView(home),
  };

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
      ...(threadTs === undefined ? {} : { threadTs }),
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

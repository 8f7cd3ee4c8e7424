import { asPlainText, type LocalSlack, type Message } from './local-slack/local-slack.js';

export interface Transcript {
  /** A sentence of the narrator's. */
  scene(sentence: string): void;
  /** What a person did. */
  act(person: string, deed: string): void;
  /** Something that is not a message: a form, a finding. */
  show(title: string, text: string): void;
  close(): void;
}

/** Writes down what happens in a workspace, while it happens: each message as it is posted, and again as it changes. */
export function makeTranscript(slack: LocalSlack, write: (line: string) => void): Transcript {
  const written = new Map<string, number>();

  function show(title: string, text: string): void {
    write(`  ${title}`);
    for (const line of text.split('\n')) write(`  │ ${line}`);
    write('');
  }

  function writeNew(message: Message, title: (again: boolean) => string): void {
    const key = `${message.channel} ${message.ts}`;
    const from = written.get(key) ?? 0;
    written.set(key, message.versions.length);
    message.versions.slice(from).forEach((version, index) => {
      show(title(from + index > 0), asPlainText({ ...version, names: message.names }));
    });
  }

  function look(): void {
    const { workspace } = slack;
    for (const channel of workspace.channels.values()) {
      const place = channel.direct ? 'a direct message' : `#${channel.name}`;
      for (const message of workspace.messagesIn(channel.id)) {
        if (message.user !== workspace.bot.id) continue;
        writeNew(message, (again) =>
          again ? `Numbers redraws its message in ${place}:` : `Numbers posts in ${place}:`,
        );
        for (const reply of message.replies) writeNew(reply, () => 'Numbers says in the thread:');
      }
      for (const user of workspace.users.values()) {
        for (const message of workspace.ephemeralsFor(user.id, channel.id)) {
          writeNew(message, () => `Numbers tells @${user.name} alone:`);
        }
      }
    }
  }
  slack.on('change', look);

  return {
    scene: (sentence) => {
      write(`── ${sentence}`);
      write('');
    },
    act: (person, deed) => {
      write(`@${person} ${deed}`);
      write('');
    },
    show,
    close: () => {
      slack.off('change', look);
    },
  };
}

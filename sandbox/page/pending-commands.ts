import type { Change, LocalSlack } from '../local-slack/local-slack.js';

/** Longer than any command takes to be answered. */
const GIVE_UP_AFTER_MS = 60_000;

interface Work {
  readonly person: string;
  readonly channel: string;
  readonly text: string;
  end(): void;
}

export type PendingCommands = ReturnType<typeof makePendingCommands>;

/**
 * Remembers the commands that people typed and that have no visible answer yet: a message for the person, a message of
 * the app in the channel, or a form.
 */
export function makePendingCommands(slack: LocalSlack, changed: () => void) {
  const { workspace } = slack;
  const works = new Set<Work>();

  /** Ends the oldest work this change answers. */
  function watch({ what, id }: Change): void {
    for (const work of works) {
      if (!answers(what, id, work)) continue;
      work.end();
      return;
    }
  }

  function answers(what: Change['what'], id: string, { person, channel }: Work): boolean {
    if (what === 'view') return workspace.modal(id)?.userId === person;
    if (what !== 'message' && what !== 'ephemeral') return false;
    const message = workspace.everything().findLast(({ ts }) => ts === id);
    if (message === undefined || message.user !== workspace.bot.id) return false;
    if (message.onlyFor === person || message.channel === workspace.directId(person)) return true;
    return message.onlyFor === undefined && message.channel === channel;
  }
  slack.on('change', watch);

  return {
    /** The commands of a person in a channel that are being worked on, as typed. */
    of: (person: string, channel: string): readonly string[] =>
      [...works].filter((work) => work.person === person && work.channel === channel).map(({ text }) => text),

    begin(person: string, channel: string, text: string): Pick<Work, 'end'> {
      const timer = setTimeout(() => work.end(), GIVE_UP_AFTER_MS);
      const work: Work = {
        person,
        channel,
        text,
        end() {
          clearTimeout(timer);
          if (works.delete(work)) changed();
        },
      };
      works.add(work);
      changed();
      return work;
    },

    close(): void {
      slack.off('change', watch);
      for (const work of works) work.end();
    },
  };
}

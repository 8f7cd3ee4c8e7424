import { asPlainText, type LocalSlack, type Message } from '../local-slack/local-slack.js';

export interface Transcript {
  /** Starts a part of the tour with a sentence about it. */
  scene(sentence: string): void;
  /** Prints what a person did. */
  act(person: string, action: string): void;
  /** Prints a submitted form: the answers, without the hints around them. */
  form(text: string): void;
  /** Prints something that isn't a message, unchanged. */
  show(label: string, text: string): void;
  close(): void;
}

/** Enough of a list of numbers to show what it looks like. */
const BOXES_SHOWN = 2;
const BOX = /^[☐☑] \(/;
/** A field that is filled in, or a selected choice. */
const ANSWER = /: \[.+\]$|^[☑◉] /;
/** Wide enough for "#numbers". */
const LABEL_WIDTH = 10;

/**
 * Prints what happens in a workspace as it happens. For each message and each later version, it prints what is new
 * to a reader.
 */
export function makeTranscript(slack: LocalSlack, write: (line: string) => void): Transcript {
  /** How many versions of each message have been printed. */
  const printed = new Map<string, number>();
  /** The lines of earlier messages and forms, because two cards for one number share most of them. */
  const familiar = new Set<string>();

  function show(label: string, lines: readonly string[]): void {
    lines.forEach((line, index) => {
      write(`${(index === 0 ? label : '').padStart(LABEL_WIDTH)} │ ${forTerminal(line)}`.trimEnd());
    });
  }

  function showNew(label: string, [headline = '', ...lines]: readonly string[]): void {
    show(label, [headline, ...shortened(lines.filter((line) => !familiar.has(line)))]);
    for (const line of lines) familiar.add(line);
  }

  function printNew(message: Message, label: string): void {
    const key = `${message.channel} ${message.ts}`;
    const from = printed.get(key) ?? 0;
    printed.set(key, message.versions.length);
    const versions = message.versions.map((version) =>
      linesOf(asPlainText({ ...version, names: message.names })),
    );
    for (const [index, version] of versions.entries()) {
      const before = versions[index - 1];
      if (index < from) continue;
      if (before === undefined) showNew(label, version);
      else show('card', whatChanged(before, version));
    }
  }

  function look(): void {
    const { workspace } = slack;
    for (const channel of workspace.channels.values()) {
      const place = channel.direct ? 'DM' : `#${channel.name}`;
      for (const message of workspace.messagesIn(channel.id)) {
        if (message.user !== workspace.bot.id) continue;
        printNew(message, place);
        for (const reply of message.replies) printNew(reply, 'thread');
      }
      for (const user of workspace.users.values()) {
        for (const message of workspace.ephemeralsFor(user.id, channel.id)) {
          printNew(message, `to @${user.name}`);
        }
      }
    }
  }
  slack.on('change', look);

  return {
    scene: (sentence) => {
      write('');
      write(`── ${sentence}`);
    },
    act: (person, deed) => write(`@${person} ${deed}`),
    form: (text) => {
      const [title = '', ...lines] = text.split('\n');
      showNew('form', [title, ...lines.filter((line) => ANSWER.test(line))]);
    },
    show: (label, text) => show(label, text.trimEnd().split('\n')),
    close: () => {
      slack.off('change', look);
    },
  };
}

/** A quoted line is joined with its label. */
const linesOf = (text: string): readonly string[] =>
  text.replaceAll('*Reason:*\n> ', '*Reason:* ').split('\n');

/** Removes bold marks and shortens ids. */
function forTerminal(line: string): string {
  return line
    .replace(/\*([^*\s][^*]*)\*/g, '$1')
    .replace(/\b([\da-f]{8})-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/g, '$1…');
}

function shortened(lines: readonly string[]): readonly string[] {
  const boxes = lines.filter((line) => BOX.test(line));
  if (boxes.length <= BOXES_SHOWN) return lines;
  const dropped = new Set(boxes.slice(BOXES_SHOWN));
  const last = lines.findLastIndex((line) => BOX.test(line));
  return lines.flatMap((line, index) => {
    if (index === last) return [`  … ${dropped.size} more`];
    return dropped.has(line) ? [] : [line];
  });
}

/** Each new line, and the headline if it is new. */
function whatChanged(
  [before, ...linesBefore]: readonly string[],
  [headline = '', ...lines]: readonly string[],
) {
  const added = lines.filter((line) => !linesBefore.includes(line));
  return headline === before ? added : [headline, ...added];
}

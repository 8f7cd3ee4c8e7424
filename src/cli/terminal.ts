import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';

/** A conversation with a person at a terminal. */
export interface Terminal {
  say(line: string): void;
  /** Returns one line without surrounding spaces. Throws {@link PromptAborted}. */
  ask(question: string): Promise<string>;
  /** The same without showing what is typed or pasted. */
  askSecretly(question: string): Promise<string>;
  close(): void;
}

/** The person pressed Ctrl+C or Ctrl+D. */
export class PromptAborted extends Error {
  override readonly name = 'PromptAborted';
}

export function openTerminal(input: Readable, output: Writable): Terminal {
  /** False only while a question with a visible answer is open: what is typed early may be the next secret. */
  let isMuted = true;
  /** Readline echoes what is typed itself, because it puts the terminal into raw mode. */
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isMuted) output.write(chunk);
      // At once: a write that waits would be muted, or not, as things are later.
      done();
    },
  });
  const lines = createInterface({ input, output: echo, terminal: true, historySize: 0 });
  const leaving = new AbortController();
  lines.on('SIGINT', () => leaving.abort());
  lines.on('close', () => leaving.abort());

  const answer = async (question: string): Promise<string> => {
    // Otherwise readline would show the beginning of a line that was typed early and take it as the answer.
    for (const name of ['u', 'k']) lines.write(null, { ctrl: true, name });
    isMuted = question === '';
    try {
      return (await lines.question(question, { signal: leaving.signal })).trim();
    } catch (cause) {
      throw new PromptAborted('nobody answers anymore', { cause });
    } finally {
      isMuted = true;
    }
  };

  return {
    say: (line) => void output.write(`${line}\n`),
    ask: (question) => answer(`${question} `),
    async askSecretly(question) {
      output.write(`${question} (hidden) `);
      try {
        return await answer('');
      } finally {
        output.write('\n');
      }
    },
    close: () => lines.close(),
  };
}

import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { openTerminal } from '../../src/cli/terminal.js';

test('What a person types before a question is neither shown nor used as the answer; it may be the next secret', async () => {
  const [keys, screen] = [new PassThrough(), new PassThrough()];
  let shown = '';
  screen.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const terminal = openTerminal(keys, screen);
  const typed = async (text: string) => {
    keys.write(text);
    // The keys have been read once the stream is empty and its listeners have run.
    await new Promise((resolve) => setImmediate(resolve));
  };

  const secret = terminal.askSecretly('Token?');
  await typed('xoxb-topsecret\r');
  expect(await secret).toBe('xoxb-topsecret');

  // It is being checked; the next one is pasted already.
  await typed('early-topsecret');
  const name = terminal.ask('Name?');
  await typed('ana\r');
  expect(await name).toBe('ana');
  await typed('whole-line-topsecret\r');
  const again = terminal.askSecretly('Another?');
  await typed('xapp-topsecret\r');
  expect(await again).toBe('xapp-topsecret');
  terminal.close();

  expect(shown).toContain('Name? ');
  expect(shown).toContain('ana');
  expect(shown).not.toContain('topsecret');
});

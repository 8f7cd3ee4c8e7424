import { setTimeout as pause } from 'node:timers/promises';

/** Waits until `look` returns true. Anything that takes longer than a minute is a hang and throws. */
export async function until(look: () => boolean | Promise<boolean>, describe: string): Promise<void> {
  const giveUpAt = Date.now() + 60_000;
  while (!(await look())) {
    if (Date.now() > giveUpAt) throw new Error(`waited a minute in vain for ${describe}`);
    await pause(5);
  }
}

import { parseArgs } from 'node:util';
import type { Environment } from '../config/settings.js';
import { readStoreUrl } from '../store/store-url.js';

export const copyUsage = `Usage: npm run --silent store:copy -- --from ADDRESS --to ADDRESS

Copies everything the app keeps from one database to another, empty one, and compares the two. Stop the app first.

ADDRESS is sqlite:FILE, postgres://… or redis://…, as in STORE_URL; or the name of an environment variable, also one in
.env, that holds the address or, with _FILE after its name, the path of a file with it. Use a name for an address with a
password: others on the machine can see the words of a command, and npm prints them unless it's --silent.

  npm run --silent store:copy -- --from sqlite:data/numbers.db --to NEW_STORE_URL

Exits with 0 when everything was copied and both sides are the same, 1 when it wasn't copied, 64 on wrong usage, and 78
when an address is wrong or the source was written by another version of the app. Interrupted, run it again.`;

export type CopyArguments =
  | { readonly help: true }
  | { readonly from: string; readonly to: string }
  /** The arguments make no sense. They aren't repeated: they may contain a password. */
  | { readonly wrong: 'usage' }
  /** A sentence about an address, without it. */
  | { readonly wrong: 'address'; readonly problem: string };

/** Reads the arguments of the command. `readFile` is called for `NAME_FILE`. */
export function readCopyArguments(
  words: readonly string[],
  environment: Environment,
  readFile: (path: string) => string,
): CopyArguments {
  const given = parsed(words);
  if (given?.help === true) return { help: true };
  if (given?.from === undefined || given.to === undefined) return { wrong: 'usage' };
  const from = addressIn(`--from`, given.from, environment, readFile);
  const to = addressIn(`--to`, given.to, environment, readFile);
  if ('problem' in from) return { wrong: 'address', problem: from.problem };
  if ('problem' in to) return { wrong: 'address', problem: to.problem };
  return { from: from.address, to: to.address };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: { from: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean' } },
    }).values;
  } catch {
    return undefined;
  }
}

function addressIn(
  flag: string,
  word: string,
  environment: Environment,
  readFile: (path: string) => string,
): { readonly address: string } | { readonly problem: string } {
  if (!/^[A-Za-z_]\w*$/.test(word)) return checked(flag, word);
  const value = environment[word]?.trim();
  if (value) return checked(word, value);
  const path = environment[`${word}_FILE`]?.trim();
  if (!path) return { problem: `${flag} names ${word}, but neither ${word} nor ${word}_FILE is set.` };
  try {
    return checked(`${word}_FILE`, readFile(path).trim());
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return { problem: `${word}_FILE names a file that can't be read (${code}).` };
  }
}

function checked(name: string, address: string) {
  const read = readStoreUrl(address);
  return 'problem' in read ? { problem: `${name} ${read.problem}` } : { address };
}

import { distance } from 'fastest-levenshtein';
import { type AuditWords, printMonth, readAuditWords } from './audit-words.js';
import { type NumberList, readNumberList } from './number-list.js';
import { type PolicyWords, readPolicyWords } from './policy-words.js';
import { printNumbers, printSearch } from './print-search.js';
import {
  type OrderWords,
  readOrderWords,
  readSearchWords,
  type SearchWords,
  type WordsProblem,
} from './search-words.js';
import { asTyped } from './typed-text.js';

/** Must equal the command in manifest.yml. */
export const COMMAND = '/numbers';

/** What a person requested with `/numbers …`. */
export type Command =
  | { readonly verb: 'help' }
  | { readonly verb: 'search-form' }
  | { readonly verb: 'search'; readonly words: SearchWords }
  | { readonly verb: 'order-form' }
  | { readonly verb: 'order'; readonly words: OrderWords }
  | { readonly verb: 'disconnect-form' }
  | { readonly verb: 'disconnect'; readonly words: NumberList }
  | { readonly verb: 'policy'; readonly words: PolicyWords }
  | { readonly verb: 'audit'; readonly words: AuditWords }
  /** A word for something that isn't done with a command. */
  | { readonly verb: 'elsewhere'; readonly typed: string; readonly where: Elsewhere }
  /** `didYouMean` is a valid command without the slash word, such as `search 910`. */
  | { readonly verb: 'unknown'; readonly typed: string; readonly didYouMean?: string };

/** What people try to type although it is done somewhere else. Each has its sentence in `blocks/answers/problems.ts`. */
export type Elsewhere =
  | 'cancel'
  | 'undo'
  | 'approve'
  | 'decline'
  | 'edit'
  | 'ask-again'
  | 'orders'
  | 'numbers'
  | 'who-has'
  | 'price'
  | 'delete';

const elsewhere: Readonly<Record<Elsewhere, readonly string[]>> = {
  cancel: ['cancel', 'stop', 'abort', 'withdraw', 'revoke'],
  undo: ['undo', 'revert', 'restore'],
  approve: ['approve', 'accept', 'confirm', 'yes', 'ok'],
  decline: ['decline', 'reject', 'deny', 'refuse', 'no'],
  edit: ['edit', 'change', 'modify', 'update'],
  'ask-again': ['retry', 'resubmit', 'again', 'renew'],
  orders: ['orders', 'status', 'mine', 'my', 'pending', 'waiting', 'open', 'queue', 'requests'],
  numbers: ['list', 'numbers', 'inventory', 'owned'],
  'who-has': ['who', 'whois', 'whose', 'owner'],
  price: ['price', 'prices', 'cost', 'costs', 'pricing', 'rates'],
  delete: ['delete', 'remove', 'drop'],
};

interface Verb {
  /** Other words people try; answered with "did you mean". */
  readonly alike: readonly string[];
  readonly read: (words: string) => Command;
}

const verbs: Readonly<Record<string, Verb>> = {
  help: { alike: ['-h', '--help', 'usage', 'commands'], read: () => ({ verb: 'help' }) },
  search: {
    alike: ['find', 'look', 'show', 'available'],
    read: (words) =>
      words === '' ? { verb: 'search-form' } : { verb: 'search', words: readSearchWords(words) },
  },
  order: {
    alike: ['buy', 'get', 'purchase', 'request'],
    read: (words) =>
      words === '' ? { verb: 'order-form' } : { verb: 'order', words: readOrderWords(words) },
  },
  disconnect: {
    alike: ['release', 'delete', 'remove', 'return', 'drop'],
    read: (words) =>
      words === '' ? { verb: 'disconnect-form' } : { verb: 'disconnect', words: readNumberList(words) },
  },
  policy: {
    alike: ['rules', 'limits', 'limit', 'approvers'],
    read: (words) => ({ verb: 'policy', words: readPolicyWords(words) }),
  },
  audit: {
    alike: ['log', 'history', 'journal', 'events', 'record', 'records', 'report', 'export'],
    read: (words) => ({ verb: 'audit', words: readAuditWords(words) }),
  },
};

/** Never throws, for any text after `/numbers`. */
export function readCommand(text: string): Command {
  const typed = asTyped(text).trim();
  if (typed === '' || typed === '?') return { verb: 'help' };
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/su.exec(text.trim()) ?? [];
  const name = asTyped(word)
    .toLowerCase()
    .replace(/[:,.!]$/, '');
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb !== undefined) return verb.read(rest.trim());
  // Without a verb it is a search if it clearly describes a number or a prefix, even incorrectly.
  if (/^(?:[+(]*\d|toll[\s-]*free\b)/i.test(typed)) return { verb: 'search', words: readSearchWords(text) };
  const where = word.endsWith(',') ? undefined : doneElsewhere(name, rest);
  if (where !== undefined) return { verb: 'elsewhere', typed, where };
  const stuck = new RegExp(`^(${Object.keys(verbs).join('|')})(\\d.*)$`).exec(name);
  const [meant, words] = stuck === null ? [meantVerb(name), rest] : [stuck[1], `${stuck[2]} ${rest}`];
  const didYouMean = meant === undefined ? understood('search', text) : meaning(meant, words);
  return { verb: 'unknown', typed, ...(didYouMean === undefined ? {} : { didYouMean }) };
}

function doneElsewhere(name: string, rest: string): Elsewhere | undefined {
  // Whole numbers show that numbers are to be deleted, not an order.
  if (verbs.disconnect?.alike.includes(name) && understood('disconnect', rest) !== undefined)
    return undefined;
  return (Object.keys(elsewhere) as Elsewhere[]).find((each) => elsewhere[each].includes(name));
}

function meantVerb(name: string): string | undefined {
  const names = Object.keys(verbs);
  const letters = (word: string) => [...word].sort().join('');
  const alike = names.find((verb) => verbs[verb]?.alike.includes(name));
  if (alike !== undefined) return alike;
  const [nearest] = names
    .map((verb) => ({ verb, off: letters(name) === letters(verb) ? 1 : distance(name, verb) }))
    .filter(({ verb, off }) => off <= (verb.length > 4 ? 2 : 1))
    .sort((a, b) => a.off - b.off);
  return nearest?.verb;
}

/** Returns the whole command that was meant, with mistakes in its words corrected too. */
function meaning(verb: string, words: string): string {
  const suggestion = problemIn(verb, words)?.suggestions[0];
  return suggestion === undefined ? (understood(verb, words) ?? verb) : `${verb} ${suggestion}`;
}

function problemIn(verb: string, words: string): WordsProblem | undefined {
  const command = verbs[verb]?.read(words.trim());
  return command !== undefined && 'words' in command && 'problem' in command.words
    ? command.words.problem
    : undefined;
}

/** Returns the command in our own spelling, or undefined when its words mean nothing. */
function understood(verb: string, words: string): string | undefined {
  const command = verbs[verb]?.read(words.trim());
  if (command === undefined || !('words' in command)) return undefined;
  if ('which' in command.words) return `${verb} ${printMonth(command.words.which)}`.trim();
  if ('draft' in command.words) return `${verb} ${printSearch(command.words.draft)}`;
  if (!('numbers' in command.words)) return undefined;
  const { numbers } = command.words;
  const wrong = 'wrong' in command.words && command.words.wrong.length > 0;
  return wrong || numbers.length === 0 ? undefined : `${verb} ${printNumbers(numbers)}`;
}

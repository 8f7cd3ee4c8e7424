import { distance } from 'fastest-levenshtein';
import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import { type NumberList, readNumberList } from '../text/number-list.js';
import { asTyped } from '../text/typed-text.js';
import { type AuditWords, printMonth, readAuditWords } from './audit-words.js';
import { type AwayWords, readAwayWords } from './away-words.js';
import { type HelpTopic, typedTopic } from './help-topics.js';
import { type ListWords, printFilter, readListWords } from './list-words.js';
import { type MessagingWords, printMessaging, readMessagingWords } from './messaging-words.js';
import { type MoveWords, readMoveWords } from './move-words.js';
import { printLines, readWholeOrder, type WholeOrderWords } from './order-lines.js';
import { type OrdersWords, ordersShorthand, printOrders, readOrdersWords } from './orders-words.js';
import { type PolicyWords, readPolicyWords } from './policy-words.js';
import { printNumbers, printSearch } from './print-search.js';
import { readSearchWords, type SearchWords, type WordsProblem } from './search-words.js';

/** Must equal the command in manifest.yml. */
export const COMMAND = '/numbers';

/** What a person requested with `/numbers …`. */
export type Command =
  | { readonly verb: 'help'; readonly topic?: HelpTopic }
  | { readonly verb: 'search-form' }
  | { readonly verb: 'search'; readonly words: SearchWords }
  | { readonly verb: 'order-form' }
  | { readonly verb: 'order'; readonly words: WholeOrderWords }
  /** What was picked from several searches: to see it, or to order it. */
  | { readonly verb: 'picked'; readonly to: 'see' | 'order' }
  | { readonly verb: 'disconnect-form' }
  | { readonly verb: 'disconnect'; readonly words: NumberList }
  | { readonly verb: 'move'; readonly words: MoveWords }
  | { readonly verb: 'messaging'; readonly words: MessagingWords }
  | { readonly verb: 'who'; readonly words: NumberList }
  /** Only whole numbers, without a verb. `problem` says why they aren't a search. */
  | {
      readonly verb: 'whole-numbers';
      readonly numbers: readonly PhoneNumber[];
      readonly problem: WordsProblem;
    }
  | { readonly verb: 'list'; readonly words: ListWords }
  | { readonly verb: 'orders'; readonly words: OrdersWords }
  | { readonly verb: 'import' }
  | { readonly verb: 'import-template' }
  | { readonly verb: 'policy'; readonly words: PolicyWords }
  | { readonly verb: 'audit'; readonly words: AuditWords }
  | { readonly verb: 'away'; readonly words: AwayWords }
  | { readonly verb: 'back' }
  | { readonly verb: 'drift' }
  | { readonly verb: 'status' }
  /** A word for something that isn't done with a command. */
  | { readonly verb: 'elsewhere'; readonly typed: string; readonly where: Elsewhere }
  /** `didYouMean` is a valid command without the slash word, such as `search 910`. */
  | { readonly verb: 'unknown'; readonly typed: string; readonly didYouMean?: string };

/** What people try to type although it's done elsewhere. Each has its sentence in `blocks/answers/problems.ts`. */
export type Elsewhere = 'cancel' | 'undo' | 'approve' | 'decline' | 'edit' | 'ask-again' | 'price' | 'delete';

const elsewhere: Readonly<Record<Elsewhere, readonly string[]>> = {
  cancel: ['cancel', 'stop', 'abort', 'withdraw', 'revoke'],
  undo: ['undo', 'revert', 'restore'],
  approve: ['approve', 'accept', 'confirm', 'yes', 'ok'],
  decline: ['decline', 'reject', 'deny', 'refuse', 'no'],
  edit: ['edit', 'change', 'modify', 'update'],
  'ask-again': ['retry', 'resubmit', 'again', 'renew'],
  price: ['price', 'prices', 'cost', 'costs', 'pricing', 'rates'],
  delete: ['delete', 'remove', 'drop'],
};

interface Verb {
  /** Other words people try; answered with "did you mean". */
  readonly alike: readonly string[];
  readonly read: (words: string) => Command;
}

const verbs: Readonly<Record<string, Verb>> = {
  help: { alike: ['-h', '--help', 'usage', 'commands', 'how'], read: readHelp },
  search: {
    alike: ['find', 'look', 'show', 'available'],
    read: (words) =>
      words === '' ? { verb: 'search-form' } : { verb: 'search', words: readSearchWords(words) },
  },
  order: {
    alike: ['buy', 'get', 'purchase', 'request'],
    read: readOrder,
  },
  picked: {
    alike: ['picks', 'basket', 'cart', 'picked-numbers', 'selected', 'selection'],
    read: (words) =>
      words === ''
        ? { verb: 'picked', to: 'see' }
        : { verb: 'unknown', typed: `picked ${asTyped(words)}`, didYouMean: 'picked' },
  },
  disconnect: {
    alike: ['release', 'delete', 'remove', 'return', 'drop'],
    read: (words) =>
      words === '' ? { verb: 'disconnect-form' } : { verb: 'disconnect', words: readNumberList(words) },
  },
  move: {
    alike: ['transfer', 'relocate', 'reassign'],
    read: (words) => ({ verb: 'move', words: readMoveWords(words) }),
  },
  messaging: {
    alike: ['sms', 'texting', 'text', 'texts', 'campaign', 'messages', 'mms'],
    read: (words) => ({ verb: 'messaging', words: readMessagingWords(words) }),
  },
  who: {
    alike: ['whois', 'whose', 'owner', 'info', 'lookup', 'details', 'detail', 'about'],
    read: (words) => ({ verb: 'who', words: readNumberList(withoutQuestion(words)) }),
  },
  orders: {
    alike: Object.keys(ordersShorthand),
    read: (words) => ({ verb: 'orders', words: readOrdersWords(words) }),
  },
  list: {
    alike: ['numbers', 'inventory', 'owned', 'have', 'ls', 'export', 'csv', 'tns', 'dids'],
    read: (words) => ({ verb: 'list', words: readListWords(words) }),
  },
  import: { alike: ['upload', 'file', 'bulk', 'batch', 'load'], read: readImport },
  policy: {
    alike: ['rules', 'limits', 'limit', 'approvers'],
    read: (words) => ({ verb: 'policy', words: readPolicyWords(words) }),
  },
  audit: {
    alike: ['log', 'history', 'journal', 'events', 'record', 'records', 'report'],
    read: (words) => ({ verb: 'audit', words: readAuditWords(words) }),
  },
  away: {
    alike: ['delegate', 'vacation', 'absent', 'ooo', 'leave'],
    read: (words) => ({ verb: 'away', words: readAwayWords(words) }),
  },
  back: { alike: ['here', 'returned'], read: () => ({ verb: 'back' }) },
  drift: {
    alike: ['unexplained', 'differences', 'diff', 'compare', 'reconcile', 'discrepancies'],
    read: (words) =>
      words === ''
        ? { verb: 'drift' }
        : { verb: 'unknown', typed: `drift ${asTyped(words)}`, didYouMean: 'drift' },
  },
  status: {
    alike: ['health', 'state', 'ping', 'up', 'outage', 'down'],
    // Of an order, it is what a list of orders says.
    read: (words) =>
      words === ''
        ? { verb: 'status' }
        : { verb: 'unknown', typed: `status ${asTyped(words)}`, didYouMean: meaning('orders', words) },
  },
};

function readHelp(words: string): Command {
  const topic = typedTopic(asTyped(words));
  return { verb: 'help', ...(topic === undefined ? {} : { topic }) };
}

function readOrder(words: string): Command {
  if (words === '') return { verb: 'order-form' };
  return /^(?:the\s+)?(?:\d+\s+)?(?:picked|basket|cart)(?:\s+(?:numbers?|ones))?$/i.test(
    asTyped(words).trim(),
  )
    ? { verb: 'picked', to: 'order' }
    : { verb: 'order', words: readWholeOrder(words) };
}

function readImport(words: string): Command {
  const typed = asTyped(words).trim();
  if (typed === '') return { verb: 'import' };
  return /^(?:the\s+|an?\s+)?(?:csv\s+)?(?:templates?|examples?|samples?)(?:\s+files?)?$/i.test(typed)
    ? { verb: 'import-template' }
    : { verb: 'unknown', typed: `import ${typed}`, didYouMean: 'import' };
}

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
  if (/^(?:[+(]*\d|toll[\s-]*free\b)/i.test(typed)) return numbersOrSearch(text);
  const where = word.endsWith(',') ? undefined : doneElsewhere(name, rest);
  if (where !== undefined) return { verb: 'elsewhere', typed, where };
  const stuck = new RegExp(`^(${Object.keys(verbs).join('|')})(\\d.*)$`).exec(name);
  const [meant, words] = stuck === null ? [meantVerb(name), rest] : [stuck[1], `${stuck[2]} ${rest}`];
  const short = Object.hasOwn(ordersShorthand, name) ? ordersShorthand[name] : undefined;
  if (short !== undefined)
    return { verb: 'unknown', typed, didYouMean: meaning('orders', `${short} ${rest}`) };
  const didYouMean = meant === undefined ? understood('search', text) : meaning(meant, words);
  return { verb: 'unknown', typed, ...(didYouMean === undefined ? {} : { didYouMean }) };
}

/** A number that is ours is looked up, but whether it is isn't known yet; any other is answered like a search. */
function numbersOrSearch(text: string): Command {
  const words = readSearchWords(text);
  const { numbers, wrong } = readNumberList(text);
  return 'problem' in words && wrong.length === 0 && numbers.length > 0
    ? { verb: 'whole-numbers', numbers, problem: words.problem }
    : { verb: 'search', words };
}

/** `who has 910-241-4365?` is a question about the number. */
function withoutQuestion(words: string): string {
  return words
    .replace(/^(?:(?:is|has|had|owns|owned|uses|ordered|bought|requested|got|the|number|about)\s+)+/i, '')
    .replace(/\s*\?+$/, '');
}

function doneElsewhere(name: string, rest: string): Elsewhere | undefined {
  // Whole numbers show that numbers are to be removed, not an order.
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

/** Returns the whole command that was probably meant, with mistakes in its words corrected too. */
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
  if ('filter' in command.words) return `${verb} ${printFilter(command.words.filter)}`.trim();
  if ('orders' in command.words) return `${verb} ${printOrders(command.words.orders)}`.trim();
  if ('lines' in command.words) return `${verb} ${printLines(command.words.lines)}`;
  if ('draft' in command.words) return `${verb} ${printSearch(command.words.draft)}`;
  if (!('numbers' in command.words)) return undefined;
  const { numbers } = command.words;
  const wrong = 'wrong' in command.words && command.words.wrong.length > 0;
  const target = 'target' in command.words ? ` to ${command.words.target}` : '';
  const change = 'change' in command.words ? ` ${printMessaging(command.words.change)}` : '';
  return wrong || numbers.length === 0 ? undefined : `${verb} ${printNumbers(numbers)}${target}${change}`;
}

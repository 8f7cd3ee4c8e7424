import { type OrderKind, orderKinds } from '../../orders/domain/order-kinds.js';
import type { RuleKind } from '../../orders/policy/policy.js';
import { asTyped } from '../text/typed-text.js';

/** What `/numbers policy test` asks about. */
export interface PolicyQuestion {
  /** Absent when it is the person who typed it. */
  readonly userId?: string;
  readonly kind: RuleKind;
  readonly quantity: number;
  /** Absent when it is the channel it was typed in. */
  readonly channelId?: string;
  /** A sub-account of Bandwidth. */
  readonly siteId?: string;
}

export type PolicyWordsProblem = {
  readonly why:
    | 'no-such-person'
    | 'no-such-channel'
    | 'several-people'
    | 'several-channels'
    | 'several-sites'
    | 'quantity'
    | 'not-understood'
    | 'no-verb'
    | 'several-verbs';
  readonly typed: string;
};

export type PolicyWords =
  | { readonly about: 'me' }
  | { readonly about: 'test'; readonly question: PolicyQuestion }
  | { readonly about: 'fault'; readonly fault: PolicyWordsProblem };

const MAX_AMOUNT = 1_000_000;

/** Filler words that can be ignored. */
const fillers = new Set([
  'if',
  'for',
  'in',
  'by',
  'to',
  'of',
  'a',
  'an',
  'number',
  'numbers',
  'asks',
  'wants',
  'would',
]);
const verbs: Readonly<Record<OrderKind, readonly string[]>> = {
  purchase: ['order', 'orders', 'buy', 'purchase', 'get'],
  // The policy treats it like the order that it follows.
  activation: [],
  disconnect: ['disconnect', 'disconnects', 'release', 'remove'],
  move: ['move', 'moves'],
  messaging: ['messaging', 'sms', 'texting'],
};
const verbed = (word: string): OrderKind | undefined => orderKinds.find((kind) => verbs[kind].includes(word));
const ownWords = new Set(['me', 'myself', 'i', 'my']);

/** Parses what follows `/numbers policy`. Slack sends a person as `<@U…|name>` and a channel as `<#C…|name>`. */
export function readPolicyWords(text: string): PolicyWords {
  const [first = '', ...rest] = text
    .trim()
    .replace(/toll[\s\p{Pd}\p{Cf}\u2212\u2043]+free/giu, 'tollfree')
    .replace(/\b(?:site|sub-?account)\s*[:#]?\s*(\d+)\b/gi, 'site:$1')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  if (first === '' || ownWords.has(first.toLowerCase())) return { about: 'me' };
  if (first.toLowerCase() !== 'test') return problem('not-understood', first);
  return readQuestion(rest);
}

function readQuestion(words: readonly string[]): PolicyWords {
  let kind: OrderKind | undefined;
  let tollFree = false;
  let quantity: number | undefined;
  let found: Pick<PolicyQuestion, 'userId' | 'channelId' | 'siteId'> = {};
  for (const given of words) {
    const [, userId] = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(given) ?? [];
    const [, channelId] = /^<#([CGD][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(given) ?? [];
    const word = asTyped(given).toLowerCase();
    const [, siteId] = /^site:(\d+)$/.exec(word) ?? [];
    const [, figure] = /^x?(-?[\d.]+)x?$/.exec(word) ?? [];
    if (userId !== undefined) {
      if ((found.userId ?? userId) !== userId) return problem('several-people', given);
      found = { ...found, userId };
    } else if (channelId !== undefined) {
      if ((found.channelId ?? channelId) !== channelId) return problem('several-channels', given);
      found = { ...found, channelId };
    } else if (siteId !== undefined) {
      if ((found.siteId ?? siteId) !== siteId) return problem('several-sites', given);
      found = { ...found, siteId };
    } else if (word.startsWith('@')) return problem('no-such-person', given);
    else if (word.startsWith('#')) return problem('no-such-channel', given);
    else if (verbed(word) !== undefined) {
      if ((kind ?? verbed(word)) !== verbed(word)) return problem('several-verbs', given);
      kind = verbed(word);
    } else if (word === 'tollfree') tollFree = true;
    else if (figure !== undefined) {
      if (quantity !== undefined) return problem('quantity', `${quantity} ${given}`);
      quantity = Number(figure);
      if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_AMOUNT)
        return problem('quantity', given);
    } else if (!fillers.has(word) && !ownWords.has(word)) return problem('not-understood', given);
  }
  // "test @ana 25 tollfree" can only be an order.
  if (kind === undefined && !tollFree) return problem('no-verb', words.join(' '));
  const asked = kind === undefined || (kind === 'purchase' && tollFree) ? 'toll-free' : kind;
  return { about: 'test', question: { ...found, kind: asked, quantity: quantity ?? 1 } };
}

const problem = (why: PolicyWordsProblem['why'], typed: string): PolicyWords => ({
  about: 'fault',
  fault: { why, typed: asTyped(typed) },
});

import type { OrderRequest } from './request.js';

/** The kinds of orders. ARCHITECTURE.md lists the tables with a row for each. */
export type OrderKind = OrderRequest['kind'];

/** How the engine and the policy treat a kind. */
interface KindRules {
  /** What a number is after the order: new on the account, no longer on it, or still there but different. */
  readonly effect: 'adds' | 'removes' | 'changes';
  /** Whether it can be undone for a while after its approval, because it is sent only then. */
  readonly undoWindow: boolean;
  /** Whether a policy rule may approve it. If not, a person always does, and approvers rarely approve their own. */
  readonly automatic: boolean;
  /**
   * Whether Bandwidth may call it complete without listing numbers. Then every requested number was done, except those
   * it reports errors for.
   */
  readonly silentWhenComplete: boolean;
  /** Its numbers don't count against the limits, because they were counted when they were bought. */
  readonly uncounted?: true;
  /** It follows from another order, so that there is no form to edit it, or to ask for it again. */
  readonly follows?: true;
  /** Sending it a second time changes nothing, so that one that left no trace is sent again without a person. */
  readonly harmlessTwice?: true;
}

export const kindRules: Readonly<Record<OrderKind, KindRules>> = {
  // Only Bandwidth knows which numbers it chose.
  purchase: { effect: 'adds', undoWindow: false, automatic: true, silentWhenComplete: false },
  disconnect: { effect: 'removes', undoWindow: true, automatic: false, silentWhenComplete: true },
  // These two are undone by the opposite order.
  move: { effect: 'changes', undoWindow: false, automatic: false, silentWhenComplete: true },
  messaging: { effect: 'changes', undoWindow: false, automatic: false, silentWhenComplete: true },
  activation: {
    effect: 'changes',
    undoWindow: false,
    automatic: true,
    silentWhenComplete: true,
    uncounted: true,
    follows: true,
    harmlessTwice: true,
  },
};

export const orderKinds = Object.keys(kindRules) as readonly OrderKind[];

export const isOrderKind = (value: unknown): value is OrderKind => orderKinds.some((kind) => kind === value);

/** The kinds that Bandwidth lists with their statuses, so many of them are followed with one request. */
export const listedKinds = ['purchase', 'disconnect'] as const satisfies readonly OrderKind[];
export type ListedKind = (typeof listedKinds)[number];

export const isListed = (kind: OrderKind): kind is ListedKind => listedKinds.some((each) => each === kind);

import type { FinalCarrierStatus } from '../../orders/domain/carrier-report.js';
import type { OrderKind } from '../../orders/domain/order-kinds.js';

/** The words that differ between kinds of orders. Includes emoji; none of it is typed text. */
interface KindWords {
  /** Starts the headline of a request that waits for approval. In lower case, it names the request. */
  readonly title: string;
  /** "to order 5 numbers" */
  readonly verb: string;
  /** "it is about to be ordered" */
  readonly verbed: string;
  readonly approve: { readonly label: string; readonly style: 'primary' | 'danger' };
  /** "your number is bought"; where calls are known to work, it is active instead. */
  readonly state: string;
  /** "your order was partly delivered" */
  readonly partly: string;
  /** Follows "2 of the 5 numbers". */
  readonly requested: string;
  /** Labels the numbers that were done when others weren't. */
  readonly partlyDone: string;
  /** Follows "If it turns up, this card shows what became of it". */
  readonly ifItTurnsUp: string;
  /** Comes before the numbers in other headlines. */
  readonly of: string;
  readonly doing: string;
  readonly over: Readonly<Record<FinalCarrierStatus, string>>;
  /** Used when Bandwidth never got the request, or refused it. */
  readonly nothingDone: string;
  /** For a canceled request. Says nothing of the numbers, which a colleague may have disconnected in Bandwidth. */
  readonly notSent: string;
  readonly done: string;
  readonly doneSoFar: string;
  readonly notDone: string;
  readonly noneDone: string;
  readonly notListed: string;
  readonly toBeContinued: string;
  readonly neverTwice: string;
  readonly toAskAgain: string;
  /** Labels the button that sends a lost request again. */
  readonly again: string;
  /** Explains what giving up a lost request means. */
  readonly notResubmitted: string;
  /** Explains why a request for named numbers that arrives twice does no harm. */
  readonly onlyOnce: string;
  /** The same, before the second request is answered. */
  readonly onceOnly: string;
  /** Explains what happens if the first request wasn't lost after all. */
  readonly riskOfAgain: string;
}

export const kindWords: Readonly<Record<OrderKind, KindWords>> = {
  purchase: {
    title: 'Order',
    verb: 'order',
    verbed: 'ordered',
    approve: { label: 'Approve & order', style: 'primary' },
    state: 'bought',
    partly: 'your order was partly delivered',
    requested: 'you ordered',
    partlyDone: 'Bought',
    ifItTurnsUp: ', and its numbers count',
    of: '',
    doing: 'Ordering…',
    over: { complete: '✅ Complete', partial: '🟡 Partial', failed: '❌ Failed' },
    nothingDone: 'Nothing was ordered.',
    notSent: 'Nothing was ordered.',
    done: 'Delivered',
    doneSoFar: 'Delivered so far',
    notDone: 'Not delivered',
    noneDone: 'No number was delivered.',
    notListed: "Bandwidth didn't list the delivered numbers.",
    toBeContinued:
      'Not everything is in stock. Bandwidth delivers the rest when it can, which may take days.',
    neverTwice: "I'm looking the order up before doing anything else, so nothing is bought twice.",
    toAskAgain: 'Nothing will be ordered. To order after all, submit a new request.',
    again: 'Order again',
    notResubmitted: "The order isn't resubmitted.",
    onlyOnce: 'Each number can be bought only once, so nothing was bought twice.',
    onceOnly: 'Each of these numbers can be bought only once, so nothing is bought twice.',
    riskOfAgain: 'If the first request did arrive, numbers may be bought twice.',
  },
  disconnect: {
    title: 'Disconnect',
    verb: 'disconnect',
    verbed: 'disconnected',
    approve: { label: 'Approve & disconnect', style: 'danger' },
    state: 'disconnected',
    partly: 'your disconnect was partly done',
    requested: 'in your disconnect',
    partlyDone: 'Disconnected',
    ifItTurnsUp: '',
    of: 'disconnect of ',
    doing: 'Disconnecting…',
    over: {
      complete: '✅ Disconnected',
      partial: '🟡 Partly disconnected',
      failed: '❌ Disconnect failed',
    },
    nothingDone: 'Nothing was disconnected.',
    notSent: "This request wasn't sent to Bandwidth.",
    done: 'Disconnected',
    doneSoFar: 'Disconnected so far',
    notDone: 'Not disconnected',
    noneDone: 'No number was disconnected.',
    notListed: "Bandwidth didn't list the disconnected numbers.",
    toBeContinued: 'Bandwidth does the rest later, which may take days.',
    neverTwice: "I'm looking up what became of it before doing anything else, so nothing is sent twice.",
    toAskAgain: 'Nothing will be disconnected. To disconnect after all, submit a new request.',
    again: 'Disconnect again',
    notResubmitted: "The disconnect isn't resubmitted.",
    onlyOnce: 'Each number can be disconnected only once.',
    onceOnly: 'Each of these numbers can be disconnected only once.',
    riskOfAgain:
      'If the first request did arrive, Bandwidth refuses the second; no number is disconnected twice.',
  },
  move: {
    title: 'Move',
    verb: 'move',
    verbed: 'moved',
    approve: { label: 'Approve & move', style: 'primary' },
    state: 'moved',
    partly: 'your move was partly done',
    requested: 'in your move',
    partlyDone: 'Moved',
    ifItTurnsUp: '',
    of: 'move of ',
    doing: 'Moving…',
    over: { complete: '✅ Moved', partial: '🟡 Partly moved', failed: '❌ Move failed' },
    nothingDone: 'Nothing was moved.',
    notSent: "This request wasn't sent to Bandwidth.",
    done: 'Moved',
    doneSoFar: 'Moved so far',
    notDone: 'Not moved',
    noneDone: 'No number was moved.',
    notListed: "Bandwidth didn't list the moved numbers.",
    toBeContinued: 'Bandwidth does the rest later, which may take days.',
    neverTwice: "I'm looking up what became of it before doing anything else, so nothing is sent twice.",
    toAskAgain: 'Nothing will be moved. To move after all, submit a new request.',
    again: 'Move again',
    notResubmitted: "The move isn't resubmitted.",
    onlyOnce: 'Both went to the same location, so nothing was moved twice.',
    onceOnly: 'Both go to the same location, so nothing is moved twice.',
    riskOfAgain:
      "If the first request did arrive, the numbers are at the location already, and the second doesn't change that.",
  },
  messaging: {
    title: 'Messaging change',
    verb: 'change the messaging of',
    verbed: 'changed',
    approve: { label: 'Approve & change', style: 'primary' },
    state: 'changed',
    partly: 'your messaging change was partly done',
    requested: 'in your messaging change',
    partlyDone: 'Changed',
    ifItTurnsUp: '',
    of: 'messaging change of ',
    doing: 'Changing messaging…',
    over: {
      complete: '✅ Messaging changed',
      partial: '🟡 Messaging partly changed',
      failed: '❌ Messaging change failed',
    },
    nothingDone: 'Nothing was changed.',
    notSent: "This request wasn't sent to Bandwidth.",
    done: 'Changed',
    doneSoFar: 'Changed so far',
    notDone: 'Not changed',
    noneDone: 'No number was changed.',
    notListed: "Bandwidth didn't list the changed numbers.",
    toBeContinued: 'Bandwidth does the rest later, which may take days.',
    neverTwice: "I'm looking up what became of it before doing anything else, so nothing is sent twice.",
    toAskAgain: 'Nothing will be changed. To change it after all, submit a new request.',
    again: 'Change again',
    notResubmitted: "The change isn't resubmitted.",
    onlyOnce: 'Both ask for the same, so nothing was changed twice.',
    onceOnly: 'Both ask for the same, so nothing is changed twice.',
    riskOfAgain: 'If the first request did arrive, the second changes nothing.',
  },
  activation: {
    title: 'Activation',
    verb: 'activate',
    verbed: 'activated',
    approve: { label: 'Approve & activate', style: 'primary' },
    state: 'activated',
    partly: 'your activation was partly done',
    requested: 'in your activation',
    partlyDone: 'Activated',
    ifItTurnsUp: '',
    of: 'activation of ',
    doing: 'Activating…',
    over: { complete: '✅ Activated', partial: '🟡 Partly activated', failed: '❌ Activation failed' },
    nothingDone: 'Nothing was activated.',
    notSent: "This request wasn't sent to Bandwidth.",
    done: 'Activated',
    doneSoFar: 'Activated so far',
    notDone: 'Not activated',
    noneDone: 'Bandwidth says that the activation failed.',
    notListed: "Bandwidth doesn't say which numbers were activated.",
    toBeContinued: 'Bandwidth does the rest later.',
    neverTwice:
      "I'm looking up whether the numbers work before doing anything else, so nothing is sent blindly.",
    toAskAgain:
      'Nothing will be activated. To activate after all, press *Activate…* on the order of these numbers.',
    again: 'Activate again',
    notResubmitted: "The activation isn't resubmitted.",
    onlyOnce: 'Activating a number that is active changes nothing.',
    onceOnly: 'Activating a number that is active changes nothing.',
    riskOfAgain: 'If the first request did arrive, the second changes nothing.',
  },
};

/** Names a request inside a sentence, such as "order" or "disconnect". */
export const kindNoun = ({ kind }: { readonly kind: OrderKind }): string =>
  kindWords[kind].title.toLowerCase();

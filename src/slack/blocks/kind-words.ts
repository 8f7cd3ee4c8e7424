import type { FinalCarrierStatus } from '../../orders/domain/carrier-report.js';
import type { OrderRequest } from '../../orders/domain/request.js';

/** The terms that differ between a purchase and a disconnect. Includes emoji; none of it is typed text. */
interface KindWords {
  /** Starts the headline of a request that waits for approval. */
  readonly title: string;
  /** Comes before the numbers in other headlines. */
  readonly of: string;
  readonly doing: string;
  readonly over: Readonly<Record<FinalCarrierStatus, string>>;
  /** Used when Bandwidth never got the request, or refused it. */
  readonly nothingDone: string;
  /** Said of a canceled request. A colleague may have disconnected the same numbers in Bandwidth: nothing is said of those. */
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
  readonly notSentAgain: string;
  /** Explains why a request for named numbers that arrives twice does no harm. */
  readonly onlyOnce: string;
  /** Explains what happens if the first request wasn't lost after all. */
  readonly riskOfAgain: string;
}

export const kindWords: Readonly<Record<OrderRequest['kind'], KindWords>> = {
  purchase: {
    title: 'Order',
    of: '',
    doing: 'Ordering…',
    over: { complete: '✅ Complete', partial: '🟡 Partial', failed: '❌ Failed' },
    nothingDone: 'Nothing was ordered.',
    notSent: 'Nothing was ordered.',
    done: 'Delivered',
    doneSoFar: 'Delivered so far',
    notDone: 'Not delivered',
    noneDone: 'No number was delivered.',
    notListed: 'Bandwidth did not list the delivered numbers.',
    toBeContinued:
      'Not everything is in stock. Bandwidth delivers the rest when it can, which may take days.',
    neverTwice: "I'm looking the order up before doing anything else, so nothing is bought twice.",
    toAskAgain: 'Nothing will be ordered. To order after all, submit a new request.',
    again: 'Order again',
    notSentAgain: "The order isn't sent again.",
    onlyOnce: 'Each number can be bought only once, so nothing was bought twice.',
    riskOfAgain: 'If the first request did arrive, numbers may be bought twice.',
  },
  disconnect: {
    title: 'Disconnect',
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
    notListed: 'Bandwidth did not list the disconnected numbers.',
    toBeContinued: 'Bandwidth does the rest later, which may take days.',
    neverTwice: "I'm looking up what became of it before doing anything else, so nothing is sent twice.",
    toAskAgain: 'Nothing will be disconnected. To disconnect after all, submit a new request.',
    again: 'Disconnect again',
    notSentAgain: "The disconnect isn't sent again.",
    onlyOnce: 'Each number can be disconnected only once.',
    riskOfAgain:
      'If the first request did arrive, Bandwidth refuses the second; no number is disconnected twice.',
  },
};

import type { HomeView } from '@slack/types';
import type { OrderId, Person } from '../../orders/domain/request.js';
import type { Admit } from '../../orders/policy/admit.js';
import type { Log } from '../../orders/ports/log.js';
import type { SummarizeOrders } from '../../orders/use-cases/summarize-orders.js';
import { barSentence } from '../blocks/bar-words.js';
import { homeSentence, homeTab, ordersOnHome } from '../blocks/home/home-tab.js';
import { errorSentence } from './error-middleware.js';

export interface DrawnHome {
  readonly view: HomeView;
  /** The orders on it; undefined if they couldn't be read. */
  readonly orders: ReadonlySet<OrderId> | undefined;
  /** The person may no longer use the app. */
  readonly barred?: true;
}

/**
 * Returns what a person's Home tab shows now, with an optional sentence on top. If the orders can't be read, the Home
 * tab says so.
 */
export type DrawHome = (person: Person, notice: string | undefined) => Promise<DrawnHome | 'account-unknown'>;

export function makeDrawHome(deps: {
  readonly summarize: SummarizeOrders;
  /** Asked each time, because a Home tab is kept up to date for longer than people stay admitted. */
  readonly admit: Admit;
  readonly log: Pick<Log, 'error'>;
}): DrawHome {
  const { summarize, admit, log } = deps;
  return async (person, notice) => {
    try {
      const { bar } = await admit(person);
      if (bar === 'account-unknown') return bar;
      if (bar !== undefined) return { view: homeSentence(barSentence(bar)), orders: new Set(), barred: true };
      const summary = await summarize(person);
      const orders = new Set(ordersOnHome(summary).map(({ id }) => id));
      return { view: homeTab(summary, notice), orders };
    } catch (err) {
      log.error({ err, userId: person.userId }, 'home tab could not be drawn');
      const sentences = [notice, errorSentence(err)].filter((each) => each !== undefined);
      return { view: homeSentence([...new Set(sentences)].join('\n')), orders: undefined };
    }
  };
}

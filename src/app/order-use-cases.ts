import type { makeBandwidth } from '../bandwidth/client.js';
import type { SentOrders } from '../orders/engine/placing/sent-orders.js';
import type { CheckApproval } from '../orders/policy/check-approval.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Accounts } from '../orders/ports/people.js';
import { makeBrowseSearch } from '../orders/use-cases/browse-search.js';
import { makeCancelOrder } from '../orders/use-cases/cancel-order.js';
import type { LinkOf } from '../orders/use-cases/card-link.js';
import { makeCheckMessaging } from '../orders/use-cases/check-messaging.js';
import { makeCheckMove } from '../orders/use-cases/check-move.js';
import { makeCheckName } from '../orders/use-cases/check-name.js';
import { makeCheckNumbers } from '../orders/use-cases/check-numbers.js';
import { makeCheckOffered } from '../orders/use-cases/check-offered.js';
import { makeCheckPicks } from '../orders/use-cases/check-picks.js';
import { makeCheckStock } from '../orders/use-cases/check-stock.js';
import { makeCloseBackOrder } from '../orders/use-cases/close-back-order.js';
import type { DecisionDeps } from '../orders/use-cases/conclude-action.js';
import { makeEditOrder, makeMayEdit } from '../orders/use-cases/edit-order.js';
import { makeEvaluatePolicy } from '../orders/use-cases/evaluate-policy.js';
import { makeExplainPolicy } from '../orders/use-cases/explain-policy.js';
import { makeKeepBasket } from '../orders/use-cases/keep-basket.js';
import { makeLastPlace } from '../orders/use-cases/last-place.js';
import { makeListCampaigns } from '../orders/use-cases/list-campaigns.js';
import { makeListOrders } from '../orders/use-cases/list-orders.js';
import { makeListPlaces } from '../orders/use-cases/list-places.js';
import { makeLookUpNumber } from '../orders/use-cases/look-up-number.js';
import { makeReadAudit } from '../orders/use-cases/read-audit.js';
import { makeRecheckAvailability } from '../orders/use-cases/recheck-availability.js';
import {
  makeAskAgain,
  makeChangeBack,
  makeDisconnectDelivered,
  makeOrderMissing,
} from '../orders/use-cases/reopen-order.js';
import { makeMayActivate, makeRequestActivation } from '../orders/use-cases/request-activation.js';
import { makeRequestOrder } from '../orders/use-cases/request-order.js';
import { makeCheckAgain, makeGiveUp, makeOrderAgain } from '../orders/use-cases/resume-order.js';
import { makeMayReview, makeReviewOrder } from '../orders/use-cases/review-order.js';
import { makeSearchNumbers } from '../orders/use-cases/search-numbers.js';
import type { Store } from '../store/open-store.js';

/** Builds what people do with searches, orders and single numbers. Starts nothing. */
export function buildOrderUseCases(deps: {
  readonly deciding: DecisionDeps & { readonly accounts: Accounts; readonly clock: Clock };
  readonly store: Store;
  readonly carrier: ReturnType<typeof makeBandwidth>;
  readonly checkApproval: CheckApproval;
  readonly sent: SentOrders;
  readonly linkOf: LinkOf;
}) {
  const { deciding, store, carrier, checkApproval, sent, linkOf } = deps;
  const { orders, limits, circumstances, clock, log } = deciding;
  const listPlaces = makeListPlaces({ carrier, clock });
  const checkNumbers = makeCheckNumbers({ carrier, orders, log });
  const evaluatePolicy = makeEvaluatePolicy({ limits, circumstances });
  const requestOrder = makeRequestOrder(deciding);
  return {
    searchNumbers: makeSearchNumbers({
      carrier,
      searches: store.searches,
      checkName: makeCheckName({ carrier, clock }),
      clock,
    }),
    browseSearch: makeBrowseSearch({ searches: store.searches }),
    listPlaces,
    listOrders: makeListOrders({ ...deciding, index: store.index, linkOf }),
    checkNumbers,
    checkMessaging: makeCheckMessaging({ checkNumbers, carrier, log }),
    listCampaigns: makeListCampaigns({ carrier, clock, log }),
    checkMove: makeCheckMove({ checkNumbers, listPlaces, carrier }),
    lookUpNumber: makeLookUpNumber({ ...deciding, carrier, places: listPlaces, index: store.index, linkOf }),
    checkStock: makeCheckStock({ carrier, clock, log }),
    checkOffered: makeCheckOffered({ carrier, clock, log }),
    keepBasket: makeKeepBasket({ baskets: store.baskets, orders, clock }),
    checkPicks: makeCheckPicks({ carrier, orders, clock, log }),
    requestOrder,
    mayActivate: makeMayActivate({ ...deciding, index: store.index }),
    requestActivation: makeRequestActivation({ ...deciding, index: store.index, requestOrder }),
    mayReview: makeMayReview(deciding),
    reviewOrder: makeReviewOrder({
      ...deciding,
      recheckNumbers: makeRecheckAvailability({ orders, carrier, clock, log }),
    }),
    mayEdit: makeMayEdit(deciding),
    editOrder: makeEditOrder(deciding),
    cancelOrder: makeCancelOrder({ ...deciding, carrier, sent }),
    lastPlace: makeLastPlace({ index: store.index }),
    askAgain: makeAskAgain(deciding),
    orderMissing: makeOrderMissing(deciding),
    disconnectDelivered: makeDisconnectDelivered(deciding),
    changeBack: makeChangeBack(deciding),
    checkAgain: makeCheckAgain(deciding),
    orderAgain: makeOrderAgain({ ...deciding, checkApproval }),
    giveUp: makeGiveUp(deciding),
    closeBackOrder: makeCloseBackOrder(deciding),
    evaluatePolicy,
    explainPolicy: makeExplainPolicy({ ...deciding, evaluatePolicy }),
    readAudit: makeReadAudit({ ...deciding, journal: store.journal }),
  };
}

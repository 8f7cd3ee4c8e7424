import type {
  App,
  BlockAction,
  ButtonAction,
  CheckboxesAction,
  ExternalSelectAction,
  StaticSelectAction,
} from '@slack/bolt';
import type { Admit } from '../orders/admit.js';
import type { AskAgain } from '../orders/ask-again.js';
import type { AskPolicy } from '../orders/ask-policy.js';
import type { BrowseSearch } from '../orders/browse-search.js';
import type { CancelOrder } from '../orders/cancel-order.js';
import type { CheckPicks } from '../orders/check-picks.js';
import type { CloseBackOrder } from '../orders/close-back-order.js';
import type { EditOrder, MayEdit } from '../orders/edit-order.js';
import type { ExplainPolicy } from '../orders/explain-policy.js';
import type { ListPlaces } from '../orders/list-places.js';
import type { Policy } from '../orders/policy.js';
import type { Log } from '../orders/ports.js';
import type { ReadAudit } from '../orders/read-audit.js';
import type { CheckNumbers } from '../orders/request-disconnect.js';
import type { RequestOrder } from '../orders/request-order.js';
import type { CheckAgain, GiveUp, OrderAgain } from '../orders/resume-order.js';
import type { MayReview, ReviewOrder } from '../orders/review-order.js';
import type { SearchNumbers } from '../orders/search-numbers.js';
import { actions, forms } from './blocks/action-ids.js';
import { SEARCH_FORM_KIND, searchFormCallbacks } from './blocks/search-form.js';
import { COMMAND } from './command.js';
import { makeGate } from './gate.js';
import type { ReadInstallation } from './installation.js';
import { onTick, onTurnPage } from './listeners/browse-search.js';
import { onCancel } from './listeners/cancel-order.js';
import { onCloseBackOrder } from './listeners/close-back-order.js';
import { onNumbersCommand } from './listeners/numbers-command.js';
import { allBut, onOutdatedForm, onOutdatedOptions, onOutdatedPress } from './listeners/outdated.js';
import { onAskAgain, onEdit } from './listeners/reopen-request.js';
import { onDisconnectForm, onMoreRoom } from './listeners/request-disconnect.js';
import {
  onChooseSite,
  onLocationOptions,
  onOrderForm,
  onOrderSelected,
  onSearchFormToOrder,
  onSiteOptions,
} from './listeners/request-order.js';
import { onCheckAgain, onGiveUp, onOrderAgain } from './listeners/resume-order.js';
import { onApprove, onDecline, onDeclineForm } from './listeners/review-order.js';
import { onChangeSearch, onSearchForm, onSearchKind } from './listeners/search-numbers.js';
import type { PrivateAnswers } from './private-answers.js';
import { makeTellPeople } from './tell-people.js';

/** Everything people can do. */
export interface UseCases {
  readonly searchNumbers: SearchNumbers;
  readonly browseSearch: BrowseSearch;
  readonly listPlaces: ListPlaces;
  readonly checkNumbers: CheckNumbers;
  readonly checkPicks: CheckPicks;
  readonly requestOrder: RequestOrder;
  readonly mayReview: MayReview;
  readonly reviewOrder: ReviewOrder;
  readonly mayEdit: MayEdit;
  readonly editOrder: EditOrder;
  readonly cancelOrder: CancelOrder;
  readonly askAgain: AskAgain;
  readonly checkAgain: CheckAgain;
  readonly orderAgain: OrderAgain;
  readonly giveUp: GiveUp;
  readonly closeBackOrder: CloseBackOrder;
  readonly policy: Policy;
  readonly askPolicy: AskPolicy;
  readonly explainPolicy: ExplainPolicy;
  readonly readAudit: ReadAudit;
  /** The sub-account and location the order form offers first. */
  readonly offered: { readonly siteId?: string; readonly peerId?: string };
  readonly installation: ReadInstallation;
  readonly admit: Admit;
  readonly answers: PrivateAnswers;
  readonly log: Log;
}

type Button = BlockAction<ButtonAction>;

/** The table of contents: which command, button, field or form leads to which use case. */
export function listen(bolt: App, does: UseCases): void {
  bolt.use(makeTellPeople(does));
  bolt.use(makeGate(does));

  bolt.command(COMMAND, onNumbersCommand(does));

  // Search
  bolt.action<BlockAction<StaticSelectAction>>(SEARCH_FORM_KIND, onSearchKind);
  bolt.view(searchFormCallbacks.search, onSearchForm(does));
  bolt.action<BlockAction<CheckboxesAction>>(actions.tickNumbers, onTick(does));
  bolt.action<Button>(actions.nextPage, onTurnPage(does, 1));
  bolt.action<Button>(actions.previousPage, onTurnPage(does, -1));
  bolt.action<Button>(actions.changeSearch, onChangeSearch(does));

  // Order
  bolt.action<Button>(actions.orderSelected, onOrderSelected(does));
  bolt.view(searchFormCallbacks.order, onSearchFormToOrder(does));
  bolt.action<BlockAction<ExternalSelectAction>>(actions.chooseSite, onChooseSite);
  bolt.options(actions.chooseSite, onSiteOptions(does));
  bolt.options(actions.chooseLocation, onLocationOptions(does));
  bolt.view(forms.order, onOrderForm(does));

  // Disconnect
  bolt.action<Button>(actions.moreRoom, onMoreRoom);
  bolt.view(forms.disconnect, onDisconnectForm(does));

  // Approve
  bolt.action<Button>(actions.approve, onApprove(does));
  bolt.action<Button>(actions.decline, onDecline(does));
  bolt.view(forms.decline, onDeclineForm(does));
  bolt.action<Button>(actions.edit, onEdit(does));
  bolt.action<Button>(actions.cancel, onCancel(does));
  bolt.action<Button>(actions.undo, onCancel(does));
  bolt.action<Button>(actions.askAgain, onAskAgain(does));

  // An order that left no trace at Bandwidth
  bolt.action<Button>(actions.checkAgain, onCheckAgain(does));
  bolt.action<Button>(actions.orderAgain, onOrderAgain(does));
  bolt.action<Button>(actions.giveUp, onGiveUp(does));

  // A back-order
  bolt.action<Button>(actions.closeBackOrder, onCloseBackOrder(does));

  // Whatever an earlier version has drawn
  const elements = [SEARCH_FORM_KIND, ...Object.values(actions)];
  bolt.action<BlockAction>(allBut(elements), onOutdatedPress(does));
  bolt.options(allBut(elements), onOutdatedOptions);
  bolt.view(allBut([...Object.values(searchFormCallbacks), ...Object.values(forms)]), onOutdatedForm(does));
}

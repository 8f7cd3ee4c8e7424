import type {
  App,
  BlockAction,
  ButtonAction,
  CheckboxesAction,
  ExternalSelectAction,
  StaticSelectAction,
} from '@slack/bolt';
import type { Admit } from '../orders/policy/admit.js';
import type { Policy } from '../orders/policy/policy.js';
import type { Log } from '../orders/ports.js';
import type { AskPolicy } from '../orders/use-cases/ask-policy.js';
import type { BrowseSearch } from '../orders/use-cases/browse-search.js';
import type { CancelOrder } from '../orders/use-cases/cancel-order.js';
import type { CheckNumbers } from '../orders/use-cases/check-numbers.js';
import type { CheckPicks } from '../orders/use-cases/check-picks.js';
import type { CloseBackOrder } from '../orders/use-cases/close-back-order.js';
import type { EditOrder, MayEdit } from '../orders/use-cases/edit-order.js';
import type { ExplainPolicy } from '../orders/use-cases/explain-policy.js';
import type { ListPlaces } from '../orders/use-cases/list-places.js';
import type { ReadAudit } from '../orders/use-cases/read-audit.js';
import type { ReopenOrder } from '../orders/use-cases/reopen-order.js';
import type { RequestOrder } from '../orders/use-cases/request-order.js';
import type { CheckAgain, GiveUp, OrderAgain } from '../orders/use-cases/resume-order.js';
import type { MayReview, ReviewOrder } from '../orders/use-cases/review-order.js';
import type { SearchNumbers } from '../orders/use-cases/search-numbers.js';
import { makeGate } from './access/gate.js';
import type { ReadInstallation } from './access/installation.js';
import { actions, forms } from './blocks/action-ids.js';
import { SEARCH_FORM_KIND, searchFormCallbacks } from './blocks/forms/search-form.js';
import { COMMAND } from './commands/command.js';
import { onPolicy } from './listeners/ask-policy.js';
import { onTick, onTurnPage } from './listeners/browse-search.js';
import { onCancel } from './listeners/cancel-order.js';
import { onCloseBackOrder } from './listeners/close-back-order.js';
import { onElsewhere, onHelp, onNumbersCommand, onUnknown } from './listeners/numbers-command.js';
import { allBut, onOutdatedForm, onOutdatedOptions, onOutdatedPress } from './listeners/outdated.js';
import { onAudit } from './listeners/read-audit.js';
import { onAskAgain, onEdit } from './listeners/reopen-order.js';
import {
  onDisconnect,
  onDisconnectForm,
  onDisconnectWithoutWords,
  onMoreRoom,
} from './listeners/request-disconnect.js';
import {
  onChooseSite,
  onLocationOptions,
  onOrder,
  onOrderForm,
  onOrderSelected,
  onOrderWithoutWords,
  onSearchFormToOrder,
  onSiteOptions,
} from './listeners/request-order.js';
import { onCheckAgain, onGiveUp, onOrderAgain } from './listeners/resume-order.js';
import { onApprove, onDecline, onDeclineForm } from './listeners/review-order.js';
import {
  onChangeSearch,
  onSearch,
  onSearchForm,
  onSearchKind,
  onSearchWithoutWords,
} from './listeners/search-numbers.js';
import { makeErrorMiddleware } from './messages/error-middleware.js';
import type { PrivateAnswers } from './messages/private-answers.js';

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
  readonly askAgain: ReopenOrder;
  readonly checkAgain: CheckAgain;
  readonly orderAgain: OrderAgain;
  readonly giveUp: GiveUp;
  readonly closeBackOrder: CloseBackOrder;
  readonly policy: Policy;
  readonly askPolicy: AskPolicy;
  readonly explainPolicy: ExplainPolicy;
  readonly readAudit: ReadAudit;
  /** The sub-account and location the order form suggests first. */
  readonly offered: { readonly siteId?: string; readonly peerId?: string };
  readonly installation: ReadInstallation;
  readonly admit: Admit;
  readonly answers: PrivateAnswers;
  readonly log: Log;
}

type Button = BlockAction<ButtonAction>;

/** The table of contents: which command and subcommand, button, field or form leads to which use case. */
export function listen(bolt: App, deps: UseCases): void {
  bolt.use(makeErrorMiddleware(deps));
  bolt.use(makeGate(deps));

  bolt.command(
    COMMAND,
    onNumbersCommand({
      help: onHelp,
      'search-form': onSearchWithoutWords,
      search: onSearch(deps),
      'order-form': onOrderWithoutWords,
      order: onOrder(deps),
      'disconnect-form': onDisconnectWithoutWords,
      disconnect: onDisconnect(deps),
      policy: onPolicy(deps),
      audit: onAudit(deps),
      elsewhere: onElsewhere,
      unknown: onUnknown,
    }),
  );

  // Search
  bolt.action<BlockAction<StaticSelectAction>>(SEARCH_FORM_KIND, onSearchKind);
  bolt.view(searchFormCallbacks.search, onSearchForm(deps));
  bolt.action<BlockAction<CheckboxesAction>>(actions.tickNumbers, onTick(deps));
  bolt.action<Button>(actions.nextPage, onTurnPage(deps, 1));
  bolt.action<Button>(actions.previousPage, onTurnPage(deps, -1));
  bolt.action<Button>(actions.changeSearch, onChangeSearch(deps));

  // Order
  bolt.action<Button>(actions.orderSelected, onOrderSelected(deps));
  bolt.view(searchFormCallbacks.order, onSearchFormToOrder(deps));
  bolt.action<BlockAction<ExternalSelectAction>>(actions.chooseSite, onChooseSite);
  bolt.options(actions.chooseSite, onSiteOptions(deps));
  bolt.options(actions.chooseLocation, onLocationOptions(deps));
  bolt.view(forms.order, onOrderForm(deps));

  // Disconnect
  bolt.action<Button>(actions.moreRoom, onMoreRoom);
  bolt.view(forms.disconnect, onDisconnectForm(deps));

  // Approve
  bolt.action<Button>(actions.approve, onApprove(deps));
  bolt.action<Button>(actions.decline, onDecline(deps));
  bolt.view(forms.decline, onDeclineForm(deps));
  bolt.action<Button>(actions.edit, onEdit(deps));
  bolt.action<Button>(actions.cancel, onCancel(deps));
  bolt.action<Button>(actions.undo, onCancel(deps));
  bolt.action<Button>(actions.askAgain, onAskAgain(deps));

  // An order without a trace at Bandwidth
  bolt.action<Button>(actions.checkAgain, onCheckAgain(deps));
  bolt.action<Button>(actions.orderAgain, onOrderAgain(deps));
  bolt.action<Button>(actions.giveUp, onGiveUp(deps));

  // A back-order
  bolt.action<Button>(actions.closeBackOrder, onCloseBackOrder(deps));

  // Anything rendered by an earlier version
  const elements = [SEARCH_FORM_KIND, ...Object.values(actions)];
  bolt.action<BlockAction>(allBut(elements), onOutdatedPress(deps));
  bolt.options(allBut(elements), onOutdatedOptions);
  bolt.view(allBut([...Object.values(searchFormCallbacks), ...Object.values(forms)]), onOutdatedForm(deps));
}

import type {
  App,
  BlockAction,
  ButtonAction,
  CheckboxesAction,
  ExternalSelectAction,
  MessageShortcut,
  StaticSelectAction,
} from '@slack/bolt';
import type { Admit } from '../orders/policy/admit.js';
import type { Policy } from '../orders/policy/policy.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import type { BrowseSearch } from '../orders/use-cases/browse-search.js';
import type { CancelOrder } from '../orders/use-cases/cancel-order.js';
import type { CheckMessaging } from '../orders/use-cases/check-messaging.js';
import type { CheckMove } from '../orders/use-cases/check-move.js';
import type { CheckNumbers } from '../orders/use-cases/check-numbers.js';
import type { CheckOffered } from '../orders/use-cases/check-offered.js';
import type { CheckPicks } from '../orders/use-cases/check-picks.js';
import type { CheckStock } from '../orders/use-cases/check-stock.js';
import type { CloseBackOrder } from '../orders/use-cases/close-back-order.js';
import type { DelegateApprovals } from '../orders/use-cases/delegate-approvals.js';
import type { EditOrder, MayEdit } from '../orders/use-cases/edit-order.js';
import type { EvaluatePolicy } from '../orders/use-cases/evaluate-policy.js';
import type { ExplainDrift, MayExplain } from '../orders/use-cases/explain-drift.js';
import type { ExplainPolicy } from '../orders/use-cases/explain-policy.js';
import type { KeepBasket } from '../orders/use-cases/keep-basket.js';
import type { LastPlace } from '../orders/use-cases/last-place.js';
import type { LinksOf } from '../orders/use-cases/links-of.js';
import type { ListCampaigns } from '../orders/use-cases/list-campaigns.js';
import type { ListOrders } from '../orders/use-cases/list-orders.js';
import type { ListPlaces } from '../orders/use-cases/list-places.js';
import type { ReadAudit } from '../orders/use-cases/read-audit.js';
import type { ReopenOrder } from '../orders/use-cases/reopen-order.js';
import type { AskDrift } from '../orders/use-cases/report-drift.js';
import type { ReportStatus } from '../orders/use-cases/report-status.js';
import type { MayActivate, RequestActivation } from '../orders/use-cases/request-activation.js';
import type { RequestOrder } from '../orders/use-cases/request-order.js';
import type { CheckAgain, GiveUp, OrderAgain } from '../orders/use-cases/resume-order.js';
import type { MayReview, ReviewOrder } from '../orders/use-cases/review-order.js';
import type { SearchNumbers } from '../orders/use-cases/search-numbers.js';
import type { ReadInstallation } from './access/installation.js';
import { actions, forms, shortcuts } from './blocks/action-ids.js';
import { searchFormCallbacks } from './blocks/forms/search-form.js';
import { SEARCH_FORM_KIND } from './blocks/forms/search-form-fields.js';
import { COMMAND } from './commands/command.js';
import type { FetchFile } from './import/fetch-file.js';
import { onActivate, onActivateForm } from './listeners/activate-numbers.js';
import { onTick, onTurnPage } from './listeners/browse-search.js';
import { onCancel } from './listeners/cancel-order.js';
import { onChooseSite, onLocationOptions, onSiteOptions } from './listeners/choose-place.js';
import { onCloseBackOrder } from './listeners/close-back-order.js';
import { onAway, onBack } from './listeners/delegate-approvals.js';
import { onEdit } from './listeners/edit-order.js';
import { onPolicy } from './listeners/explain-policy.js';
import { onAskAgain, onChangeBack, onDisconnectDelivered, onOrderMissing } from './listeners/follow-up.js';
import { makeGate } from './listeners/gate.js';
import { onChannelForm, onHomeOpened, onMention, onStart } from './listeners/home-tab.js';
import { onImport, onImportForm, onImportReview, onImportShortcut } from './listeners/import-file.js';
import {
  type InventoryAnswers,
  onList,
  onNumbersFile,
  onTurnNumbersPage,
} from './listeners/list-inventory.js';
import { onOrders, onPageOfOrders } from './listeners/list-orders.js';
import { type NumberAnswers, onWho, onWholeNumbers } from './listeners/look-up-number.js';
import { onMoreLikeThis } from './listeners/more-like-this.js';
import {
  onElsewhere,
  onHelp,
  onHelpTopic,
  onNumbersCommand,
  onUnknown,
} from './listeners/numbers-command.js';
import { allBut, onOutdatedForm, onOutdatedOptions, onOutdatedPress } from './listeners/outdated.js';
import { onAddToOrder, onOrderPicked, onPicked, onStartOver } from './listeners/pick-numbers.js';
import { onAudit } from './listeners/read-audit.js';
import { onDrift, onDriftCsv, onExplainDrift, onExplainForm } from './listeners/report-drift.js';
import { onStatus } from './listeners/report-status.js';
import {
  onChangeForm,
  onMessaging,
  onMessagingOptions,
  onMove,
  onTargetOptions,
} from './listeners/request-change.js';
import {
  onAddField,
  onDisconnect,
  onDisconnectForm,
  onDisconnectNumber,
  onDisconnectWithoutWords,
} from './listeners/request-disconnect.js';
import {
  onOrder,
  onOrderForm,
  onOrderNumber,
  onOrderSelected,
  onOrderWithoutWords,
  onSearchFormToOrder,
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
import { onImportTemplate } from './listeners/send-templates.js';
import { makeErrorMiddleware } from './messages/error-middleware.js';
import type { HomeTabs } from './messages/home-tabs.js';
import { HOME_OPENED } from './messages/private-answers.js';
import type { ResultsCollapser } from './messages/results-collapser.js';

/** What the listeners depend on. */
export interface ListenerDeps extends NumberAnswers, InventoryAnswers {
  readonly searchNumbers: SearchNumbers;
  readonly browseSearch: BrowseSearch;
  readonly listOrders: ListOrders;
  readonly listPlaces: ListPlaces;
  readonly checkNumbers: CheckNumbers;
  readonly checkMove: CheckMove;
  readonly checkMessaging: CheckMessaging;
  readonly listCampaigns: ListCampaigns;
  readonly keepBasket: KeepBasket;
  readonly checkOffered: CheckOffered;
  readonly checkPicks: CheckPicks;
  readonly checkStock: CheckStock;
  readonly requestOrder: RequestOrder;
  readonly mayReview: MayReview;
  readonly reviewOrder: ReviewOrder;
  readonly mayEdit: MayEdit;
  readonly editOrder: EditOrder;
  readonly cancelOrder: CancelOrder;
  readonly askAgain: ReopenOrder;
  readonly orderMissing: ReopenOrder;
  readonly disconnectDelivered: ReopenOrder;
  readonly changeBack: ReopenOrder;
  readonly mayActivate: MayActivate;
  readonly requestActivation: RequestActivation;
  readonly lastPlace: LastPlace;
  readonly collapser: ResultsCollapser;
  readonly checkAgain: CheckAgain;
  readonly orderAgain: OrderAgain;
  readonly giveUp: GiveUp;
  readonly closeBackOrder: CloseBackOrder;
  readonly policy: Policy;
  readonly evaluatePolicy: EvaluatePolicy;
  readonly explainPolicy: ExplainPolicy;
  readonly readAudit: ReadAudit;
  readonly delegateApprovals: DelegateApprovals;
  readonly askDrift: AskDrift;
  readonly mayExplainDrift: MayExplain;
  readonly explainDrift: ExplainDrift;
  readonly linksOf: LinksOf;
  readonly reportStatus: ReportStatus;
  readonly fetchFile: FetchFile;
  /** The sub-account and location the order form suggests first. */
  readonly offered: { readonly siteId?: string; readonly peerId?: string };
  readonly installation: ReadInstallation;
  readonly admit: Admit;
  readonly clock: Pick<Clock, 'now'>;
  readonly homes: HomeTabs;
  readonly log: Log;
}

type Button = BlockAction<ButtonAction>;

/** The routing table: which command and subcommand, button, field or form leads to which use case. */
export function listen(bolt: App, deps: ListenerDeps): void {
  bolt.use(makeErrorMiddleware(deps));
  bolt.use(makeGate(deps));

  bolt.command(
    COMMAND,
    onNumbersCommand({
      help: onHelp,
      'search-form': onSearchWithoutWords,
      search: onSearch(deps),
      'order-form': onOrderWithoutWords(deps),
      order: onOrder(deps),
      picked: onPicked(deps),
      'disconnect-form': onDisconnectWithoutWords(deps),
      disconnect: onDisconnect(deps),
      move: onMove(deps),
      messaging: onMessaging(deps),
      who: onWho(deps),
      'whole-numbers': onWholeNumbers(deps),
      list: onList(deps),
      orders: onOrders(deps),
      import: onImport(deps),
      'import-template': onImportTemplate(deps),
      policy: onPolicy(deps),
      audit: onAudit(deps),
      away: onAway(deps),
      back: onBack(deps),
      drift: onDrift(deps),
      status: onStatus(deps),
      elsewhere: onElsewhere,
      unknown: onUnknown,
    }),
  );

  // Help
  for (const topic of [actions.helpSearch, actions.helpOrder, actions.helpRecords]) {
    bolt.action<Button>(topic, onHelpTopic(deps));
  }

  // Search, and lists of orders
  bolt.action<BlockAction<StaticSelectAction>>(SEARCH_FORM_KIND, onSearchKind);
  bolt.view(searchFormCallbacks.search, onSearchForm(deps));
  bolt.action<BlockAction<CheckboxesAction>>(actions.tickNumbers, onTick(deps));
  bolt.action<Button>(actions.nextPage, onTurnPage(deps, 1));
  bolt.action<Button>(actions.previousPage, onTurnPage(deps, -1));
  bolt.action<Button>(actions.changeSearch, onChangeSearch(deps));
  bolt.action<Button>(actions.addToOrder, onAddToOrder(deps));
  bolt.action<Button>(actions.orderPicked, onOrderPicked(deps));
  bolt.action<Button>(actions.startOver, onStartOver(deps));
  bolt.action<Button>(actions.moreLikeThis, onMoreLikeThis(deps));
  bolt.action<Button>(actions.olderOrders, onPageOfOrders(deps));
  bolt.action<Button>(actions.newerOrders, onPageOfOrders(deps));

  // Order
  bolt.action<Button>(actions.orderSelected, onOrderSelected(deps));
  bolt.view(searchFormCallbacks.order, onSearchFormToOrder(deps));
  bolt.action<BlockAction<ExternalSelectAction>>(actions.chooseSite, onChooseSite(deps));
  bolt.options(actions.chooseSite, onSiteOptions(deps));
  bolt.options(actions.chooseLocation, onLocationOptions(deps));
  bolt.view(forms.order, onOrderForm(deps));

  // Disconnect
  bolt.action<Button>(actions.addField, onAddField);
  bolt.view(forms.disconnect, onDisconnectForm(deps));

  // A CSV file
  bolt.view(forms.import, onImportForm(deps));
  bolt.view(forms.importReview, onImportReview(deps));
  bolt.shortcut<MessageShortcut>(
    { type: 'message_action', callback_id: shortcuts.importFile },
    onImportShortcut(deps),
  );

  // Move, and change messaging
  bolt.options(actions.chooseTarget, onTargetOptions(deps));
  bolt.options(actions.chooseMessaging, onMessagingOptions(deps));
  bolt.view(forms.change, onChangeForm(deps));
  bolt.action<Button>(actions.changeBack, onChangeBack(deps));

  // A number that was looked up, and the account's numbers
  bolt.action<Button>(actions.disconnectNumber, onDisconnectNumber(deps));
  bolt.action<Button>(actions.orderNumber, onOrderNumber(deps));
  bolt.action<Button>(actions.previousNumbers, onTurnNumbersPage(deps));
  bolt.action<Button>(actions.nextNumbers, onTurnNumbersPage(deps));
  bolt.action<Button>(actions.numbersFile, onNumbersFile(deps));

  // Approve
  bolt.action<Button>(actions.approve, onApprove(deps));
  bolt.action<Button>(actions.decline, onDecline(deps));
  bolt.view(forms.decline, onDeclineForm(deps));
  bolt.action<Button>(actions.edit, onEdit(deps));
  bolt.action<Button>(actions.cancel, onCancel(deps));
  bolt.action<Button>(actions.undo, onCancel(deps));

  // After the end of an order
  bolt.action<Button>(actions.askAgain, onAskAgain(deps));
  bolt.action<Button>(actions.orderMissing, onOrderMissing(deps));
  bolt.action<Button>(actions.disconnectDelivered, onDisconnectDelivered(deps));
  bolt.action<Button>(actions.activate, onActivate(deps));
  bolt.view(forms.activate, onActivateForm(deps));

  // An order without a trace at Bandwidth, or on back-order
  bolt.action<Button>(actions.checkAgain, onCheckAgain(deps));
  bolt.action<Button>(actions.orderAgain, onOrderAgain(deps));
  bolt.action<Button>(actions.giveUp, onGiveUp(deps));
  bolt.action<Button>(actions.closeBackOrder, onCloseBackOrder(deps));

  // The Home tab, and mentions
  bolt.event(HOME_OPENED, onHomeOpened(deps));
  bolt.event('app_mention', onMention(deps));
  bolt.action<Button>(actions.homeSearch, onStart('search'));
  bolt.action<Button>(actions.homeOrder, onStart('order'));
  bolt.action<Button>(actions.homeDisconnect, onStart('disconnect'));
  bolt.view(forms.channel, onChannelForm);

  // Drift
  bolt.action<Button>(actions.explainDrift, onExplainDrift(deps));
  bolt.action<Button>(actions.explainAllDrift, onExplainDrift(deps));
  bolt.action<Button>(actions.driftCsv, onDriftCsv(deps));
  bolt.view(forms.explainDrift, onExplainForm(deps));

  // Anything rendered by an earlier version
  const elements = [SEARCH_FORM_KIND, ...Object.values(actions)];
  bolt.action<BlockAction>(allBut(elements), onOutdatedPress(deps));
  bolt.options(allBut(elements), onOutdatedOptions);
  bolt.view(allBut([...Object.values(searchFormCallbacks), ...Object.values(forms)]), onOutdatedForm(deps));
}

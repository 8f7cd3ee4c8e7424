import { holdsOf, isHold } from '../../../orders/domain/holds.js';
import { NUMBERS_ON_A_CARD, type Order, type OrderIn } from '../../../orders/domain/order.js';
import { peopleAsked, type StandIn } from '../../../orders/domain/who-decides.js';
import { callNames } from '../approver-names.js';
import { listNumbers, mention, moment, typed } from '../format.js';
import { kindWords } from '../kind-words.js';
import { describeRequested, requestInText } from '../order/describe-request.js';

// Messages that ask people to decide, and what changes for them until they do.

/** Slack cuts longer messages, so that not everyone would be mentioned. */
const MENTIONED = 100;

/**
 * Mentions everyone who can decide, and says what is requested, by whom and until when.
 *
 * @param standIns who is asked instead of approvers who are away.
 */
export function callText(order: OrderIn<'awaiting-approval'>, standIns: readonly StandIn[]): string {
  const { users = [], groups = [] } = peopleAsked(order) ?? {};
  const who = callNames({ users, groups }, standIns).slice(0, MENTIONED).join(', ');
  return `${who} please decide by ${moment(order.expiresAt)}: ${whatIsAsked(order)}.`;
}

/** The same for one person. */
export function directCallText(order: OrderIn<'awaiting-approval'>, link: string | undefined): string {
  const where = link === undefined ? '' : ` <${link}|Open the card>`;
  return `Please decide by ${moment(order.expiresAt)}: ${whatIsAsked(order)}.${where}`;
}

/** "order of 2 numbers in 910 for @ana (Support line)", without a name that only repeats it. */
function whatIsAsked({ request, requester }: Order): string {
  const name = request.name === describeRequested(request) ? '' : ` (${typed(request.name, 100)})`;
  return `${requestInText(request)} for ${mention(requester)}${name}`;
}

/** Says that numbers are no longer held, and what that means. */
export function holdsLapsedText(order: OrderIn<'awaiting-approval'>): string {
  const lapsed = holdsOf(order)
    .filter(isHold('lapsed'))
    .map(({ number }) => number);
  const [it, has] = lapsed.length === 1 ? ['this number', 'its'] : ['these numbers', 'their'];
  return `${mention(order.requester)} the hold on ${listNumbers(lapsed, NUMBERS_ON_A_CARD)} expired before anyone decided. ${kindWords[order.request.kind].nothingDone} The order can still be approved, but another Bandwidth customer may take ${it} first. I'll check ${has} availability again at approval.`;
}

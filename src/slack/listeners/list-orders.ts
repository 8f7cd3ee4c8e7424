import type { Person } from '../../orders/domain/request.js';
import type { ListOrders } from '../../orders/use-cases/list-orders.js';
import { personOf } from '../access/people.js';
import {
  ordersAnswer,
  ordersFaultAnswer,
  type PageOfOrders,
  readPageOfOrders,
} from '../blocks/answers/orders-answer.js';
import { type Answer, OUTDATED_ELEMENT } from '../blocks/answers/problems.js';
import type { Press } from '../messages/card-presses.js';
import { type PrivateAnswers, recipientOf } from '../messages/private-answers.js';
import type { Subcommands } from './numbers-command.js';

interface Deps {
  readonly listOrders: ListOrders;
  readonly answers: PrivateAnswers;
}

/** `/numbers orders …`: only the person who asks sees the answer. */
export const onOrders =
  (deps: Deps): Subcommands['orders'] =>
  async ({ words }, { ack, person, recipient }) => {
    if ('fault' in words) return ack(ordersFaultAnswer(words.fault));
    await ack();
    const answer = await pageFor(deps, { question: words.orders, way: [] }, person);
    return deps.answers.send(recipient, answer);
  };

/** **Next** and **Previous**: the button says which page. */
export const onPageOfOrders =
  (deps: Deps): Press =>
  async ({ ack, action, body, context }) => {
    await ack();
    const recipient = recipientOf(body);
    if (recipient === undefined) return;
    const page = readPageOfOrders(action.value ?? '');
    if (page === undefined) return deps.answers.send(recipient, { text: OUTDATED_ELEMENT });
    await deps.answers.replace(recipient, await pageFor(deps, page, personOf(context)));
  };

async function pageFor({ listOrders }: Deps, page: PageOfOrders, person: Person): Promise<Answer> {
  const { requestedBy, ...others } = page.question;
  const filter =
    requestedBy === undefined
      ? others
      : { ...others, requestedBy: requestedBy === 'me' ? person.userId : requestedBy };
  return ordersAnswer(page, await listOrders(filter, person, page.way.at(-1)));
}

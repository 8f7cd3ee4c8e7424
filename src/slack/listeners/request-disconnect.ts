import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type {
  BlockAction,
  ButtonAction,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import type { Person } from '../../orders/domain/request.js';
import { inTime } from '../../orders/in-time.js';
import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal, type Refusal } from '../../orders/policy/refusal.js';
import type { Log } from '../../orders/ports.js';
import type { AskPolicy } from '../../orders/use-cases/ask-policy.js';
import type { CheckNumbers, NumberProblem } from '../../orders/use-cases/check-numbers.js';
import type { EditOrder, MayEdit } from '../../orders/use-cases/edit-order.js';
import type { RequestOrder } from '../../orders/use-cases/request-order.js';
import { personOf } from '../access/people.js';
import { numberProblemsSentence } from '../blocks/answers/disconnect-problems.js';
import { disconnectNotRequested } from '../blocks/answers/failures.js';
import { wrongNumbersAnswer } from '../blocks/answers/problems.js';
import { refusalUnderField, rulingSentence } from '../blocks/answers/refusals.js';
import {
  askedForApproval,
  type DisconnectAsked,
  disconnectFormAgain,
  lookingUp,
  newDisconnectForm,
  numberProblemErrors,
  readDisconnectForm,
  withMoreRoom,
} from '../blocks/forms/disconnect-form.js';
import { numbersField } from '../blocks/forms/disconnect-form-fields.js';
import { escapeText } from '../escape.js';
import { formWaits } from '../messages/error-middleware.js';
import { openForm, redrawForm } from '../messages/open-form.js';
import type { PrivateAnswers } from '../messages/private-answers.js';
import type { Subcommands } from './numbers-command.js';

interface Deps {
  readonly checkNumbers: CheckNumbers;
  readonly requestOrder: RequestOrder;
  readonly mayEdit: MayEdit;
  readonly editOrder: EditOrder;
  readonly policy: Policy;
  readonly askPolicy: AskPolicy;
  readonly answers: PrivateAnswers;
  readonly log: Pick<Log, 'warn'>;
}

/** Slack stops waiting after three seconds; an earlier answer is shown in the form itself. */
const ANSWER_WITHIN_MS = 2_000;
/** How long Slack may take to show the view of an acknowledgement. An update that arrives before it would be lost. */
const DRAWN_WITHIN_MS = 300;

/** `/numbers disconnect` alone. */
export const onDisconnectWithoutWords: Subcommands['disconnect-form'] = async (
  _,
  { ack, client, triggerId, channelId },
) => {
  await ack();
  await openDisconnectForm(client, triggerId, { numbers: [], channelId });
};

/** `/numbers disconnect …` */
export const onDisconnect =
  (deps: Pick<Deps, 'askPolicy' | 'policy'>): Subcommands['disconnect'] =>
  async ({ words: { numbers, wrong } }, { ack, client, triggerId, person, channelId }) => {
    if (wrong.length > 0 || numbers.length === 0) return ack(wrongNumbersAnswer(wrong));
    const quantity = numbers.length;
    const ruling = await deps.askPolicy({ kind: 'disconnect', quantity, requester: person, channelId });
    const refusal = rulingSentence(ruling, deps.policy);
    if (refusal !== undefined) return ack(refusal);
    await ack();
    return openDisconnectForm(client, triggerId, { numbers, channelId });
  };

async function openDisconnectForm(
  client: WebClient,
  triggerId: string,
  given: { readonly numbers: readonly PhoneNumber[]; readonly channelId: string },
): Promise<void> {
  await openForm(client, triggerId, newDisconnectForm({ orderId: randomUUID(), ...given }));
}

/** **Add another field** */
export const onMoreRoom: Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>> = async ({
  ack,
  body,
  client,
}) => {
  await ack();
  const view = body.view && withMoreRoom(body.view);
  if (body.view === undefined || view === undefined) return;
  await redrawForm(client, { view_id: body.view.id, hash: body.view.hash }, view);
};

/**
 * **Submit for approval**, or **Save** of an edit. Every number is looked up before anything is recorded. An answer
 * that takes longer than Slack waits is added to the form when it arrives.
 */
export const onDisconnectForm =
  (deps: Deps, answerWithinMs = ANSWER_WITHIN_MS): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, client, context }) => {
    const asked = readDisconnectForm(view);
    if ('errors' in asked) return ack({ response_action: 'errors', errors: asked.errors });
    const person = personOf(context);
    const { length: quantity } = asked.numbers;
    const ruling = await deps.askPolicy({
      kind: 'disconnect',
      quantity,
      requester: person,
      channelId: asked.channelId,
    });
    const sentence = rulingSentence(ruling, deps.policy);
    if (sentence !== undefined) {
      return ack({ response_action: 'errors', errors: { [numbersField(0)]: sentence } });
    }
    const working = lookUpAndAsk(deps, asked, person);
    const outcome = await inTime(answerWithinMs, working);
    if (outcome !== undefined) {
      const errors = errorsOf(outcome, view, deps.policy);
      return errors === undefined ? ack() : ack({ response_action: 'errors', errors });
    }

    // A failure is shown in the same place as an answer.
    const where = {
      viewId: view.id,
      channelId: asked.channelId,
      userId: person.userId,
      notRequested: disconnectNotRequested(asked.edition !== undefined),
    };
    const say = (drawing: ModalView, sentence: string) => showOrTell(deps, client, where, drawing, sentence);
    formWaits(context, (advice) => say(disconnectFormAgain(asked, advice), advice));
    await ack({ response_action: 'update', view: lookingUp(asked) });
    const [late] = await Promise.all([working, pause(DRAWN_WITHIN_MS, undefined, { ref: false })]);
    const trouble = sentenceOf(late, deps.policy);
    // The card says it too, so nothing is sent when the form can't be updated.
    if (trouble === undefined) await drawn(deps, client, view.id, askedForApproval(asked));
    else await say(disconnectFormAgain(asked, trouble), trouble);
  };

/** The result of a form that was filled in correctly. */
type Result =
  | { readonly result: 'asked' }
  | { readonly result: 'problems'; readonly problems: readonly NumberProblem[] }
  | { readonly result: 'refused'; readonly refusal: Refusal };

async function lookUpAndAsk(deps: Deps, asked: DisconnectAsked, requester: Person): Promise<Result> {
  const { orderId: id, channelId, numbers, edition } = asked;
  // A decision made in the meantime matters more than the state of the numbers.
  const may = edition === undefined ? undefined : await deps.mayEdit(id, requester);
  if (may !== undefined && isRefusal(may)) return { result: 'refused', refusal: may };
  const checked = await deps.checkNumbers(numbers, id);
  if ('problems' in checked) return { result: 'problems', problems: checked.problems };
  const request = { ...asked.request, inService: checked.inService };
  const order =
    edition === undefined
      ? await deps.requestOrder({ id, request, requester, channelId })
      : await deps.editOrder(id, requester, { edition, request });
  return isRefusal(order) ? { result: 'refused', refusal: order } : { result: 'asked' };
}

function errorsOf(
  result: Result,
  view: ViewSubmitAction['view'],
  policy: Policy,
): Record<string, string> | undefined {
  switch (result.result) {
    case 'asked':
      return undefined;
    case 'problems':
      return numberProblemErrors(view, result.problems);
    case 'refused':
      return { [numbersField(0)]: refusalUnderField(result.refusal.refused, { ...result.refusal, policy }) };
  }
}

/** Longer than under a field, for the top of the form or the channel. */
const PROBLEMS_SHOWN = 1_500;

function sentenceOf(result: Result, policy: Policy): string | undefined {
  switch (result.result) {
    case 'asked':
      return undefined;
    case 'problems':
      return numberProblemsSentence(result.problems, PROBLEMS_SHOWN);
    case 'refused':
      return refusalUnderField(result.refusal.refused, { ...result.refusal, policy });
  }
}

/** Returns false when the form is closed or Slack can't update it. */
async function drawn({ log }: Deps, client: WebClient, viewId: string, drawing: ModalView): Promise<boolean> {
  try {
    return await redrawForm(client, { view_id: viewId }, drawing);
  } catch (err) {
    log.warn({ err }, 'form update failed');
    return false;
  }
}

/** Updates the form; when that isn't possible, tells the person in the channel. */
async function showOrTell(
  deps: Deps,
  client: WebClient,
  where: {
    readonly viewId: string;
    readonly channelId: string;
    readonly userId: string;
    readonly notRequested: string;
  },
  drawing: ModalView,
  sentence: string,
): Promise<void> {
  if (await drawn(deps, client, where.viewId, drawing)) return;
  await deps.answers.send(where, { text: `${where.notRequested} ${escapeText(sentence)}` });
}

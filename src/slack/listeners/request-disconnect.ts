import { randomUUID } from 'node:crypto';
import type {
  BlockAction,
  ButtonAction,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import type { Person } from '../../orders/domain/request.js';
import type { Policy } from '../../orders/policy/policy.js';
import type { Log } from '../../orders/ports/log.js';
import type { CheckNumbers, NumberProblem } from '../../orders/use-cases/check-numbers.js';
import type { EvaluatePolicy } from '../../orders/use-cases/evaluate-policy.js';
import { personOf } from '../access/people.js';
import { numberProblemsSentence } from '../blocks/answers/number-problems.js';
import { OUTDATED_ELEMENT, wrongNumbersAnswer } from '../blocks/answers/problems.js';
import { rulingSentence } from '../blocks/answers/refusals.js';
import { changeNotRequested } from '../blocks/failures.js';
import {
  askedForApproval,
  disconnectFormAgain,
  lookingUp,
  newDisconnectForm,
  type RequestedDisconnect,
  readDisconnectForm,
  withMoreRoom,
} from '../blocks/forms/disconnect-form.js';
import { numberProblemErrors, numbersFieldId } from '../blocks/forms/numbers-fields.js';
import { readNumberPress } from '../blocks/number-press.js';
import { openForm, redrawForm } from '../messages/open-form.js';
import { type PrivateAnswers, recipientOf } from '../messages/private-answers.js';
import type { Subcommands } from './numbers-command.js';
import { answerSlowForm, FORM_TIMEOUT_MS } from './slow-form.js';
import {
  type SubmitDeps,
  type Submitted,
  submitErrors,
  submitRequest,
  submitSentence,
} from './submit-request.js';

interface Deps extends SubmitDeps {
  readonly checkNumbers: CheckNumbers;
  readonly policy: Policy;
  readonly evaluatePolicy: EvaluatePolicy;
  readonly answers: PrivateAnswers;
  readonly log: Pick<Log, 'warn'>;
}

/** `/numbers disconnect` alone. */
export const onDisconnectWithoutWords =
  (deps: Pick<Deps, 'evaluatePolicy' | 'policy'>): Subcommands['disconnect-form'] =>
  async (_, { ack, client, triggerId, person, channelId }) => {
    const refusal = await disconnectNotAllowed(deps, { quantity: 1, requester: person, channelId });
    if (refusal !== undefined) return ack(refusal);
    await ack();
    return openDisconnectForm(client, triggerId, { numbers: [], channelId });
  };

/** `/numbers disconnect …` */
export const onDisconnect =
  (deps: Pick<Deps, 'evaluatePolicy' | 'policy'>): Subcommands['disconnect'] =>
  async ({ words: { numbers, wrong } }, { ack, client, triggerId, person, channelId }) => {
    if (wrong.length > 0 || numbers.length === 0) return ack(wrongNumbersAnswer(wrong));
    const refusal = await disconnectNotAllowed(deps, {
      quantity: numbers.length,
      requester: person,
      channelId,
    });
    if (refusal !== undefined) return ack(refusal);
    await ack();
    return openDisconnectForm(client, triggerId, { numbers, channelId });
  };

/** **Disconnect…** beside a number that was looked up: the same as typing the command for it. */
export const onDisconnectNumber =
  (
    deps: Pick<Deps, 'evaluatePolicy' | 'policy' | 'answers'>,
  ): Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>> =>
  async ({ ack, action, body, client, context }) => {
    await ack();
    const press = readNumberPress(action.value);
    const recipient = recipientOf(body);
    if (press === undefined) {
      if (recipient !== undefined) await deps.answers.send(recipient, { text: OUTDATED_ELEMENT });
      return;
    }
    const { number, channelId } = press;
    const requester = personOf(context);
    const refusal = await disconnectNotAllowed(deps, { quantity: 1, requester, channelId });
    if (refusal === undefined) {
      await openDisconnectForm(client, body.trigger_id, { numbers: [number], channelId });
    } else if (recipient !== undefined) await deps.answers.send(recipient, { text: refusal });
  };

/** Why this person can't disconnect so many numbers in this channel, before anyone fills in a form. */
export async function disconnectNotAllowed(
  { evaluatePolicy, policy }: Pick<Deps, 'evaluatePolicy' | 'policy'>,
  asked: { readonly quantity: number; readonly requester: Person; readonly channelId: string },
): Promise<string | undefined> {
  return rulingSentence(await evaluatePolicy({ kind: 'disconnect', ...asked }), policy);
}

async function openDisconnectForm(
  client: WebClient,
  triggerId: string,
  given: { readonly numbers: readonly PhoneNumber[]; readonly channelId: string },
): Promise<void> {
  await openForm(client, triggerId, newDisconnectForm({ orderId: randomUUID(), ...given }));
}

/** **Add another field** */
export const onAddField: Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>> = async ({
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
  (deps: Deps, answerWithinMs = FORM_TIMEOUT_MS): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async (submitted) => {
    const { ack, view, context } = submitted;
    const asked = readDisconnectForm(view);
    if ('errors' in asked) return ack({ response_action: 'errors', errors: asked.errors });
    const person = personOf(context);
    const { length: quantity } = asked.numbers;
    const ruling = await deps.evaluatePolicy({
      kind: 'disconnect',
      quantity,
      requester: person,
      channelId: asked.channelId,
    });
    const sentence = rulingSentence(ruling, deps.policy);
    if (sentence !== undefined) {
      return ack({ response_action: 'errors', errors: { [numbersFieldId(0)]: sentence } });
    }
    return answerSlowForm(
      deps,
      submitted,
      lookUpAndAsk(deps, asked, person),
      {
        channelId: asked.channelId,
        notRequested: changeNotRequested('disconnect', asked.edition !== undefined),
        errorsOf: (result) =>
          submitErrors(result, deps.policy, (problems) => numberProblemErrors(view, problems)),
        sentenceOf: (result) =>
          submitSentence(result, deps.policy, (problems) => numberProblemsSentence(problems, PROBLEMS_SHOWN)),
        again: (notice) => disconnectFormAgain(asked, notice),
        waiting: lookingUp(asked),
        done: askedForApproval(asked),
      },
      answerWithinMs,
    );
  };

/** Why it can't be requested. */
type Problem = readonly NumberProblem[];

const lookUpAndAsk = (
  deps: Deps,
  asked: RequestedDisconnect,
  requester: Person,
): Promise<Submitted<Problem>> =>
  submitRequest(deps, asked, requester, async () => {
    const checked = await deps.checkNumbers(asked.numbers, asked.orderId);
    return 'problems' in checked
      ? { problem: checked.problems }
      : { request: { ...asked.request, inService: checked.inService } };
  });

/** Longer than under a field, for the top of the form or the channel. */
const PROBLEMS_SHOWN = 1_500;

import { randomUUID } from 'node:crypto';
import type {
  Middleware,
  SlackOptionsMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import type { PlainTextOption } from '@slack/types';
import type { Person } from '../../orders/domain/request.js';
import type { Policy } from '../../orders/policy/policy.js';
import { CarrierError } from '../../orders/ports/carrier.js';
import type { Log } from '../../orders/ports/log.js';
import type { CheckedMessaging, CheckMessaging } from '../../orders/use-cases/check-messaging.js';
import type { CheckedMove, CheckMove } from '../../orders/use-cases/check-move.js';
import type { EvaluatePolicy } from '../../orders/use-cases/evaluate-policy.js';
import { findLocations, meantLocation } from '../../orders/use-cases/find-locations.js';
import type { ListCampaigns } from '../../orders/use-cases/list-campaigns.js';
import type { ListPlaces } from '../../orders/use-cases/list-places.js';
import { personOf } from '../access/people.js';
import { numberProblemsSentence } from '../blocks/answers/number-problems.js';
import { CAMPAIGN_NOT_OURS, targetNotFound, wrongNumbersAnswer } from '../blocks/answers/problems.js';
import { rulingSentence } from '../blocks/answers/refusals.js';
import { changeNotRequested } from '../blocks/failures.js';
import {
  changeAskedFor,
  changeFormAgain,
  choiceFieldIn,
  lookingUpChange,
  newChangeForm,
  type RequestedChange,
  readChangeForm,
} from '../blocks/forms/change-form.js';
import type { ChangeKind, ChangeRequest } from '../blocks/forms/change-form-words.js';
import {
  locationChoice,
  locationChoices,
  messagingChoice,
  messagingChoices,
  readLocationChoice,
  readMessagingChoice,
} from '../blocks/forms/change-targets.js';
import { numberProblemErrors, numbersFieldId } from '../blocks/forms/numbers-fields.js';
import { placeProblems } from '../blocks/forms/order-form-place.js';
import { openForm, redrawForm } from '../messages/open-form.js';
import type { PrivateAnswers } from '../messages/private-answers.js';
import type { NumberList } from '../text/number-list.js';
import type { Subcommands, TypedCommand } from './numbers-command.js';
import { answerSlowForm, FORM_TIMEOUT_MS } from './slow-form.js';
import {
  type SubmitDeps,
  type Submitted,
  submitErrors,
  submitRequest,
  submitSentence,
} from './submit-request.js';

interface Deps extends SubmitDeps {
  readonly checkMove: CheckMove;
  readonly checkMessaging: CheckMessaging;
  readonly listPlaces: ListPlaces;
  readonly listCampaigns: ListCampaigns;
  readonly policy: Policy;
  readonly evaluatePolicy: EvaluatePolicy;
  readonly answers: PrivateAnswers;
  readonly log: Pick<Log, 'warn'>;
}

/** `/numbers move …` opens the form at once, and fills in the location that was typed once it is found. */
export const onMove =
  (deps: Pick<Deps, 'evaluatePolicy' | 'policy' | 'listPlaces'>): Subcommands['move'] =>
  async ({ words }, typed) => {
    const opened = await openChangeForm(deps, 'move', words, typed);
    if (words.target === undefined || opened === undefined) return undefined;
    const chosen = await chosenLocation(deps, words.target);
    return redrawForm(typed.client, opened.form, newChangeForm({ ...opened.given, ...chosen }));
  };

/** `/numbers messaging …` */
export const onMessaging =
  (deps: Pick<Deps, 'evaluatePolicy' | 'policy'>): Subcommands['messaging'] =>
  ({ words }, typed) =>
    openChangeForm(
      deps,
      'messaging',
      words,
      typed,
      words.change === undefined ? undefined : messagingChoice(words.change),
    );

/** Returns undefined if the form wasn't opened; then the person was told why. */
async function openChangeForm(
  deps: Pick<Deps, 'evaluatePolicy' | 'policy'>,
  kind: ChangeKind,
  { numbers, wrong }: NumberList,
  { ack, client, triggerId, person, channelId }: TypedCommand,
  choice?: PlainTextOption,
) {
  if (wrong.length > 0) return void (await ack(wrongNumbersAnswer(wrong, kind)));
  const quantity = Math.max(1, numbers.length);
  const refusal = await changeNotAllowed(deps, kind, { quantity, requester: person, channelId });
  if (refusal !== undefined) return void (await ack(refusal));
  await ack();
  const given = { kind, orderId: randomUUID(), channelId, numbers, choice };
  const view = await openForm(client, triggerId, newChangeForm(given));
  if (view?.id === undefined) return undefined;
  return { given, form: { view_id: view.id, ...(view.hash === undefined ? {} : { hash: view.hash }) } };
}

/** Why this person can't request this for so many numbers in this channel, before anyone fills in a form. */
async function changeNotAllowed(
  { evaluatePolicy, policy }: Pick<Deps, 'evaluatePolicy' | 'policy'>,
  kind: ChangeKind,
  asked: { readonly quantity: number; readonly requester: Person; readonly channelId: string },
): Promise<string | undefined> {
  return rulingSentence(await evaluatePolicy({ kind, ...asked }), policy);
}

/** The location that was typed, or why none can be chosen. */
async function chosenLocation(
  { listPlaces }: Pick<Deps, 'listPlaces'>,
  typed: string,
): Promise<{ readonly choice?: PlainTextOption; readonly notice?: string }> {
  try {
    const found = await findLocations(listPlaces, typed);
    const target = meantLocation(found, typed);
    return target === undefined
      ? { notice: targetNotFound(typed, found.length) }
      : { choice: locationChoice(target) };
  } catch (error) {
    if (!(error instanceof CarrierError)) throw error;
    return { notice: error.advice };
  }
}

/** The menu of locations. */
export const onTargetOptions =
  ({ listPlaces }: Pick<Deps, 'listPlaces'>): Middleware<SlackOptionsMiddlewareArgs<'block_suggestion'>> =>
  async ({ ack, options }) => {
    await ack(locationChoices(await findLocations(listPlaces, options.value)));
  };

/** The menu of what can be done with messaging. Without the list of campaigns it still offers on and off. */
export const onMessagingOptions =
  ({
    listCampaigns,
  }: Pick<Deps, 'listCampaigns'>): Middleware<SlackOptionsMiddlewareArgs<'block_suggestion'>> =>
  async ({ ack, options }) => {
    await ack(messagingChoices(await listCampaigns(), options.value));
  };

/** Why what was asked for can't be requested. */
type Problem = Exclude<CheckedMove | CheckedMessaging, { inService: unknown }>;

/** **Submit for approval**, or **Save** of an edit. Everything is looked up before anything is recorded. */
export const onChangeForm =
  (deps: Deps, answerWithinMs = FORM_TIMEOUT_MS): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async (submitted) => {
    const { ack, view, context } = submitted;
    const asked = readChangeForm(view);
    if ('errors' in asked) return ack({ response_action: 'errors', errors: asked.errors });
    const person = personOf(context);
    const { kind, channelId, numbers } = asked;
    const sentence = await changeNotAllowed(deps, kind, {
      quantity: numbers.length,
      requester: person,
      channelId,
    });
    if (sentence !== undefined) {
      return ack({ response_action: 'errors', errors: { [numbersFieldId(0)]: sentence } });
    }
    return answerSlowForm(
      deps,
      submitted,
      lookUpAndAsk(deps, asked, person),
      {
        channelId,
        notRequested: changeNotRequested(kind, asked.edition !== undefined),
        errorsOf: (result) =>
          submitErrors(result, deps.policy, (problem) => problemErrors(problem, view, kind)),
        sentenceOf: (result) => submitSentence(result, deps.policy, problemSentence),
        again: (notice) => changeFormAgain(asked, notice),
        waiting: lookingUpChange(asked),
        done: changeAskedFor(asked),
      },
      answerWithinMs,
    );
  };

const lookUpAndAsk = (deps: Deps, asked: RequestedChange, requester: Person): Promise<Submitted<Problem>> =>
  submitRequest(deps, asked, requester, async () => {
    const request = await checked(deps, asked);
    return 'inService' in request ? { request } : { problem: request };
  });

/** The request with everything that was looked up. */
async function checked(deps: Deps, asked: RequestedChange): Promise<ChangeRequest | Problem> {
  const { kind, orderId, numbers, choice, name, reason } = asked;
  if (kind === 'move') {
    const place = readLocationChoice(choice);
    if (place === undefined) return { place: 'no-such-location' };
    const found = await deps.checkMove({ numbers, ...place }, orderId);
    return 'inService' in found ? { kind, name, reason, ...found } : found;
  }
  const change = readMessagingChoice(choice);
  if (change === undefined) return { campaign: 'not-ours' };
  const found = await deps.checkMessaging({ numbers, change }, orderId);
  return 'inService' in found ? { kind, name, reason, ...found } : found;
}

type View = ViewSubmitAction['view'];

const problemErrors = (problem: Problem, view: View, kind: ChangeKind): Record<string, string> =>
  'problems' in problem
    ? numberProblemErrors(view, problem.problems)
    : { [choiceFieldIn(view, kind)]: choiceProblem(problem) };

/** Longer than under a field, for the top of the form or the channel. */
const PROBLEMS_SHOWN = 1_500;

const problemSentence = (problem: Problem): string =>
  'problems' in problem ? numberProblemsSentence(problem.problems, PROBLEMS_SHOWN) : choiceProblem(problem);

const choiceProblem = (problem: Exclude<Problem, { problems: unknown }>): string =>
  'place' in problem ? placeProblems[problem.place] : CAMPAIGN_NOT_OURS;

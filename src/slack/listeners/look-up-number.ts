import type { WebClient } from '@slack/web-api';
import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import type { Person } from '../../orders/domain/request.js';
import type { CheckPicks } from '../../orders/use-cases/check-picks.js';
import {
  isOurs,
  type LookUpNumber,
  MAX_LOOKED_UP,
  type NumberLookup,
} from '../../orders/use-cases/look-up-number.js';
import {
  numberDetailsAnswer,
  tooManyNumbersAnswer,
  whichNumberAnswer,
} from '../blocks/answers/number-details.js';
import { alreadyOursLead } from '../blocks/answers/our-numbers.js';
import { wordsProblemAnswer } from '../blocks/answers/problems.js';
import { alreadyOursForm } from '../blocks/forms/order-form.js';
import { redrawForm } from '../messages/open-form.js';
import type { PrivateAnswers, Recipient } from '../messages/private-answers.js';
import type { Subcommands } from './numbers-command.js';

export interface NumberAnswers {
  readonly lookUpNumber: LookUpNumber;
  readonly answers: PrivateAnswers;
}

/** Who gets an answer, and the channel where forms opened from it post their cards. */
interface Asker {
  readonly person: Person;
  readonly channelId: string;
  readonly recipient: Recipient;
}

/** `/numbers who …` */
export const onWho =
  (deps: NumberAnswers): Subcommands['who'] =>
  async ({ words: { numbers, wrong } }, typed) => {
    if (wrong.length > 0 || numbers.length === 0) return typed.ack(whichNumberAnswer(wrong));
    if (numbers.length > MAX_LOOKED_UP) return typed.ack(tooManyNumbersAnswer(numbers.length));
    await typed.ack();
    return sendNumberDetails(deps, await deps.lookUpNumber(numbers, typed.person), typed);
  };

/** Whole numbers without a verb: shows what is known about them if one may be ours, otherwise how to order them. */
export const onWholeNumbers =
  (deps: NumberAnswers): Subcommands['whole-numbers'] =>
  async ({ numbers, problem }, typed) => {
    if (numbers.length > MAX_LOOKED_UP) return typed.ack(wordsProblemAnswer(problem, 'search'));
    await typed.ack();
    const lookups = await deps.lookUpNumber(numbers, typed.person);
    return lookups.some((lookup) => isOurs(lookup) !== 'no')
      ? sendNumberDetails(deps, lookups, typed)
      : deps.answers.send(typed.recipient, wordsProblemAnswer(problem, 'search'));
  };

interface OwnershipChecks extends Pick<NumberAnswers, 'lookUpNumber'> {
  readonly checkPicks: CheckPicks;
}

/** After this long the person may be about to submit the form, which then checks again. */
const KNOWN_WITHIN_MS = 3_000;

/**
 * Returns what is known about numbers that a person wants to order, if all of them are in service on our account and
 * there is nothing to order. Undefined if one isn't, or if that isn't known in time: the order form checks again.
 */
async function inServiceAlready(
  { checkPicks, lookUpNumber }: OwnershipChecks,
  numbers: readonly PhoneNumber[],
  by: Person,
): Promise<readonly NumberLookup[] | undefined> {
  const { ours, others } = await checkPicks(undefined, { by: 'numbers', numbers }, KNOWN_WITHIN_MS);
  return ours.length > 0 && others.length === 0 ? lookUpNumber(numbers, by) : undefined;
}

/** Replaces an open order form with what is known about its numbers, if the account has all of them. */
export async function showIfOurs(
  deps: OwnershipChecks & Pick<NumberAnswers, 'answers'>,
  numbers: readonly PhoneNumber[],
  viewId: string,
  asking: Asker & { readonly client: WebClient },
): Promise<void> {
  const ours = await inServiceAlready(deps, numbers, asking.person);
  if (ours === undefined) return;
  // Whatever has been entered by now, there is nothing to order.
  const shown = await redrawForm(asking.client, { view_id: viewId }, alreadyOursForm(ours.length));
  // A quick person may have submitted the form already.
  await sendNumberDetails(deps, ours, asking, shown ? alreadyOursLead(ours.length) : undefined);
}

async function sendNumberDetails(
  { answers }: Pick<NumberAnswers, 'answers'>,
  lookups: readonly NumberLookup[],
  { channelId, recipient }: Asker,
  lead?: string,
): Promise<void> {
  const shown = { channelId, ...(lead === undefined ? {} : { lead }) };
  await answers.send(recipient, numberDetailsAnswer(lookups, shown));
}

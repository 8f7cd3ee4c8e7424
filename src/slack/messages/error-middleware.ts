import type { AllMiddlewareArgs, AnyMiddlewareArgs, Context, Middleware } from '@slack/bolt';
import { CarrierError } from '../../orders/ports/carrier.js';
import type { Log } from '../../orders/ports/log.js';
import { OutcomeUnknown, StoreError } from '../../orders/ports/store-errors.js';
import { FILE_NOT_FETCHED, refusedBySlack, UNEXPECTED_FAILURE } from '../blocks/failures.js';
import { limits } from '../blocks/limits.js';
import { lateOutcome, storeFailure } from '../blocks/store-failures.js';
import { FileNotFetched } from '../import/fetch-file.js';
import { cut } from '../text/escape.js';
import { type PrivateAnswers, recipientOf } from './private-answers.js';
import { slackCode, slackRefusal } from './slack-errors.js';

/** An error that already has advice for the person it happened to. */
export interface Advised {
  readonly advice: string;
}

/**
 * Turns every failure into a sentence for the person who is waiting and a log entry with the error. Bolt runs each
 * listener inside the `next()` of its global middleware, so none is missed.
 */
export function makeErrorMiddleware({
  log,
  answers,
}: {
  readonly log: Log;
  readonly answers: PrivateAnswers;
}): Middleware<AnyMiddlewareArgs> {
  return async (args) => {
    try {
      await args.next();
    } catch (error) {
      log.error(
        { err: error, userId: args.context.userId, kind: args.body.type ?? 'command' },
        'slack interaction failed',
      );
      const notReported = (err: unknown) => log.error({ err }, 'failure could not be reported to the person');
      await showFailure(args, { answers, log }, errorSentence(error)).catch(notReported);
      if (error instanceof OutcomeUnknown) void reportLateOutcome(args, answers, error).catch(notReported);
    }
  };
}

/** Returns what to tell the person. */
export function errorSentence(error: unknown): string {
  if (error instanceof StoreError) return storeFailure(error);
  if (error instanceof FileNotFetched) return FILE_NOT_FETCHED;
  if (error instanceof CarrierError || isAdvised(error)) return error.advice;
  const code = slackCode(error);
  if (code !== undefined) {
    return refusedBySlack(slackRefusal(code));
  }
  return UNEXPECTED_FAILURE;
}

/** For later, when the form is closed and the press was acknowledged. */
async function reportLateOutcome(
  args: AnyMiddlewareArgs & AllMiddlewareArgs,
  answers: PrivateAnswers,
  { becomes, saving }: OutcomeUnknown,
): Promise<void> {
  const written = await becomes;
  const recipient = recipientOf(args.body);
  if (written === undefined || recipient === undefined) return;
  const text = lateOutcome(saving, written);
  await answers.send(recipient, { text });
}

function isAdvised(error: unknown): error is Error & Advised {
  return error instanceof Error && 'advice' in error && typeof error.advice === 'string';
}

const FORM_CLOSED_IN = 'formClosedIn';
const FORM_SAYS = 'formSays';

/**
 * Call after acknowledging and closing a form while work continues. Later failures are reported in the channel where
 * the form was opened.
 */
export function formClosed(context: Context, channelId: string): void {
  context[FORM_CLOSED_IN] = channelId;
}

/** Call after acknowledging a form that stays open. Later failures are reported through `say`. */
export function formWaits(context: Context, say: (advice: string) => Promise<void>): void {
  context[FORM_SAYS] = say;
}

/** Shows it where the person is looking: under the form, or privately next to the button or command. */
export async function showFailure(
  args: AnyMiddlewareArgs & AllMiddlewareArgs,
  { answers, log }: { readonly answers: PrivateAnswers; readonly log: Pick<Log, 'info'> },
  advice: string,
): Promise<void> {
  const { body, context } = args;
  if (body.type === 'block_suggestion') {
    // Suggestions load on every keystroke. One message for each would be worse than an empty list.
    await (args.ack as (answer: object) => Promise<void>)({ options: [] });
    return;
  }
  const say: unknown = context[FORM_SAYS];
  if (typeof say === 'function') return void (await (say as (advice: string) => Promise<void>)(advice));
  const formClosedIn = context[FORM_CLOSED_IN];
  const field =
    body.type === 'view_submission' && formClosedIn === undefined && 'view' in args
      ? args.view.blocks.find(({ type }) => type === 'input')?.block_id
      : undefined;
  if (field !== undefined && 'ack' in args) {
    const ack = args.ack as (answer: object) => Promise<void>;
    try {
      await ack({ response_action: 'errors', errors: { [field]: cut(advice, limits.fieldError) } });
      return;
    } catch (err) {
      // It was already acknowledged, so the form is closed.
      log.info({ err }, 'form could not show the failure, sending a message');
    }
  }
  if ('ack' in args && typeof args.ack === 'function') {
    // Without this, Slack adds its own "operation timeout". It may have been acknowledged already.
    await (args.ack as () => Promise<void>)().catch(() => {});
  }
  const recipient = recipientOf(body);
  const { userId } = context;
  if (recipient !== undefined) {
    const channelId = typeof formClosedIn === 'string' ? formClosedIn : recipient.channelId;
    await answers.send({ ...recipient, channelId }, { text: advice });
  } else if (userId !== undefined) await answers.send({ userId }, { text: advice });
}

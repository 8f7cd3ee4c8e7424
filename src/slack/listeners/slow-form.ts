import { setTimeout as pause } from 'node:timers/promises';
import type { Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { inTime } from '../../orders/in-time.js';
import type { Log } from '../../orders/ports/log.js';
import { personOf } from '../access/people.js';
import { formWaits } from '../messages/error-middleware.js';
import { redrawForm } from '../messages/open-form.js';
import type { PrivateAnswers } from '../messages/private-answers.js';
import { escapeText } from '../text/escape.js';

type Submitted = Parameters<Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>>>[0];

interface Deps {
  readonly answers: PrivateAnswers;
  readonly log: Pick<Log, 'warn'>;
}

/** Slack stops waiting after three seconds; an earlier answer is shown in the form itself. */
export const FORM_TIMEOUT_MS = 2_000;
/** How long Slack may take to show the view of an acknowledgement. An update that arrives before it would be lost. */
const DRAWN_WITHIN_MS = 300;

/** A form that is answered once its numbers have been looked up. */
export interface SlowForm<Result> {
  readonly channelId: string;
  /** Starts a sentence for people whose form has closed: "Your move wasn't submitted." */
  readonly notRequested: string;
  /** Under the fields, if it's answered in time. */
  errorsOf(result: Result): Record<string, string> | undefined;
  /** Above the fields, or in the channel, if it took longer. */
  sentenceOf(result: Result): string | undefined;
  again(notice: string): ModalView;
  readonly waiting: ModalView;
  /** Shown only if it took longer than Slack waits; otherwise the form has closed. */
  readonly done?: ModalView;
  /** The form to show next, instead of closing this one. */
  next?(result: Result): ModalView;
}

/** Answers a submitted form: at once, or by updating it when the answer takes longer than Slack waits. */
export async function answerSlowForm<Result>(
  deps: Deps,
  { ack, view, client, context }: Pick<Submitted, 'ack' | 'view' | 'client' | 'context'>,
  working: Promise<Result>,
  form: SlowForm<Result>,
  answerWithinMs = FORM_TIMEOUT_MS,
): Promise<void> {
  const outcome = await inTime(answerWithinMs, working);
  if (outcome !== undefined) {
    const errors = form.errorsOf(outcome);
    if (errors !== undefined) return ack({ response_action: 'errors', errors });
    return form.next === undefined ? ack() : ack({ response_action: 'update', view: form.next(outcome) });
  }
  // A failure is shown in the same place as an answer.
  const say = async (sentence: string) => {
    if (await drawn(deps, client, view.id, form.again(sentence))) return;
    const where = { channelId: form.channelId, userId: personOf(context).userId };
    await deps.answers.send(where, { text: `${form.notRequested} ${escapeText(sentence)}` });
  };
  formWaits(context, say);
  await ack({ response_action: 'update', view: form.waiting });
  const [late] = await Promise.all([working, pause(DRAWN_WITHIN_MS, undefined, { ref: false })]);
  const trouble = form.sentenceOf(late);
  // The card says it too, so nothing is sent when the form can't be updated.
  const then = form.next?.(late) ?? form.done;
  if (trouble !== undefined) await say(trouble);
  else if (then !== undefined) await drawn(deps, client, view.id, then);
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

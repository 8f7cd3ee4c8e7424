import type { ModalView } from '@slack/types';
import type { ViewsOpenResponse, WebClient } from '@slack/web-api';
import { FORM_TOO_LATE, formRefused } from '../blocks/failures.js';
import { slackCode, slackRefusal } from './slack-errors.js';

/** Slack's trigger id expired before the form opened. */
export class FormTooLate extends Error {
  override readonly name = 'FormTooLate';
  readonly advice = FORM_TOO_LATE;
}

/** Slack refused a form before anything was entered in it. */
export class FormRefused extends Error {
  override readonly name = 'FormRefused';
  readonly advice: string;

  constructor(code: string, cause: unknown) {
    super(`Slack refused the form: ${code}`, { cause });
    this.advice = formRefused(slackRefusal(code));
  }
}

/** https://docs.slack.dev/reference/methods/views.open: the trigger id has expired or has already opened a form. */
const TOO_LATE: readonly string[] = [
  'expired_trigger_id',
  'exchanged_trigger_id',
  'trigger_expired',
  'trigger_exchanged',
];

/** Throws {@link FormTooLate} when pressing again helps, and {@link FormRefused} otherwise. */
export async function openForm(
  client: WebClient,
  triggerId: string,
  view: ModalView,
): Promise<ViewsOpenResponse['view']> {
  try {
    const opened = await client.views.open({ trigger_id: triggerId, view });
    return opened.view;
  } catch (error) {
    const code = slackCode(error);
    if (code === undefined) throw error;
    if (TOO_LATE.includes(code)) throw new FormTooLate('the trigger id has expired', { cause: error });
    throw new FormRefused(code, error);
  }
}

/** A form, and as which drawing of it the person has it open. */
export interface OpenForm {
  readonly view_id: string;
  readonly hash?: string;
}

/** Returns a form as Slack opened it. */
export const asOpened = (view: ViewsOpenResponse['view']): OpenForm | undefined =>
  view?.id === undefined
    ? undefined
    : { view_id: view.id, ...(view.hash === undefined ? {} : { hash: view.hash }) };

/**
 * Redraws an open form. Returns false when the person has already changed, submitted or closed it, which takes
 * precedence.
 *
 * @param form with `hash`, only if it hasn't changed since.
 */
export const redrawForm = async (...given: Parameters<typeof updateForm>): Promise<boolean> =>
  (await updateForm(...given)) !== undefined;

/** Like {@link redrawForm}, but returns the form as it is now, to be redrawn again; undefined instead of false. */
export async function updateForm(
  client: WebClient,
  form: OpenForm,
  view: ModalView,
): Promise<OpenForm | undefined> {
  try {
    const { view: { hash } = {} } = await client.views.update({ ...form, view });
    return { view_id: form.view_id, ...(hash === undefined ? {} : { hash }) };
  } catch (error) {
    const code = slackCode(error);
    if (code !== 'hash_conflict' && code !== 'not_found' && code !== 'view_not_found') throw error;
    return undefined;
  }
}

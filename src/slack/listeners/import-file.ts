import type {
  MessageShortcut,
  Middleware,
  SlackShortcutMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Person } from '../../orders/domain/request.js';
import type { Log } from '../../orders/ports/log.js';
import { personOf } from '../access/people.js';
import {
  FILE_NOT_IMPORTED,
  fetchFaultSentence,
  NO_FILE,
  SEVERAL_FILES,
} from '../blocks/answers/import-words.js';
import { OUTDATED_FORM } from '../blocks/answers/problems.js';
import {
  FILE_FIELD,
  importForm,
  importRefused,
  readImportForm,
  readingFile,
  readReview,
} from '../blocks/forms/import-form.js';
import type { FetchFault } from '../import/fetch-file.js';
import { filesIn, meantFile, readSharedFile, type SharedFile } from '../import/shared-file.js';
import { formClosed, formWaits } from '../messages/error-middleware.js';
import { openForm, redrawForm } from '../messages/open-form.js';
import { type PrivateAnswers, recipientOf } from '../messages/private-answers.js';
import { slackCode } from '../messages/slack-errors.js';
import { escapeText } from '../text/escape.js';
import { type FileToImport, type ImportDeps, outcomeOf } from './import-outcome.js';
import type { Subcommands } from './numbers-command.js';
import { nothingAllowed } from './open-order-form.js';
import type { FormOrRefusal } from './order-of-lines.js';
import { disconnectNotAllowed } from './request-disconnect.js';
import { answerSlowForm } from './slow-form.js';

interface Deps extends ImportDeps {
  readonly answers: PrivateAnswers;
  readonly log: Pick<Log, 'warn'>;
}

/** `/numbers import` */
export const onImport =
  (deps: Pick<Deps, 'evaluatePolicy' | 'policy'>): Subcommands['import'] =>
  async (_, { ack, client, triggerId, person, channelId }) => {
    const refusal = await importNotAllowed(deps, { channelId, person });
    if (refusal !== undefined) return ack(refusal);
    await ack();
    return openForm(client, triggerId, importForm(channelId));
  };

/** Why this person can't order or disconnect anything in this channel, whatever is in the file. */
async function importNotAllowed(
  deps: Pick<Deps, 'evaluatePolicy' | 'policy'>,
  { channelId, person }: { readonly channelId: string; readonly person: Person },
): Promise<string | undefined> {
  const [order, disconnect] = await Promise.all([
    nothingAllowed(deps, { channelId, person }),
    disconnectNotAllowed(deps, { quantity: 1, requester: person, channelId }),
  ]);
  return disconnect === undefined ? undefined : order;
}

type Submitted = Parameters<Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>>>[0];

/** **Next** below the file. */
export const onImportForm =
  (deps: Deps): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async (submitted) => {
    const { ack, view, context, client } = submitted;
    const read = readImportForm(view);
    if (read === undefined) {
      return ack({ response_action: 'errors', errors: { [FILE_FIELD]: OUTDATED_FORM } });
    }
    const { channelId, fileId } = read;
    const person = personOf(context);
    // They uploaded it themselves. Any other file that the app can read may be one that they can't.
    const working = outcomeOfId(deps, client, fileId, { channelId, person, ownOnly: true });
    await answerFile(deps, submitted, channelId, working, (notice) => importForm(channelId, notice));
  };

/** **Without these** below the wrong rows. The file is fetched again, because the app keeps no copy. */
export const onImportReview =
  (deps: Deps): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async (submitted) => {
    const { ack, view, context, client } = submitted;
    const memory = readReview(view);
    if (memory === undefined) return ack({ response_action: 'update', view: importRefused(OUTDATED_FORM) });
    const { channelId, fileId, digest } = memory;
    const working = outcomeOfId(deps, client, fileId, {
      channelId,
      person: personOf(context),
      without: digest,
    });
    await answerFile(deps, submitted, channelId, working, importRefused);
  };

async function answerFile(
  deps: Deps,
  submitted: Submitted,
  channelId: string,
  working: Promise<FormOrRefusal>,
  again: typeof importRefused,
): Promise<void> {
  await answerSlowForm(deps, submitted, working, {
    channelId,
    notRequested: FILE_NOT_IMPORTED,
    errorsOf: () => undefined,
    sentenceOf: (outcome) => ('refused' in outcome ? outcome.refused : undefined),
    again,
    waiting: readingFile(),
    next: (outcome) => ('refused' in outcome ? again(outcome.refused) : outcome.view),
  });
  formClosed(submitted.context, channelId);
  const outcome = await working;
  if ('view' in outcome) await outcome.fill?.(submitted.client, submitted.view.id);
}

/** **Order from this file** in the menu of a message. */
export const onImportShortcut =
  (deps: Deps): Middleware<SlackShortcutMiddlewareArgs<MessageShortcut>> =>
  async ({ ack, shortcut, client, context }) => {
    await ack();
    const person = personOf(context);
    const recipient = recipientOf(shortcut) ?? { userId: person.userId };
    const channelId = shortcut.channel.id;
    const files = filesIn(shortcut.message);
    const file = meantFile(files);
    const refusal =
      file === undefined
        ? files.length === 0
          ? NO_FILE
          : SEVERAL_FILES
        : await importNotAllowed(deps, { channelId, person });
    if (file === undefined || refusal !== undefined) {
      return deps.answers.send(recipient, { text: refusal ?? NO_FILE });
    }
    const view = await openForm(client, shortcut.trigger_id, readingFile());
    const viewId = view?.id;
    if (viewId === undefined) return;
    const show = (outcome: FormOrRefusal) =>
      redrawForm(
        client,
        { view_id: viewId },
        'refused' in outcome ? importRefused(outcome.refused) : outcome.view,
      );
    formWaits(context, async (advice) => {
      if (!(await show({ refused: advice }))) await deps.answers.send(recipient, { text: advice });
    });
    const asked = { channelId, person };
    const outcome =
      file.url === undefined && !file.isExternal
        ? await outcomeOfId(deps, client, file.id, asked)
        : await outcomeOf(deps, { ...asked, file });
    const isShown = await show(outcome);
    if ('view' in outcome) await outcome.fill?.(client, viewId);
    else if (!isShown) {
      await deps.answers.send(recipient, { text: `${FILE_NOT_IMPORTED} ${escapeText(outcome.refused)}` });
    }
  };

/** The same for a file that is known only by its id. */
async function outcomeOfId(
  deps: Deps,
  client: WebClient,
  fileId: string,
  asked: Omit<FileToImport, 'file'>,
): Promise<FormOrRefusal> {
  const file = await describeFile(client, fileId);
  return typeof file === 'string'
    ? { refused: fetchFaultSentence(file) }
    : outcomeOf(deps, { ...asked, file });
}

/** https://docs.slack.dev/reference/methods/files.info#errors */
const faults: Readonly<Record<string, FetchFault>> = {
  file_not_found: 'gone',
  file_deleted: 'gone',
  access_denied: 'no-access',
  missing_scope: 'no-access',
};

async function describeFile(client: WebClient, fileId: string): Promise<SharedFile | FetchFault> {
  try {
    const { file } = await client.files.info({ file: fileId });
    return readSharedFile(file) ?? 'gone';
  } catch (error) {
    const fault = faults[slackCode(error) ?? ''];
    if (fault === undefined) throw error;
    return fault;
  }
}

import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { Person } from '../../orders/domain/request.js';
import { codeSpan } from '../escape.js';
import { placeAdvice } from './slack-errors.js';

/** Slack refused files for this person. */
export class FilesRefused extends Error {
  override readonly name = 'FilesRefused';
  readonly advice: string;

  constructor(cause: WebAPIPlatformError) {
    const { error } = cause.data;
    const place = placeAdvice(error, { channel: 'our direct messages' });
    super(`the files were not taken: ${error}`, { cause });
    this.advice =
      error === 'missing_scope'
        ? `I'm missing a permission (${codeSpan('files:write')}), so I can't send files. An admin can reinstall the app to add it.`
        : place !== undefined
          ? `${place.why} So I can't send you the files. ${place.fix} ${codeSpan(error)}`
          : `Slack did not take the files (${codeSpan(error)}), so not everything was sent. Try again; if it happens again, ask an admin of this workspace.`;
  }
}

/** Sends files to one person in a direct message. Throws {@link FilesRefused}, and otherwise what the client throws. */
export async function sendFiles(
  client: WebClient,
  { userId }: Pick<Person, 'userId'>,
  comment: string,
  files: readonly { readonly filename: string; readonly title: string; readonly file: Buffer }[],
): Promise<void> {
  try {
    const direct = await client.conversations.open({ users: userId });
    const channel = direct.channel?.id;
    if (channel === undefined) throw new Error('conversations.open answered without a channel');
    await client.filesUploadV2({
      channel_id: channel,
      initial_comment: comment,
      file_uploads: files.map((file) => ({ ...file })),
    });
  } catch (error) {
    throw error instanceof WebAPIPlatformError ? new FilesRefused(error) : error;
  }
}

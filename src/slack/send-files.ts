import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { Person } from '../orders/order.js';
import { codeSpan } from './escape.js';
import { placeAdvice } from './slack-errors.js';

/** Slack would not take files for this person. */
export class FilesRefused extends Error {
  override readonly name = 'FilesRefused';
  readonly advice: string;

  constructor(cause: WebAPIPlatformError) {
    const { error } = cause.data;
    const place = placeAdvice(error, { channel: 'our direct messages' });
    super(`the files were not taken: ${error}`, { cause });
    this.advice =
      error === 'missing_scope'
        ? `I may not send files here: whoever runs me has to give the app the scope ${codeSpan('files:write')} and install it again.`
        : place !== undefined
          ? `${place.why} So I can't send you the files. ${place.fix} ${codeSpan(error)}`
          : `Slack did not take the files (${codeSpan(error)}), so not everything was sent. Please try again, and ask an administrator of this workspace if it stays.`;
  }
}

/** Sends files to one person in a direct message. Throws {@link FilesRefused}, and what the client throws besides. */
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

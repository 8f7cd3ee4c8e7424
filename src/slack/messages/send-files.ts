import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { Person } from '../../orders/domain/request.js';
import { filesRefused } from '../blocks/failures.js';
import { placeAdvice } from '../blocks/slack-problems.js';

/** Slack refused files for this person. */
export class FilesRefused extends Error {
  override readonly name = 'FilesRefused';
  readonly advice: string;

  constructor(cause: WebAPIPlatformError) {
    const { error } = cause.data;
    super(`the files were not taken: ${error}`, { cause });
    this.advice = filesRefused(error, placeAdvice(error, { channel: 'our direct messages' }));
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

import { setTimeout as pause } from 'node:timers/promises';
import { MAX_FILE_BYTES } from './csv-table.js';
import type { SharedFile } from './shared-file.js';

export type FetchFault =
  /** It isn't at an address of Slack. */
  | 'outside-slack'
  | 'too-large'
  | 'gone'
  /** Slack sent its login page, as it does to an app that can't read a file. */
  | 'no-access';

/** Fetches a file from Slack. Throws {@link FileNotFetched}. */
export type FetchFile = (
  file: SharedFile,
) => Promise<{ readonly bytes: Uint8Array } | { readonly fault: FetchFault }>;

/** Slack couldn't be reached, or failed. */
export class FileNotFetched extends Error {
  override readonly name = 'FileNotFetched';
}

const FETCH_TIMEOUT_MS = 10_000;
/** Slack scans a new file first, and answers 404 or worse until it is done. */
const RETRY_AFTER_MS = 2_000;

/** The bot token goes only to Slack's own file host: an address in a payload could be any. */
export function makeFetchFile(deps: {
  readonly fetch: typeof fetch;
  readonly botToken: string;
  /** The URL of the Web API. */
  readonly apiUrl: string;
}): FetchFile {
  const { botToken, apiUrl } = deps;

  async function ask(url: URL): Promise<Response> {
    try {
      return await deps.fetch(url, {
        headers: { authorization: `Bearer ${botToken}` },
        // Slack redirects to its login page, which may be anywhere.
        redirect: 'manual',
        signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      });
    } catch (cause) {
      throw new FileNotFetched('slack did not send the file', { cause });
    }
  }

  return async ({ url, size, isExternal }) => {
    const address = url === undefined || isExternal ? undefined : addressInSlack(url, apiUrl);
    if (address === undefined) return { fault: 'outside-slack' };
    if (size !== undefined && size > MAX_FILE_BYTES) return { fault: 'too-large' };
    let answer = await ask(address);
    if (answer.status === 404 || answer.status === 429 || answer.status >= 500) {
      await answer.body?.cancel();
      await pause(RETRY_AFTER_MS);
      answer = await ask(address);
    }
    const { status } = answer;
    if (status === 200 && !isPage(answer)) return readUpTo(answer, MAX_FILE_BYTES);
    await answer.body?.cancel();
    if (status === 404 || status === 410) return { fault: 'gone' };
    if (status < 400 || status === 401 || status === 403) return { fault: 'no-access' };
    throw new FileNotFetched(`slack answered ${status} to a request for a file`);
  };
}

/** Returns the address if it is on Slack's host of files, or on the one that already gets our token. */
function addressInSlack(text: string, apiUrl: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const api = new URL(apiUrl);
  const isOfFiles = url.protocol === 'https:' && url.port === '' && url.hostname === `files.${api.hostname}`;
  return isOfFiles || url.origin === api.origin ? url : undefined;
}

const isPage = (answer: Response): boolean => /^text\/html\b/i.test(answer.headers.get('content-type') ?? '');

async function readUpTo(
  answer: Response,
  most: number,
): Promise<{ readonly bytes: Uint8Array } | { readonly fault: 'too-large' }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      chunks.push(chunk);
      length += chunk.length;
      // Leaving the loop cancels the rest.
      if (length > most) return { fault: 'too-large' };
    }
  } catch (cause) {
    throw new FileNotFetched('slack did not send the whole file', { cause });
  }
  return { bytes: Buffer.concat(chunks) };
}

import type { Download } from './methods/files.js';

/** Returns the id in the path of a file's own address. */
export const fileIdIn = (path: string): string =>
  /^\/files-pri\/[^/-]+-([^/]+)\/download\/[^/]+$/.exec(path)?.[1] ?? '';

interface DownloadAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | string;
}

/**
 * How Slack answers a request for a file: https://docs.slack.dev/reference/objects/file-object#authentication. Without
 * a valid token it leads to its login page; an app without the scope `files:read` gets that page itself, with status
 * 200.
 */
export function downloadAnswer(found: Download, loginUrl: string): DownloadAnswer {
  switch (found) {
    case 'not found':
      return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'file_not_found' };
    case 'login page':
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: loginPage };
    case 'redirected to login':
      return { status: 302, headers: { location: loginUrl } };
    default: {
      const type = found.name.endsWith('.csv') ? 'text/csv' : 'application/octet-stream';
      return {
        status: 200,
        headers: { 'content-type': type, 'content-length': found.content.length },
        body: found.content,
      };
    }
  }
}

const loginPage = '<!DOCTYPE html>\n<html><head><title>Sign in | Slack</title></head><body></body></html>\n';

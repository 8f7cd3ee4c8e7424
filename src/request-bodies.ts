import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ThrottledWarning } from './throttled-warnings.js';

/** The HTTP status for a body that wasn't read: too slow, too long, or dropped for lack of memory. */
export type Unread = 408 | 413 | 503;

/** Reads one body, or returns why not. Rejects when the connection breaks. */
export type ReadBody = (most: {
  readonly bytes: number;
  readonly withinMs: number;
}) => Promise<Buffer | Unread>;

/**
 * Reads request bodies without ever holding more than this many bytes in total. Doesn't use raw-body, which can't be
 * stopped: what it has read of a dropped body stays in memory until the connection is closed.
 */
export function makeRequestBodies({
  maxTotalBytes,
  warn,
}: {
  maxTotalBytes: number;
  warn: ThrottledWarning;
}) {
  /** Bodies still arriving, oldest first: Slack and Bandwidth send theirs at once. */
  const arriving = new Set<{ drop(): void }>();
  let held = 0;

  function makeRoom(): void {
    while (held > maxTotalBytes) {
      const [oldest] = arriving;
      if (oldest === undefined) return;
      warn({ bytes: held }, 'too much to read at once, dropping the body that has been arriving longest');
      oldest.drop();
    }
  }

  return {
    async read(
      request: IncomingMessage,
      response: ServerResponse,
      most: { readonly bytes: number; readonly withinMs: number },
    ): Promise<Buffer | Unread> {
      if (Number(request.headers['content-length'] ?? 0) > most.bytes) {
        warn({ most: most.bytes }, 'refused a body that is too long');
        return 413;
      }
      return new Promise((resolve, reject) => {
        let pieces: Buffer[] = [];
        let length = 0;
        let ended = false;
        const release = () => {
          held -= length;
          length = 0;
        };
        const end = (result: Buffer | Unread) => {
          if (ended) return;
          ended = true;
          clearTimeout(late);
          arriving.delete(reading);
          pieces = [];
          // A whole body is held until it is answered.
          if (typeof result === 'number') {
            request.pause();
            release();
          }
          resolve(result);
        };
        const reading = { drop: () => end(503) };
        const late = setTimeout(() => {
          warn({ withinMs: most.withinMs }, 'refused a body that came too slowly');
          end(408);
        }, most.withinMs);
        arriving.add(reading);
        response.once('close', release);
        request
          .on('data', (piece: Buffer) => {
            if (ended) return;
            length += piece.length;
            held += piece.length;
            if (length > most.bytes) {
              warn({ most: most.bytes }, 'refused a body that is too long');
              end(413);
              return;
            }
            pieces.push(piece);
            makeRoom();
          })
          .on('end', () => end(Buffer.concat(pieces)))
          .on('close', () => {
            if (ended) return;
            ended = true;
            clearTimeout(late);
            arriving.delete(reading);
            pieces = [];
            reject(new Error('the connection broke in the middle of the body'));
          })
          .on('error', () => {});
      });
    },
  };
}

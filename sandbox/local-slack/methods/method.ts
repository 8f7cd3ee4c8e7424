import { type Answer, type Args, text } from '../answer.js';

/** A method of Slack's Web API. */
export interface Method {
  readonly token: 'bot' | 'app' | 'none';
  /** Any one of these is enough. */
  readonly scopes: readonly string[];
  readonly run: (args: Args) => Answer;
}

/** Methods by name, e.g. `chat.postMessage`. */
export type Methods = Readonly<Record<string, Method>>;

export const forBot = (scopes: readonly string[], run: Method['run']): Method => ({
  token: 'bot',
  scopes,
  run,
});

export function isTrue(given: unknown): boolean {
  return given === true || given === 'true' || given === '1';
}

/** The cursor is the position in the list, in base64 like Slack's. */
export function paged(name: string, items: readonly unknown[], args: Args): Answer {
  const start = Number(Buffer.from(text(args.cursor) ?? '', 'base64').toString('utf8')) || 0;
  const end = start + (Number(args.limit) || 100);
  const more = end < items.length;
  return {
    ok: true,
    [name]: items.slice(start, end),
    has_more: more,
    response_metadata: { next_cursor: more ? Buffer.from(String(end)).toString('base64') : '' },
  };
}

import type { ServerResponse } from 'node:http';
import type { Fault } from './faults.js';

/** What a call is answered with. */
export interface Reaction {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: { readonly ok: boolean; readonly error?: unknown };
}

export function tooSoon(waitSeconds: number | undefined): Reaction | undefined {
  if (waitSeconds === undefined) return undefined;
  const headers = { 'retry-after': String(waitSeconds) };
  return { status: 429, headers, body: { ok: false, error: 'ratelimited' } };
}

/** `hang`: the call is never answered; `reset`: its connection is dropped. */
export type NoReaction = 'hang' | 'reset';

export const bodyOf = (reaction: Reaction | NoReaction): Reaction['body'] =>
  typeof reaction === 'string' ? { ok: false, error: 'never_answered' } : reaction.body;

/** Returns how a call with this fault ends. `run` carries it out. */
export function goWrong(fault: Fault, run: () => Reaction): Reaction | NoReaction {
  if (fault.carriedOut === true) run();
  if (fault.hang === true) return 'hang';
  if (fault.reset === true) return 'reset';
  const error = fault.error ?? 'fatal_error';
  return tooSoon(fault.retryAfter) ?? { status: fault.status ?? 200, body: { ok: false, error } };
}

/** Answers a request, unless the connection hangs or is dropped. */
export function react(response: ServerResponse, reaction: Reaction | NoReaction): void {
  if (reaction === 'reset') response.destroy();
  else if (reaction !== 'hang') reply(response, reaction);
}

function reply(response: ServerResponse, { status, headers = {}, body }: Reaction): void {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...headers, ...type }).end(JSON.stringify(body));
}

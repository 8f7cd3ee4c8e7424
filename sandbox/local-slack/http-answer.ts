import type { ServerResponse } from 'node:http';
import type { Fault } from './faults.js';

/** What a call is answered with. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: { readonly ok: boolean; readonly error?: unknown };
}

export function rateLimited(waitSeconds: number | undefined): HttpAnswer | undefined {
  if (waitSeconds === undefined) return undefined;
  const headers = { 'retry-after': String(waitSeconds) };
  return { status: 429, headers, body: { ok: false, error: 'ratelimited' } };
}

/** `hang`: the call is never answered; `reset`: its connection is dropped. */
export type NoAnswer = 'hang' | 'reset';

export const bodyOf = (answer: HttpAnswer | NoAnswer): HttpAnswer['body'] =>
  typeof answer === 'string' ? { ok: false, error: 'never_answered' } : answer.body;

/** Returns how a call with this fault ends. `run` carries it out. */
export function faultyAnswer(fault: Fault, run: () => HttpAnswer): HttpAnswer | NoAnswer {
  if (fault.carriedOut === true) run();
  if (fault.hang === true) return 'hang';
  if (fault.reset === true) return 'reset';
  const error = fault.error ?? 'fatal_error';
  return rateLimited(fault.retryAfter) ?? { status: fault.status ?? 200, body: { ok: false, error } };
}

/** Answers a request, unless the connection hangs or is dropped. */
export function sendAnswer(response: ServerResponse, answer: HttpAnswer | NoAnswer): void {
  if (answer === 'reset') response.destroy();
  else if (answer !== 'hang') reply(response, answer);
}

function reply(response: ServerResponse, { status, headers = {}, body }: HttpAnswer): void {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...headers, ...type }).end(JSON.stringify(body));
}

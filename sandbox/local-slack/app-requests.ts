import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TrafficEvent } from '../traffic.js';
import type { Args } from './answer.js';
import type { Faults } from './faults.js';
import { downloadAnswer, fileIdIn } from './file-downloads.js';
import {
  bodyOf,
  faultyAnswer,
  type HttpAnswer,
  type NoAnswer,
  rateLimited,
  sendAnswer,
} from './http-answer.js';
import type { RateLimits } from './rate-limits.js';
import { argsIn, bearerOf, fileIn, readBody } from './read-request.js';
import type { ResponseUrls } from './response-url.js';
import type { makeWebApi } from './web-api.js';

/** One request from the app. `args` are decoded, including nested JSON. */
export interface Call {
  readonly method: string;
  readonly args: Args;
  readonly at: number;
  readonly ok: boolean;
  readonly error?: string;
}

const notFound: HttpAnswer = { status: 404, body: { ok: false, error: 'not_found' } };

/** Returns what answers every request of the app: calls of the Web API, response URLs, and files both ways. */
export function makeAppRequests(deps: {
  readonly api: ReturnType<typeof makeWebApi>;
  readonly responseUrls: ResponseUrls;
  readonly scopes: ReadonlySet<string>;
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  readonly observe: (what: string, how: TrafficEvent['how']) => 'lost' | undefined;
  /** Where Slack's login page is for a request of this path. */
  readonly loginUrl: (path: string) => string;
  readonly called: (call: Call) => void;
}) {
  const { api, responseUrls, scopes, faults, rateLimits, observe, loginUrl, called } = deps;

  function callMethod(method: string, request: IncomingMessage, args: Args): HttpAnswer | NoAnswer {
    const token = bearerOf(request) ?? (typeof args.token === 'string' ? args.token : undefined);
    const fault = faults.next(method, args.channel);
    const answer =
      fault === undefined ? (rateLimited(rateLimits.take(method, args)) ?? run()) : faultyAnswer(fault, run);
    record(method, args, bodyOf(answer));
    return answer;

    function run(): HttpAnswer {
      const headers = { 'x-oauth-scopes': [...scopes].join(',') };
      return { status: 200, headers, body: api.call(method, args, token) };
    }
  }

  function useResponseUrl(path: string, args: Args): HttpAnswer | NoAnswer {
    const fault = faults.next('response_url');
    const run = (): HttpAnswer => responseUrls.respond(path, args);
    const answer = fault === undefined ? run() : faultyAnswer(fault, run);
    record('response_url', args, bodyOf(answer));
    return answer;
  }

  function serveFile(path: string, request: IncomingMessage, response: ServerResponse): void {
    const fault = faults.next('file');
    if (fault !== undefined) {
      const answer = faultyAnswer(fault, () => ({ status: 200, body: { ok: true } }));
      record('file', { path }, bodyOf(answer));
      sendAnswer(response, answer);
      return;
    }
    const found = api.download(fileIdIn(path), bearerOf(request));
    record('file', { path }, { ok: typeof found !== 'string', error: found });
    const { status, headers, body } = downloadAnswer(found, loginUrl(path));
    response.writeHead(status, headers).end(body);
  }

  function record(
    method: string,
    args: Args,
    answer: { readonly ok: boolean; readonly error?: unknown },
  ): void {
    const { token: _, ...shown } = args;
    called({
      method,
      args: shown,
      at: Date.now(),
      ok: answer.ok,
      ...(typeof answer.error === 'string' ? { error: answer.error } : {}),
    });
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const what = /^\/(?:api\/)?([^/]+)/.exec(path)?.[1] ?? '';
    if (observe(what, 'arrived') === 'lost') return void response.destroy();
    // Runs for any answer at any time.
    response.on('finish', () => observe(what, 'answered'));
    if (path.startsWith('/api/')) {
      const answer = callMethod(path.slice('/api/'.length), request, argsIn(request, body));
      sendAnswer(response, observe(what, 'carried out') === 'lost' ? 'reset' : answer);
    } else if (path.startsWith('/actions/')) {
      sendAnswer(response, useResponseUrl(path, argsIn(request, body)));
    } else if (path.startsWith('/files-pri/')) {
      serveFile(path, request, response);
    } else if (path.startsWith('/upload/')) {
      const content = await fileIn(request, body);
      if (api.uploaded(path.slice('/upload/'.length), content)) {
        response.writeHead(200, { 'content-type': 'text/plain' }).end(`OK - ${content.length}`);
      } else sendAnswer(response, notFound);
    } else sendAnswer(response, notFound);
  };
}

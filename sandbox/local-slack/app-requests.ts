import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Crossing } from '../wire.js';
import type { Args } from './answer.js';
import type { Faults } from './faults.js';
import { downloadAnswer, fileIdIn } from './file-downloads.js';
import type { RateLimits } from './rate-limits.js';
import { bodyOf, goWrong, type NoReaction, type Reaction, react, tooSoon } from './reaction.js';
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

const notFound: Reaction = { status: 404, body: { ok: false, error: 'not_found' } };

/** Returns what answers every request of the app: calls of the Web API, response URLs, and files both ways. */
export function makeAppRequests(deps: {
  readonly api: ReturnType<typeof makeWebApi>;
  readonly responseUrls: ResponseUrls;
  readonly scopes: ReadonlySet<string>;
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  readonly crosses: (what: string, how: Crossing['how']) => 'lost' | undefined;
  /** Where Slack's login page is for a request of this path. */
  readonly loginUrl: (path: string) => string;
  readonly called: (call: Call) => void;
}) {
  const { api, responseUrls, scopes, faults, rateLimits, crosses, loginUrl, called } = deps;

  function callMethod(method: string, request: IncomingMessage, args: Args): Reaction | NoReaction {
    const token = bearerOf(request) ?? (typeof args.token === 'string' ? args.token : undefined);
    const fault = faults.next(method, args.channel);
    const reaction =
      fault === undefined ? (tooSoon(rateLimits.take(method, args)) ?? run()) : goWrong(fault, run);
    record(method, args, bodyOf(reaction));
    return reaction;

    function run(): Reaction {
      const headers = { 'x-oauth-scopes': [...scopes].join(',') };
      return { status: 200, headers, body: api.call(method, args, token) };
    }
  }

  function useResponseUrl(path: string, args: Args): Reaction | NoReaction {
    const fault = faults.next('response_url');
    const run = (): Reaction => responseUrls.respond(path, args);
    const reaction = fault === undefined ? run() : goWrong(fault, run);
    record('response_url', args, bodyOf(reaction));
    return reaction;
  }

  function serveFile(path: string, request: IncomingMessage, response: ServerResponse): void {
    const fault = faults.next('file');
    if (fault !== undefined) {
      const reaction = goWrong(fault, () => ({ status: 200, body: { ok: true } }));
      record('file', { path }, bodyOf(reaction));
      react(response, reaction);
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
    if (crosses(what, 'arrived') === 'lost') return void response.destroy();
    // Runs for any answer at any time.
    response.on('finish', () => crosses(what, 'answered'));
    if (path.startsWith('/api/')) {
      const reaction = callMethod(path.slice('/api/'.length), request, argsIn(request, body));
      react(response, crosses(what, 'carried out') === 'lost' ? 'reset' : reaction);
    } else if (path.startsWith('/actions/')) {
      react(response, useResponseUrl(path, argsIn(request, body)));
    } else if (path.startsWith('/files-pri/')) {
      serveFile(path, request, response);
    } else if (path.startsWith('/upload/')) {
      const content = await fileIn(request, body);
      if (api.uploaded(path.slice('/upload/'.length), content)) {
        response.writeHead(200, { 'content-type': 'text/plain' }).end(`OK - ${content.length}`);
      } else react(response, notFound);
    } else react(response, notFound);
  };
}

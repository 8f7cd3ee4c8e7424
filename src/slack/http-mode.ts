import type { RequestListener } from 'node:http';
import { type App, HTTPReceiver, type Logger } from '@slack/bolt';
import type { Door } from './connection.js';

/** Where Slack's requests are to be answered, in a listener that others may share. */
export type Serve = (path: string, handler: RequestListener) => void;

const PATH = '/slack/events';

/** Slack posts to us. Bolt refuses what Slack did not sign, or signed more than five minutes ago. */
export function makeHttpDoor(needs: { signingSecret: string; logger: Logger; serve: Serve }): Door {
  const { signingSecret, logger, serve } = needs;
  const receiver = new HTTPReceiver({ signingSecret, endpoints: [PATH], logger });
  let open = false;
  serve(PATH, (request, response) => {
    if (request.method !== 'POST') response.writeHead(404).end();
    // Slack then says to the person that the app did not answer, as it does while nothing listens.
    else if (!open) response.writeHead(503).end();
    else receiver.requestListener(request, response);
  });
  return {
    init: (app: App) => receiver.init(app),
    isOpen: () => open,
    async start() {
      open = true;
    },
    async stop(quiet) {
      open = false;
      await quiet();
    },
  };
}

import type { Server } from 'node:http';
import { type App, HTTPReceiver, type Logger } from '@slack/bolt';
import type { Log } from '../orders/ports.js';
import type { Door } from './connection.js';
import { pause } from './insist.js';

/** The port cannot be listened on. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
  readonly advice: string;

  constructor(advice: string, cause: unknown) {
    super('the port cannot be listened on', { cause });
    this.advice = advice;
  }
}

const PATH = '/slack/events';
/** An answer on its way out is a matter of milliseconds; who sent nothing until now is not waited for. */
const LAST_ANSWERS_MS = 300;

/** Slack posts to us. Bolt refuses what Slack did not sign, or signed more than five minutes ago. */
export function makeHttpDoor(needs: {
  signingSecret: string;
  host: string;
  port: number;
  logger: Logger;
  log: Log;
}): Door {
  const { signingSecret, host, port, logger, log } = needs;
  const receiver = new HTTPReceiver({ signingSecret, endpoints: [PATH], logger });
  let server: Server | undefined;
  return {
    init: (app: App) => receiver.init(app),
    async start() {
      server = await receiver.start({ host, port }).catch((error: unknown) => {
        throw new CannotListen(whyNot(error, host, port), error);
      });
      log.info({ host, port }, `listening for Slack at ${PATH}`);
    },
    async stop(quiet) {
      if (server === undefined) return;
      const closed = receiver.stop();
      await quiet();
      await Promise.race([closed, pause(LAST_ANSWERS_MS)]);
      server.closeAllConnections();
      await closed;
    },
  };
}

function whyNot(error: unknown, host: string, port: number): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by another program. End that one, or set PORT to another number.`;
    case 'EACCES':
      return `This user may not listen on port ${port}. Set PORT to a number above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST is ${host}, which is no address of this machine.`;
    default:
      return `Port ${port} on ${host} cannot be listened on (${String(code)}).`;
  }
}

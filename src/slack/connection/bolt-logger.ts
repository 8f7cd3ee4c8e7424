import { types } from 'node:util';
import type { Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../orders/ports/log.js';

/** In ascending order of severity. */
const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/**
 * Returns a logger for Bolt and its clients that writes to ours. They sometimes log whole requests and events, in
 * objects or inside sentences. Those contain what people wrote and are left out.
 */
export function boltLogger(log: Log): Logger {
  let level: Level = 'info';
  let name: string | undefined;
  const write =
    (at: Level) =>
    (first: unknown, ...rest: unknown[]) => {
      if (levels.indexOf(at) < levels.indexOf(level)) return;
      const said = [first, ...rest];
      const err = said.find((part) => typeof part === 'object' && part !== null && isError(part));
      const words = said.filter((part) => typeof part === 'string').map(withoutPayload);
      log[at](
        { from: name === undefined ? 'bolt' : `bolt ${name}`, ...(err === undefined ? {} : { err }) },
        words.join(' ') || 'bolt error',
      );
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    setLevel: (wanted) => {
      level = levels.find((known) => known === wanted) ?? level;
    },
    getLevel: () => level as LogLevel,
    setName: (wanted) => {
      name = wanted;
    },
  };
}

/** Returns the sentence up to where a payload begins. A failed signature check may quote one. */
function withoutPayload(text: string): string {
  const payload = /(?:[{[<]|\b(?:body|storedResponse): |\bdata: (?!Failed to verify authenticity: ))[\s\S]*$/;
  return text.replace(payload, '…');
}

/** Includes errors from other realms and error-like objects. */
function isError(value: object): boolean {
  if (types.isNativeError(value) || value instanceof Error) return true;
  const { message, stack } = value as { readonly message?: unknown; readonly stack?: unknown };
  return typeof message === 'string' && typeof stack === 'string';
}

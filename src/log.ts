import { types } from 'node:util';
import { type DestinationStream, pino } from 'pino';
import type { LogLevel } from './config/setting-checks.js';
import { makeMask } from './mask.js';
import type { Log } from './orders/ports/log.js';

const HIDDEN = '[hidden]';
const SECRET_KEY =
  /password|passwd|passphrase|secret|token|authorization|^auth$|credential|cookie|api-?key|signature/;

/** Anything deeper, longer or larger doesn't belong in a log. */
const MAX_DEPTH = 8;
const MAX_TEXT_LENGTH = 8_000;
const MAX_VALUES = 2_000;

/**
 * Writes one line of JSON per event, to stdout unless another `destination` is given.
 *
 * No secret gets out: not under a key that sounds like one, not in text that looks like one, and none of `secrets`
 * anywhere. Of an error only its class, message, code, stack and causes are written; other properties (an HTTP
 * library's `config`, `request` and `response`, with their headers) aren't even read. Never throws.
 *
 * pino's own `redact` has to know the path of each secret, and doesn't search text.
 */
export function makeLog(deps: {
  level: LogLevel;
  secrets?: readonly string[];
  destination?: DestinationStream;
}): Log {
  const { level, secrets = [], destination } = deps;
  const mask = makeMask(secrets);
  // Half a secret isn't recognized, so the text is cut more generously before hiding than after.
  const hide = (text: string) => cut(mask(text.slice(0, 2 * MAX_TEXT_LENGTH)));
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // pino's own would serialize errors a second time.
    serializers: { err: (shown: unknown) => shown },
  };
  const output = destination === undefined ? pino(options) : pino(options, destination);
  const write = (at: LogLevel) => (facts: object, sentence: string) => {
    if (!output.isLevelEnabled(at)) return;
    try {
      const named = types.isNativeError(facts) ? { err: facts } : facts;
      output[at](presentable(named, hide) as object, hide(sentence));
    } catch {
      output[at]({}, `${hide(sentence)} (its facts could not be written)`);
    }
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Returns what may be written of a value: plain JSON with every text passed through `hide`. */
function presentable(value: unknown, hide: (text: string) => string): unknown {
  let left = MAX_VALUES;

  const show = (part: unknown, depth: number): unknown => {
    left -= 1;
    if (typeof part === 'string') return hide(part);
    if (typeof part === 'bigint') return String(part);
    if (typeof part !== 'object' || part === null) return part;
    // This also ends circular references.
    if (depth > MAX_DEPTH || left < 0) return '…';
    if (isError(part)) return showError(part, depth);
    if (types.isDate(part)) return Number.isNaN(part.getTime()) ? 'no date' : part.toISOString();
    if (types.isMap(part)) return show(Object.fromEntries(part), depth);
    if (types.isSet(part)) return show([...part], depth);
    if (Array.isArray(part)) return part.slice(0, Math.max(left, 0)).map((item) => show(item, depth + 1));
    // Sockets, requests, clients: their properties could be anything.
    if (!isPlain(part)) return `[${part.constructor.name}]`;
    return Object.fromEntries(
      Object.entries(part)
        .slice(0, Math.max(left, 0))
        .map(([key, item]) => [hide(key), isSecretKey(key) ? HIDDEN : show(item, depth + 1)]),
    );
  };

  const showError = (error: ErrorLike, depth: number): unknown => {
    const { message, stack, code, status, cause, errors } = error;
    const facts = {
      class: error.name ?? error.constructor.name,
      message,
      code: isPrimitive(code) ? code : undefined,
      status: isPrimitive(status) ? status : undefined,
      trouble: isPrimitive(error.trouble) ? error.trouble : undefined,
      stack: typeof stack === 'string' ? stack : undefined,
      cause,
      // Each failed attempt has its own reason; the aggregate has no message.
      errors: Array.isArray(errors) ? errors : undefined,
    };
    return Object.fromEntries(
      Object.entries(facts)
        .filter(([, item]) => item !== undefined && item !== '')
        .map(([key, item]) => [key, show(item, depth + 1)]),
    );
  };

  return show(value, 0);
}

interface ErrorLike {
  readonly name?: unknown;
  readonly message: unknown;
  readonly stack?: unknown;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly trouble?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** An error, or what is left of one after JSON. */
function isError(value: object): value is ErrorLike {
  if (types.isNativeError(value) || value instanceof Error) return true;
  const { message, name, stack } = value as Partial<ErrorLike>;
  return typeof message === 'string' && (typeof stack === 'string' || /Error$/.test(String(name)));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key.toLowerCase().replaceAll('_', '-'));
}

function isPrimitive(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function cut(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
}

import type { IncomingMessage } from 'node:http';
import type { Args } from './answer.js';

// What a request from the app contains.

export const bearerOf = (request: IncomingMessage): string | undefined =>
  /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Returns the uploaded file: the body itself, or the first file of a form. */
export async function fileIn(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const file = [...form.values()].find((each) => typeof each !== 'string');
  return file === undefined ? Buffer.alloc(0) : Buffer.from(await file.arrayBuffer());
}

/** Arguments that are lists or objects; a form carries them as JSON text. */
const structured: ReadonlySet<string> = new Set(['attachments', 'blocks', 'files', 'metadata', 'view']);

/** Decodes a form's fields or a JSON body, including structured arguments. Text that isn't JSON stays text. */
export function argsIn(request: IncomingMessage, body: Buffer): Args {
  const text = body.toString('utf8');
  const isJson = request.headers['content-type']?.includes('json') === true;
  const given = isJson ? parseOr(text, {}) : Object.fromEntries(new URLSearchParams(text));
  if (typeof given !== 'object' || given === null) return {};
  const open = ([name, value]: [string, unknown]) =>
    [name, structured.has(name) && typeof value === 'string' ? parseOr(value, value) : value] as const;
  return Object.fromEntries(Object.entries(given).map(open));
}

function parseOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** Reads JSON from the newer parts of the API without trusting its shape. */

/** Undefined if it isn't JSON. */
export function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** Undefined if the value is no object or has no such field of its own. */
export const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

export const stringIn = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

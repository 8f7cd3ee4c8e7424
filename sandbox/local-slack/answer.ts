/** A call's arguments, with lists and objects already parsed. */
export type Args = Readonly<Record<string, unknown>>;
export type Answer = { readonly ok: true; readonly [key: string]: unknown } | Refused;
export interface Refused {
  readonly ok: false;
  readonly error: string;
  readonly [key: string]: unknown;
}

export function refuse(error: string, more: Readonly<Record<string, unknown>> = {}): Refused {
  return { ok: false, error, ...more };
}

export function invalid(error: string, messages: readonly string[]): Refused {
  return refuse(error, {
    errors: messages.map((each) => each.replace('[ERROR] ', '')),
    response_metadata: { messages },
  });
}

export function missing(name: string): Refused {
  return refuse('invalid_arguments', {
    response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
  });
}

/** Returns an argument if it is present. */
export function text(given: unknown): string | undefined {
  return typeof given === 'string' && given !== '' ? given : undefined;
}

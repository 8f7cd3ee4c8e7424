/** The CALLBACK_ settings, once they are valid. */

export interface Callbacks {
  /** The public URL that Bandwidth sends its notices to. */
  readonly url: string;
  /** Credentials that the XML notices of the older subscriptions carry. */
  readonly basic?: { readonly username: string; readonly password: string };
  /** The key that signs the JSON notices of the newer subscriptions. */
  readonly secret?: string;
}

export const callbackPair = ['CALLBACK_USERNAME', 'CALLBACK_PASSWORD'] as const;
type CallbackVariable = 'CALLBACK_URL' | 'CALLBACK_SECRET' | (typeof callbackPair)[number];
type Given = Readonly<Partial<Record<CallbackVariable, string | undefined>>>;

/** Used when CALLBACK_URL has no path. */
const CALLBACK_PATH = '/bandwidth/callbacks';

/** Returns the full URL, including the path. */
export function callbackUrl(given: string): string {
  const url = new URL(given);
  if (url.pathname === '/') url.pathname = CALLBACK_PATH;
  return url.href;
}

/** See `app/operations.ts`. */
const taken: readonly string[] = ['/healthz', '/readyz', '/metrics'];

/** Describes what is wrong with a well-formed URL, as text that follows the setting's name. */
export function callbackUrlProblem(value: string): string | undefined {
  const { port, pathname } = new URL(value);
  // Bandwidth delivers to "Ports 80, 443 and 1024 and above".
  if (port !== '' && port !== '80' && Number(port) < 1024) {
    return `names port ${port}, but Bandwidth delivers to 80, 443 and those above 1023 only.`;
  }
  if (pathname.startsWith('/slack/')) return "is the path of Slack's requests: choose another one.";
  return taken.includes(pathname)
    ? 'is the path of a health check or of the metrics: choose another one.'
    : undefined;
}

/** Anyone on the internet can try passwords here. */
const MIN_PASSWORD_LENGTH = 12;

export function easyToGuess(value: string): string | undefined {
  return value.length < MIN_PASSWORD_LENGTH
    ? `is too easy to guess: make it at least ${MIN_PASSWORD_LENGTH} characters long.`
    : undefined;
}

export function basicNameProblem(value: string): string | undefined {
  return value.includes(':') ? "has a colon, which HTTP Basic doesn't allow." : undefined;
}

/**
 * Finds conflicts among the CALLBACK_ settings, apart from half-set pairs. `missing` names the settings that would fix
 * it.
 */
export function callbackProblem(given: Given):
  | {
      readonly variable: 'CALLBACK_URL';
      readonly text: string;
      readonly missing: readonly CallbackVariable[];
    }
  | undefined {
  const keys = [...callbackPair, 'CALLBACK_SECRET'] as const;
  const key = keys.find((name) => given[name] !== undefined);
  const variable = 'CALLBACK_URL';
  if (given.CALLBACK_URL === undefined && key !== undefined) {
    const text = `is not set, but ${key} is: without it the app doesn't listen for callbacks.`;
    return { variable, text, missing: [variable] };
  }
  if (given.CALLBACK_URL !== undefined && key === undefined) {
    const text =
      'is set, but there are no credentials to recognize Bandwidth by: set CALLBACK_USERNAME and CALLBACK_PASSWORD for XML notices, CALLBACK_SECRET for JSON notices, or all three.';
    return { variable, text, missing: keys };
  }
  return undefined;
}

export function callbacksOf(settings: Given): Callbacks | undefined {
  const { CALLBACK_URL: url, CALLBACK_USERNAME: username, CALLBACK_PASSWORD: password } = settings;
  if (url === undefined) return undefined;
  const secret = settings.CALLBACK_SECRET;
  return {
    url,
    ...(username === undefined || password === undefined ? {} : { basic: { username, password } }),
    ...(secret === undefined ? {} : { secret }),
  };
}

/** What the CALLBACK_ settings mean, and what can be wrong with them. */

export interface Callbacks {
  /** Where Bandwidth sends its notices: our address as the world sees it. */
  readonly url: string;
  /** Who may bring the XML notices of the older subscriptions. */
  readonly basic?: { readonly username: string; readonly password: string };
  /** What the JSON notices of the newer subscriptions are signed with. */
  readonly secret?: string;
}

export const callbackPair = ['CALLBACK_USERNAME', 'CALLBACK_PASSWORD'] as const;
type CallbackVariable = 'CALLBACK_URL' | 'CALLBACK_SECRET' | (typeof callbackPair)[number];
type Given = Readonly<Partial<Record<CallbackVariable, string | undefined>>>;

/** Where CALLBACK_URL names no path. */
const CALLBACK_PATH = '/bandwidth/callbacks';

/** The whole address, with its path. */
export function callbackUrl(given: string): string {
  const url = new URL(given);
  if (url.pathname === '/') url.pathname = CALLBACK_PATH;
  return url.href;
}

/** See `health.ts`. */
const taken: readonly string[] = ['/healthz', '/readyz'];

/** What is wrong with an address that is one; to be read after its name. */
export function callbackUrlProblem(value: string): string | undefined {
  const { port, pathname } = new URL(value);
  // "Ports 80, 443 and 1024 and above": where Bandwidth delivers.
  if (port !== '' && port !== '80' && Number(port) < 1024) {
    return `names port ${port}, but Bandwidth delivers to 80, 443 and those above 1023 only.`;
  }
  if (pathname.startsWith('/slack/')) return "lies where Slack's requests arrive: choose another path.";
  return taken.includes(pathname)
    ? 'lies where the health of the app is asked for: choose another path.'
    : undefined;
}

/** Anybody on the internet can guess at these. */
const SHORTEST_PASSWORD = 12;

export function easyToGuess(value: string): string | undefined {
  return value.length < SHORTEST_PASSWORD
    ? `is too easy to guess: make it at least ${SHORTEST_PASSWORD} characters long.`
    : undefined;
}

export function basicNameProblem(value: string): string | undefined {
  return value.includes(':') ? 'holds a colon, which HTTP Basic does not allow.' : undefined;
}

/** What is wrong with all of them together, beside half a pair. `missing` are those whose absence is the problem. */
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
    const text = `is not set, but ${key} is: without it nothing is listened for.`;
    return { variable, text, missing: [variable] };
  }
  if (given.CALLBACK_URL !== undefined && key === undefined) {
    const text =
      'is set, but nothing by which to know Bandwidth: set CALLBACK_USERNAME and CALLBACK_PASSWORD for XML notices, CALLBACK_SECRET for JSON notices, or all three.';
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

const MASK = '[hidden]';

/** Slack's tokens, including refresh tokens and cookies, anywhere in a text. */
const SLACK_TOKEN = /\bx(?:ox[a-z]|app)[.-][\w.%-]+/gi;
const SECRET_NAME = '(?:password|passwd|secret|token|authorization|api[_-]?key|ticket)';
const PATTERNS: ReadonlyArray<readonly [pattern: RegExp, replacement: string]> = [
  [SLACK_TOKEN, MASK],
  // The header. What follows must look generated: "Basic Information" is a page of Slack's.
  [/\b([Bb]asic|[Bb]earer)\s+(?=[\w.~+/=-]*(?:\d|=|[a-z][A-Z]))[\w.~+/=-]{6,}/g, `$1 ${MASK}`],
  // A JSON Web Token, as Bandwidth's token endpoint issues.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, MASK],
  // "client_secret": "…", password: '…', and the same inside a quoted text.
  [
    new RegExp(
      `(${SECRET_NAME}\\\\?["']?\\s*[=:]\\s*)(\\\\?["'])(?:\\\\{3}["']|(?!\\2)(?:\\\\.|[^\\\\]))*`,
      'gi',
    ),
    `$1$2${MASK}`,
  ],
  // password=…; a colon and a space before a bare word are prose.
  [new RegExp(`(${SECRET_NAME}(?:\\s*=\\s*|\\\\?["']\\s*:\\s*|:))[^\\s"'&,;<>})\\\\]+`, 'gi'), `$1${MASK}`],
  [/(<(Password|ClientSecret|Token)>)[^<]*(?=<)/gi, `$1${MASK}`],
  // https://name:password@host
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@]+@/gi, `$1${MASK}@`],
  // Anyone who knows a response_url can write to the channel.
  [/https:\/\/hooks\.slack(?:-gov)?\.com\/[^\s"'<>]+/gi, MASK],
  [/\bv0=[0-9a-f]{64}\b/gi, MASK],
];

/** Shorter secrets aren't replaced by value, because they occur in harmless words. */
const MIN_SECRET_LENGTH = 6;

/**
 * Returns a function that hides credentials in a text: everything that looks like one, and the `secrets` themselves in
 * every encoding they are sent in (plain, URL, base64, JSON).
 */
export function makeMask(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    ])
    // A long one may contain a short one.
    .sort((one, other) => other.length - one.length);
  return (text) => {
    const known = spellings.reduce((masked, spelling) => masked.replaceAll(spelling, MASK), text);
    return PATTERNS.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), known);
  };
}

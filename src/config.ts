import { distance } from 'fastest-levenshtein';
import { validate as isCronExpression } from 'node-cron';
import { z } from 'zod';
import {
  basicNameProblem,
  type Callbacks,
  callbackPair,
  callbackProblem,
  callbacksOf,
  callbackUrl,
  callbackUrlProblem,
  easyToGuess,
} from './callback-settings.js';
import { makeMask } from './mask.js';
import type { Policy } from './orders/policy.js';
import { MAX_QUANTITY } from './orders/search.js';
import { type PolicyFile, readPolicyFile } from './policy-file.js';
import { unmetRules } from './policy-quorums.js';
import {
  approvalTtlProblem,
  approversOf,
  approversProblem,
  MOST_APPROVALS,
  MOST_NUMBERS,
  milliseconds,
  shown,
  tooFewApprovers,
  undoWindowProblem,
  wholeNumberProblem,
} from './setting-values.js';
import { readStoreUrl, secretsOf, unverifiedOnHeroku } from './store/store-url.js';

export interface Config {
  readonly slack: {
    readonly botToken: string;
    /** Ends with a slash. */
    readonly apiUrl: string;
    readonly connection: SlackConnection;
  };
  /** Where we listen, if anything is to reach us by HTTP: Slack, Bandwidth, or whoever asks how we are. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Bandwidth's callbacks, where they are wanted. */
  readonly callbacks?: Callbacks;
  readonly bandwidth: {
    readonly accountId: string;
    /** Ends without a slash. */
    readonly apiUrl: string;
    readonly credentials: BandwidthCredentials;
    /** The most look-ups of orders, disconnects and numbers in any minute. */
    readonly lookUpsPerMinute: number;
  };
  /** What the order form offers first. */
  readonly offered: { readonly siteId?: string; readonly peerId?: string };
  readonly policy: Policy;
  /** The most numbers that one person's waiting orders keep aside together; 0 for none. */
  readonly maxHeld: number;
  /** See `store/store-url.ts`. */
  readonly storeUrl: string;
  /** A node-cron expression. */
  readonly pollSchedule: string;
  readonly logLevel: LogLevel;
  /** Sentences for the log at start. */
  readonly warnings: readonly string[];
  /** Values that must never be printed. */
  readonly secrets: readonly string[];
}

export type SlackConnection =
  | { readonly mode: 'socket'; readonly appToken: string }
  | { readonly mode: 'http'; readonly signingSecret: string };

export type BandwidthCredentials =
  | {
      readonly kind: 'oauth';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly tokenUrl: string;
    }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** `problems` are sentences that begin with the variable they are about and never hold a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const things = problems.length === 1 ? 'One setting needs' : `${problems.length} settings need`;
    super(
      [
        `${things} your attention before I can start:`,
        ...problems.map((problem) => `  - ${problem}`),
        'Each setting is explained in .env.example.',
      ].join('\n'),
    );
    this.problems = problems;
  }
}

/** A check gives what is wrong, to be read after the variable's name, or undefined. */
type Check = (value: string) => string | undefined;

function checked(check: Check, missing?: string) {
  return z.string(missing === undefined ? undefined : { error: missing }).superRefine((value, context) => {
    const message = check(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

const anything: Check = (value) =>
  /^(["']).*\1$/.test(value) ? 'has quotes around its value: take them away.' : undefined;

const botToken: Check = (value) => {
  if (value.startsWith('xapp-'))
    return 'holds an app-level token (xapp-): that one belongs in SLACK_APP_TOKEN.';
  if (value.startsWith('xoxp-')) {
    return 'holds a user token (xoxp-): take the Bot User OAuth Token (xoxb-) from the page "OAuth & Permissions".';
  }
  if (value.startsWith('xoxe')) {
    return 'holds a token that expires (xoxe): turn token rotation off and take the one that begins with xoxb-.';
  }
  if (/^xoxb-[\w-]+$/.test(value)) return undefined;
  return anything(value) ?? 'is not a bot token: those begin with xoxb- and have no spaces.';
};

const appToken: Check = (value) => {
  if (value.startsWith('xoxb-')) return 'holds a bot token (xoxb-): that one belongs in SLACK_BOT_TOKEN.';
  if (/^xapp-[\w-]+$/.test(value)) return undefined;
  return (
    anything(value) ??
    'is not an app-level token: those begin with xapp- and are made on the page "Basic Information", with the scope connections:write.'
  );
};

const signingSecret: Check = (value) =>
  /^(?:xox|xapp-)/.test(value)
    ? 'holds a token: the signing secret is on the page "Basic Information" and has no prefix.'
    : anything(value);

/** Credentials go to these addresses. */
const address: Check = (value) => {
  if (!URL.canParse(value)) return 'is not a URL; it should look like https://example.com/path.';
  const url = new URL(value);
  if (url.username !== '' || url.password !== '')
    return 'holds a name or a password: take them out of the URL.';
  if (url.search !== '' || url.hash !== '') return 'holds a ? or a #: only the part before it belongs here.';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && isThisMachine(url.hostname)) return undefined;
  return 'must begin with https://, or credentials would travel where others can read them.';
};

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

const bandwidthId: Check = (value) =>
  /^\d+$/.test(value) ? undefined : `is ${shown(value)}, but Bandwidth's ids are whole numbers like 1234567.`;

const approverList: Check = (value) => approversProblem(listed(value));

function listed(value: string): readonly string[] {
  return [...new Set(value.split(',').map((entry) => entry.trim()))].filter((entry) => entry !== '');
}

const wholeNumber =
  (least: number, most: number): Check =>
  (value) =>
    wholeNumberProblem(value, least, most);

const yesOrNo: Check = (value) =>
  value === 'true' || value === 'false' ? undefined : `is ${shown(value)}, but must be true or false.`;

const schedule: Check = (value) =>
  isCronExpression(value)
    ? undefined
    : `is ${shown(value)}, which is no schedule; every five seconds would be */5 * * * * *.`;

const logLevel: Check = (value) =>
  logLevels.some((level) => level === value)
    ? undefined
    : `is ${shown(value)}, but must be one of ${logLevels.join(', ')}.`;

const DEFAULT_STORE = 'sqlite:data/numbers.db';

/** Nobody shall believe that orders are in a database that we never talk to. */
const store: Check = (value) => {
  const address = readStoreUrl(value);
  return 'problem' in address ? address.problem : undefined;
};

/** Slack, Bandwidth, or what forwards their requests, must reach us. */
const DEFAULT_HOST = '0.0.0.0';

/** Every variable there is, in the order in which problems are told. */
const settings = z.object({
  SLACK_BOT_TOKEN: checked(
    botToken,
    'is not set: it is the Bot User OAuth Token (xoxb-…) on the page "OAuth & Permissions" of your Slack app.',
  ),
  SLACK_APP_TOKEN: checked(appToken).optional(),
  SLACK_SIGNING_SECRET: checked(signingSecret).optional(),
  SLACK_API_URL: checked(address)
    .default('https://slack.com/api/')
    .transform((url) => (url.endsWith('/') ? url : `${url}/`)),
  BW_ACCOUNT_ID: checked(bandwidthId, "is not set: it is your Bandwidth account's number."),
  BW_CLIENT_ID: checked(anything).optional(),
  BW_CLIENT_SECRET: checked(anything).optional(),
  BW_USERNAME: checked(anything).optional(),
  BW_PASSWORD: z.string().optional(),
  BW_TOKEN_URL: checked(address).default('https://api.bandwidth.com/api/v1/oauth2/token'),
  BW_API_URL: checked(address)
    .default('https://dashboard.bandwidth.com/api')
    .transform((url) => url.replace(/\/+$/, '')),
  BW_SITE_ID: checked(bandwidthId).optional(),
  BW_PEER_ID: checked(bandwidthId).optional(),
  BW_LOOKUPS_PER_MINUTE: checked(wholeNumber(1, 100_000)).default('90').transform(Number),
  APPROVERS: checked(
    approverList,
    'is not set: name who may approve orders, by Slack ids (U…, W… or S…) with commas between them, or * for anyone but the requester.',
  ).transform((value) => approversOf(listed(value))),
  APPROVALS_REQUIRED: checked(wholeNumber(1, MOST_APPROVALS)).default('1').transform(Number),
  ALLOW_SELF_APPROVAL: checked(yesOrNo)
    .default('false')
    .transform((value) => value === 'true'),
  ALLOW_SELF_APPROVAL_OF_DISCONNECTS: checked(yesOrNo)
    .default('false')
    .transform((value) => value === 'true'),
  AUTO_APPROVE_UP_TO: checked(wholeNumber(0, MAX_QUANTITY)).default('0').transform(Number),
  UNDO_WINDOW: checked(undoWindowProblem)
    .default('60s')
    .transform((value) => milliseconds(value) ?? 0),
  APPROVAL_TTL: checked(approvalTtlProblem)
    .default('24h')
    .transform((value) => milliseconds(value) ?? 0),
  MAX_NUMBERS_PER_ORDER: checked(wholeNumber(1, MAX_QUANTITY)).default('100').transform(Number),
  MAX_HELD: checked(wholeNumber(0, MAX_QUANTITY)).default('100').transform(Number),
  MAX_NUMBERS_PER_DAY: checked(wholeNumber(1, MOST_NUMBERS)).transform(Number).optional(),
  MAX_NUMBERS_PER_MONTH: checked(wholeNumber(1, MOST_NUMBERS)).transform(Number).optional(),
  POLICY_FILE: checked(anything).optional(),
  STORE_URL: checked(store).optional(),
  DATABASE_URL: z.string().optional(),
  REDIS_URL: z.string().optional(),
  POLL_SCHEDULE: checked(schedule).default('*/5 * * * * *'),
  CALLBACK_URL: checked((value) => address(value) ?? callbackUrlProblem(value))
    .transform(callbackUrl)
    .optional(),
  CALLBACK_USERNAME: checked((value) => anything(value) ?? basicNameProblem(value)).optional(),
  CALLBACK_PASSWORD: checked((value) => anything(value) ?? easyToGuess(value)).optional(),
  CALLBACK_SECRET: checked((value) => anything(value) ?? easyToGuess(value)).optional(),
  HOST: checked(anything).default(DEFAULT_HOST),
  PORT: checked(wholeNumber(0, 65_535)).default('3000').transform(Number),
  LOG_LEVEL: checked(logLevel)
    .default('info')
    .transform((value) => value as LogLevel),
});

type Variable = keyof z.input<typeof settings>;
type Settings = z.output<typeof settings>;
type Environment = Readonly<Record<string, string | undefined>>;

export const variables = Object.keys(settings.shape) as readonly Variable[];

const secretVariables = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'BW_CLIENT_SECRET',
  'BW_PASSWORD',
  'CALLBACK_PASSWORD',
  'CALLBACK_SECRET',
] as const satisfies readonly Variable[];

interface Problem {
  readonly variable: Variable;
  readonly text: string;
  /** The variables whose absence is the problem: one of them may have been misspelt. */
  readonly missing: readonly Variable[];
}

/**
 * Reads the process environment and the policy file it names. An empty variable counts as unset, and spaces around a
 * value as none. Throws {@link ConfigError} with everything that is wrong.
 */
export function readConfig(environment: Environment): Config {
  const given: Environment = Object.fromEntries(
    Object.entries(environment)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const secrets = [
    ...secretVariables.flatMap((name) => given[name] ?? []),
    // As HTTP Basic and the token endpoint send them, before base64.
    ...[oauthPair, basicPair, callbackPair]
      .filter((pair) => pair.every((name) => given[name] !== undefined))
      .map((pair) => pair.map((name) => given[name]).join(':')),
    ...storeVariables.flatMap((name) => secretsOf(given[name] ?? '')),
  ];
  const mask = makeMask(secrets);
  const parsed = settings.safeParse(given);
  const policyFile: PolicyFile =
    given.POLICY_FILE === undefined ? { rules: [] } : readPolicyFile(given.POLICY_FILE);
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue): Problem => {
      const variable = issue.path[0] as Variable;
      return { variable, text: issue.message, missing: given[variable] === undefined ? [variable] : [] };
    }),
    ...connectionProblems(given),
    ...credentialsProblems(given),
    ...peerProblems(given),
    ...[callbackProblem(given) ?? halfOf(callbackPair, given)].flat(),
    ...fallbackStoreProblems(given),
    ...herokuProblems(given),
    ...quorumProblems(parsed.data),
    ...policyFileProblems(policyFile),
    ...ruleProblems(parsed.data, policyFile),
  ].sort((one, other) => variables.indexOf(one.variable) - variables.indexOf(other.variable));
  const misspelt = findMisspelt(given);

  const connection = parsed.data && connectionOf(parsed.data);
  const credentials = parsed.data && credentialsOf(parsed.data);
  if (
    !parsed.success ||
    problems.length > 0 ||
    'problems' in policyFile ||
    connection === undefined ||
    credentials === undefined
  ) {
    throw new ConfigError(
      problems.map(({ variable, text, missing }) => {
        const names = missing.flatMap((name) => misspelt.get(name) ?? []);
        const hint = names.length === 0 ? '' : ` You have set ${names.join(' and ')}: is it a misspelling?`;
        return mask(`${variable} ${text}${hint}`);
      }),
    );
  }

  const { data } = parsed;
  const callbacks = callbacksOf(data);
  const listens = connection.mode === 'http' || callbacks !== undefined || given.PORT !== undefined;
  return {
    slack: { botToken: data.SLACK_BOT_TOKEN, apiUrl: data.SLACK_API_URL, connection },
    ...(listens ? { listen: { host: data.HOST, port: data.PORT } } : {}),
    ...(callbacks === undefined ? {} : { callbacks }),
    bandwidth: {
      accountId: data.BW_ACCOUNT_ID,
      apiUrl: data.BW_API_URL,
      credentials,
      lookUpsPerMinute: data.BW_LOOKUPS_PER_MINUTE,
    },
    offered: {
      ...(data.BW_SITE_ID === undefined ? {} : { siteId: data.BW_SITE_ID }),
      ...(data.BW_PEER_ID === undefined ? {} : { peerId: data.BW_PEER_ID }),
    },
    policy: { ...policyOf(data), rules: policyFile.rules },
    maxHeld: data.MAX_HELD,
    storeUrl: storeUrlOf(data, onHeroku(given)),
    pollSchedule: data.POLL_SCHEDULE,
    logLevel: data.LOG_LEVEL,
    warnings: [
      ...(credentials.kind === 'basic' ? [BASIC_ENDS] : []),
      ...(onHeroku(given) && data.STORE_URL?.startsWith('sqlite:') ? [FILE_ON_HEROKU] : []),
      ...[...misspelt].map(
        ([name, as]) => `${as} is not a setting I know, so I leave it aside. Did you mean ${name}?`,
      ),
    ],
    secrets,
  };
}

/** https://dev.bandwidth.com: API users (HTTP Basic) are decommissioned on that day. */
const BASIC_ENDS =
  'BW_USERNAME and BW_PASSWORD stop working on 2 December 2026, when Bandwidth ends HTTP Basic. Make OAuth 2.0 credentials in the Bandwidth App and set BW_CLIENT_ID and BW_CLIENT_SECRET instead.';

function policyOf(data: Settings): Omit<Policy, 'rules'> {
  const { MAX_NUMBERS_PER_DAY: perDay, MAX_NUMBERS_PER_MONTH: perMonth } = data;
  return {
    approvers: data.APPROVERS,
    approvalsRequired: data.APPROVALS_REQUIRED,
    allowSelfApproval: data.ALLOW_SELF_APPROVAL,
    allowSelfApprovalOfDisconnects: data.ALLOW_SELF_APPROVAL_OF_DISCONNECTS,
    autoApproveUpTo: data.AUTO_APPROVE_UP_TO,
    undoWindowMs: data.UNDO_WINDOW,
    approvalTtlMs: data.APPROVAL_TTL,
    maxNumbersPerOrder: data.MAX_NUMBERS_PER_ORDER,
    ...(perDay === undefined ? {} : { maxNumbersPerDay: perDay }),
    ...(perMonth === undefined ? {} : { maxNumbersPerMonth: perMonth }),
  };
}

function quorumProblems(data: Settings | undefined): readonly Problem[] {
  const text = data && tooFewApprovers(data.APPROVERS, data.APPROVALS_REQUIRED);
  return text === undefined ? [] : [{ variable: 'APPROVALS_REQUIRED', text, missing: [] }];
}

function policyFileProblems(file: PolicyFile): readonly Problem[] {
  const problems = 'problems' in file ? file.problems : [];
  return problems.map((text) => ({ variable: 'POLICY_FILE', text, missing: [] }));
}

/** Rules are judged by what they come to with the rest, which therefore has to be right first. */
function ruleProblems(data: Settings | undefined, file: PolicyFile): readonly Problem[] {
  if (data === undefined || 'problems' in file || quorumProblems(data).length > 0) return [];
  return unmetRules({ ...policyOf(data), rules: file.rules }).map(({ rule, why }) => ({
    variable: 'POLICY_FILE',
    text: `${data.POLICY_FILE}: the rule ${shown(rule)}, with what it leaves to other rules and to APPROVERS and APPROVALS_REQUIRED, ${why}`,
    missing: [],
  }));
}

function connectionProblems(given: Environment): readonly Problem[] {
  const variable = 'SLACK_APP_TOKEN';
  if (given.SLACK_APP_TOKEN === undefined && given.SLACK_SIGNING_SECRET === undefined) {
    const text = 'is not set: set it (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for HTTP mode.';
    return [{ variable, text, missing: ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] }];
  }
  if (given.SLACK_APP_TOKEN !== undefined && given.SLACK_SIGNING_SECRET !== undefined) {
    const text =
      'and SLACK_SIGNING_SECRET are both set: keep the first for Socket Mode or the second for HTTP mode, and remove the other.';
    return [{ variable, text, missing: [] }];
  }
  return [];
}

function connectionOf(data: Settings): SlackConnection | undefined {
  if (data.SLACK_APP_TOKEN !== undefined) return { mode: 'socket', appToken: data.SLACK_APP_TOKEN };
  if (data.SLACK_SIGNING_SECRET === undefined) return undefined;
  return { mode: 'http', signingSecret: data.SLACK_SIGNING_SECRET };
}

const oauthPair = ['BW_CLIENT_ID', 'BW_CLIENT_SECRET'] as const satisfies readonly Variable[];
const basicPair = ['BW_USERNAME', 'BW_PASSWORD'] as const satisfies readonly Variable[];

function credentialsProblems(given: Environment): readonly Problem[] {
  const isSet = (name: Variable) => given[name] !== undefined;
  const variable = 'BW_CLIENT_ID';
  if (![...oauthPair, ...basicPair].some(isSet)) {
    const text =
      'and BW_CLIENT_SECRET are not set: make them in the Bandwidth App (or set BW_USERNAME and BW_PASSWORD of an old API user).';
    return [{ variable, text, missing: [...oauthPair, ...basicPair] }];
  }
  if (oauthPair.some(isSet) && basicPair.some(isSet)) {
    const [one, other] = [oauthPair.filter(isSet).join(' and '), basicPair.filter(isSet).join(' and ')];
    const text = `is one way to sign in to Bandwidth, BW_USERNAME another, and you have set something of both (${one}; ${other}): keep one pair whole, best BW_CLIENT_ID and BW_CLIENT_SECRET, and remove the other.`;
    return [{ variable, text, missing: [] }];
  }
  return [oauthPair, basicPair].flatMap((pair) => halfOf(pair, given));
}

/** Of two variables that belong together, only one is set. */
function halfOf(pair: readonly Variable[], given: Environment): readonly Problem[] {
  const present = pair.find((name) => given[name] !== undefined);
  const absent = pair.find((name) => given[name] === undefined);
  if (present === undefined || absent === undefined) return [];
  const text = `is not set, but ${present} is: they belong together.`;
  return [{ variable: absent, text, missing: [absent] }];
}

function credentialsOf(data: Settings): BandwidthCredentials | undefined {
  const { BW_CLIENT_ID: clientId, BW_CLIENT_SECRET: clientSecret, BW_TOKEN_URL: tokenUrl } = data;
  const { BW_USERNAME: username, BW_PASSWORD: password } = data;
  if (clientId !== undefined && clientSecret !== undefined) {
    return { kind: 'oauth', clientId, clientSecret, tokenUrl };
  }
  if (username !== undefined && password !== undefined) return { kind: 'basic', username, password };
  return undefined;
}

function peerProblems(given: Environment): readonly Problem[] {
  if (given.BW_PEER_ID === undefined || given.BW_SITE_ID !== undefined) return [];
  const text = 'is not set, but BW_PEER_ID is: a location belongs to a sub-account.';
  return [{ variable: 'BW_SITE_ID', text, missing: ['BW_SITE_ID'] }];
}

/** The last two are what hosting platforms set by themselves; an explicit STORE_URL is stronger. */
const storeVariables = ['STORE_URL', 'DATABASE_URL', 'REDIS_URL'] as const satisfies readonly Variable[];

const storeVariable = (given: Environment) => storeVariables.find((name) => given[name] !== undefined);

function fallbackStoreProblems(given: Environment): readonly Problem[] {
  const variable = storeVariable(given);
  if (variable === undefined || variable === 'STORE_URL') return [];
  const text = store(given[variable] ?? '');
  return text === undefined ? [] : [{ variable, text, missing: [] }];
}

/** Heroku sets it in every dyno, and so does what imitates Heroku. */
const onHeroku = (given: Environment) => given.DYNO !== undefined;

function herokuProblems(given: Environment): readonly Problem[] {
  if (!onHeroku(given) || storeVariable(given) !== undefined) return [];
  const text =
    'is not set, nor is DATABASE_URL or REDIS_URL: on Heroku a file is lost with every restart, and orders with it. Add a database (heroku addons:create heroku-postgresql) and start again.';
  return [{ variable: 'STORE_URL', text, missing: ['STORE_URL'] }];
}

/** Refused only where nobody chose it: what imitates Heroku, such as Dokku, may well keep files. */
const FILE_ON_HEROKU =
  'STORE_URL names a file, but DYNO is set: on Heroku files are lost with every restart, and orders with them. Use a database there.';

function storeUrlOf(data: Settings, heroku: boolean): string {
  if (data.STORE_URL !== undefined) return data.STORE_URL;
  const given = data.DATABASE_URL ?? data.REDIS_URL;
  if (given === undefined) return DEFAULT_STORE;
  return heroku ? unverifiedOnHeroku(given) : given;
}

const MISSPELT_BY_AT_MOST = 2;
/** A shorter name is near to too many others. */
const MISSPELT_FROM_LENGTH = 8;

/** Variables that are not set, each with a name that is set, is not ours, and is nearly the same. */
function findMisspelt(given: Environment): ReadonlyMap<Variable, string> {
  const strangers = Object.keys(given).filter((name) => !Object.hasOwn(settings.shape, name));
  const pairs = variables
    .filter((name) => given[name] === undefined && name.length >= MISSPELT_FROM_LENGTH)
    .flatMap((name) => {
      const near = strangers.find(
        (stranger) => distance(stranger.toUpperCase(), name) <= MISSPELT_BY_AT_MOST,
      );
      return near === undefined ? [] : [[name, near] as const];
    });
  return new Map(pairs);
}

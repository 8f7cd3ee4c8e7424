import { basicWarning } from '../bandwidth/basic-auth-retirement.js';
import { makeMask } from '../mask.js';
import type { Policy } from '../orders/policy/policy.js';
import type { Clock } from '../orders/ports/clock.js';
import { systemClock } from '../orders/system-clock.js';
import type { ProxySettings } from '../proxy/proxy-settings.js';
import { secretsOf, unverifiedOnHeroku } from '../store/store-url.js';
import { type Callbacks, callbackPair, callbackProblem, callbacksOf } from './callback-settings.js';
import { findMisspelled } from './misspelled.js';
import { type PolicyFile, readPolicyFile } from './policy-file.js';
import { policyFileProblems, policyOf, quorumProblems, ruleProblems } from './policy-settings.js';
import { proxyOf, proxySecretsOf, withProxyVariables } from './proxy-settings.js';
import { readSecretFiles } from './secret-files.js';
import type { LogLevel } from './setting-checks.js';
import {
  basicPair,
  DEFAULT_REPORT_SCHEDULE,
  type Environment,
  oauthPair,
  type Settings,
  secretVariables,
  settings,
  storeVariables,
  type Variable,
  variables,
} from './settings.js';
import {
  connectionProblems,
  credentialsProblems,
  fallbackStoreProblems,
  halfOf,
  herokuProblems,
  onHeroku,
  type Problem,
  peerProblems,
} from './settings-problems.js';

export interface Config {
  readonly slack: {
    readonly botToken: string;
    /** Ends with a slash. */
    readonly apiUrl: string;
    readonly connection: SlackConnection;
  };
  /** Where we listen for HTTP from Slack and Bandwidth. Absent when neither needs it and no port is named. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Where health checks and metrics are served. Absent: where `listen` says, if we listen. */
  readonly operations?: { readonly host: string; readonly port: number };
  /** Absent when Bandwidth's callbacks aren't used. */
  readonly callbacks?: Callbacks;
  readonly bandwidth: {
    readonly accountId: string;
    /** Ends without a slash. */
    readonly apiUrl: string;
    readonly credentials: BandwidthCredentials;
    /** The maximum number of order, disconnect and number lookups per minute. */
    readonly lookUpsPerMinute: number;
    readonly ordersPerMinute: number;
  };
  /** The defaults in the order form. */
  readonly offered: { readonly siteId?: string; readonly peerId?: string };
  readonly policy: Policy;
  /** The maximum number of numbers held for one requester's waiting orders; 0 turns holds off. */
  readonly maxHeld: number;
  /** See `store/store-url.ts`. */
  readonly storeUrl: string;
  /** How long finished orders are kept. Absent: forever. */
  readonly keepFinishedMs?: number;
  /** A node-cron expression. */
  readonly pollSchedule: string;
  /** Where and when (a node-cron expression) the drift report is posted. Absent: nowhere. */
  readonly report?: { readonly channelId: string; readonly schedule: string };
  /** Through which proxy Slack and Bandwidth are reached. Absent: directly. */
  readonly proxy?: ProxySettings;
  readonly logLevel: LogLevel;
  /** Sentences to log at startup, the most urgent first. */
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

/**
 * Settings the app can't start with. Each of `problems` is a sentence that begins with the variable's name and contains
 * no secret.
 */
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

const DEFAULT_STORE = 'sqlite:data/numbers.db';

/**
 * Reads the process environment, the policy file and the secret files that it names. Empty variables count as unset,
 * and surrounding spaces are ignored. The clock only decides what to warn about. Throws {@link ConfigError} with every
 * problem found.
 */
export function readConfig(environment: Environment, clock: Pick<Clock, 'now'> = systemClock): Config {
  const files = readSecretFiles(
    Object.fromEntries(
      Object.entries(withProxyVariables(environment))
        .map(([name, value]) => [name, value?.trim()] as const)
        .filter(([, value]) => value !== undefined && value !== ''),
    ),
  );
  const { given } = files;
  const notRead = files.problems.map(({ variable }) => variable);
  const secrets = [
    ...secretVariables.flatMap((name) => given[name] ?? []),
    // The pairs as HTTP Basic and the token endpoint send them, before base64.
    ...[oauthPair, basicPair, callbackPair]
      .filter((pair) => pair.every((name) => given[name] !== undefined))
      .map((pair) => pair.map((name) => given[name]).join(':')),
    ...storeVariables.flatMap((name) => secretsOf(given[name] ?? '')),
    ...(given.HTTPS_PROXY === undefined ? [] : proxySecretsOf(given.HTTPS_PROXY)),
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
  ]
    // A value whose file can't be read isn't missing.
    .filter(({ missing }) => !missing.some((name) => notRead.includes(name)))
    .concat(files.problems)
    .sort((one, other) => variables.indexOf(one.variable) - variables.indexOf(other.variable));
  const misspelt = findMisspelled(given);

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
  const proxy = proxyOf(data);
  const callbacks = callbacksOf(data);
  const listens = connection.mode === 'http' || callbacks !== undefined || given.PORT !== undefined;
  return {
    slack: { botToken: data.SLACK_BOT_TOKEN, apiUrl: data.SLACK_API_URL, connection },
    ...(listens ? { listen: { host: data.HOST, port: data.PORT } } : {}),
    ...(data.OPERATIONS_ADDRESS === undefined ? {} : { operations: data.OPERATIONS_ADDRESS }),
    ...(callbacks === undefined ? {} : { callbacks }),
    bandwidth: {
      accountId: data.BW_ACCOUNT_ID,
      apiUrl: data.BW_API_URL,
      credentials,
      lookUpsPerMinute: data.BW_LOOKUPS_PER_MINUTE,
      ordersPerMinute: data.BW_ORDERS_PER_MINUTE,
    },
    offered: {
      ...(data.BW_SITE_ID === undefined ? {} : { siteId: data.BW_SITE_ID }),
      ...(data.BW_PEER_ID === undefined ? {} : { peerId: data.BW_PEER_ID }),
    },
    policy: { ...policyOf(data), ...policyFile },
    maxHeld: data.MAX_HELD,
    storeUrl: storeUrlOf(data, onHeroku(given)),
    ...(data.KEEP_FINISHED === undefined ? {} : { keepFinishedMs: data.KEEP_FINISHED }),
    pollSchedule: data.POLL_SCHEDULE,
    ...(data.REPORT_CHANNEL === undefined
      ? {}
      : { report: { channelId: data.REPORT_CHANNEL, schedule: data.REPORT_SCHEDULE } }),
    ...(proxy === undefined ? {} : { proxy }),
    logLevel: data.LOG_LEVEL,
    warnings: [
      ...(credentials.kind === 'basic' ? [basicWarning(clock.now())] : []),
      ...(onHeroku(given) && data.STORE_URL?.startsWith('sqlite:') ? [FILE_ON_HEROKU] : []),
      ...(data.REPORT_CHANNEL === undefined && data.REPORT_SCHEDULE !== DEFAULT_REPORT_SCHEDULE
        ? [NO_REPORT_CHANNEL]
        : []),
      ...[...misspelt].map(
        ([name, as]) => `${as} isn't a known setting, so it's ignored. Did you mean ${name}?`,
      ),
    ],
    secrets,
  };
}

const NO_REPORT_CHANNEL =
  'REPORT_SCHEDULE is set, but REPORT_CHANNEL is not, so no drift report is posted. Set REPORT_CHANNEL to the id of a channel that I am in.';

function connectionOf(data: Settings): SlackConnection | undefined {
  if (data.SLACK_APP_TOKEN !== undefined) return { mode: 'socket', appToken: data.SLACK_APP_TOKEN };
  if (data.SLACK_SIGNING_SECRET === undefined) return undefined;
  return { mode: 'http', signingSecret: data.SLACK_SIGNING_SECRET };
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

/**
 * A file is refused only as the default: on platforms that imitate Heroku, such as Dokku, a file may survive restarts.
 */
const FILE_ON_HEROKU =
  'STORE_URL names a file, but DYNO is set: on Heroku files are lost with every restart, and orders with them. Use a database there.';

function storeUrlOf(data: Settings, heroku: boolean): string {
  if (data.STORE_URL !== undefined) return data.STORE_URL;
  const given = data.DATABASE_URL ?? data.REDIS_URL;
  if (given === undefined) return DEFAULT_STORE;
  return heroku ? unverifiedOnHeroku(given) : given;
}

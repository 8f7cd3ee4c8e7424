import { makeMask } from '../mask.js';
import type { Policy } from '../orders/policy/policy.js';
import { secretsOf, unverifiedOnHeroku } from '../store/store-url.js';
import { type Callbacks, callbackPair, callbackProblem, callbacksOf } from './callback-settings.js';
import { findMisspelled } from './misspelled.js';
import { type PolicyFile, readPolicyFile } from './policy-file.js';
import { policyFileProblems, policyOf, quorumProblems, ruleProblems } from './policy-settings.js';
import type { LogLevel } from './setting-checks.js';
import {
  basicPair,
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
  /** Where we listen for HTTP from Slack, Bandwidth or health checks. Absent when none of them needs it. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Absent when Bandwidth's callbacks aren't used. */
  readonly callbacks?: Callbacks;
  readonly bandwidth: {
    readonly accountId: string;
    /** Ends without a slash. */
    readonly apiUrl: string;
    readonly credentials: BandwidthCredentials;
    /** The maximum number of order, disconnect and number lookups per minute. */
    readonly lookUpsPerMinute: number;
  };
  /** The defaults in the order form. */
  readonly offered: { readonly siteId?: string; readonly peerId?: string };
  readonly policy: Policy;
  /** The maximum number of numbers held for one requester's waiting orders; 0 turns holds off. */
  readonly maxHeld: number;
  /** See `store/store-url.ts`. */
  readonly storeUrl: string;
  /** A node-cron expression. */
  readonly pollSchedule: string;
  readonly logLevel: LogLevel;
  /** Sentences to log at startup. */
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
 * Reads the process environment and the policy file it names. Empty variables count as unset, and surrounding spaces
 * are ignored. Throws {@link ConfigError} with every problem found.
 */
export function readConfig(environment: Environment): Config {
  const given: Environment = Object.fromEntries(
    Object.entries(environment)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const secrets = [
    ...secretVariables.flatMap((name) => given[name] ?? []),
    // The pairs as HTTP Basic and the token endpoint send them, before base64.
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

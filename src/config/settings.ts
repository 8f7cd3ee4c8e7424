import { z } from 'zod';
import { MAX_QUANTITY } from '../orders/domain/search/search.js';
import type { Notify } from '../orders/policy/policy.js';
import { basicNameProblem, callbackUrl, callbackUrlProblem, easyToGuess } from './callback-settings.js';
import {
  address,
  anything,
  approverList,
  appToken,
  bandwidthId,
  botToken,
  channelId,
  checked,
  type LogLevel,
  listed,
  listenAddress,
  listenAddressOf,
  logLevel,
  notifyWay,
  numbersAddress,
  proxyUrl,
  refuseOrAllow,
  reportSchedule,
  schedule,
  signingSecret,
  store,
  wholeNumber,
  yesOrNo,
} from './setting-checks.js';
import {
  approvalTtlProblem,
  MAX_APPROVALS,
  MAX_NUMBERS,
  milliseconds,
  readApprovers,
  retentionProblem,
  undoWindowProblem,
} from './setting-values.js';

/** Slack and Bandwidth, or the proxy in front of us, must be able to connect. */
const DEFAULT_HOST = '0.0.0.0';

/** Mondays at 9:00 UTC. */
export const DEFAULT_REPORT_SCHEDULE = '0 9 * * 1';

/** Every variable, in the order in which problems are listed. */
export const settings = z.object({
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
  BW_API_URL: checked(numbersAddress)
    .default('https://dashboard.bandwidth.com/api')
    .transform((url) => url.replace(/\/+$/, '')),
  BW_SITE_ID: checked(bandwidthId).optional(),
  BW_PEER_ID: checked(bandwidthId).optional(),
  BW_LOOKUPS_PER_MINUTE: checked(wholeNumber(1, 100_000)).default('90').transform(Number),
  BW_ORDERS_PER_MINUTE: checked(wholeNumber(2, 100_000)).default('90').transform(Number),
  APPROVERS: checked(
    approverList,
    'is not set: list who may approve orders, by Slack ids (U…, W… or S…) separated by commas, or * for anyone but the requester.',
  ).transform((value) => readApprovers(listed(value))),
  APPROVALS_REQUIRED: checked(wholeNumber(1, MAX_APPROVALS)).default('1').transform(Number),
  ALLOW_SELF_APPROVAL: checked(yesOrNo)
    .default('false')
    .transform((value) => value === 'true'),
  ALLOW_SELF_APPROVAL_OF_DISCONNECTS: checked(yesOrNo)
    .default('false')
    .transform((value) => value === 'true'),
  ALLOW_GUESTS: checked(yesOrNo)
    .default('false')
    .transform((value) => value === 'true'),
  EXTERNAL_CHANNELS: checked(refuseOrAllow)
    .default('refuse')
    .transform((value) => (value === 'allow' ? 'allow' : 'refuse')),
  AUTO_APPROVE_UP_TO: checked(wholeNumber(0, MAX_QUANTITY)).default('0').transform(Number),
  UNDO_WINDOW: checked(undoWindowProblem)
    .default('60s')
    .transform((value) => milliseconds(value) ?? 0),
  APPROVAL_TTL: checked(approvalTtlProblem)
    .default('24h')
    .transform((value) => milliseconds(value) ?? 0),
  MAX_NUMBERS_PER_ORDER: checked(wholeNumber(1, MAX_QUANTITY)).default('100').transform(Number),
  MAX_HELD: checked(wholeNumber(0, MAX_QUANTITY)).default('100').transform(Number),
  MAX_NUMBERS_PER_DAY: checked(wholeNumber(1, MAX_NUMBERS)).transform(Number).optional(),
  MAX_NUMBERS_PER_MONTH: checked(wholeNumber(1, MAX_NUMBERS)).transform(Number).optional(),
  NOTIFY_APPROVERS: checked(notifyWay)
    .default('thread')
    .transform((value) => value as Notify),
  APPROVALS_CHANNEL: checked(channelId).optional(),
  POLICY_FILE: checked(anything).optional(),
  STORE_URL: checked(store).optional(),
  DATABASE_URL: z.string().optional(),
  REDIS_URL: z.string().optional(),
  KEEP_FINISHED: checked(retentionProblem)
    .transform((value) => milliseconds(value) ?? Number.POSITIVE_INFINITY)
    .optional(),
  POLL_SCHEDULE: checked(schedule).default('*/5 * * * * *'),
  REPORT_CHANNEL: checked(channelId).optional(),
  REPORT_SCHEDULE: checked(reportSchedule).default(DEFAULT_REPORT_SCHEDULE),
  CALLBACK_URL: checked((value) => address(value) ?? callbackUrlProblem(value))
    .transform(callbackUrl)
    .optional(),
  CALLBACK_USERNAME: checked((value) => anything(value) ?? basicNameProblem(value)).optional(),
  CALLBACK_PASSWORD: checked((value) => anything(value) ?? easyToGuess(value)).optional(),
  CALLBACK_SECRET: checked((value) => anything(value) ?? easyToGuess(value)).optional(),
  HOST: checked(anything).default(DEFAULT_HOST),
  PORT: checked(wholeNumber(0, 65_535)).default('3000').transform(Number),
  HTTPS_PROXY: checked(proxyUrl).optional(),
  NO_PROXY: z.string().optional(),
  OPERATIONS_ADDRESS: checked(listenAddress).transform(listenAddressOf).optional(),
  LOG_LEVEL: checked(logLevel)
    .default('info')
    .transform((value) => value as LogLevel),
});

export type Variable = keyof z.input<typeof settings>;
export type Settings = z.output<typeof settings>;
export type Environment = Readonly<Record<string, string | undefined>>;

export const variables = Object.keys(settings.shape) as readonly Variable[];

export const secretVariables = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'BW_CLIENT_SECRET',
  'BW_PASSWORD',
  'CALLBACK_PASSWORD',
  'CALLBACK_SECRET',
] as const satisfies readonly Variable[];

export const oauthPair = ['BW_CLIENT_ID', 'BW_CLIENT_SECRET'] as const satisfies readonly Variable[];
export const basicPair = ['BW_USERNAME', 'BW_PASSWORD'] as const satisfies readonly Variable[];

/** Hosting platforms set the last two; an explicit STORE_URL takes precedence. */
export const storeVariables = [
  'STORE_URL',
  'DATABASE_URL',
  'REDIS_URL',
] as const satisfies readonly Variable[];

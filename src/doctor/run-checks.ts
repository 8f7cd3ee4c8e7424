import type { AccountFacts } from '../bandwidth/account-facts.js';
import { apiVersionAt } from '../bandwidth/api-version.js';
import type { Subscriptions } from '../bandwidth/subscriptions.js';
import type { Config } from '../config/config.js';
import { settingNaming } from '../config/policy-settings.js';
import type { SlackFacts } from '../slack/access/slack-facts.js';
import type { StoreFacts } from '../store/inspect-store.js';
import { checkApprovers } from './check-approvers.js';
import { checkAccount, checkRoles, notTried } from './check-bandwidth.js';
import { checkCallbacks } from './check-callbacks.js';
import { checkChannels } from './check-channels.js';
import { checkClocks } from './check-clocks.js';
import { checkDatabase } from './check-database.js';
import { checkProxy } from './check-proxy.js';
import { checkSettings } from './check-settings.js';
import { checkAppToken, checkScopes, checkSignIn, socketConnections } from './check-slack.js';
import { type Finding, undetermined } from './finding.js';
import { namedChannels } from './named-channels.js';

/** What the checks ask. Nothing here posts, orders, holds or writes. */
export interface CheckSources {
  readonly slack: SlackFacts;
  readonly bandwidth: AccountFacts;
  readonly subscriptions: Pick<Subscriptions, 'list'>;
  readonly inspectStore: () => Promise<StoreFacts>;
}

/** Runs every check. Never rejects: a check that fails unexpectedly is not known. */
export async function runChecks(config: Config, asking: CheckSources): Promise<readonly Finding[]> {
  const [slack, bandwidth, database] = await Promise.all([
    unlessItFails('Slack', () => slackFindings(config, asking, true)),
    unlessItFails('Bandwidth', () => bandwidthFindings(config, asking)),
    unlessItFails('Database', () => checkDatabase(asking.inspectStore)),
  ]);
  const clocks = checkClocks({ Slack: asking.slack.aheadMs(), Bandwidth: asking.bandwidth.aheadMs() });
  return [...checkSettings(config), ...checkProxy(config), ...slack, ...bandwidth, ...database, ...clocks];
}

/** @param everyone whether the members of approver groups are looked up too. */
export async function slackFindings(
  config: Pick<Config, 'slack' | 'policy' | 'report'>,
  { slack: facts }: Pick<CheckSources, 'slack'>,
  everyone: boolean,
): Promise<readonly Finding[]> {
  const { policy } = config;
  const { findings, installation } = await checkSignIn(facts);
  const settingOf = (groupId: string) => settingNaming(policy, groupId);
  // At the same time, so that the operator waits for a stalled Slack only once.
  const [socket, channels, approvers] = await Promise.all([
    config.slack.connection.mode === 'socket' && everyone
      ? checkAppToken(facts).then((found) => [found, socketConnections])
      : [],
    installation && checkChannels({ channels: namedChannels(config), facts, policy }),
    installation && checkApprovers({ facts, installation, policy, settingOf, everyone }),
  ]);
  if (installation === undefined || channels === undefined || approvers === undefined) {
    const isReached = findings.some(({ check, answer }) => check === 'Slack' && answer === 'ok');
    const why = isReached ? "The bot token doesn't work, so Slack can't be asked." : "Slack wasn't reached.";
    return [
      ...findings,
      ...socket,
      ...['Scopes', 'Channels', 'Approvers'].map((each) => undetermined(each, why)),
    ];
  }
  return [...findings, ...checkScopes(installation), ...socket, ...channels, ...approvers];
}

async function bandwidthFindings(
  config: Config,
  { bandwidth: facts, subscriptions }: Pick<CheckSources, 'bandwidth' | 'subscriptions'>,
): Promise<readonly Finding[]> {
  const { bandwidth, offered, callbacks } = config;
  const { findings, isUsable } = await checkAccount({ facts, bandwidth, offered });
  if (!isUsable) {
    const why = "The account couldn't be read.";
    return [
      ...findings,
      undetermined('Bandwidth roles', why),
      ...notTried(config.maxHeld),
      ...(callbacks === undefined ? [] : [undetermined('Callbacks', why)]),
    ];
  }
  return [
    ...findings,
    ...(await checkRoles(facts, apiVersionAt(bandwidth.apiUrl).activatesServices)),
    ...notTried(config.maxHeld),
    ...(callbacks === undefined ? [] : await checkCallbacks({ callbacks, subscriptions })),
  ];
}

async function unlessItFails(
  check: string,
  find: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await find();
  } catch (error) {
    return [
      undetermined(check, `The check failed (${error instanceof Error ? error.name : 'unknown error'}).`),
    ];
  }
}

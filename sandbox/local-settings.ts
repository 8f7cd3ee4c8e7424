import type { LocalBandwidth } from './local-bandwidth/local-bandwidth.js';
import type { LocalSlack } from './local-slack/local-slack.js';
import { approverGroup } from './sample-workspace.js';

/** The settings of an app between this local Slack, in Socket Mode, and this local Bandwidth; it polls every second. */
export function localSettings(slack: LocalSlack, bandwidth: LocalBandwidth, storeUrl: string) {
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    ...bandwidthSettings(bandwidth),
    APPROVERS: approverGroup.id,
    STORE_URL: storeUrl,
    POLL_SCHEDULE: '* * * * * *',
  };
}

/** The account, credentials and addresses of this local Bandwidth. */
export function bandwidthSettings(
  bandwidth: Pick<LocalBandwidth, 'accountId' | 'clientId' | 'clientSecret' | 'tokenUrl' | 'apiUrl'>,
) {
  return {
    BW_ACCOUNT_ID: bandwidth.accountId,
    BW_CLIENT_ID: bandwidth.clientId,
    BW_CLIENT_SECRET: bandwidth.clientSecret,
    BW_TOKEN_URL: bandwidth.tokenUrl,
    BW_API_URL: bandwidth.apiUrl,
  };
}

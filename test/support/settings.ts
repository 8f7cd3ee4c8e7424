/** The settings without which the app doesn't start: in Socket Mode, for a Slack and a Bandwidth that don't exist. */
export const requiredSettings = {
  SLACK_BOT_TOKEN: 'xoxb-1-2-abcDEF',
  SLACK_APP_TOKEN: 'xapp-1-A1-2-abcdef',
  BW_ACCOUNT_ID: '9900000',
  BW_CLIENT_ID: 'client-1',
  BW_CLIENT_SECRET: 'client-secret-1',
  APPROVERS: 'U0APPROVER',
};

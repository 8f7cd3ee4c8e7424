import bolt from '@slack/bolt';

/** The smallest Bolt app in HTTP mode: it only acknowledges. */
const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN ?? '',
  signingSecret: process.env.SLACK_SIGNING_SECRET ?? '',
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL ?? '' },
});
app.command('/numbers', async ({ ack }) => ack('help'));
app.action(/.*/, async ({ ack }) => ack());
process.on('SIGTERM', () => process.exit(0));
await app.start(Number(process.env.PORT));

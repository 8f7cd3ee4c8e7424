import { expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { startLocalSlack } from '../../../sandbox/local-slack/local-slack.js';
import { makeReportBoard } from '../../../src/slack/messages/drift-board.js';
import { noon } from '../../support/sample-orders.js';

const CHANNEL = { id: 'C0REPORTS', name: 'reports', members: [], botIsMember: true };
const findings = {
  at: noon,
  inventory: { standing: 'complete', asOf: noon, unread: 0, missingRoles: [] },
  drifts: [],
  explained: 0,
  unlistedOrders: 0,
  unreadableOrders: 0,
} as const;

test('A report whose blocks Slack refuses is posted as text, so that it isn’t missing for a week', async () => {
  const slack = await startLocalSlack({ people: [], channels: [CHANNEL] });
  try {
    const board = makeReportBoard({
      client: new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }),
      channelId: CHANNEL.id,
      linksOf: async () => new Map(),
      policy: { externalChannels: 'refuse' },
      log: { warn: () => {} },
    });
    slack.fail('chat.postMessage', { error: 'invalid_blocks' });
    await board.post({ ...findings, id: 'c0ffee', lists: {} }, findings);
    const [posted] = slack.messages(CHANNEL.id);
    expect(posted?.text).toContain('No drift');
    expect(posted?.text).toContain('/numbers drift');
  } finally {
    await slack.close();
  }
});

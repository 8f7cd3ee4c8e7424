import type { WebClient } from '@slack/web-api';
import type { Log } from '../../orders/ports/log.js';
import type { LinkToCard } from '../../orders/use-cases/card-link.js';
import { slackCode } from './slack-errors.js';

/** Asks Slack for the links to cards. They can't be built: they contain the workspace's domain. */
export function makeCardLinks(deps: {
  readonly client: Pick<WebClient, 'chat'>;
  readonly log: Pick<Log, 'info'>;
}): LinkToCard {
  const { client, log } = deps;
  return async ({ channelId, ts }) => {
    try {
      const { permalink } = await client.chat.getPermalink({ channel: channelId, message_ts: ts });
      return permalink;
    } catch (err) {
      if (slackCode(err) === 'message_not_found') return 'missing';
      log.info({ err, channelId, ts }, 'link to a card not available');
      return undefined;
    }
  };
}

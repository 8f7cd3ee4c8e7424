import type { WebClient } from '@slack/web-api';
import type { Policy } from '../../orders/policy/policy.js';
import { type ReportBoard, ReportRefused } from '../../orders/ports/drift.js';
import type { Log } from '../../orders/ports/log.js';
import type { LinksOf } from '../../orders/use-cases/links-of.js';
import { sharingOf } from '../access/channels.js';
import { driftFile } from '../blocks/answers/drift-csv.js';
import { driftReport, ordersIn, PRIVATELY } from '../blocks/answers/drift-report.js';
import type { Message } from '../blocks/message.js';
import { slackCode, slackIsBusy } from './slack-errors.js';

/**
 * Posts scheduled reports in the channel of REPORT_CHANNEL. A report names numbers and people, so it isn't posted where
 * another company can read it, unless EXTERNAL_CHANNELS allows it.
 */
export function makeReportBoard(deps: {
  readonly client: Pick<WebClient, 'chat' | 'conversations' | 'filesUploadV2'>;
  readonly channelId: string;
  readonly linksOf: LinksOf;
  readonly policy: Pick<Policy, 'externalChannels'>;
  readonly log: Pick<Log, 'warn'>;
}): ReportBoard {
  const { client, channelId, linksOf, policy, log } = deps;

  async function checkSharing(): Promise<void> {
    if (policy.externalChannels === 'allow') return;
    const { channel } = await client.conversations.info({ channel: channelId }).catch((error: unknown) => {
      throw refused(error);
    });
    const sharing = sharingOf(channel ?? {});
    if (sharing === 'internal') return;
    const why =
      sharing === 'external' ? 'is shared with another company' : 'may be shared with another company';
    throw new ReportRefused(`REPORT_CHANNEL ${channelId} ${why}`, { isTemporary: false });
  }

  return {
    async post(report, findings) {
      await checkSharing();
      const message = driftReport(report, await linksOf(ordersIn(report)));
      const noPreviews = { unfurl_links: false, unfurl_media: false };
      const post = (said: Message) => client.chat.postMessage({ channel: channelId, ...said, ...noPreviews });
      const { ts } = await post(message)
        .catch((err: unknown) => {
          if (slackCode(err) !== 'invalid_blocks') throw err;
          log.warn({ err, channelId }, 'slack refused the blocks of a drift report, posting its text alone');
          return post({ text: `${message.text}\n${PRIVATELY}` });
        })
        .catch((error: unknown) => {
          throw slackCode(error) === undefined ? error : refused(error);
        });
      const isCut = Object.values(report.lists).some(({ shown, subjects }) => subjects.length > shown.length);
      if (!isCut || ts === undefined) return;
      try {
        await client.filesUploadV2({ channel_id: channelId, thread_ts: ts, ...driftFile(findings) });
      } catch (err) {
        log.warn({ err, channelId, code: slackCode(err) }, 'file of a drift report not uploaded');
      }
    },
  };

  /** Nothing was posted. Without a code, Slack wasn't reached. */
  function refused(cause: unknown): ReportRefused {
    const code = slackCode(cause);
    const isTemporary = code === undefined || slackIsBusy.has(code);
    return new ReportRefused(`REPORT_CHANNEL ${channelId}: ${code ?? 'Slack did not answer'}`, {
      isTemporary,
      cause,
    });
  }
}

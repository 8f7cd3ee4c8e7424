import type { WebClient } from '@slack/web-api';
import type { Sharing } from '../../orders/domain/standing.js';
import type { Clock } from '../../orders/ports/clock.js';
import type { Log } from '../../orders/ports/log.js';
import type { Channels } from '../../orders/ports/people.js';
import type { ReadInstallation } from './installation.js';
import { makeSlackReads } from './reads.js';

/** The fields of https://docs.slack.dev/reference/objects/conversation-object that say who can read a channel. */
export interface ChannelFacts {
  readonly is_ext_shared?: boolean;
  readonly is_org_shared?: boolean;
  readonly is_shared?: boolean;
  readonly context_team_id?: string;
}

/** Another workspace of the same organization isn't another company. */
export function sharingOf(channel: ChannelFacts): Sharing {
  const { is_ext_shared: external, is_org_shared: organization, is_shared: shared } = channel;
  if (external !== undefined) return external ? 'external' : 'internal';
  if (shared === undefined) return 'unknown';
  return shared && organization !== true ? 'external' : 'internal';
}

/** After a channel was shared, orders may still be posted there for this long. */
const FRESH_MS = 60_000;

/** The app only writes in its own direct messages, and those are never shared. */
const isDirect = (channelId: string) => channelId.startsWith('D');

export function makeChannels(deps: {
  readonly client: Pick<WebClient, 'conversations'>;
  readonly installation: ReadInstallation;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn'>;
}): Channels {
  const { client, installation, clock, log } = deps;
  const reads = makeSlackReads(
    async (channelId): Promise<ChannelFacts> =>
      (await client.conversations.info({ channel: channelId })).channel ?? {},
    clock,
  );

  return {
    async about(channelId, sharing) {
      /** When the app is installed in a single workspace, every request comes from it. */
      let isOneWorkspace = false;
      try {
        isOneWorkspace = (await installation.get()).teamId !== undefined;
        if (isDirect(channelId)) {
          return {
            sharing: 'internal',
            isDirect: true,
            ...(isOneWorkspace ? {} : { workspaceUnknown: true }),
          };
        }
        if (isOneWorkspace && !sharing) return { sharing: 'unknown' };
        const channel = await reads.recent(channelId, { freshMs: FRESH_MS, usableMs: FRESH_MS });
        const workspaceId = channel.context_team_id;
        return {
          sharing: sharingOf(channel),
          ...(isOneWorkspace ? {} : workspaceId === undefined ? { workspaceUnknown: true } : { workspaceId }),
        };
      } catch (err) {
        log.warn({ err, channelId }, 'conversations.info failed, channel sharing and workspace unknown');
        return {
          ...(isDirect(channelId) ? { sharing: 'internal', isDirect: true } : { sharing: 'unknown' }),
          ...(isOneWorkspace ? {} : { workspaceUnknown: true }),
        };
      }
    },
  };
}

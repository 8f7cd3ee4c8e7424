import type { KnownBlock } from '@slack/types';

/** What the app says in one Slack message. */
export interface Message {
  /** Says the same as the blocks, for notifications and screen readers. */
  readonly text: string;
  readonly blocks?: KnownBlock[];
  /** The same in older blocks, for a Slack that refuses `blocks`. Only private answers use it. */
  readonly simpler?: KnownBlock[];
}

import type { Receiver } from '@slack/bolt';

/** One of the two ways Slack can reach us, as Bolt's receiver. */
export interface SlackReceiver extends Receiver {
  start(): Promise<void>;
  isOpen(): boolean;
  /** @param quiet resolves when no listener runs, or when they have had their time. */
  stop(quiet: () => Promise<void>): Promise<void>;
}

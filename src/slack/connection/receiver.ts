import type { Receiver } from '@slack/bolt';

/** A Bolt receiver for one of the two ways to connect to Slack. */
export interface SlackReceiver extends Receiver {
  start(): Promise<void>;
  isOpen(): boolean;
  /** @param quiet resolves when no listener is running, or when their time is up. */
  stop(quiet: () => Promise<void>): Promise<void>;
}

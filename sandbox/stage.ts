import type { LocalBandwidth } from './local-bandwidth/local-bandwidth.js';
import type { LocalSlack } from './local-slack/local-slack.js';
import type { Transcript } from './transcript.js';

/** What a story is played on. */
export interface Stage {
  readonly slack: LocalSlack;
  readonly bandwidth: LocalBandwidth;
  readonly transcript: Transcript;
}

import type { LocalBandwidth } from './local-bandwidth/local-bandwidth.js';
import type { LocalSlack } from './local-slack/local-slack.js';
import type { Transcript } from './transcript.js';

/** The parts a story needs. */
export interface Stage {
  readonly slack: LocalSlack;
  readonly bandwidth: LocalBandwidth;
  readonly transcript: Transcript;
}

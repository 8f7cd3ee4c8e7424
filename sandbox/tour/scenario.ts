import type { LocalBandwidth } from '../local-bandwidth/local-bandwidth.js';
import type { LocalSlack } from '../local-slack/local-slack.js';
import type { Transcript } from './transcript.js';

/** The parts that a scenario uses. */
export interface ScenarioContext {
  readonly slack: LocalSlack;
  readonly bandwidth: LocalBandwidth;
  readonly transcript: Transcript;
}

import type { Config } from '../config/config.js';
import { type Finding, ok, wrong } from './finding.js';

/** The settings are valid, or nothing else could be checked; what they warn of is wrong. */
export const checkSettings = ({ warnings }: Pick<Config, 'warnings'>): readonly Finding[] =>
  warnings.length === 0 ? [ok('Settings', 'Valid.')] : warnings.map((warning) => wrong('Settings', warning));

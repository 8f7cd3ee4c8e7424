import type { Config } from '../config/config.js';
import { type Finding, ok, wrong } from './finding.js';

/** Invalid settings would have stopped the app before any check, so only their warnings are left to report. */
export const checkSettings = ({ warnings }: Pick<Config, 'warnings'>): readonly Finding[] =>
  warnings.length === 0 ? [ok('Settings', 'Valid.')] : warnings.map((warning) => wrong('Settings', warning));

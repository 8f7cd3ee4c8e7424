import type { Config } from '../config/config.js';
import type { Log } from '../orders/ports/log.js';
import { checkAccount } from './check-bandwidth.js';
import { checkClocks } from './check-clocks.js';
import { type Finding, isWrong, withCheck } from './finding.js';
import { type CheckSources, slackFindings } from './run-checks.js';

/**
 * Makes the checks that cost nothing, so that wrong credentials are in the log within seconds of the start and not at
 * the first order. Neither method rejects or ends the app: what is wrong may be fixed without a restart, and open
 * orders continue.
 */
export function makeStartChecks(deps: {
  readonly config: Config;
  readonly asking: {
    readonly slack: CheckSources['slack'];
    readonly bandwidth: Pick<CheckSources['bandwidth'], 'sites' | 'locations' | 'aheadMs'>;
  };
  readonly log: Pick<Log, 'warn' | 'error'>;
}) {
  const { config, asking, log } = deps;
  const report = async (check: string, find: () => Promise<readonly Finding[]>): Promise<void> => {
    try {
      for (const finding of await find()) {
        const facts = { check: finding.check };
        if (isWrong(finding)) log.error(facts, withCheck(finding));
        else if (finding.answer === 'not-known')
          log.warn(facts, `${finding.check} not checked: ${finding.says}`);
      }
    } catch (err) {
      log.warn({ err, check }, 'startup check failed');
    }
  };
  return {
    bandwidth: () =>
      report('Bandwidth', async () => {
        const { bandwidth, offered } = config;
        const { findings } = await checkAccount({ facts: asking.bandwidth, bandwidth, offered });
        return [...findings, ...clock('Bandwidth', asking.bandwidth.aheadMs())];
      }),
    /** Call it once Slack has accepted the tokens. */
    slack: () =>
      report('Slack', async () => [
        ...(await slackFindings(config, asking, false)),
        ...clock('Slack', asking.slack.aheadMs()),
      ]),
  };
}

/** At startup, a clock that isn't known yet isn't worth a log line. */
const clock = (name: string, aheadMs: number | undefined): readonly Finding[] =>
  aheadMs === undefined ? [] : checkClocks({ [name]: aheadMs });

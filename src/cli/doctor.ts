import { makeAccountFacts } from '../bandwidth/account-facts.js';
import { makeCredentials } from '../bandwidth/credentials.js';
import { makeSubscriptions } from '../bandwidth/subscriptions.js';
import { type Config, ConfigError, readConfig } from '../config/config.js';
import { EXIT_CONFIG, EXIT_FAILED, endWith } from '../config/load-or-exit.js';
import { isWrong, wrong } from '../doctor/finding.js';
import { asJson, printFindings } from '../doctor/print-findings.js';
import { runChecks } from '../doctor/run-checks.js';
import { makeMask } from '../mask.js';
import type { Log } from '../orders/ports/log.js';
import { systemClock } from '../orders/system-clock.js';
import { makeOutbound } from '../proxy/outbound.js';
import { makeSlackFacts } from '../slack/access/slack-facts.js';
import { boltLogger } from '../slack/connection/bolt-logger.js';
import { inspectStore } from '../store/inspect-store.js';

/*
 * The program behind `npm run doctor`, which changes nothing. Exits with 0 when nothing is wrong, with 1 when something
 * is, with 64 on wrong usage, and with 78 when the app can't start with these settings.
 */
const EXIT_USAGE = 64;

const words = process.argv.slice(2);
const json = words.includes('--json');
const USAGE = 'Usage: npm run doctor [-- --json]';
if (words.includes('--help')) {
  process.stdout.write(`${USAGE}\nSays what is wrong with the setup and how to fix it. Changes nothing.\n`);
  process.exit(0);
}
if (words.some((word) => word !== '--json')) endWith(USAGE, EXIT_USAGE);

const config = read();
const mask = makeMask(config.secrets);
/** Each failure is a finding; logging it as well would only confuse. */
const quiet = () => {};
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const { slack, bandwidth, storeUrl } = config;
const { fetch, httpsAgent } = makeOutbound(config.proxy);
const account = {
  accountId: bandwidth.accountId,
  apiUrl: bandwidth.apiUrl,
  credentials: makeCredentials(bandwidth.credentials, { clock: systemClock, log, httpsAgent }),
  httpsAgent,
  clock: systemClock,
  log,
};
const asking = {
  slack: makeSlackFacts({
    botToken: slack.botToken,
    ...(slack.connection.mode === 'socket' ? { appToken: slack.connection.appToken } : {}),
    apiUrl: slack.apiUrl,
    logger: boltLogger(log),
    now: systemClock.now,
    fetch,
  }),
  bandwidth: makeAccountFacts(account),
  subscriptions: makeSubscriptions(account),
  inspectStore: () => inspectStore(storeUrl),
};
const findings = await runChecks(config, asking);
asking.bandwidth.close();
asking.subscriptions.close();
for (const line of json ? [asJson(findings)] : printFindings(findings))
  process.stdout.write(`${mask(line)}\n`);
process.exitCode = findings.some(isWrong) ? EXIT_FAILED : 0;

/** Reads the settings, or prints what is wrong with them and exits. */
function read(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (!json) return endWith(error.message, EXIT_CONFIG);
    process.stdout.write(`${asJson(error.problems.map((problem) => wrong('Settings', problem)))}\n`);
    process.exit(EXIT_CONFIG);
  }
}

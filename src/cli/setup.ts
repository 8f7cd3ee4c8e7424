import { makeAccountFacts } from '../bandwidth/account-facts.js';
import { makeCredentials } from '../bandwidth/credentials.js';
import { ConfigError, readConfig } from '../config/config.js';
import { EXIT_CONFIG, EXIT_FAILED, endWith } from '../config/load-or-exit.js';
import { proxyOf, proxyVariables, withProxyVariables } from '../config/proxy-settings.js';
import { proxyUrl } from '../config/setting-checks.js';
import type { Log } from '../orders/ports/log.js';
import { systemClock } from '../orders/system-clock.js';
import { makeOutbound } from '../proxy/outbound.js';
import { makeSlackFacts } from '../slack/access/slack-facts.js';
import { boltLogger } from '../slack/connection/bolt-logger.js';
import { isThere, whyNotWritable, whyWriteFailed, writeEnv } from './env-file.js';
import { isYes, runSetup } from './setup-dialog.js';
import { openTerminal, PromptAborted } from './terminal.js';

/**
 * The program behind `npm run setup`: asks for the settings at a terminal and writes them to .env. Exits with 0 when it
 * has written them, with 1 when the person left or the file can't be written, and, without a terminal, with 78 if
 * settings are missing.
 */
const FILE = '.env';

const env = withProxyVariables(process.env);
if (!process.stdin.isTTY || !process.stdout.isTTY) nameWhatIsMissing();
const problem = whyNotWritable(FILE);
if (problem !== undefined) endWith(`${FILE} can't be written here: ${problem}`, EXIT_FAILED);

const quiet = () => {};
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const apiUrl = env.SLACK_API_URL ?? 'https://slack.com/api/';
const bandwidthUrl = env.BW_API_URL ?? 'https://dashboard.bandwidth.com/api';
const tokenUrl = env.BW_TOKEN_URL ?? 'https://api.bandwidth.com/api/v1/oauth2/token';

const unusable = env.HTTPS_PROXY ? proxyUrl(env.HTTPS_PROXY) : undefined;
if (unusable !== undefined) endWith(`HTTPS_PROXY ${unusable}`, EXIT_CONFIG);
const { fetch, httpsAgent } = makeOutbound(proxyOf(env));

const terminal = openTerminal(process.stdin, process.stdout);
try {
  const settings = await runSetup({
    terminal,
    given: env,
    slackWith: (tokens) =>
      makeSlackFacts({ ...tokens, apiUrl, logger: boltLogger(log), now: systemClock.now, fetch }),
    bandwidthWith: ({ accountId, clientId, clientSecret }) =>
      makeAccountFacts({
        accountId,
        apiUrl: bandwidthUrl,
        credentials: makeCredentials(
          { kind: 'oauth', clientId, clientSecret, tokenUrl },
          { clock: systemClock, log, httpsAgent },
        ),
        httpsAgent,
        clock: systemClock,
        log,
      }),
  });
  const asked = isThere(FILE) ? await terminal.ask(`${FILE} exists. Replace it? (yes/no)`) : 'yes';
  if (isYes(asked)) {
    write({ ...addresses(), ...settings });
  } else {
    terminal.say(`${FILE} was left as it is.`);
    process.exitCode = EXIT_FAILED;
  }
} catch (error) {
  if (!(error instanceof PromptAborted)) throw error;
  process.stdout.write('\nNothing was written.\n');
  process.exitCode = EXIT_FAILED;
} finally {
  terminal.close();
}

function write(settings: Readonly<Record<string, string>>): void {
  try {
    writeEnv(FILE, settings);
    terminal.say(`Written to ${FILE}, which only you can read. Next: npm run doctor, then npm start.`);
  } catch (error) {
    terminal.say(`✗ Nothing was written: ${whyWriteFailed(error)}`);
    process.exitCode = EXIT_FAILED;
  }
}

/** The proxy and any non-default addresses, without which the tokens that were checked wouldn't work. */
function addresses(): Record<string, string> {
  return Object.fromEntries(
    ['SLACK_API_URL', 'BW_API_URL', 'BW_TOKEN_URL', ...proxyVariables].flatMap((name) => {
      const value = env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

function nameWhatIsMissing(): never {
  try {
    readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return endWith(`${error.message}\nRun npm run setup at a terminal to be asked for them.`, EXIT_CONFIG);
  }
  process.stdout.write('Nothing is missing. npm run doctor checks whether it works.\n');
  process.exit(0);
}

import { makeCredentials } from '../bandwidth/credentials.js';
import { makeSubscriptions } from '../bandwidth/subscriptions.js';
import { EXIT_CONFIG, EXIT_FAILED, endWith, loadOrExit } from '../config/load-or-exit.js';
import { makeLog } from '../log.js';
import { makeMask } from '../mask.js';
import { CarrierError } from '../orders/ports/carrier.js';
import { systemClock } from '../orders/system-clock.js';
import { makeOutbound } from '../proxy/outbound.js';
import { commandVerbs, runCallbacksCommand } from './callbacks-command.js';

/*
 * The program behind `npm run callbacks`. Exits with 0, with 1 when Bandwidth refuses, can't be reached, or a person
 * has to act first, with 64 on wrong usage, and with 78 when the settings are wrong.
 */
const EXIT_USAGE = 64;

const verb = commandVerbs.find((each) => each === process.argv[2]);
if (verb === undefined) endWith(`Usage: npm run callbacks -- ${commandVerbs.join(' | ')}`, EXIT_USAGE);
const config = loadOrExit();
const { callbacks } = config;
if (callbacks === undefined)
  endWith("CALLBACK_URL isn't set, so there is nothing to subscribe.", EXIT_CONFIG);

const mask = makeMask(config.secrets);
const log = makeLog({
  level: 'error',
  secrets: config.secrets,
  destination: { write: (line: string) => process.stderr.write(line) },
});
const { httpsAgent } = makeOutbound(config.proxy);
const subscriptions = makeSubscriptions({
  accountId: config.bandwidth.accountId,
  apiUrl: config.bandwidth.apiUrl,
  credentials: makeCredentials(config.bandwidth.credentials, { clock: systemClock, log, httpsAgent }),
  httpsAgent,
  clock: systemClock,
  log,
});
try {
  const print = (line: string) => process.stdout.write(`${mask(line)}\n`);
  if (!(await runCallbacksCommand(verb, { callbacks, subscriptions, print }))) process.exitCode = EXIT_FAILED;
} catch (error) {
  if (!(error instanceof CarrierError)) throw error;
  endWith(mask(error.advice), EXIT_FAILED);
} finally {
  subscriptions.close();
}

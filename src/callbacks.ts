import { makeCredentials } from './bandwidth/credentials.js';
import { makeSubscriptions } from './bandwidth/subscriptions.js';
import { commandVerbs, runCallbacksCommand } from './callbacks-command.js';
import { ConfigError, readConfig } from './config.js';
import { makeLog } from './log.js';
import { makeMask } from './mask.js';
import { CarrierError } from './orders/ports.js';

/*
 * The program behind `npm run callbacks`. Exit codes: 0, 1 when Bandwidth refuses or cannot be reached, 64 when it was
 * called wrongly, 78 when the settings are wrong.
 */
const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const EXIT_CONFIG = 78;

function end(sentence: string, code: number): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

function settings(): ReturnType<typeof readConfig> {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return end(error.message, EXIT_CONFIG);
    throw error;
  }
}

const verb = commandVerbs.find((each) => each === process.argv[2]);
if (verb === undefined) end(`Usage: npm run callbacks -- ${commandVerbs.join(' | ')}`, EXIT_USAGE);
const config = settings();
const { callbacks } = config;
if (callbacks === undefined) end('CALLBACK_URL is not set: there is nothing to subscribe.', EXIT_CONFIG);

const mask = makeMask(config.secrets);
const clock = { now: () => Date.now() };
const log = makeLog({
  level: 'error',
  secrets: config.secrets,
  destination: { write: (line: string) => process.stderr.write(line) },
});
const subscriptions = makeSubscriptions({
  accountId: config.bandwidth.accountId,
  apiUrl: config.bandwidth.apiUrl,
  credentials: makeCredentials(config.bandwidth.credentials, { clock, log }),
  clock,
  log,
});
try {
  const print = (line: string) => process.stdout.write(`${mask(line)}\n`);
  await runCallbacksCommand(verb, { callbacks, subscriptions, print });
} catch (error) {
  if (!(error instanceof CarrierError)) throw error;
  const faults = error.faults.map(({ code, description }) => `\n  ${code} ${description}`);
  end(mask(`${error.advice}${faults.join('')}`), EXIT_FAILED);
} finally {
  subscriptions.close();
}

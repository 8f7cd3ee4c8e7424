import { buildApp } from './app.js';
import { ConfigError, readConfig } from './config.js';
import { makeLog } from './log.js';
import { StoreError } from './orders/ports.js';
import { SlackRefused } from './slack/insist.js';

/** sysexits.h EX_CONFIG: the settings are wrong, and starting again without changing them is pointless. */
const EXIT_CONFIG = 78;
/** However stuck something is, a supervisor that asked us to stop gets its process back. */
const STOP_WITHIN_MS = 15_000;

function settings(): ReturnType<typeof readConfig> {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}

const config = settings();
const log = makeLog({ level: config.logLevel, secrets: config.secrets });

// Never half alive: what nobody foresaw ends the process, and the supervisor's restart picks up where it was.
process.on('unhandledRejection', (err) => {
  log.error({ err }, 'an unforeseen failure; the process ends');
  process.exit(1);
});
process.on('uncaughtException', (err) => {
  log.error({ err }, 'an unforeseen failure; the process ends');
  process.exit(1);
});

for (const warning of config.warnings) log.warn({}, warning);

/** A setting that only the other side could judge turned out to be wrong. */
function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(EXIT_CONFIG);
}

const app = await buildApp(config, { log, onLost: ({ advice }) => refuse(advice) }).catch(
  (error: unknown) => {
    if (error instanceof StoreError) return refuse(error.message);
    throw error;
  },
);

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    app.stop().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, 'stopping failed');
        process.exit(1);
      },
    );
  });
}

await app.start().catch((error: unknown) => {
  if (error instanceof SlackRefused) refuse(error.advice);
  if (!stopping) throw error;
});

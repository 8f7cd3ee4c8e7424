import { buildApp } from './app.js';
import { EXIT_CONFIG, EXIT_FAILED, endWith, loadOrExit } from './config/load-or-exit.js';
import { CannotListen } from './http-server.js';
import { makeLog } from './log.js';
import { StoreError } from './orders/ports/store-errors.js';
import { nameOf } from './proxy/proxy-settings.js';
import { SlackRefused } from './slack/connection/retry.js';
import { StoreNotReady } from './store/database.js';

/** A supervisor that stops us gets its process back before its own time limit, even if something hangs. */
const STOP_WITHIN_MS = 9_500;

const config = loadOrExit();
const log = makeLog({ level: config.logLevel, secrets: config.secrets });

// An unforeseen error ends the process rather than leaving it half alive; after the restart, work resumes where it was.
process.on('unhandledRejection', (err) => {
  log.error({ err }, 'unexpected error, exiting');
  process.exit(EXIT_FAILED);
});
process.on('uncaughtException', (err) => {
  log.error({ err }, 'unexpected error, exiting');
  process.exit(EXIT_FAILED);
});

if (config.proxy !== undefined) {
  const { proxy } = config;
  log.info(
    { proxy: nameOf(proxy), exceptions: proxy.exceptions },
    'slack and bandwidth are reached through a proxy',
  );
}
for (const warning of config.warnings) log.warn({}, warning);

const app = await buildApp(config, { log, onLost: ({ advice }) => void giveUp(advice) }).catch(
  (error: unknown) => {
    if (error instanceof StoreNotReady) return endWith(error.message, EXIT_FAILED);
    if (error instanceof StoreError) return endWith(error.message, EXIT_CONFIG);
    throw error;
  },
);

let stopping = false;

/** Stops everything, within a time limit, and exits. */
async function end(code: number): Promise<void> {
  stopping = true;
  setTimeout(() => process.exit(code || EXIT_FAILED), STOP_WITHIN_MS).unref();
  await app.stop();
  process.exit(code);
}

/** Exits because of a setting that only the other side could check; an order may be in progress anyway. */
async function giveUp(sentence: string, code = EXIT_CONFIG): Promise<void> {
  process.stderr.write(`${sentence}\n`);
  await end(code);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(EXIT_FAILED);
    log.info({ signal }, 'stopping');
    void end(0);
  });
}

await app.start().catch((error: unknown) => {
  if (stopping) return;
  if (error instanceof SlackRefused) return giveUp(error.advice);
  if (error instanceof CannotListen) return giveUp(error.advice, EXIT_FAILED);
  throw error;
});

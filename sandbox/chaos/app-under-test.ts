import { buildApp } from '../../src/app.js';
import { readConfig } from '../../src/config/config.js';
import { makeLog } from '../../src/log.js';

/**
 * The app as main.ts runs it, with one difference: placing an order may take as long as PLACE_WITHIN_MS says, because
 * an order whose answer was lost in a crash is looked up only after that time.
 */
const config = readConfig(process.env);
const log = makeLog({ level: config.logLevel, secrets: config.secrets });

const die = (err: unknown): never => {
  log.error({ err }, 'an unforeseen failure; the process ends');
  process.exit(1);
};
process.on('unhandledRejection', die);
process.on('uncaughtException', die);

const app = await buildApp(config, {
  log,
  onLost: die,
  placeWithinMs: Number(process.env.PLACE_WITHIN_MS),
});
process.once('SIGTERM', () => {
  app.stop().then(() => process.exit(0), die);
});
await app.start();

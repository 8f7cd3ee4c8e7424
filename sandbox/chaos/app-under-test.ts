import { buildApp } from '../../src/app.js';
import { readConfig } from '../../src/config/config.js';
import { makeLog } from '../../src/log.js';

/**
 * The app as main.ts runs it, except that PLACE_WITHIN_MS limits placing an order: after a crash the app looks for an
 * order only after that time, and twenty seconds would be too slow here.
 */
const config = readConfig(process.env);
const log = makeLog({ level: config.logLevel, secrets: config.secrets });

const die = (err: unknown): never => {
  log.error({ err }, 'unexpected failure, exiting');
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

/**
 * The whole app in a process of its own, so that it can be killed: node app-to-kill.mjs <compiled source> <milliseconds>.
 * It differs from main.js in its patience only: a lost answer is looked for after that long, not after 25 seconds.
 */
const [compiled, placeWithinMs] = process.argv.slice(2);
const { buildApp } = await import(`${compiled}/src/app.js`);
const { readConfig } = await import(`${compiled}/src/config/config.js`);
const { makeLog } = await import(`${compiled}/src/log.js`);

const config = readConfig(process.env);
const app = await buildApp(config, {
  log: makeLog({ level: 'info', secrets: config.secrets }),
  onLost: (error) => {
    throw error;
  },
  placeWithinMs: Number(placeWithinMs),
});
await app.start();
process.send('started');

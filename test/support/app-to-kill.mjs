/**
 * The whole app in a process of its own, so that it can be killed:
 * node app-to-kill.mjs <compiled source> <placeWithinMs> <aheadMs>.
 * It differs from main.js in its patience (a lost answer is looked for after placeWithinMs, not after 25 seconds) and in
 * its clock, which is aheadMs ahead of the machine's.
 */
const [compiled, placeWithinMs, aheadMs] = process.argv.slice(2);
const { buildApp } = await import(`${compiled}/src/app.js`);
const { readConfig } = await import(`${compiled}/src/config/config.js`);
const { makeLog } = await import(`${compiled}/src/log.js`);

const config = readConfig(process.env);
const now = () => Date.now() + Number(aheadMs);
const app = await buildApp(config, {
  log: makeLog({ level: 'info', secrets: config.secrets }),
  onLost: (error) => {
    throw error;
  },
  placeWithinMs: Number(placeWithinMs),
  clock: {
    now,
    wakeAt(at, wake) {
      const timer = setTimeout(wake, Math.max(0, at - now()));
      return () => clearTimeout(timer);
    },
  },
});
await app.start();
process.send('started');

import { type AppToKill, startAppToKill } from './app-to-kill.js';

/** Several instances of one app on one database. One at a time is killed while the others keep running. */
export function startInstancesToKill(count: number, given: Parameters<typeof startAppToKill>[0]): AppToKill {
  const instances = Array.from({ length: count }, () => startAppToKill(given));
  let killed = 0;
  return {
    get alive() {
      return instances.some(({ alive }) => alive);
    },
    get starts() {
      return instances.reduce((sum, { starts }) => sum + starts, 0);
    },
    get fell() {
      return instances.flatMap(({ fell }) => fell);
    },
    kill(restartAfterMs) {
      const inTurn = instances.map((_, index) => instances[(killed + index) % count]);
      inTurn.find((instance) => instance?.alive)?.kill(restartAfterMs);
      killed += 1;
    },
    output: () =>
      instances.map((instance, index) => `=== instance ${index + 1}\n${instance.output()}`).join('\n'),
    async stop() {
      const codes = await Promise.all(instances.map((instance) => instance.stop()));
      return codes.find((code) => code !== 0) ?? 0;
    },
  };
}

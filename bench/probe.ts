import { monitorEventLoopDelay } from 'node:perf_hooks';

/*
 * Loaded into a measured process before anything else (`node --import`). Asked over IPC, it tells what the process has
 * used and how long its event loop was blocked since it was last asked. It does not keep the process alive.
 */

export interface Usage {
  /** Milliseconds of processor time since the last question. */
  readonly cpuMs: number;
  /** The longest block since the last question, in milliseconds. */
  readonly blockMs: number;
  readonly rssMb: number;
  readonly heapMb: number;
}

const RESOLUTION_MS = 2;

if (process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let cpu = process.cpuUsage();
  process.on('message', () => {
    const used = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    const usage: Usage = {
      cpuMs: (used.user + used.system) / 1000,
      blockMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS),
      rssMb: rss / 1024 ** 2,
      heapMb: heapUsed / 1024 ** 2,
    };
    delay.reset();
    process.send?.(usage);
  });
  process.channel?.unref();
}

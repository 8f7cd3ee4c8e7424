import { monitorEventLoopDelay } from 'node:perf_hooks';

/*
 * Loaded into a measured process before anything else (`node --import`). Over IPC, it reports the process's usage since
 * the last request and, after `watch`, how long its event loop was blocked. Watching costs CPU time itself, so the two
 * are measured separately. It doesn't keep the process alive.
 */

export interface Usage {
  /** CPU time in milliseconds since the last request. */
  readonly cpuMs: number;
  /** The longest block since the last request, in milliseconds; 0 before `watch`. */
  readonly blockMs: number;
  readonly rssMb: number;
  readonly heapMb: number;
}

const RESOLUTION_MS = 2;

if (process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let cpu = process.cpuUsage();
  process.on('message', (asked) => {
    if (asked === 'watch') {
      delay.enable();
      return;
    }
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

import { monitorEventLoopDelay } from 'node:perf_hooks';

/*
 * Loaded into a measured process before anything else (`node --import`). Asked over IPC, it tells what the process has
 * used since it was last asked, and from `watch` on how long its event loop was blocked: watching costs processor time
 * itself, so the two are measured one after the other. It does not keep the process alive.
 */

export interface Usage {
  /** Milliseconds of processor time since the last question. */
  readonly cpuMs: number;
  /** The longest block since the last question, in milliseconds; 0 before blocks are watched for. */
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

import { readFileSync } from 'node:fs';

/*
 * Loaded into a measured process before anything else (`node --import`). Over IPC, it reports the process's usage since
 * the last request and, after `watch`, how long its event loop was blocked. Watching costs CPU time itself, so the two
 * are measured separately. It doesn't keep the process alive.
 */

export interface Usage {
  /** CPU time in milliseconds since the last request. */
  readonly cpuMs: number;
  /** The longest block since the last request, in milliseconds; 0 before `watch`. Waiting for a CPU doesn't count. */
  readonly blockMs: number;
  readonly rssMb: number;
  readonly heapMb: number;
}

const RESOLUTION_MS = 2;

/** How long the main thread has waited for a CPU so far, in milliseconds: the machine's load, not the app's work. */
function waitedForCpuMs(): number {
  try {
    const [, waitedNs] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(waitedNs) / 1e6;
  } catch {
    // Not Linux: then it counts as a block.
    return 0;
  }
}

if (process.send !== undefined) {
  let blockMs = 0;
  let cpu = process.cpuUsage();
  const watch = () => {
    const waited = waitedForCpuMs();
    const from = performance.now();
    setTimeout(() => {
      const took = performance.now() - from;
      const late = took - RESOLUTION_MS - (waitedForCpuMs() - waited);
      blockMs = Math.max(blockMs, late);
      watch();
    }, RESOLUTION_MS).unref();
  };
  process.on('message', (asked) => {
    if (asked === 'watch') {
      watch();
      return;
    }
    const used = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    const usage: Usage = {
      cpuMs: (used.user + used.system) / 1000,
      blockMs,
      rssMb: rss / 1024 ** 2,
      heapMb: heapUsed / 1024 ** 2,
    };
    blockMs = 0;
    process.send?.(usage);
  });
  process.channel?.unref();
}

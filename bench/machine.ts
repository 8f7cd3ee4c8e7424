import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { quantile } from './figures.js';

/** Describes the machine, without which the figures mean nothing. */
export function machine(): string {
  const [first] = cpus();
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GB`;
  const processor = `${cpus().length} × ${first?.model.trim() || process.arch}`;
  return `${processor}, ${memory}, ${type()} ${release()}, Node ${process.version}; fsync ${fsyncMs().toFixed(2)} ms (median)`;
}

/** Measures how long an fsync of 4 KB takes, in milliseconds. */
export function fsyncMs(times = 50): number {
  const folder = mkdtempSync(join(tmpdir(), 'numbers-fsync-'));
  const file = openSync(join(folder, 'x'), 'w');
  const page = Buffer.alloc(4096);
  const taken = Array.from({ length: times }, () => {
    const began = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    return performance.now() - began;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return quantile(taken, 0.5);
}

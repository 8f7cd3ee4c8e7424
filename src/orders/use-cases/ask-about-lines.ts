import pMap from 'p-map';
import { inTime } from '../in-time.js';
import { CarrierError } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';

/** A person with the form open reads it first, so this can take a while. */
const WITHIN_MS = 20_000;

/**
 * Asks Bandwidth about the lines of a form, several at once, until all are answered or a person would no longer wait.
 * What `ask` couldn't find out stays unknown: this never rejects because of Bandwidth.
 */
export async function askAboutLines<Line>(
  lines: readonly Line[],
  atOnce: number,
  ask: (line: Line) => Promise<void>,
  { clock, log }: { readonly clock: Clock; readonly log: Pick<Log, 'warn'> },
): Promise<void> {
  let isOver = false;
  const askUnlessOver = async (line: Line): Promise<void> => {
    if (isOver) return;
    try {
      await ask(line);
    } catch (err) {
      if (!(err instanceof CarrierError)) throw err;
      log.warn({ err }, 'availability of a line not known, continuing without it');
      // The others would wait for the same limit, or fail the same way.
      if (err.trouble !== 'refused') isOver = true;
    }
  };
  await inTime(WITHIN_MS, pMap(lines, askUnlessOver, { concurrency: atOnce }), clock);
  isOver = true;
}

import { parse } from 'csv-parse/sync';
import { readImport } from '../../src/slack/import/read-import.js';
import { median, quantile } from '../figures.js';
import type { Finding, Row } from '../row.js';

const ROWS = 5_000;
/** More than three times as long: each row is also understood, and each number checked. */
const GOAL = { ratio: 6, ms: 100 };

const areaCodes = ['910', '919', '704', '980', '336'];

/** The files that people import, and the columns of each. */
const files: Readonly<Record<string, (count: number) => Buffer>> = {
  'places to order in': (count) =>
    file('area code,city,state,quantity,sub-account,location,reason', count, (index) =>
      index % 2 === 0
        ? `${areaCodes[index % areaCodes.length]},,,1,Raleigh office,Main SIP trunk,"Sales, row ${index}"`
        : `,Raleigh,NC,1,Raleigh office,Main SIP trunk,"Sales, row ${index}"`,
    ),
  'numbers to disconnect': (count) =>
    file('number', count, (index) => `(910) 241-${String(index).padStart(4, '0')}`),
};

export const csv: Row = {
  name: 'csv',
  about: 'reading a CSV file of 5,000 rows, beside csv-parse alone',
  async run({ times, sizes }) {
    const count = Math.min(Math.max(...sizes), ROWS);
    const findings: Finding[] = [];
    for (const [name, make] of Object.entries(files)) {
      const bytes = make(count);
      const [took, floor] = [[] as number[], [] as number[]];
      for (let i = 0; i < times; i++) {
        const parsing = performance.now();
        parse(bytes, { bom: true, relax_column_count: true });
        floor.push(performance.now() - parsing);
        const began = performance.now();
        const read = readImport(bytes);
        took.push(performance.now() - began);
        if ('fault' in read || read.wrong.length > 0) throw new Error('a row was not read');
      }
      const ratio = median(took) / median(floor);
      findings.push({
        what: `reading a CSV file of ${count.toLocaleString('en-US')} ${name}`,
        unit: 'ms',
        median: median(took),
        p99: quantile(took, 0.99),
        floor: median(floor),
        ratio,
        ...(count === ROWS
          ? {
              goal: `≤ ${GOAL.ratio} × csv-parse, ≤ ${GOAL.ms} ms`,
              met: ratio <= GOAL.ratio && median(took) <= GOAL.ms,
            }
          : {}),
        note: `${Math.round(bytes.length / 1024)} kB; floor parses; the first time: ${(took[0] ?? 0).toFixed(0)} ms`,
      });
    }
    return findings;
  },
};

const file = (head: string, count: number, row: (index: number) => string): Buffer =>
  Buffer.from(`${head}\r\n${Array.from({ length: count }, (_, index) => `${row(index)}\r\n`).join('')}`);

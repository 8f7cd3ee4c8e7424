import { parseArgs } from 'node:util';
import { shown } from './figures.js';
import { machine } from './machine.js';
import type { Finding, Options, Row } from './row.js';
import { ack } from './rows/ack.js';
import { approvals } from './rows/approvals.js';
import { burst } from './rows/burst.js';
import { card } from './rows/card.js';
import { csv } from './rows/csv.js';
import { inventory } from './rows/inventory.js';
import { lines } from './rows/lines.js';
import { list } from './rows/list.js';
import { memory } from './rows/memory.js';
import { notify } from './rows/notify.js';
import { orders } from './rows/orders.js';
import { placing } from './rows/placing.js';
import { ranking } from './rows/ranking.js';
import { search } from './rows/search.js';
import { start } from './rows/start.js';
import { tracking } from './rows/tracking.js';

const rows: readonly Row[] = [
  ack,
  search,
  ranking,
  csv,
  tracking,
  card,
  notify,
  burst,
  memory,
  start,
  placing,
  lines,
  approvals,
  inventory,
  list,
  orders,
];

const usage = `npm run bench -- [--row NAME]… [--smoke] [--seconds 30] [--times 20] [--sizes 100,1000,10000]

rows:
${rows.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

PostgreSQL and Redis are measured where BENCH_POSTGRES_URL and BENCH_REDIS_URL say where they are.
`;

const { values } = parseArgs({
  options: {
    row: { type: 'string', multiple: true },
    smoke: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    times: { type: 'string' },
    sizes: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const chosen = values.row === undefined ? rows : rows.filter(({ name }) => values.row?.includes(name));
if (values.help || chosen.length === 0 || chosen.length < (values.row?.length ?? 0)) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 64);
}

const options: Options = {
  seconds: Number(values.seconds ?? (values.smoke ? 3 : 30)),
  times: Number(values.times ?? (values.smoke ? 3 : 20)),
  sizes: (values.sizes ?? (values.smoke ? '100' : '100,1000,10000')).split(',').map(Number),
  postgresUrl: process.env.BENCH_POSTGRES_URL || undefined,
  redisUrl: process.env.BENCH_REDIS_URL || undefined,
};

const columns = ['what', 'median', 'p99', 'floor', 'ratio', 'goal', 'met', 'note'] as const;

function cells({ what, unit, goal, met, note, ...figures }: Finding): readonly string[] {
  const measured = (value: number | undefined) =>
    value === undefined ? '' : `${shown(value)}${unit === '' ? '' : ` ${unit}`}`;
  return [
    what,
    measured(figures.median),
    measured(figures.p99),
    measured(figures.floor),
    figures.ratio === undefined ? '' : `${shown(figures.ratio)} ×`,
    goal ?? '',
    met === undefined ? '' : met ? 'yes' : 'NO',
    note ?? '',
  ];
}

const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |\n`;

process.stdout.write(`${machine()}\n\n${line(columns)}${line(columns.map(() => '---'))}`);
let missed = 0;
for (const row of chosen) {
  try {
    for (const finding of await row.run(options)) {
      process.stdout.write(line(cells(finding)));
      if (finding.met === false) missed += 1;
    }
  } catch (error) {
    missed += 1;
    process.stdout.write(
      line([row.name, '', '', '', '', '', 'NO', `could not be measured: ${String(error)}`]),
    );
  }
}
process.stdout.write(missed === 0 ? '\nEvery goal was met.\n' : `\n${missed} not met.\n`);
process.exit(0);

import { COMMAND } from '../../commands/command.js';
import { type ColumnName, columns } from '../../import/columns.js';
import { EXAMPLE } from '../../import/order-rows.js';
import { codeSpan } from '../../text/escape.js';
import { csvFile } from '../csv.js';
import { section } from '../elements.js';
import type { Answer } from './problems.js';

/** What the example rows hold. */
const examples: readonly Readonly<Partial<Record<ColumnName, string>>>[] = [
  { areaCode: '910', quantity: '2', reason: EXAMPLE },
  { city: 'Raleigh', state: 'NC', quantity: '5', reason: EXAMPLE },
];

/** One file for orders, with examples, and one for numbers to disconnect. */
export const importTemplates = (): readonly {
  readonly filename: string;
  readonly title: string;
  readonly file: Buffer;
}[] => [
  template('order-numbers', 'Order numbers', [
    columns.map(({ head }) => head),
    ...examples.map((row) => columns.map(({ name }) => row[name] ?? '')),
  ]),
  template('disconnect-numbers', 'Disconnect numbers', [['number']]),
];

const template = (filename: string, title: string, rows: readonly (readonly string[])[]) => ({
  filename: `${filename}.csv`,
  title,
  file: Buffer.from(csvFile(rows)),
});

/** The message that comes with the files. */
export const TEMPLATES_COMMENT = `Two templates: one to order numbers, one to disconnect them. Leave out the columns you don't need. When a file is filled in, type ${codeSpan(`${COMMAND} import`)}.`;

const SENT =
  'I sent you two CSV templates in a direct message: one to order numbers, one to disconnect them.';

export const templatesSentAnswer: Answer = { text: SENT, blocks: [section(SENT)] };

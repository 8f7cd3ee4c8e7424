import { z } from 'zod';

/** The limits of `table` and `data_table`: https://docs.slack.dev/reference/block-kit/blocks/data-table-block */
const tableLimits = {
  tableRows: 100,
  /** Not counting the header. */
  dataRows: 100,
  columns: 20,
  /** The text of all cells of all data tables of a message together. */
  dataCharacters: 10_000,
  caption: 255,
  pageSize: 100,
} as const;

/**
 * Blocks that Slack draws in messages only. Its reference also lists `table`, `data_table` and `carousel` for Home tabs,
 * but there they have been seen to vanish.
 */
const messageOnly: ReadonlySet<unknown> = new Set([
  'carousel',
  'container',
  'context_actions',
  'data_table',
  'markdown',
  'plan',
  'table',
  'task_card',
]);

const cellText = z.string().refine((text) => text !== '', { message: 'must be more than 0 characters' });
const rawText = z.strictObject({ type: z.literal('raw_text'), text: cellText });
const rawNumber = z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: cellText });

/** Returns the rules of both kinds of tables. One empty cell is enough for Slack to refuse the whole message. */
export function tableBlocks<RichText extends z.core.$ZodTypeDiscriminable>(
  richText: RichText,
  own: { readonly block_id: z.ZodOptional<z.ZodType<string>> },
) {
  const cell = z.discriminatedUnion('type', [richText, rawText, rawNumber]);
  const row = z.array(cell).min(1).max(tableLimits.columns);
  return {
    table: z.strictObject({
      type: z.literal('table'),
      ...own,
      rows: z.array(row).min(1).max(tableLimits.tableRows).superRefine(equalRows),
      column_settings: z.array(z.looseObject({})).max(tableLimits.columns).optional(),
    }),
    dataTable: z
      .strictObject({
        type: z.literal('data_table'),
        ...own,
        caption: cellText.refine((text) => [...text].length <= tableLimits.caption, {
          message: `must be less than ${tableLimits.caption + 1} characters`,
        }),
        rows: z
          .array(row)
          .min(1)
          .max(1 + tableLimits.dataRows)
          .superRefine(equalRows)
          .superRefine(plainHeader),
        page_size: z.int().min(1).max(tableLimits.pageSize).optional(),
        row_header_column_index: z
          .int()
          .min(0)
          .max(tableLimits.columns - 1)
          .optional(),
      })
      .refine((it) => (it.row_header_column_index ?? 0) < (it.rows[0]?.length ?? 0), {
        message: 'row_header_column_index does not match any column',
      }),
  };
}

function equalRows(rows: readonly (readonly unknown[])[], context: z.RefinementCtx): void {
  const [header = []] = rows;
  rows.forEach((row, at) => {
    if (row.length === header.length) return;
    const message = `must have ${header.length} cells, like the first row`;
    context.addIssue({ code: 'custom', message, path: [at] });
  });
}

function plainHeader(rows: readonly (readonly unknown[])[], context: z.RefinementCtx): void {
  (rows[0] ?? []).forEach((cell, at) => {
    if ((cell as { type?: unknown }).type !== 'rich_text') return;
    context.addIssue({ code: 'custom', message: 'unsupported type: rich_text', path: [0, at, 'type'] });
  });
}

/** Adds a complaint when the data tables of a message contain too much text together. */
export function limitDataTables(blocks: readonly unknown[], context: z.RefinementCtx): void {
  let left: number = tableLimits.dataCharacters;
  blocks.forEach((block, at) => {
    const { type, rows = [] } = block as { type: unknown; rows?: readonly (readonly unknown[])[] };
    if (type !== 'data_table') return;
    const fit = left >= 0;
    left -= rows.flat().reduce((sum: number, cell) => sum + cellLength(cell), 0);
    if (!fit || left >= 0) return;
    const message = `data tables must be less than ${tableLimits.dataCharacters + 1} characters together`;
    context.addIssue({ code: 'custom', message, path: [at, 'rows'] });
  });
}

/** Counts the text of a cell, which nests freely if it is rich text. */
function cellLength(cell: unknown): number {
  if (Array.isArray(cell)) return cell.reduce((sum: number, each) => sum + cellLength(each), 0);
  if (typeof cell !== 'object' || cell === null) return 0;
  return Object.entries(cell).reduce(
    (sum, [key, value]) =>
      sum + (key === 'text' && typeof value === 'string' ? [...value].length : cellLength(value)),
    0,
  );
}

/** Returns the position of a second `table` in a message, which may have one. */
export function secondTable(blocks: readonly unknown[]): number | undefined {
  const tables = blocks.flatMap((block, at) => ((block as { type?: unknown })?.type === 'table' ? [at] : []));
  return tables[1];
}

/** Adds a complaint for every block that a modal or a Home tab doesn't draw. */
export function drawnInViews(blocks: readonly unknown[], context: z.RefinementCtx): void {
  blocks.forEach((block, at) => {
    const { type } = block as { type: unknown };
    if (!messageOnly.has(type)) return;
    context.addIssue({ code: 'custom', message: `unsupported type: ${String(type)}`, path: [at, 'type'] });
  });
}

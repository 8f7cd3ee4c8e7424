import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { z } from 'zod';
import { makeGauges, makeMeasurements } from '../src/metrics.js';

/** Every metric there is, with its labels. */
async function registered(): Promise<ReadonlyMap<string, readonly string[]>> {
  const registry = new Registry();
  const measure = makeMeasurements(registry);
  const counts = { count: 1, since: 0 };
  const readAll = makeGauges(
    registry,
    {
      openOrders: () => ({
        byStage: {
          'awaiting-approval': 0,
          approved: 0,
          placing: 0,
          received: 0,
          processing: 0,
          backordered: 0,
          'given-up': 0,
        },
        waiting: counts,
        untraced: 0,
        notKnown: 0,
        staleCards: counts,
        unjournaled: counts,
      }),
      lookups: () => ({ left: 1, perMinute: 1 }),
      leads: () => true,
      reached: async () => ({ slack: true, database: true }),
    },
    { now: () => 0 },
  );
  measure.acknowledged(1);
  measure.carrierCalled({ operation: 'get_order', status: 200, ms: 1 });
  await readAll();
  const metrics = await registry.getMetricsAsJSON();
  const labels = metrics.map(({ name, values }): [string, readonly string[]] => [
    name,
    [...new Set(values.flatMap((value) => Object.keys(value.labels ?? {})))].filter(
      (label) => label !== 'le',
    ),
  ]);
  return new Map(labels);
}

const operations = readFileSync('docs/operations.md', 'utf8');
const documented = new Map(
  [...operations.matchAll(/^\| `(numbers_\w+)` \| (.*) \|$/gm)].map(([, name = '', meaning = '']) => [
    name,
    meaning,
  ]),
);

const rules = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.object({ severity: z.enum(['page', 'ticket', 'info']) }),
          annotations: z.object({ summary: z.string() }),
        }),
      ),
    }),
  ),
});
const alerts = rules
  .parse(parse(readFileSync('docs/alerts.yaml', 'utf8')))
  .groups.flatMap((group) => group.rules);

const dashboard = z
  .object({
    panels: z.array(
      z.object({
        id: z.number(),
        title: z.string(),
        gridPos: z.object({ h: z.number(), w: z.number(), x: z.number(), y: z.number() }),
        targets: z.array(z.object({ expr: z.string() })).min(1),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync('docs/dashboard.json', 'utf8')));

const expressions = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];

const namedIn = (expression: string): readonly string[] =>
  [...expression.matchAll(/\bnumbers_\w+/g)].map(([name]) => name.replace(/_(?:bucket|sum|count)$/, ''));

/** The labels that an expression groups or selects by. */
const labelsIn = (expression: string): readonly string[] => [
  ...[...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/,\s*/)),
  ...[...expression.matchAll(/(\w+)\s*(?:=~|!~|!=|=)"/g)].map(([, name = '']) => name),
];

describe('The metrics', () => {
  test('are documented in docs/operations.md, each metric and no other, with its labels', async () => {
    const metrics = await registered();
    expect([...documented.keys()].sort()).toEqual([...metrics.keys()].sort());
    const missing = [...metrics].flatMap(([name, labels]) =>
      labels
        .filter((label) => documented.get(name)?.includes(`\`${label}\``) !== true)
        .map((label) => [name, label]),
    );
    expect(missing).toEqual([]);
  });

  test.each(expressions)('%s uses nothing that does not exist: %s', async (_, expression) => {
    const metrics = await registered();
    const named = namedIn(expression);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !metrics.has(name))).toEqual([]);
    const labels = ['le', ...named.flatMap((name) => metrics.get(name) ?? [])];
    expect(labelsIn(expression).filter((label) => !labels.includes(label))).toEqual([]);
    const brackets = (open: string, close: string) =>
      expression.split(open).length === expression.split(close).length;
    expect([brackets('(', ')'), brackets('{', '}'), brackets('[', ']')]).toEqual([true, true, true]);
  });

  test('have alerts with different names', () => {
    const names = alerts.map(({ alert }) => alert);
    expect(names.length).toBeGreaterThan(5);
    expect(new Set(names).size).toBe(names.length);
  });

  test('have a dashboard that shows every metric, without panels on top of each other', async () => {
    const shown = new Set(
      dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namedIn(expr))),
    );
    expect([...(await registered()).keys()].filter((name) => !shown.has(name))).toEqual([]);
    const { panels } = dashboard;
    const overlaps = panels.flatMap((one, index) =>
      panels
        .slice(index + 1)
        .filter(
          (other) =>
            one.gridPos.x < other.gridPos.x + other.gridPos.w &&
            other.gridPos.x < one.gridPos.x + one.gridPos.w &&
            one.gridPos.y < other.gridPos.y + other.gridPos.h &&
            other.gridPos.y < one.gridPos.y + one.gridPos.h,
        )
        .map((other) => [one.title, other.title]),
    );
    expect(overlaps).toEqual([]);
  });
});

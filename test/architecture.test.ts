import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/** Every import and export … from, and dynamic import, of one source file; types included. */
function importsOf(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?<!['"])\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    ([, path]) => path ?? '',
  );
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path));

const files = [...filesIn('src'), ...filesIn('sandbox')];

/**
 * Where a file belongs: `src/slack/blocks/limits.ts` → `slack`, and in `src/orders` the layer, too: `orders/domain`.
 * `src/app` and files directly in `src` put the parts together and are called `root`.
 */
function areaOf(path: string): string {
  const [top, area, layer, ...rest] = path.split(sep);
  if (top === 'sandbox') return 'sandbox';
  if (area === undefined || layer === undefined || area === 'app') return 'root';
  if (area !== 'orders') return area;
  return rest.length === 0 ? 'orders' : `orders/${layer}`;
}

/** `src/slack/blocks/card/order-card.ts` → `slack/blocks/card`. */
const slackFolderOf = (path: string): string => dirname(path).split(sep).slice(1).join('/');

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly imported: string;
}

const imports: readonly Import[] = files.flatMap((file) =>
  importsOf(file).map((imported) => ({
    file,
    from: areaOf(file),
    to: imported.startsWith('.') ? areaOf(normalize(join(dirname(file), imported))) : `package ${imported}`,
    imported,
  })),
);

const isOrders = (area: string) => area === 'orders' || area.startsWith('orders/');

/** The layers of src/orders. A layer may import those listed beside it, and itself. */
const layers: Readonly<Record<string, readonly string[]>> = {
  'orders/domain': [],
  'orders/ports': ['orders/domain'],
  /** What several layers need. */
  orders: ['orders/ports', 'orders/domain'],
  'orders/policy': ['orders/ports', 'orders/domain', 'orders'],
  'orders/journal': ['orders/policy', 'orders/ports', 'orders/domain', 'orders'],
  'orders/inventory': ['orders/ports', 'orders/domain', 'orders'],
  'orders/engine': ['orders/journal', 'orders/policy', 'orders/ports', 'orders/domain', 'orders'],
  'orders/use-cases': [
    'orders/engine',
    'orders/inventory',
    'orders/journal',
    'orders/policy',
    'orders/ports',
    'orders/domain',
    'orders',
  ],
};

/**
 * The folders of src/slack. Each may import those listed beside it, and itself. `slack` is the routing table,
 * `slack/listen.ts`.
 */
const slackFolders: Readonly<Record<string, readonly string[]>> = {
  'slack/text': [],
  'slack/criteria': ['text'],
  'slack/filters': ['criteria', 'text'],
  'slack/commands': ['filters', 'criteria', 'text'],
  'slack/import': ['criteria', 'text'],
  /** What several folders of blocks need. */
  'slack/blocks': ['text'],
  'slack/blocks/order': ['blocks', 'filters', 'criteria', 'text'],
  'slack/blocks/kinds': ['blocks/order', 'blocks', 'text'],
  'slack/blocks/card': ['blocks/kinds', 'blocks/order', 'blocks', 'text'],
  'slack/blocks/thread': ['blocks/card', 'blocks/kinds', 'blocks/order', 'blocks', 'text'],
  'slack/blocks/home': ['blocks/card', 'blocks/order', 'blocks', 'commands', 'text'],
  'slack/blocks/answers': [
    'blocks/card',
    'blocks/order',
    'blocks',
    'import',
    'commands',
    'filters',
    'criteria',
    'text',
  ],
  'slack/blocks/forms': [
    'blocks/answers',
    'blocks/order',
    'blocks',
    'import',
    'commands',
    'filters',
    'criteria',
    'text',
  ],
  'slack/access': ['blocks'],
  'slack/connection': [],
  'slack/messages': [
    'access',
    'blocks/answers',
    'blocks/home',
    'blocks/thread',
    'blocks/card',
    'blocks',
    'import',
    'text',
  ],
  'slack/listeners': [
    'messages',
    'access',
    'blocks/forms',
    'blocks/answers',
    'blocks/home',
    'blocks/card',
    'blocks/order',
    'blocks',
    'import',
    'commands',
    'text',
  ],
  slack: ['listeners', 'messages', 'access', 'blocks/forms', 'blocks', 'import', 'commands'],
};

/** The only packages that src/orders may import: general-purpose ones, which do no I/O. */
const packagesOfOrders = ['package p-map', 'package lru-cache'];

const packageOwners: Readonly<Record<string, readonly string[]>> = {
  yaml: [join('src', 'config', 'policy-file.ts'), 'sandbox'],
  'csv-parse': [join('src', 'slack', 'import', 'csv-table.ts')],
  xml2js: [join('src', 'bandwidth', 'xml.ts'), join('src', 'bandwidth', 'xml-tree.ts'), 'sandbox'],
  axios: [join('src', 'bandwidth')],
  undici: [join('src', 'proxy')],
  keyv: [join('src', 'store')],
  '@keyv/postgres': [join('src', 'store', 'postgres', 'postgres.ts')],
  '@keyv/redis': [join('src', 'store', 'redis'), 'sandbox'],
  pg: [join('src', 'store', 'postgres', 'postgres.ts'), 'sandbox'],
  libsql: [join('src', 'store'), 'sandbox'],
  '@slack/bolt': [join('src', 'slack')],
  '@slack/types': [join('src', 'slack')],
  '@slack/web-api': [join('src', 'slack')],
  'prom-client': [join('src', 'metrics.ts'), join('src', 'app', 'operations.ts'), join('src', 'app.ts')],
  'p-retry': [join('src', 'slack', 'connection', 'retry.ts')],
  'node-cron': [
    join('src', 'poller.ts'),
    join('src', 'report-schedule.ts'),
    join('src', 'config', 'setting-checks.ts'),
  ],
};

describe('Imports point inward', () => {
  test('there are imports to check', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(imports.length).toBeGreaterThan(500);
    expect([...new Set(imports.map(({ from }) => from).filter(isOrders))].sort()).toEqual(
      Object.keys(layers).sort(),
    );
  });

  test('src/orders imports nothing outside itself but Node and two small packages', () => {
    const outside = imports.filter(
      ({ from, to }) =>
        isOrders(from) && !isOrders(to) && !to.startsWith('package node:') && !packagesOfOrders.includes(to),
    );
    expect(outside).toEqual([]);
  });

  test.each(Object.entries(layers))('%s imports only the layers below it', (layer, below) => {
    const upward = imports.filter(
      ({ from, to }) => from === layer && isOrders(to) && to !== layer && !below.includes(to),
    );
    expect(upward).toEqual([]);
  });

  test('the folders of src/slack are all listed, each above those it may import', () => {
    const folders = new Set(
      files.filter((file) => areaOf(file) === 'slack').map((file) => slackFolderOf(file)),
    );
    const listed = Object.keys(slackFolders);
    expect([...folders].sort()).toEqual([...listed].sort());
    const above = Object.entries(slackFolders).flatMap(([folder, below]) =>
      below.filter((each) => listed.indexOf(`slack/${each}`) >= listed.indexOf(folder)),
    );
    expect(above).toEqual([]);
  });

  test('a folder of src/slack and those inside it are one layer', () => {
    const tops = Object.keys(slackFolders).map((folder) => folder.split('/')[1]);
    const layers = tops.filter((top, index) => top !== tops[index - 1]);
    expect(layers).toEqual([...new Set(layers)]);
  });

  test.each(Object.entries(slackFolders))('%s imports only the folders below it', (folder, below) => {
    const upward = imports.filter(({ file, from, to, imported }) => {
      if (from !== 'slack' || to !== 'slack' || slackFolderOf(file) !== folder) return false;
      const target = slackFolderOf(normalize(join(dirname(file), imported)));
      return target !== folder && !below.some((each) => target === `slack/${each}`);
    });
    expect(upward).toEqual([]);
  });

  test('neighbors never import each other', () => {
    const neighbors = ['slack', 'bandwidth', 'store', 'config', 'cli'];
    const between = imports.filter(
      ({ from, to }) =>
        ['slack', 'bandwidth', 'store'].includes(from) &&
        (neighbors.includes(to) || to === 'root') &&
        from !== to,
    );
    expect(between).toEqual([]);
  });

  test('src/proxy imports no other folder of the app', () => {
    const outward = imports.filter(
      ({ from, to }) => from === 'proxy' && to !== 'proxy' && !to.startsWith('package '),
    );
    expect(outward).toEqual([]);
    expect(imports.filter(({ from, to }) => isOrders(from) && to === 'proxy')).toEqual([]);
  });

  test('nothing outside the sandbox imports the sandbox', () => {
    expect(imports.filter(({ from, to }) => to === 'sandbox' && from !== 'sandbox')).toEqual([]);
  });

  test('the sandbox reaches the app only through its composition root', () => {
    const inside = imports.filter(
      ({ from, to, imported }) =>
        from === 'sandbox' &&
        to !== 'sandbox' &&
        !to.startsWith('package') &&
        !/\/(app|config\/config|log)\.js$/.test(imported),
    );
    expect(inside).toEqual([]);
  });

  test.each(Object.entries(packageOwners))('%s is imported in one place only', (name, owners) => {
    const elsewhere = imports.filter(
      ({ file, to }) =>
        (to === `package ${name}` || to.startsWith(`package ${name}/`)) &&
        !owners.some((owner) => file === owner || file.startsWith(owner + sep)),
    );
    expect(elsewhere).toEqual([]);
  });

  test('what runs in production imports nothing that is only installed for development', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Readonly<Record<string, string>>;
    };
    const packages = imports
      .filter(
        ({ from, to }) => from !== 'sandbox' && to.startsWith('package ') && !to.startsWith('package node:'),
      )
      .map(({ file, imported }) => ({ file, name: /^(?:@[^/]+\/)?[^/]+/.exec(imported)?.[0] ?? '' }));
    expect(packages.length).toBeGreaterThan(10);
    expect(packages.filter(({ name }) => !Object.hasOwn(dependencies, name))).toEqual([]);
  });
});

/** The texts between quotes in one source file, without its comments. A template's text includes its expressions. */
function textsIn(file: string): readonly string[] {
  const code = readFileSync(file, 'utf8').replace(/\/\*.*?\*\/|(?<=^|\s)\/\/ .*?$/gms, '');
  return [...code.matchAll(/(['"`])((?:\\.|(?!\1)[^\\])*)\1/gs)].map(([, , text]) => text ?? '');
}

/** "Try again." or "nothing was changed. Try again": error messages are a phrase in lower case without a period. */
const isSentence = (text: string) => /^[A-Z].* .*[.!?]$/s.test(text) || /\w[.!?] [A-Z]/.test(text);

describe('What people read is written in src/slack/blocks', () => {
  const sentencesIn = (folder: string) =>
    filesIn(folder).flatMap((file) =>
      textsIn(file)
        .filter(isSentence)
        .map((text) => `${file}: ${text}`),
    );

  test('src/orders has no sentence for people', () => {
    expect(sentencesIn(join('src', 'orders'))).toEqual([]);
  });

  test('src/slack/blocks has them, so a sentence would be noticed', () => {
    expect(sentencesIn(join('src', 'slack', 'blocks')).length).toBeGreaterThan(200);
  });
});

/** Types count: even with a cycle of types, no file can be read without the others. */
test('no file imports itself, directly or through others', () => {
  const known = new Set(files);
  const importsByFile = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter((imported) => imported.startsWith('.'))
        .map((imported) => normalize(join(dirname(file), imported)).replace(/\.js$/, '.ts'))
        .filter((path) => known.has(path)),
    ]),
  );
  const cycles: string[] = [];
  const done = new Set<string>();
  function walk(file: string, path: readonly string[]): void {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const next of importsByFile.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  }
  for (const file of files) walk(file, []);
  expect(cycles).toEqual([]);
});

describe('ARCHITECTURE.md', () => {
  const text = readFileSync('ARCHITECTURE.md', 'utf8');

  test('names no file that does not exist', () => {
    const named = [...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, path = '']) => path.replaceAll('/', sep));
    expect(named.length).toBeGreaterThan(30);
    const all = [
      ...files,
      ...filesIn('test'),
      ...filesIn('bench').filter((path) => !path.includes('node_modules')),
    ];
    expect(named.filter((path) => !all.some((file) => file === path || file.endsWith(sep + path)))).toEqual(
      [],
    );
  });

  test('lists every folder of src, and none that does not exist', () => {
    const listed: string[] = [];
    for (const [, indent = '', name = '', about = ''] of text.matchAll(
      /^((?: {2})*)([\w-]+)\/ {2,}(\S.*)$/gm,
    )) {
      const parent = indent === '' ? '' : listed.findLast((path) => depthOf(path) < indent.length / 2);
      const folder = join(parent ?? '', name);
      listed.push(
        folder,
        ...[...about.matchAll(/`([\w-]+)\/`/g)].map(([, inner = '']) => join(folder, inner)),
      );
    }
    expect(listed.filter((path) => !statSync(path, { throwIfNoEntry: false })?.isDirectory())).toEqual([]);
    const inSrc = [...new Set(filesIn('src').map((file) => dirname(file)))];
    expect(inSrc.filter((folder) => !listed.includes(folder))).toEqual([]);
  });

  test('stays short enough to read in ten minutes', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(225);
  });
});

/** How many folders it is nested in. */
const depthOf = (path: string): number => path.split(sep).length - 1;

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/** Every import and export … from, and dynamic import, of one source file. */
function importsOf(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, path]) => path ?? '');
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join('src', path));

/** `src/slack/blocks/help.ts` → `slack`; files directly in `src` belong to the composition, called `root`. */
function areaOf(path: string): string {
  const [, area, ...rest] = path.split(sep);
  return rest.length === 0 || area === undefined ? 'root' : area;
}

interface Arrow {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly imported: string;
}

const arrows: readonly Arrow[] = files.flatMap((file) =>
  importsOf(file).map((imported) => ({
    file,
    from: areaOf(file),
    to: imported.startsWith('.') ? areaOf(normalize(join(dirname(file), imported))) : `package ${imported}`,
    imported,
  })),
);

const packageOwners: Readonly<Record<string, readonly string[]>> = {
  yaml: [join('src', 'policy-file.ts'), join('src', 'sandbox')],
  xml2js: [join('src', 'bandwidth', 'xml.ts'), join('src', 'sandbox')],
  axios: [join('src', 'bandwidth')],
  keyv: [join('src', 'store')],
  '@keyv/postgres': [join('src', 'store', 'postgres.ts')],
  '@keyv/redis': [join('src', 'store', 'redis.ts'), join('src', 'sandbox')],
  pg: [join('src', 'store', 'postgres.ts'), join('src', 'sandbox')],
  libsql: [join('src', 'store'), join('src', 'sandbox')],
  '@slack/bolt': [join('src', 'slack'), join('src', 'log.ts')],
  '@slack/web-api': [join('src', 'slack')],
  'p-retry': [join('src', 'slack', 'insist.ts')],
  'node-cron': [join('src', 'poller.ts'), join('src', 'setting-checks.ts')],
};

describe('The arrows of the architecture point inward', () => {
  test('there are arrows to look at', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(arrows.length).toBeGreaterThan(30);
  });

  test('what we decide imports nothing outside itself but Node, and packages that touch nothing outside the process', () => {
    const pure = ['p-map', 'lru-cache'].map((name) => `package ${name}`);
    const outside = arrows.filter(
      ({ from, to }) =>
        from === 'orders' && to !== 'orders' && !to.startsWith('package node:') && !pure.includes(to),
    );
    expect(outside).toEqual([]);
  });

  test('neighbours never import each other', () => {
    const neighbours = ['slack', 'bandwidth', 'store'];
    const between = arrows.filter(
      ({ from, to }) =>
        neighbours.includes(from) && (neighbours.includes(to) || to === 'root') && from !== to,
    );
    expect(between).toEqual([]);
  });

  test('nothing outside the sandbox imports the sandbox', () => {
    expect(arrows.filter(({ from, to }) => to === 'sandbox' && from !== 'sandbox')).toEqual([]);
  });

  test('the sandbox reaches the app only through its composition root', () => {
    const inside = arrows.filter(
      ({ from, to, imported }) =>
        from === 'sandbox' &&
        to !== 'sandbox' &&
        !to.startsWith('package') &&
        !/\/(app|config|log)\.js$/.test(imported),
    );
    expect(inside).toEqual([]);
  });

  test.each(Object.entries(packageOwners))('%s is known in one place only', (name, owners) => {
    const strangers = arrows.filter(
      ({ file, to }) =>
        (to === `package ${name}` || to.startsWith(`package ${name}/`)) &&
        !owners.some((owner) => file === owner || file.startsWith(owner + sep)),
    );
    expect(strangers).toEqual([]);
  });

  test('what runs in production imports nothing that is only installed for development', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Readonly<Record<string, string>>;
    };
    const packages = arrows
      .filter(
        ({ from, to }) => from !== 'sandbox' && to.startsWith('package ') && !to.startsWith('package node:'),
      )
      .map(({ file, imported }) => ({ file, name: /^(?:@[^/]+\/)?[^/]+/.exec(imported)?.[0] ?? '' }));
    expect(packages.length).toBeGreaterThan(10);
    expect(packages.filter(({ name }) => !Object.hasOwn(dependencies, name))).toEqual([]);
  });
});

test('ARCHITECTURE.md names no file that is not there', () => {
  const named = [...readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/`([\w/-]+\.ts)`/g)].map(
    ([, path = '']) => path.replaceAll('/', sep),
  );
  expect(named.length).toBeGreaterThan(30);
  const all = [...files, ...readdirSync('test').map((path) => join('test', path))];
  expect(named.filter((path) => !all.some((file) => file === path || file.endsWith(sep + path)))).toEqual([]);
});

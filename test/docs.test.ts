import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { variables } from '../src/config/settings.js';

const documents = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const withoutCode = (text: string) => text.replace(/^\s*```[\s\S]*?^\s*```$/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchors that GitHub gives a document's headings. */
function anchorsOf(document: string): readonly string[] {
  const text = readFileSync(document, 'utf8').replace(/^\s*```[\s\S]*?^\s*```$/gm, '');
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

/** The links of a document that lead to a file or heading of this repository. */
const linksOf = (document: string): readonly string[] =>
  [...withoutCode(readFileSync(document, 'utf8')).matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

function leadsSomewhere(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? document : normalize(join(dirname(document), path));
  if (!existsSync(target)) return false;
  return anchor === undefined || (statSync(target).isFile() && anchorsOf(target).includes(anchor));
}

/** Everything in double quotes in the summaries of a YAML document. */
function quotesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
    key === 'summary'
      ? [...String(each).matchAll(/"([^"]+)"/g)].map(([, quoted = '']) => quoted)
      : quotesIn(each),
  );
}

const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join('src', path), 'utf8'))
  .join('\n');

describe('The documents', () => {
  test.each(documents)('every link in %s leads to a file and a heading that exist', (document) => {
    expect(linksOf(document).filter((link) => !leadsSomewhere(document, link))).toEqual([]);
  });

  test('a link to a file or heading that does not exist would be found', () => {
    expect(leadsSomewhere('README.md', 'docs/policy.md#rules')).toBe(true);
    expect(leadsSomewhere('README.md', 'docs/policy.md#no-such-heading')).toBe(false);
    expect(leadsSomewhere('README.md', 'docs/no-such-file.md')).toBe(false);
  });

  test('every document in docs/ is in the README’s table', () => {
    const linked = linksOf('README.md').map((link) => normalize(link));
    expect(documents.filter((document) => document !== 'README.md' && !linked.includes(document))).toEqual(
      [],
    );
  });

  test('every npm command that the documents name exists', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const named = [...documents, '.env.example'].flatMap((document) =>
      [...readFileSync(document, 'utf8').matchAll(/\bnpm run ([\w:]+)/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test('every row of the benchmarks that the documents name exists', () => {
    const named = documents.flatMap((document) =>
      [...readFileSync(document, 'utf8').matchAll(/--row (\w+)/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !existsSync(join('bench', 'rows', `${name}.ts`)))).toEqual([]);
  });

  test('docs/settings.md lists exactly the variables there are', () => {
    const rows = [
      ...readFileSync('docs/settings.md', 'utf8').matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|/gm),
    ];
    const listed = rows.flatMap(([, names = '']) => names.replaceAll('`', '').split(', '));
    expect([...listed].sort()).toEqual([...variables].sort());
  });

  test.each(
    readdirSync('docs')
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => join('docs', name)),
  )('every log message that %s quotes is in the source', (document) => {
    const quoted = quotesIn(parse(readFileSync(document, 'utf8')));
    expect(quoted.length).toBeGreaterThan(0);
    expect(quoted.filter((message) => !source.includes(`'${message}'`))).toEqual([]);
  });

  test('the README stays short enough to read in one sitting', () => {
    expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThanOrEqual(160);
  });
});

import { readFileSync } from 'node:fs';
import { distance } from 'fastest-levenshtein';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Policy } from '../orders/policy/policy.js';
import { policyFields, policySchema, repeatedNames, ruleFields, stageFields } from './policy-schema.js';
import { shown } from './setting-values.js';
import { whyUnreadable } from './why-unreadable.js';

type PolicyInFile = Pick<Policy, 'rules' | 'requesters'>;

/** What a policy file says, or every problem with it: the subject, the line and a sentence. */
export type PolicyFile = PolicyInFile | { readonly problems: readonly string[] };

export function readPolicyFile(path: string): PolicyFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { problems: [`${path} can't be read: ${whyUnreadable(error)}`] };
  }
  const read = parsePolicy(text);
  if ('rules' in read) return read;
  return { problems: read.problems.map(({ line, sentence }) => `${path}, line ${line}: ${sentence}`) };
}

export interface PolicyProblem {
  /** Counts from 1. */
  readonly line: number;
  readonly sentence: string;
}

/** Parses a policy file; docs/policy.md describes the format. */
export function parsePolicy(text: string): PolicyInFile | { readonly problems: readonly PolicyProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const misspelt = [...document.errors, ...document.warnings];
  if (misspelt.length > 0) {
    return {
      problems: misspelt.map(({ pos, message }) => ({
        line: lineOf(pos[0]),
        sentence: `this is not YAML: ${message}.`.replace(/\.+$/, '.'),
      })),
    };
  }
  const file = plain(document);
  const parsed = policySchema.safeParse(file);
  const repeated = repeatedNames(file);
  if (parsed.success && repeated.length === 0) return parsed.data;
  const about = (path: readonly PropertyKey[], sentence: string): PolicyProblem => ({
    line: lineOf(offsetOf(document, path)),
    sentence,
  });
  const problems = [
    ...repeated.map(({ path, message }) => about(path, `${subjectOf(path)} ${message}`)),
    ...(parsed.error?.issues ?? []).flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => about([...issue.path, key], unknownKey(key, issue.path)))
        : [about(issue.path, `${subjectOf(issue.path)} ${issue.message}`)],
    ),
  ];
  return { problems: problems.sort((one, other) => one.line - other.line) };
}

/** Returns undefined for a file whose aliases expand to something huge, which isn't a valid policy either. */
function plain(document: { toJS(options: { maxAliasCount: number }): unknown }): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

/** Returns the offset of the node at this path, or of its closest existing ancestor. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined) break;
      offset = rangeOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = rangeOf(node) ?? offset;
    } else break;
  }
  return offset;
}

const rangeOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

/** Returns the closest name along the path, and which stage it belongs to. */
function subjectOf(path: readonly PropertyKey[]): string {
  const name = path.findLast((step) => typeof step === 'string');
  if (name === undefined) return 'the file';
  const stage = path[path.indexOf('approvals') + 1];
  const where = path.includes('approvals') && typeof stage === 'number' ? ` of stage ${stage + 1}` : '';
  if (name === 'approvals' && where !== '') return `approvals: stage ${Number(stage) + 1}`;
  return name === 'rules' && path.at(-1) !== 'rules' ? 'a rule' : `${name}${where}`;
}

function unknownKey(key: string, path: readonly PropertyKey[]): string {
  const known = path.length === 0 ? policyFields : path.includes('approvals') ? stageFields : ruleFields;
  const [nearest] = known
    .map((name) => ({ name, off: distance(name, key.toLowerCase().replaceAll('-', '_')) }))
    .filter(({ off }) => off <= 2)
    .sort((one, other) => one.off - other.off);
  const hint = nearest === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean ${nearest.name}?`;
  return `${shown(key)} isn't a known key. ${hint}`;
}

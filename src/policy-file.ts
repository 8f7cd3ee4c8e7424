import { readFileSync } from 'node:fs';
import { distance } from 'fastest-levenshtein';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type PolicyRule, ruleKinds, type Terms } from './orders/policy.js';
import { MAX_QUANTITY } from './orders/search.js';
import {
  approvalTtlProblem,
  approversOf,
  approversProblem,
  MOST_APPROVALS,
  milliseconds,
  shown,
  tooFewApprovers,
  undoWindowProblem,
  wholeNumberProblem,
} from './setting-values.js';

/** The rules of a policy file, or everything that is wrong with it: its name, the line and a sentence. */
export type PolicyFile = { readonly rules: readonly PolicyRule[] } | { readonly problems: readonly string[] };

export function readPolicyFile(path: string): PolicyFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { problems: [`${path} cannot be read: ${whyNot(error)}`] };
  }
  const read = parsePolicy(text);
  if ('rules' in read) return read;
  return { problems: read.problems.map(({ line, sentence }) => `${path}, line ${line}: ${sentence}`) };
}

function whyNot(error: unknown): string {
  const { code } = error as { code?: unknown };
  switch (code) {
    case 'ENOENT':
      return 'there is no such file.';
    case 'EISDIR':
      return 'it is a folder.';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it.';
    default:
      return `the system says ${shown(code ?? 'nothing more')}.`;
  }
}

export interface PolicyProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly sentence: string;
}

/** docs/policy.md describes what may be in there. */
export function parsePolicy(
  text: string,
): { readonly rules: readonly PolicyRule[] } | { readonly problems: readonly PolicyProblem[] } {
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
  const parsed = policyFile.safeParse(plain(document));
  if (parsed.success) return { rules: parsed.data.rules.map(ruleOf) };
  const problems = parsed.error.issues.flatMap((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    return unknown.map((key) => {
      const path = key === undefined ? issue.path : [...issue.path, key];
      return {
        line: lineOf(offsetOf(document, path)),
        sentence:
          key === undefined ? `${subjectOf(issue.path)} ${issue.message}` : unknownKey(key, issue.path),
      };
    });
  });
  return { problems: problems.sort((one, other) => one.line - other.line) };
}

/** Undefined for a file that would swell up to something huge, which is no policy either. */
function plain(document: { toJS(options: { maxAliasCount: number }): unknown }): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

/** Where the thing at this path begins, or the nearest thing around it that is there. */
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

/** The nearest name on the way there. */
function subjectOf(path: readonly PropertyKey[]): string {
  const name = path.findLast((step) => typeof step === 'string');
  if (name === undefined) return 'the file';
  return name === 'rules' && path.at(-1) !== 'rules' ? 'a rule' : name;
}

function unknownKey(key: string, path: readonly PropertyKey[]): string {
  const known = Object.keys(path.length === 0 ? policyFile.shape : ruleFields);
  const [nearest] = known
    .map((name) => ({ name, off: distance(name, key.toLowerCase().replaceAll('-', '_')) }))
    .filter(({ off }) => off <= 2)
    .sort((one, other) => one.off - other.off);
  const hint = nearest === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean ${nearest.name}?`;
  return `I do not know ${shown(key)}. ${hint}`;
}

/** `problem` gives what is wrong with a value, to be read after its name. */
const valued = <T>(fits: (value: unknown) => value is T, problem: (value: unknown) => string | undefined) =>
  z.custom<T>((value) => fits(value) && problem(value) === undefined, {
    error: ({ input }) => problem(input) ?? `is ${shown(input)}.`,
  });

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isList = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

const wholeNumber = (least: number, most: number) =>
  valued(isNumber, (value) =>
    isNumber(value)
      ? wholeNumberProblem(value, least, most)
      : `is ${shown(value)}, but must be a whole number from ${least} to ${most}.`,
  );

const isTime = (value: unknown): value is string | number => isText(value) || isNumber(value);

const time = (problem: (value: string) => string | undefined) =>
  valued(isTime, (value) =>
    isTime(value) ? problem(String(value)) : `is ${shown(value)}, but must be a time such as 90s, 30m or 2h.`,
  );

const yesOrNo = valued(isBoolean, (value) =>
  isBoolean(value) ? undefined : `is ${shown(value)}, but must be true or false.`,
);

/** A list without anything twice, whose entries are sound. */
const listOf = (entriesProblem: (entries: readonly string[]) => string | undefined) =>
  valued(isList, (value) => {
    if (!Array.isArray(value)) return `is ${shown(value)}, but must be a list, like [one, another].`;
    if (!isList(value)) return 'holds something that is no text.';
    if (value.length === 0) return 'is empty: leave it out, or name something.';
    const twice = value.find((entry, index) => value.indexOf(entry) !== index);
    return twice === undefined ? entriesProblem(value) : `holds ${shown(twice)} twice.`;
  });

const entriesLike = (pattern: RegExp, advice: string) =>
  listOf((entries) => {
    const wrong = entries.filter((entry) => !pattern.test(entry));
    return wrong.length === 0 ? undefined : `holds ${wrong.map(shown).join(', ')}: ${advice}`;
  });

/** More than anybody orders in a month. */
const MOST_NUMBERS = 1_000_000;
const NAME_AT_MOST = 60;

const ruleFields = {
  name: valued(isText, (value) => {
    if (value === undefined) return 'is missing: each rule needs one, to be told apart.';
    return isText(value) && value.trim() !== '' && value.length <= NAME_AT_MOST && !/[\r\n]/.test(value)
      ? undefined
      : `must be a text of 1 to ${NAME_AT_MOST} characters on one line.`;
  }),
  kinds: entriesLike(
    new RegExp(`^(?:${ruleKinds.join('|')})$`),
    `there are ${ruleKinds.join(', ')}.`,
  ).optional(),
  channels: entriesLike(
    /^[CGD][A-Z0-9]{2,}$/,
    'use ids (C…, at the end of the channel\'s "About" tab).',
  ).optional(),
  teams: entriesLike(/^[TE][A-Z0-9]{2,}$/, 'use ids (T…).').optional(),
  approvers: listOf(approversProblem).optional(),
  approvals_required: wholeNumber(1, MOST_APPROVALS).optional(),
  allow_self_approval: yesOrNo.optional(),
  auto_approve_up_to: wholeNumber(0, MAX_QUANTITY).optional(),
  max_numbers_per_order: wholeNumber(1, MAX_QUANTITY).optional(),
  max_numbers_per_day: wholeNumber(1, MOST_NUMBERS).optional(),
  max_numbers_per_month: wholeNumber(1, MOST_NUMBERS).optional(),
  undo_window: time(undoWindowProblem).optional(),
  approval_ttl: time(approvalTtlProblem).optional(),
};

const rule = z
  .strictObject(ruleFields, {
    error: ({ code }) => (code === 'invalid_type' ? 'must hold names and values.' : undefined),
  })
  .superRefine((given, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const said = Object.keys(given).filter((key) => !scopes.includes(key));
    if (said.length === 0) complain('name', `is that of a rule that says nothing: ${terms.join(', ')}.`);
    const { approvers, approvals_required: required, kinds } = given;
    const tooFew = approvers && required && tooFewApprovers(approversOf(approvers), required);
    if (tooFew) complain('approvals_required', tooFew);
    const onlyDisconnects = kinds?.every((kind) => kind === 'disconnect');
    if (onlyDisconnects && (given.auto_approve_up_to ?? 0) > 0) {
      complain('auto_approve_up_to', 'has no place here: a person approves every disconnect.');
    }
  });

const scopes = ['name', 'kinds', 'channels', 'teams'];
const terms = Object.keys(ruleFields).filter((field) => !scopes.includes(field));

const policyFile = z.strictObject(
  {
    rules: z
      .array(rule, { error: 'must be a list of rules, each beginning with "- name: …".' })
      .superRefine((rules, context) => {
        for (const [index, { name }] of rules.entries()) {
          if (rules.findIndex((other) => other.name === name) < index) {
            const message = `is ${shown(name)}, like that of an earlier rule.`;
            context.addIssue({ code: 'custom', path: [index, 'name'], message });
          }
        }
      }),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must begin with "rules:".' : undefined) },
);

function ruleOf(given: z.output<typeof rule>): PolicyRule {
  const { name, kinds, channels, teams } = given;
  return {
    name,
    ...(kinds === undefined ? {} : { kinds: ruleKinds.filter((kind) => kinds.includes(kind)) }),
    ...(channels === undefined ? {} : { channels }),
    ...(teams === undefined ? {} : { teams }),
    terms: termsOf(given),
  };
}

function termsOf(given: z.output<typeof rule>): Partial<Terms> {
  const spoken: { readonly [Term in keyof Terms]: Terms[Term] | undefined } = {
    approvers: given.approvers && approversOf(given.approvers),
    approvalsRequired: given.approvals_required,
    selfApproval: given.allow_self_approval,
    autoApproveUpTo: given.auto_approve_up_to,
    undoWindowMs: timeOf(given.undo_window),
    approvalTtlMs: timeOf(given.approval_ttl),
    maxNumbersPerOrder: given.max_numbers_per_order,
    maxNumbersPerDay: given.max_numbers_per_day,
    maxNumbersPerMonth: given.max_numbers_per_month,
  };
  return Object.fromEntries(
    Object.entries(spoken).filter(([, value]) => value !== undefined),
  ) as Partial<Terms>;
}

const timeOf = (value: string | number | undefined): number | undefined =>
  value === undefined ? undefined : milliseconds(String(value));

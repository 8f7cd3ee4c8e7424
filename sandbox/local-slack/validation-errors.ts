import type { z } from 'zod';

/** One sentence in Slack's response_metadata.messages. */
export type ValidationError = string;

/** Returns what is wrong with a value. `root` is the JSON pointer to it. */
export function validationErrors(rule: z.ZodType, given: unknown, root: string): ValidationError[] {
  const result = rule.safeParse(given);
  if (result.success) return [];
  return result.error.issues.map((issue) => {
    const [path, sentence] = explain(issue, given);
    return `[ERROR] ${sentence} [json-pointer:${[root, ...path.map(String)].join('/')}]`;
  });
}

function explain(issue: z.core.$ZodIssue, given: unknown): readonly [readonly PropertyKey[], string] {
  const { path } = issue;
  const parent = path.slice(0, -1);
  switch (issue.code) {
    case 'invalid_union':
      return [path, `unsupported type: ${String(valueAt(given, path))}`];
    case 'invalid_value':
      return [path, `must be one of: ${issue.values.join(', ')}`];
    case 'unrecognized_keys':
      return [path, `invalid additional property: ${issue.keys.join(', ')}`];
    case 'too_big':
      return [path, `no more than ${issue.maximum} items allowed`];
    case 'too_small':
      return [path, `no fewer than ${issue.minimum} items allowed`];
    case 'invalid_type':
      return valueAt(given, path) === undefined
        ? [parent, `missing required field: ${String(path.at(-1))}`]
        : [path, `must provide ${issue.expected}`];
    default:
      return [path, issue.message];
  }
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    given,
  );
}

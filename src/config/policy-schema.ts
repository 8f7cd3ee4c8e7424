import { z } from 'zod';
import { MAX_QUANTITY } from '../orders/domain/search.js';
import { type PolicyRule, ruleKinds, type Terms } from '../orders/policy/policy.js';
import {
  approvalTtlProblem,
  approversOf,
  approversProblem,
  MOST_APPROVALS,
  MOST_NUMBERS,
  milliseconds,
  shown,
  tooFewApproversProblem,
  undoWindowProblem,
  wholeNumberProblem,
} from './setting-values.js';

/** `problem` describes an invalid value, as text that follows its name. */
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

/** A list without duplicates whose entries are valid. */
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

const NAME_AT_MOST = 60;

const fields = {
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

/** The keys that a rule may have. */
export const ruleFields: readonly string[] = Object.keys(fields);

const rule = z
  .strictObject(fields, {
    error: ({ code }) => (code === 'invalid_type' ? 'must hold names and values.' : undefined),
  })
  .superRefine((given, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const said = Object.keys(given).filter((key) => !scopes.includes(key));
    if (said.length === 0) complain('name', `is that of a rule that says nothing: ${terms.join(', ')}.`);
    const { approvers, approvals_required: required, kinds } = given;
    const tooFew = approvers && required && tooFewApproversProblem(approversOf(approvers), required);
    if (tooFew) complain('approvals_required', tooFew);
    const onlyDisconnects = kinds?.every((kind) => kind === 'disconnect');
    if (onlyDisconnects && (given.auto_approve_up_to ?? 0) > 0) {
      complain('auto_approve_up_to', 'has no place here: a person approves every disconnect.');
    }
  });

const scopes = ['name', 'kinds', 'channels', 'teams'];
const terms = ruleFields.filter((field) => !scopes.includes(field));

/** The keys that the policy file may have. */
export const policyFields: readonly string[] = ['rules'];

/** The format that docs/policy.md describes, parsed into rules. Messages follow the name of the key they are about. */
export const policySchema = z
  .strictObject(
    {
      rules: z.array(rule, { error: 'must be a list of rules, each beginning with "- name: …".' }),
    },
    { error: ({ code }) => (code === 'invalid_type' ? 'must begin with "rules:".' : undefined) },
  )
  .transform(({ rules }) => rules.map(ruleOf));

const anyRules = z.object({ rules: z.array(z.object({ name: z.string() }).catch({ name: '' })) });

/** Finds duplicate rule names in any file: zod would compare names only once every rule is valid. */
export function repeatedNames(file: unknown): { path: PropertyKey[]; message: string }[] {
  const names = anyRules.safeParse(file).data?.rules.map(({ name }) => name) ?? [];
  return names.flatMap((name, index) =>
    name === '' || names.indexOf(name) === index
      ? []
      : [
          {
            path: ['rules', index, 'name'],
            message: `is ${shown(name)}, like that of an earlier rule.`,
          },
        ],
  );
}

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

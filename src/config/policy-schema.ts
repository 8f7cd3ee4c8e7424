import { z } from 'zod';
import { MAX_QUANTITY } from '../orders/domain/search/search.js';
import {
  mayBeAutomatic,
  notifyWays,
  type Policy,
  type PolicyRule,
  type Requesters,
  ruleKinds,
  type Stage,
  type Terms,
} from '../orders/policy/policy.js';
import {
  approvalTtlProblem,
  approversProblem,
  channelProblem,
  MAX_APPROVALS,
  MAX_NUMBERS,
  MAX_STAGES,
  milliseconds,
  readApprovers,
  requestersProblem,
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
    if (!isList(value)) return "has an entry that isn't text.";
    if (value.length === 0) return 'is empty: leave it out, or name something.';
    const twice = value.find((entry, index) => value.indexOf(entry) !== index);
    return twice === undefined ? entriesProblem(value) : `contains ${shown(twice)} twice.`;
  });

const entriesLike = (pattern: RegExp, advice: string) =>
  listOf((entries) => {
    const wrong = entries.filter((entry) => !pattern.test(entry));
    return wrong.length === 0 ? undefined : `contains ${wrong.map(shown).join(', ')}: ${advice}`;
  });

/** YAML reads an unquoted id of a sub-account as a number. */
const isSiteList = (value: unknown): value is readonly (string | number)[] =>
  Array.isArray(value) && value.every((entry) => isText(entry) || isNumber(entry));

function sitesProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return `is ${shown(value)}, but must be a list, like [1234, 5678].`;
  if (value.length === 0) return 'is empty: leave it out, or name something.';
  const ids = value.map(String);
  const wrong = value.filter((entry) => !isSiteList([entry]) || !/^\d+$/.test(String(entry)));
  if (wrong.length > 0) {
    return `contains ${wrong.map(shown).join(', ')}: use the ids of Bandwidth's sub-accounts, which are whole numbers.`;
  }
  const twice = ids.find((entry, index) => ids.indexOf(entry) !== index);
  return twice === undefined ? undefined : `contains ${twice} twice.`;
}

const NAME_AT_MOST = 60;

const stageShape = {
  from: listOf(approversProblem),
  count: wholeNumber(1, MAX_APPROVALS).optional(),
};

/** The keys that a stage of `approvals` may have. */
export const stageFields: readonly string[] = Object.keys(stageShape);

const stages = z
  .array(
    z.strictObject(stageShape, {
      error: ({ code }) => (code === 'invalid_type' ? 'must have from, and can have count.' : undefined),
    }),
    { error: 'must be a list of stages, like [{from: [S0ONE]}, {from: [S0OTHER], count: 2}].' },
  )
  .min(1, { error: 'is empty: leave it out, or name a stage.' })
  .max(MAX_STAGES, { error: `has more than ${MAX_STAGES} stages.` });

const fields = {
  name: valued(isText, (value) => {
    if (value === undefined) return 'is missing: each rule needs its own.';
    return isText(value) && value.trim() !== '' && value.length <= NAME_AT_MOST && !/[\r\n]/.test(value)
      ? undefined
      : `must be 1 to ${NAME_AT_MOST} characters on one line.`;
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
  above: wholeNumber(1, MAX_QUANTITY - 1).optional(),
  sites: valued(isSiteList, sitesProblem).optional(),
  requesters: listOf(requestersProblem).optional(),
  approvers: listOf(approversProblem).optional(),
  approvals_required: wholeNumber(1, MAX_APPROVALS).optional(),
  approvals: stages.optional(),
  allow_self_approval: yesOrNo.optional(),
  auto_approve_up_to: wholeNumber(0, MAX_QUANTITY).optional(),
  max_numbers_per_order: wholeNumber(1, MAX_QUANTITY).optional(),
  max_numbers_per_day: wholeNumber(1, MAX_NUMBERS).optional(),
  max_numbers_per_month: wholeNumber(1, MAX_NUMBERS).optional(),
  undo_window: time(undoWindowProblem).optional(),
  approval_ttl: time(approvalTtlProblem).optional(),
  notify: valued(isText, (value) =>
    notifyWays.some((way) => way === value)
      ? undefined
      : `is ${shown(value)}, but must be one of ${notifyWays.join(', ')}.`,
  ).optional(),
  approvals_channel: valued(isText, (value) =>
    isText(value) ? channelProblem(value) : `is ${shown(value)}, but must be the id of a channel (C…).`,
  ).optional(),
};

/** The keys that a rule may have. */
export const ruleFields: readonly string[] = Object.keys(fields);

const rule = z
  .strictObject(fields, {
    error: ({ code }) => (code === 'invalid_type' ? 'must have names and values.' : undefined),
  })
  .superRefine((given, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const said = Object.keys(given).filter((key) => !scopes.includes(key));
    if (said.length === 0)
      complain('name', `belongs to a rule that sets none of these: ${terms.join(', ')}.`);
    const { approvers, approvals_required: required, approvals, kinds } = given;
    if (approvals !== undefined && (approvers !== undefined || required !== undefined)) {
      complain(
        'approvals',
        "says who must approve, so approvers and approvals_required aren't allowed here.",
      );
    }
    const total = (approvals ?? []).reduce((sum, { count = 1 }) => sum + count, 0);
    if (total > MAX_APPROVALS) {
      complain('approvals', `asks for ${total} approvals in all, but at most ${MAX_APPROVALS} are allowed.`);
    }
    const tooFew = approvers && required && tooFewApproversProblem(readApprovers(approvers), required);
    if (tooFew) complain('approvals_required', tooFew);
    const byPeopleOnly = kinds?.every((kind) => byPeople.has(kind));
    if (byPeopleOnly && (given.auto_approve_up_to ?? 0) > 0) {
      complain(
        'auto_approve_up_to',
        "isn't allowed here: a person has to approve every change to numbers in service.",
      );
    }
  });

/** The kinds that no rule may approve without a person. */
const byPeople: ReadonlySet<string> = new Set(ruleKinds.filter((kind) => !mayBeAutomatic(kind)));

const scopes = ['name', 'kinds', 'channels', 'teams', 'above', 'sites', 'requesters'];
const terms = ruleFields.filter((field) => !scopes.includes(field));

const file = {
  requesters: listOf(requestersProblem).optional(),
  rules: z.array(rule, { error: 'must be a list of rules, each beginning with "- name: …".' }).optional(),
};

/** The keys that the policy file may have. */
export const policyFields: readonly string[] = Object.keys(file);

/** The format that docs/policy.md describes, parsed into rules. Messages follow the name of the key they are about. */
export const policySchema = z
  .strictObject(file, {
    error: ({ code }) => (code === 'invalid_type' ? 'must begin with "rules:" or "requesters:".' : undefined),
  })
  .refine(({ rules, requesters }) => rules !== undefined || requesters !== undefined, {
    error: 'must begin with "rules:" or "requesters:".',
  })
  .transform(
    ({ rules = [], requesters }): Pick<Policy, 'rules' | 'requesters'> => ({
      ...(requesters === undefined ? {} : { requesters: requestersOf(requesters) }),
      rules: rules.map(ruleOf),
    }),
  );

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
  const { name, kinds, channels, teams, above, sites, requesters } = given;
  return {
    name,
    ...(kinds === undefined ? {} : { kinds: ruleKinds.filter((kind) => kinds.includes(kind)) }),
    ...(channels === undefined ? {} : { channels }),
    ...(teams === undefined ? {} : { teams }),
    ...(above === undefined ? {} : { above }),
    ...(sites === undefined ? {} : { sites: sites.map(String) }),
    ...(requesters === undefined ? {} : { requesters: requestersOf(requesters) }),
    terms: termsOf(given),
  };
}

function requestersOf(entries: readonly string[]): Requesters {
  const { users, groups } = readApprovers(entries);
  return { users, groups };
}

function termsOf(given: z.output<typeof rule>): Partial<Terms> {
  const spoken: { readonly [Term in keyof Terms]-?: Terms[Term] | undefined } = {
    ...approvalTerms(given),
    selfApproval: given.allow_self_approval,
    autoApproveUpTo: given.auto_approve_up_to,
    undoWindowMs: timeOf(given.undo_window),
    approvalTtlMs: timeOf(given.approval_ttl),
    maxNumbersPerOrder: given.max_numbers_per_order,
    maxNumbersPerDay: given.max_numbers_per_day,
    maxNumbersPerMonth: given.max_numbers_per_month,
    notify: notifyWays.find((way) => way === given.notify),
    approvalsChannel: given.approvals_channel,
  };
  return Object.fromEntries(
    Object.entries(spoken).filter(([, value]) => value !== undefined),
  ) as Partial<Terms>;
}

/** A single stage is the same as approvers and their number. */
function approvalTerms({ approvers, approvals_required, approvals }: z.output<typeof rule>) {
  const stages = approvals?.map(({ from, count = 1 }): Stage => ({ approvers: readApprovers(from), count }));
  const [only] = stages?.length === 1 ? stages : [];
  return {
    approvers: only?.approvers ?? (approvers && readApprovers(approvers)),
    approvalsRequired: only?.count ?? approvals_required,
    stages: only === undefined ? stages : undefined,
  };
}

const timeOf = (value: string | number | undefined): number | undefined =>
  value === undefined ? undefined : milliseconds(String(value));

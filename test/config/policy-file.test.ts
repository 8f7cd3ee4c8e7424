import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parsePolicy, readPolicyFile } from '../../src/config/policy-file.js';
import { temporaryFolder } from '../support/folder.js';

const wrongIn = (text: string): readonly string[] => {
  const read = parsePolicy(text);
  return 'problems' in read ? read.problems.map(({ line, sentence }) => `${line}: ${sentence}`) : [];
};

const withRule = (...lines: readonly string[]) =>
  ['rules:', '  - name: Sales', ...lines.map((line) => `    ${line}`)].join('\n');

describe('A policy file', () => {
  test('says for each rule where it applies, and what is different there', () => {
    const text = [
      '# Toll-free numbers cost more.',
      'rules:',
      '  - name: Toll-free',
      '    kinds: [toll-free]',
      '    approvers: [U0BEN, S0TELECOM]',
      '    approvals_required: 2',
      '    auto_approve_up_to: 0',
      '  - name: Sales',
      '    kinds: [purchase, disconnect]',
      '    channels: [C0SALES]',
      '    teams: [T0ACME]',
      '    approvers: ["*"]',
      '    allow_self_approval: true',
      '    max_numbers_per_order: 5',
      '    max_numbers_per_day: 10',
      '    max_numbers_per_month: 50',
      '    undo_window: 5m',
      '    approval_ttl: 3d',
    ].join('\n');
    expect(parsePolicy(text)).toEqual({
      rules: [
        {
          name: 'Toll-free',
          kinds: ['toll-free'],
          terms: {
            approvers: { anyone: false, users: ['U0BEN'], groups: ['S0TELECOM'] },
            approvalsRequired: 2,
            autoApproveUpTo: 0,
          },
        },
        {
          name: 'Sales',
          kinds: ['purchase', 'disconnect'],
          channels: ['C0SALES'],
          teams: ['T0ACME'],
          terms: {
            approvers: { anyone: true, users: [], groups: [] },
            selfApproval: true,
            maxNumbersPerOrder: 5,
            maxNumbersPerDay: 10,
            maxNumbersPerMonth: 50,
            undoWindowMs: 300_000,
            approvalTtlMs: 259_200_000,
          },
        },
      ],
    });
  });

  test('says who can request at all, and has stages and conditions', () => {
    const text = [
      'requesters: [S0SALES, U0ANA]',
      'rules:',
      '  - name: Large orders',
      '    above: 50',
      '    sites: [1234, "5678"]',
      '    requesters: [S0SALES]',
      '    approvals: [{from: [S0FINANCE]}, {from: [S0TELECOM, U0BEN], count: 2}]',
      '    notify: dm',
      '    approvals_channel: C0APPROVALS',
    ].join('\n');
    expect(parsePolicy(text)).toEqual({
      requesters: { users: ['U0ANA'], groups: ['S0SALES'] },
      rules: [
        {
          name: 'Large orders',
          above: 50,
          sites: ['1234', '5678'],
          requesters: { users: [], groups: ['S0SALES'] },
          terms: {
            stages: [
              { approvers: { anyone: false, users: [], groups: ['S0FINANCE'] }, count: 1 },
              { approvers: { anyone: false, users: ['U0BEN'], groups: ['S0TELECOM'] }, count: 2 },
            ],
            notify: 'dm',
            approvalsChannel: 'C0APPROVALS',
          },
        },
      ],
    });
  });

  test('with a single stage is the same as approvers and their number', () => {
    expect(parsePolicy(withRule('approvals: [{from: [U0BEN, U0CLEO], count: 2}]'))).toEqual({
      rules: [
        {
          name: 'Sales',
          terms: {
            approvers: { anyone: false, users: ['U0BEN', 'U0CLEO'], groups: [] },
            approvalsRequired: 2,
          },
        },
      ],
    });
  });

  test('can say only who can request', () => {
    expect(parsePolicy('requesters: [U0ANA]')).toEqual({
      requesters: { users: ['U0ANA'], groups: [] },
      rules: [],
    });
  });

  test('can repeat itself with an anchor', () => {
    const text = [
      'rules:',
      '  - name: One',
      '    channels: &here [C0ONE]',
      '    approvals_required: 2',
      '  - name: Two',
      '    channels: *here',
      '    approvals_required: 3',
    ].join('\n');
    expect(parsePolicy(text)).toMatchObject({ rules: [{}, { channels: ['C0ONE'] }] });
  });

  test.each([
    ['approvals_required: two', '3: approvals_required is "two", but must be a whole number from 1 to 10.'],
    ['approvals_required: 0', '3: approvals_required is 0, but must be a whole number from 1 to 10.'],
    ['approvals_required: 1.5', '3: approvals_required is 1.5, but must be a whole number from 1 to 10.'],
    ['allow_self_approval: "yes"', '3: allow_self_approval is "yes", but must be true or false.'],
    [
      'max_numbers_per_day: -1',
      '3: max_numbers_per_day is -1, but must be a whole number from 1 to 1000000.',
    ],
    ['undo_window: 3d', /^3: undo_window is "3d", but must be a time of at most 24h/],
    ['approval_ttl: 90d', /^3: approval_ttl is "90d", but must be a time from 5m to 14d/],
    ['undo_window: [1]', '3: undo_window is [1], but must be a time such as 90s, 30m or 2h.'],
    ['approvers: U0BEN', '3: approvers is "U0BEN", but must be a list, like [one, another].'],
    ['approvers: []', '3: approvers is empty: leave it out, or name something.'],
    ['approvers: ["@bob"]', /^3: approvers contains "@bob": use ids \(U…/],
    ['approvers: [U0BEN, U0BEN]', '3: approvers contains "U0BEN" twice.'],
    [
      'kinds: [vanity]',
      '3: kinds contains "vanity": there are purchase, toll-free, disconnect, move, messaging.',
    ],
    ['channels: ["#sales"]', /^3: channels contains "#sales": use ids \(C…/],
    ['channels: [1]', "3: channels has an entry that isn't text."],
    ['teams: [acme]', '3: teams contains "acme": use ids (T…).'],
    ['above: -1', '3: above is -1, but must be a whole number from 1 to 4999.'],
    ['sites: [Raleigh]', /^3: sites contains "Raleigh": use the ids of Bandwidth's sub-accounts/],
    ['sites: []', '3: sites is empty: leave it out, or name something.'],
    ['sites: [7, "7"]', '3: sites contains 7 twice.'],
    ['requesters: ["*"]', /^3: requesters contains "\*": use ids \(U…/],
    ['requesters: []', '3: requesters is empty: leave it out, or name something.'],
    ['notify: loud', '3: notify is "loud", but must be one of thread, dm, off.'],
    [
      'approvals_channel: "#approvals"',
      /^3: approvals_channel is "#approvals", but must be the id of a channel/,
    ],
    ['approvals: S0ONE', /^3: approvals must be a list of stages, like /],
    ['approvals: []', '3: approvals is empty: leave it out, or name a stage.'],
    ['approvals: [{from: []}]', '3: from of stage 1 is empty: leave it out, or name something.'],
    ['approvals: [{from: [S0ONE]}, {from: [ben]}]', /^3: from of stage 2 contains "ben": use ids/],
    [
      'approvals: [{from: [S0ONE], count: 0}]',
      '3: count of stage 1 is 0, but must be a whole number from 1 to 10.',
    ],
    ['approvals: [{count: 2}]', /^3: from of stage 1 /],
    ['approvals: [S0ONE]', '3: approvals: stage 1 must have from, and can have count.'],
    ['approvals: [{from: [S0ONE], number: 2}]', /^3: "number" isn't a known key\. /],
    [
      'approvals: [{from: [S0ONE], count: 6}, {from: [S0TWO], count: 5}]',
      '3: approvals asks for 11 approvals in all, but at most 10 are allowed.',
    ],
    [
      'approvals: [{from: [S0ONE]}, {from: [S0A]}, {from: [S0B]}, {from: [S0C]}, {from: [S0D]}, {from: [S0E]}]',
      '3: approvals has more than 5 stages.',
    ],
    ['aprovers: [U0BEN]', `3: "aprovers" isn't a known key. Did you mean approvers?`],
    [
      'max-numbers-per-day: 5',
      `3: "max-numbers-per-day" isn't a known key. Did you mean max_numbers_per_day?`,
    ],
    ['colour: red', /^3: "colour" isn't a known key\. Known here: name, kinds, /],
  ])('with %s in a rule is refused, with the line', (line, problem) => {
    expect(wrongIn(withRule(line, 'max_numbers_per_order: 7'))).toEqual([
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    ]);
  });

  test('cannot require more approvals than the people it names can give', () => {
    expect(wrongIn(withRule('approvers: [U0BEN]', 'approvals_required: 2'))).toEqual([
      '4: approvals_required asks for 2 approvals by different people, but only one person is named as approvers.',
    ]);
    expect(wrongIn(withRule('approvers: [S0TELECOM]', 'approvals_required: 2'))).toEqual([]);
  });

  test('cannot say who approves both with and without stages', () => {
    expect(wrongIn(withRule('approvals: [{from: [S0ONE]}, {from: [S0TWO]}]', 'approvers: [U0BEN]'))).toEqual([
      "3: approvals says who must approve, so approvers and approvals_required aren't allowed here.",
    ]);
  });

  test.each(['disconnect', 'move', 'messaging'])('cannot have a %s that no one approves', (kind) => {
    expect(wrongIn(withRule(`kinds: [${kind}]`, 'auto_approve_up_to: 5'))).toEqual([
      "4: auto_approve_up_to isn't allowed here: a person has to approve every change to numbers in service.",
    ]);
  });

  test('needs a name for each rule, and no name twice', () => {
    const text = ['rules:', '  - undo_window: 5m', '  - name: A', '    undo_window: 5m'];
    expect(wrongIn(text.join('\n'))).toEqual(['2: name is missing: each rule needs its own.']);
    expect(
      wrongIn([withRule('undo_window: 5m'), '  - name: Sales', '    undo_window: 1m'].join('\n')),
    ).toEqual(['4: name is "Sales", like that of an earlier rule.']);
  });

  test('whose rule sets nothing is refused', () => {
    expect(wrongIn(withRule('channels: [C0SALES]'))).toEqual([
      expect.stringMatching(/^2: name belongs to a rule that sets none of these: approvers, /),
    ]);
  });

  test('reports everything that is wrong at once, from top to bottom', () => {
    const text = [
      withRule('approvers: ["@bob"]', 'approvals_required: none', 'colour: red'),
      '  - name: Sales',
    ].join('\n');
    expect(wrongIn(text).map((problem) => problem.split(' ')[0])).toEqual(['3:', '4:', '5:', '6:', '6:']);
  });

  test.each([
    ['', '1: the file must begin with "rules:" or "requesters:".'],
    ['- name: Sales', '1: the file must begin with "rules:" or "requesters:".'],
    ['rules: all', '1: rules must be a list of rules, each beginning with "- name: …".'],
    ['rules:\n  - all', '2: a rule must have names and values.'],
    ['rule: []\nrules: []', `1: "rule" isn't a known key. Did you mean rules?`],
    ['rules: [', /^1: this is not YAML: /],
    ['rules:\n  - name: A\n    name: B', /^3: this is not YAML: .*unique/],
    ['rules: []\n---\nrules: []', /^\d: this is not YAML: /],
  ])('of the wrong shape (%j) is refused', (text, problem) => {
    expect(wrongIn(text)).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
  });

  test('that would expand to something huge is refused', () => {
    const swelling = ['a0: &a0 [x]'];
    for (let level = 1; level <= 12; level += 1) {
      swelling.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    expect(wrongIn(swelling.join('\n'))).toEqual(['1: the file must begin with "rules:" or "requesters:".']);
  });
});

describe('The path of the file', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const tellsOf = (name: string) => {
    const read = readPolicyFile(join(folder.path, name));
    return 'problems' in read ? read.problems : [];
  };

  test('is in every problem', () => {
    writeFileSync(join(folder.path, 'policy.yml'), withRule('undo_window: soon'));
    expect(tellsOf('policy.yml')).toEqual([
      expect.stringContaining('policy.yml, line 3: undo_window is "soon"'),
    ]);
  });

  test('and why it cannot be read', () => {
    mkdirSync(join(folder.path, 'policy'));
    expect(tellsOf('none.yml')).toEqual([expect.stringMatching(/can't be read: there is no such file\.$/)]);
    expect(tellsOf('policy')).toEqual([expect.stringMatching(/can't be read: it is a folder\.$/)]);
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../../src/orders/domain/order.js';
import {
  answerUnknown,
  cancelled,
  declined,
  heldBack,
  refused,
} from '../../../../src/orders/domain/transitions.js';
import type { Policy } from '../../../../src/orders/policy/policy.js';
import { refusalSentence } from '../../../../src/slack/blocks/answers/refusals.js';
import { csv } from '../../../../src/slack/blocks/csv.js';
import { announcement } from '../../../../src/slack/blocks/thread/announcements.js';
import { numbersFile } from '../../../../src/slack/blocks/thread/numbers-csv.js';
import { numbersInWords } from '../../../../src/slack/blocks/thread/numbers-in-words.js';
import {
  approvedDisconnect,
  approvedOrder,
  approver,
  carrierOrderId,
  disconnectAfterReport,
  inService,
  manyNumbers,
  noon,
  numbers,
  orderId,
  placedDisconnect,
  placingDisconnect,
  requester,
  undoneDisconnect,
  waiting,
  waitingDisconnect,
} from '../../../support/sample-orders.js';

const said = (...given: Parameters<typeof announcement>) => announcement(...given).text.split('\n');
const minuteLater = `<!date^${(noon + 60_000) / 1000}^{date_short_pretty} {time_secs}|2026-11-23 12:01:00 UTC>`;
const back = 'A released number can usually be reordered for about 30 days.';

describe('the thread of a disconnect says', () => {
  test('who approved, and until when it can be undone', () => {
    expect(said(approvedDisconnect(), 'approved')).toEqual([
      `Approved by <@UAPPROVER>. 2 numbers will be disconnected ${minuteLater}; until then *Undo* on the card stops it.`,
    ]);
  });

  test('nothing about undoing once that is over', () => {
    expect(said(placedDisconnect(), 'approved')).toEqual(['Approved by <@UAPPROVER>.']);
  });

  test.each<[string, Order, Parameters<typeof announcement>[1], string[]]>([
    [
      'undone',
      undoneDisconnect(),
      'cancelled',
      ["Undone by <@UREQUESTER>. This request wasn't sent to Bandwidth."],
    ],
    [
      'cancelled before anybody approved',
      cancelled(waitingDisconnect(), requester, noon),
      'cancelled',
      ["Canceled by <@UREQUESTER>. This request wasn't sent to Bandwidth."],
    ],
    [
      'declined',
      declined(waitingDisconnect(), approver, 'Still in use.', noon),
      'declined',
      ['<@UREQUESTER> <@UAPPROVER> declined your disconnect of 2 numbers:', '> Still in use.'],
    ],
    [
      'refused',
      refused(placingDisconnect(), { advice: 'Choose normal.', faults: [] }, noon),
      'refused',
      [
        '<@UREQUESTER> Bandwidth refused your disconnect of 2 numbers. Nothing was disconnected.',
        'Choose normal.',
      ],
    ],
    [
      'done',
      disconnectAfterReport({ status: 'complete' }),
      'outcome',
      ['<@UREQUESTER> your 2 numbers are disconnected: (910) 241-4365, (910) 241-4366', back],
    ],
    [
      'done in part',
      disconnectAfterReport({
        status: 'partial',
        completed: numbers('9102414365'),
        faults: [{ code: '5006', description: 'could not be disconnected', numbers: numbers('9102414366') }],
      }),
      'outcome',
      [
        '<@UREQUESTER> 1 of the 2 numbers in your disconnect was disconnected.',
        'Disconnected: (910) 241-4365',
        'Bandwidth says:',
        '• 5006: could not be disconnected — (910) 241-4366',
        back,
      ],
    ],
    [
      'failed',
      disconnectAfterReport({ status: 'failed' }),
      'outcome',
      [
        '<@UREQUESTER> your disconnect of 2 numbers failed: no number was disconnected.',
        'Bandwidth gave no reason.',
        'Not disconnected: (910) 241-4365, (910) 241-4366',
      ],
    ],
  ])('that it was %s', (_, order, kind, sentences) => {
    expect(said(order, kind)).toEqual(sentences);
  });

  test.each(['soft-remove', 'purge'] as const)(
    'nothing about reordering after a %s, whose form says that it takes the numbers out of the inventory or can’t be undone',
    (mode) => {
      const text = said(disconnectAfterReport({ status: 'complete' }, { mode }), 'outcome').join(' ');
      expect(text).toContain('your 2 numbers are disconnected');
      expect(text).not.toContain('reordered');
    },
  );

  test('that the outcome is unknown and nothing is sent twice', () => {
    const text = said(answerUnknown(placingDisconnect(), noon, noon, { heard: 'nothing' }), 'unknown').join(
      ' ',
    );
    expect(text).toContain('whether it has the disconnect.');
    expect(text).toContain('so nothing is sent twice');
  });

  test('where Bandwidth has what it did not list', () => {
    const text = said(disconnectAfterReport({ status: 'partial', completedQuantity: 1 }), 'outcome').join(
      ' ',
    );
    expect(text).toContain(`under order \`${carrierOrderId}\``);
  });
});

describe('a list too long for the card', () => {
  const many = waitingDisconnect({
    inService: manyNumbers(5000).map((number) => ({ ...inService('9102414365'), number })),
  });

  test('is a file with a line for each number', () => {
    const { filename, title, content } = numbersFile(many);
    expect(filename).toBe(`disconnect-${orderId}.csv`);
    expect(title).toBe('5,000 numbers to be disconnected');
    const lines = content.split('\r\n');
    expect(lines).toHaveLength(5002);
    // Without the mark Excel takes a file for Latin-1, and the names in it for nonsense.
    expect(lines[0]).toBe(
      '\uFEFFnumber,city,state,sub-account,sub-account id,location,location id,in service since,ordered as,E911,messaging',
    );
    expect(lines[1]).toBe(
      '9102414000,FAYETTEVILLE,NC,Main office,1337,Lobby,42,2025-03-01T09:30:00.000Z,b0b0,no,no',
    );
    expect(said(many, 'numbers')).toEqual(['All 5,000 numbers of this disconnect, and where they are:']);
  });

  test('says what was not looked up', () => {
    const bare = waitingDisconnect({ inService: [{ number: inService('9102414365').number }] });
    expect(numbersFile(bare).content.split('\r\n')[1]).toBe('9102414365,,,,,,,,,not looked up,not looked up');
  });

  test.each([
    ['=cmd()', "'=cmd()"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['\r=1', '"\'\r\'=1"'],
    ['＝1', "'＝1"],
    ['Main;=1', "Main;'=1"],
    ['Main\t@SUM(A1)', "Main\t'@SUM(A1)"],
    ['Main\n+1', '"Main\n\'+1"'],
    ['Main;"=1', '"Main;\'""=1"'],
    ['C-level, = 1', '"C-level, = 1"'],
    ['Main, "old"', '"Main, ""old"""'],
    ['two\nlines', '"two\nlines"'],
    ['plain', 'plain'],
  ])('is safe in a spreadsheet: %j', (cell, written) => {
    expect(csv([[cell, 'x']])).toBe(`${written},x\r\n`);
  });

  test('is posted as text if Slack takes no file, with how to fix that', () => {
    const text = numbersInWords(many, 'numbers', 'missing_scope');
    expect(text).toContain('all 5,000 numbers');
    expect(text).toContain('files:write');
    expect(text).toContain('(910) 241-4199 and 4,800 more');
    expect(text.length).toBeLessThan(3900);
    expect(numbersInWords(many, 'numbers', 'storage_limit_reached')).toContain(
      'Slack says `storage_limit_reached`.',
    );
    expect(numbersInWords(many, 'numbers', undefined)).toContain("Slack didn't accept the file.");
  });

  test('does not exist for an order', () => {
    expect(() => numbersFile(waiting())).toThrow('about no numbers in service');
    expect(() => announcement(waiting(), 'numbers')).toThrow('no announcement "numbers"');
  });
});

describe('a person who comes too late for a disconnect is told what happened', () => {
  const policy: Policy = {
    approvers: { anyone: false, users: ['U1'], groups: [] },
    approvalsRequired: 1,
    autoApproveUpTo: 0,
    rules: [],
    allowSelfApproval: true,
    allowSelfApprovalOfDisconnects: false,
    guestsMayRequest: false,
    externalChannels: 'refuse',
    undoWindowMs: 60_000,
    approvalTtlMs: 24 * 60 * 60_000,
    maxNumbersPerOrder: 100,

    notify: 'thread',
  };
  const late = (order: Order) => refusalSentence('already-decided', { order, policy });

  test.each<[string, Order, string]>([
    ['declined', declined(waitingDisconnect(), approver, 'no', noon), 'Nothing was disconnected.'],
    ['undone', undoneDisconnect(), 'Already undone by <@UREQUESTER>'],
    ['to be undone', approvedDisconnect(), `it goes to Bandwidth at ${minuteLater}, and *Undo* stops it`],
    [
      'on hold',
      heldBack(approvedDisconnect(), 'Slack did not answer.', noon, noon + 60_000),
      'it is on hold, and *Undo* cancels it.',
    ],
    ['about to go', approvedDisconnect({}, noon), 'it is about to be disconnected.'],
    ['under way', placingDisconnect(), "it can't be stopped now"],
    ['refused', refused(placingDisconnect(), { advice: '', faults: [] }, noon), 'Nothing was disconnected.'],
  ])('%s', (_, order, sentence) => {
    expect(late(order)).toContain(sentence);
    expect(late(order)).not.toContain('ordered');
  });

  test('and who can undo, or decide', () => {
    expect(refusalSentence('not-yours', { order: approvedDisconnect(), policy })).toBe(
      'Only <@UREQUESTER> and the approvers (<@U1>) can undo this disconnect.',
    );
    expect(refusalSentence('not-yours', { order: approvedOrder(), policy })).toContain('cancel this order');
    expect(refusalSentence('own-request', { order: waitingDisconnect(), policy })).toContain(
      'This is your own request, so someone else has to decide: <@U1>.',
    );
  });
});

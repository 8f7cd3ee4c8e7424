import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../../src/orders/domain/order.js';
import { requestDigest } from '../../../../src/orders/domain/request-digest.js';
import {
  answerUnknown,
  declined,
  notTaken,
  placing,
  refused,
} from '../../../../src/orders/domain/transitions.js';
import { actions } from '../../../../src/slack/blocks/action-ids.js';
import { readApproveValue } from '../../../../src/slack/blocks/card/order-buttons.js';
import { orderCard } from '../../../../src/slack/blocks/card/order-card.js';
import { declineForm } from '../../../../src/slack/blocks/forms/decline-form.js';
import { messageProblems, viewProblems } from '../../../support/block-limits.js';
import {
  approvedDisconnect,
  approver,
  disconnectAfterReport,
  expectStatus,
  inService,
  manyNumbers,
  noon,
  numbers,
  orderId,
  placedDisconnect,
  placingDisconnect,
  undoneDisconnect,
  waitingDisconnect,
} from '../../../support/sample-orders.js';

/** Everything a person reads on the card, and the labels of its buttons. */
function read(order: Order): { headline: string; words: string; buttons: string[]; text: string } {
  const card = orderCard(order);
  expect(messageProblems(card)).toEqual([]);
  let headline = '';
  const words: string[] = [];
  const buttons: string[] = [];
  for (const block of card.blocks) {
    if (block.type === 'header') headline = block.text.text;
    if (block.type === 'section')
      words.push(block.text?.text ?? '', ...(block.fields ?? []).map(({ text }) => text));
    if (block.type === 'actions') {
      for (const element of block.elements) if (element.type === 'button') buttons.push(element.text.text);
    }
  }
  return { headline, words: words.join('\n'), buttons, text: card.text };
}

const undoUntil = `<!date^${(noon + 60_000) / 1000}^{date_short_pretty} {time_secs}|2026-11-23 12:01:00 UTC>`;

describe('a disconnect that waits for approval', () => {
  test('shows for each number where it is, since when, by which order and its services', () => {
    const { headline, words, text } = read(
      waitingDisconnect({
        inService: [
          inService('9102414365', { hanging: { e911: true, messaging: true } }),
          inService('9102414366', { hanging: { e911: false, messaging: true } }),
          inService('9102414367'),
          { number: inService('9102414368').number },
        ],
      }),
    );
    expect(headline).toBe('⏳ Disconnect: 4 numbers — waiting for approval');
    const where = 'Fayetteville, NC · Main office (1337) · Lobby (42)';
    const since = 'since 2025-03-01 by order b0b0';
    expect(words).toContain(`• (910) 241-4365 — ${where} · ${since} · ⚠️ E911 and messaging`);
    expect(words).toContain(`• (910) 241-4366 — ${where} · ${since} · ⚠️ messaging`);
    expect(words).toContain(`• (910) 241-4367 — ${where} · ${since} · no E911, no messaging`);
    expect(words).toContain('• (910) 241-4368 — E911 and messaging not looked up');
    expect(text).toContain(`(910) 241-4365 — ${where} · ⚠️ E911 and messaging`);
  });

  test('shows who requested it, its name, mode and reason', () => {
    const { words } = read(waitingDisconnect({ mode: 'purge', protected: 'FALSE' }));
    expect(words).toContain('*Requested by:* <@UREQUESTER>');
    expect(words).toContain('*Name:* Old front desk');
    expect(words).toContain('*Mode:* ⚠️ Purge.');
    expect(words).toContain('*Protected:* Not protected');
    expect(words).toContain('*Reason:*\n> The office is closed');
    expect(read(waitingDisconnect()).words).not.toMatch(/\*(?:Mode|Protected):/);
  });

  test('offers to approve in red, to decline, to edit and to cancel', () => {
    const order = waitingDisconnect();
    expect(read(order).buttons).toEqual(['Approve & disconnect', 'Decline…', 'Edit…', 'Cancel']);
    const buttons = orderCard(order).blocks.find((block) => block.type === 'actions');
    expect(buttons).toMatchObject({
      elements: [
        {
          action_id: actions.approve,
          style: 'danger',
          accessibility_label: 'Approve & disconnect 2 numbers',
        },
        { action_id: actions.decline },
        { action_id: actions.edit },
        { action_id: actions.cancel, confirm: { title: { text: 'Cancel this disconnect?' } } },
      ],
    });
    const [approve] = buttons?.type === 'actions' ? buttons.elements : [];
    const value = approve?.type === 'button' ? (approve.value ?? '') : '';
    expect(readApproveValue(value)).toEqual({ orderId, digest: requestDigest(order) });
  });

  test('names ten numbers, and for more it counts the services that would stop', () => {
    const ten = manyNumbers(10).map((each) => ({ ...inService('9102414365'), number: each }));
    expect(read(waitingDisconnect({ inService: ten })).words.match(/^• \(910\)/gm)).toHaveLength(10);
    const eleven = [
      ...ten.slice(0, 7),
      inService('9102414400', {
        site: { id: '7', name: 'Branch' },
        hanging: { e911: true, messaging: true },
      }),
      inService('9102414401', {
        site: { id: '7', name: 'Branch' },
        hanging: { e911: false, messaging: true },
      }),
      { number: inService('9102414402').number },
      { number: inService('9102414403').number },
    ];
    const { words, text } = read(waitingDisconnect({ inService: eleven }));
    for (const drawn of [words.replaceAll('*', ''), text]) {
      expect(drawn).toContain('Numbers: 11, all of them in a file in the thread');
      expect(drawn).toContain('• Main office (1337): 7 numbers');
      expect(drawn).toContain('• Branch (7): 2 numbers');
      expect(drawn).toContain('• sub-account unknown: 2 numbers');
      expect(drawn).toContain('• ⚠️ E911 on 1, messaging on 2; 2 not looked up');
      expect(drawn).not.toContain('(910) 241');
    }
  });

  test('of numbers in many sub-accounts names the largest five', () => {
    const spread = manyNumbers(12).map((number, index) => ({
      number,
      site: { id: String(index), name: `Shop ${index}` },
    }));
    const { words } = read(waitingDisconnect({ inService: spread }));
    expect(words).toContain('• Shop 4 (4): 1 number\n• 7 more sub-accounts: 7 numbers');
    expect(words).toContain('• E911 and messaging not looked up');
  });
});

describe('an approved disconnect', () => {
  test('says until when it can be undone, and how', () => {
    const { headline, words, buttons, text } = read(approvedDisconnect());
    expect(headline).toBe('⏸️ Approved: 2 numbers will be disconnected');
    expect(words).toContain(`*2 numbers will be disconnected ${undoUntil}; undo until then.*`);
    expect(text).toContain(undoUntil);
    expect(buttons).toEqual(['Undo']);
    expect(orderCard(approvedDisconnect()).blocks.find((block) => block.type === 'actions')).toMatchObject({
      elements: [{ action_id: actions.undo, value: orderId }],
    });
  });

  test('offers no Undo where the undo window is turned off', () => {
    const { headline, buttons } = read(approvedDisconnect({}, noon));
    expect(headline).toBe('🔄 Disconnecting… 2 numbers');
    expect(buttons).toEqual([]);
  });

  test('can still be undone while Bandwidth does not accept it', () => {
    const stuck = notTaken(placingDisconnect(), 'Bandwidth is busy.', noon, noon + 90_000, 1);
    const { words, buttons } = read(stuck);
    expect(words).toContain('⚠️ Bandwidth is busy.');
    expect(buttons).toEqual(['Undo']);
  });

  test('that was undone says so, and that it was not sent', () => {
    const { headline, words, buttons } = read(undoneDisconnect());
    expect(headline).toBe('↩️ Undone: disconnect of 2 numbers');
    expect(words).toContain('*Undone by:* <@UREQUESTER>');
    expect(words).toContain("This request wasn't sent to Bandwidth.");
    expect(buttons).toEqual([]);
  });
});

describe('a disconnect after that', () => {
  test.each<[string, Order, string]>([
    ['on its way', placingDisconnect(), '🔄 Disconnecting… 2 numbers'],
    [
      'unanswered',
      answerUnknown(placingDisconnect(), noon, noon, { heard: 'nothing' }),
      '⚠️ Outcome unknown: disconnect of 2 numbers',
    ],
    ['received', placedDisconnect(), '📨 Received by Bandwidth: disconnect of 2 numbers'],
    ['declined', declined(waitingDisconnect(), approver, 'No', noon), '🚫 Declined: disconnect of 2 numbers'],
    ['done', disconnectAfterReport({ status: 'complete' }), '✅ Disconnected: 2 of 2 numbers'],
    [
      'partly done',
      disconnectAfterReport({ status: 'partial', completed: numbers('9102414365') }),
      '🟡 Partly disconnected: 1 of 2 numbers',
    ],
    ['failed', disconnectAfterReport({ status: 'failed' }), '❌ Disconnect failed: 0 of 2 numbers'],
  ])('%s says so in its headline', (_, order, headline) => {
    expect(read(order).headline).toBe(headline);
    expect(read(order).text.startsWith(headline)).toBe(true);
    expect(read(order).buttons).toEqual(/^(?:declined|failed)$/.test(order.status) ? ['Ask again…'] : []);
    expect(read(order).words).not.toMatch(/order(?:ed|ing)\b/i);
  });

  test("names what was disconnected and what was not, in Bandwidth's words", () => {
    const { words } = read(
      disconnectAfterReport({
        status: 'partial',
        completed: numbers('9102414365'),
        faults: [
          { code: '5006', description: 'not associated with your account', numbers: numbers('9102414366') },
        ],
      }),
    );
    expect(words).toContain('*Disconnected:* (910) 241-4365');
    expect(words).toContain('• 5006: not associated with your account — (910) 241-4366');
  });

  test('that Bandwidth refused disconnected nothing', () => {
    const { words } = read(refused(placingDisconnect(), { advice: 'Choose normal.', faults: [] }, noon));
    expect(words).toContain('Nothing was disconnected.');
  });

  test('is redrawn when its undo window has passed', () => {
    const before = approvedDisconnect();
    const after = expectStatus(placing(before, noon + 60_000), 'placing');
    expect(after.revision).toBeGreaterThan(before.revision);
  });
});

test('what Bandwidth calls a place notifies no one and looks like nothing else', () => {
  const hostile = '<!channel> *Approved by:* me\n• (910) 000-0000 `x`';
  const { words, text } = read(
    waitingDisconnect({
      inService: [inService('9102414365', { city: hostile, site: { id: '<@U1>', name: hostile } })],
      name: hostile,
      reason: hostile,
    }),
  );
  for (const drawn of [words, text]) {
    expect(drawn.match(/<[^>]*>/g)?.filter((control) => !/^<(?:@UREQUESTER|!date\^)/.test(control))).toEqual(
      [],
    );
    expect(drawn).not.toMatch(/^• \(910\) 000/m);
  }
});

test('a disconnect is declined under that name', () => {
  const view = declineForm(waitingDisconnect());
  expect(viewProblems(view)).toEqual([]);
  expect(view.title.text).toBe('Decline the disconnect');
  expect(view.blocks[0]).toMatchObject({
    text: { text: '<@UREQUESTER> requested a disconnect of 2 numbers: Old front desk' },
  });
});

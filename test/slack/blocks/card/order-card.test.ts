import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../../src/orders/domain/order.js';
import { requestDigest } from '../../../../src/orders/domain/request-digest.js';
import {
  answerUnknown,
  givenUp,
  notAnswered,
  notKnown,
  notTaken,
  placingAgain,
  refused,
  secondRefused,
} from '../../../../src/orders/domain/transitions.js';
import { actions } from '../../../../src/slack/blocks/action-ids.js';
import { readApproveValue } from '../../../../src/slack/blocks/card/order-buttons.js';
import { orderCard } from '../../../../src/slack/blocks/card/order-card.js';
import { messageProblems } from '../../../support/block-limits.js';
import {
  afterReport,
  approvedOrder,
  approver,
  cancelledOrder,
  carrierOrderId,
  declinedOrder,
  expectStatus,
  manyNumbers,
  noon,
  numbers,
  orderId,
  placedOrder,
  placingOrder,
  search,
  waiting,
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
    if (block.type === 'context')
      words.push(block.elements.map((e) => ('text' in e ? e.text : '')).join(' '));
    if (block.type === 'actions') {
      for (const element of block.elements) if (element.type === 'button') buttons.push(element.text.text);
    }
  }
  return { headline, words: words.join('\n'), buttons, text: card.text };
}

/** Without the invisible characters that keep typed marks from formatting. */
const visible = (drawn: string): string => drawn.replaceAll('\u200b', '');

const tomorrow = `<!date^${noon / 1000 + 86_400}^{date_short_pretty} {time}|2026-11-24 12:00 UTC>`;
const time = `<!date^${noon / 1000}^{date_short_pretty} {time}|2026-11-23 12:00 UTC>`;

describe('a card that waits for approval', () => {
  test('says who requested what, for where and why', () => {
    const { headline, words } = read(waiting());
    expect(headline).toBe('⏳ Order: 2 numbers in 910 — waiting for approval');
    expect(words).toContain(`*Requested by:* <@UREQUESTER>, ${time}`);
    expect(words).toContain('*Numbers:* (910) 241-4365, (910) 241-4366');
    expect(words).toContain('*Name:* Front desk');
    expect(words).toContain('*Sub-account:* Main office (1337)');
    expect(words).toContain('*Reason:*\n> A new team starts on Monday');
  });

  test('leaves out what is usual, and a name that only repeats the headline', () => {
    const { words } = read(waiting({ name: '2 numbers in 910' }));
    for (const label of ['Location', 'Options', 'Name']) expect(words).not.toContain(`*${label}:*`);
  });

  test('shows short facts in two columns', () => {
    const [fields] = orderCard(waiting()).blocks.flatMap((block) =>
      block.type === 'section' && block.fields !== undefined ? [block.fields.map(({ text }) => text)] : [],
    );
    expect(fields).toEqual([
      `*Requested by:* <@UREQUESTER>, ${time}`,
      '*Sub-account:* Main office (1337)',
      '*Name:* Front desk',
    ]);
  });

  test('offers to approve, decline, edit and cancel', () => {
    const order = waiting();
    expect(read(order).buttons).toEqual(['Approve & order', 'Decline…', 'Edit…', 'Cancel']);
    const row = orderCard(order).blocks.find((block) => block.type === 'actions');
    expect(row).toMatchObject({
      elements: [
        {
          action_id: actions.approve,
          style: 'primary',
          accessibility_label: 'Approve & order 2 numbers in 910',
        },
        { action_id: actions.decline, value: orderId },
        { action_id: actions.edit, value: orderId },
        { action_id: actions.cancel, value: orderId, confirm: { title: { text: 'Cancel this order?' } } },
      ],
    });
  });

  test('has an approve button that knows what the card showed', () => {
    const [cheap, dear] = [waiting(), waiting({ wanted: { by: 'numbers', numbers: manyNumbers(9) } })].map(
      (order) => {
        const row = orderCard(order).blocks.find((block) => block.type === 'actions');
        const [approve] = row?.type === 'actions' ? row.elements : [];
        return { order, value: readApproveValue(approve?.type === 'button' ? (approve.value ?? '') : '') };
      },
    );
    expect(cheap?.value).toEqual({ orderId, digest: requestDigest(waiting()) });
    expect(dear?.value.digest).not.toBe(cheap?.value.digest);
  });

  test('names a location, and options that differ from the usual', () => {
    const { words } = read(
      waiting({
        location: { id: '42', name: 'Lobby' },
        partialAllowed: false,
        backOrder: true,
        protected: true,
      }),
    );
    expect(words).toContain('*Location:* Lobby (42)');
    expect(words).toContain(
      '*Options:* all numbers or none · back-order what is not in stock · protected numbers',
    );
  });

  test('lists ten of many numbers and says how many more there are', () => {
    const { words, headline } = read(waiting({ wanted: { by: 'numbers', numbers: manyNumbers(25) } }));
    expect(headline).toContain('25 numbers in 910');
    expect(words).toContain('(910) 241-4009 and 15 more');
    expect(words).not.toContain('(910) 241-4010');
  });

  test('shows a search in words, with its quantity', () => {
    const { words, headline } = read(
      waiting({ wanted: { by: 'search', search: search({ areaCode: '910' }, 5) } }),
    );
    expect(headline).toBe('⏳ Order: 5 numbers in area code 910 — waiting for approval');
    expect(words).toContain('*Search:* Numbers in area code 910');
    expect(words).toContain('*Quantity:* 5 numbers; Bandwidth chooses which');
  });

  test('does not pretend that numbers in two area codes are in one', () => {
    const wanted = { by: 'numbers', numbers: numbers('9102414365', '9192414365') } as const;
    expect(read(waiting({ wanted })).headline).toBe('⏳ Order: 2 numbers — waiting for approval');
  });
});

describe('a card after that', () => {
  test('says who declined and why', () => {
    const { headline, words, buttons } = read(declinedOrder('We have plenty.\nUse the old ones.'));
    expect(headline).toBe('🚫 Declined: 2 numbers in 910');
    expect(words).toContain(`*Declined by:* <@UAPPROVER>, ${time}`);
    expect(words).toContain('*Why:*\n> We have plenty.\n> Use the old ones.');
    expect(buttons).toEqual(['Ask again…']);
  });

  test('says who canceled and that nothing was ordered', () => {
    const { headline, words, buttons } = read(cancelledOrder());
    expect(headline).toBe('🚫 Canceled: 2 numbers in 910');
    expect(words).toContain('*Canceled by:* <@UREQUESTER>');
    expect(words).toContain('Nothing was ordered.');
    expect(buttons).toEqual([]);
  });

  test('says who approved while it is being ordered, and leaves no button', () => {
    for (const order of [approvedOrder(), placingOrder()]) {
      const { headline, words, buttons } = read(order);
      expect(headline).toBe('🔄 Ordering… 2 numbers in 910');
      expect(words).toContain(`*Approved by:* <@UAPPROVER>, ${time}`);
      expect(buttons).toEqual([]);
    }
  });

  test('can still be canceled while Bandwidth does not accept the order', () => {
    const stuck = notTaken(placingOrder(), 'Bandwidth is busy; I try again at noon.', noon, noon, 1);
    const { headline, words, buttons } = read(stuck);
    expect(headline).toBe('🔄 Ordering… 2 numbers in 910');
    expect(words).toContain('⚠️ Bandwidth is busy; I try again at noon.');
    expect(buttons).toEqual(['Cancel']);
  });

  test('says that the outcome is unknown', () => {
    const { headline, words, buttons } = read(
      answerUnknown(placingOrder(), noon, noon, { heard: 'nothing' }),
    );
    expect(headline).toBe('⚠️ Outcome unknown: 2 numbers in 910');
    expect(words).toContain("Bandwidth didn't answer; I'm looking the order up before doing anything else.");
    expect(buttons).toEqual([]);
  });

  test('asks what to do about an order without a trace, or that Bandwidth cannot be asked about', () => {
    const lost = expectStatus(answerUnknown(placingOrder(), noon, noon, { heard: 503 }), 'placing');
    const asked = ['Check again', 'Order again', 'Give up'];
    const untraced = read({ ...lost, failedLookups: 5 });
    expect(untraced.words).toContain(
      'Bandwidth answered with error 503. Bandwidth has no record of this order. Check again, order again, or give up.',
    );
    expect(untraced.buttons).toEqual(asked);
    const unknown = read(notKnown(lost, noon));
    expect(unknown.words).toContain("so I don't know whether it arrived.");
    expect(unknown.words).not.toContain('no record');
    expect(unknown.buttons).toEqual(asked);
  });

  test('says who gave it up, and that the app keeps looking for it; never that there is no record if that is not known', () => {
    const lost = expectStatus(answerUnknown(placingOrder(), noon, noon, { heard: 503 }), 'placing');
    const given = read(givenUp({ ...lost, failedLookups: 5 }, approver, noon, noon + 60_000, noon));
    expect(given.headline).toBe('🏳️ Given up: 2 numbers in 910');
    expect(given.words).toContain('Bandwidth has no record of this order. <@UAPPROVER> gave up on it, ');
    expect(given.words).toContain("I'll keep looking for it until ");
    expect(given.buttons).toEqual([]);
    const unknown = read(givenUp(expectStatus(notKnown(lost, noon), 'placing'), approver, noon, noon, noon));
    expect(unknown.words).not.toContain('no record');
  });

  test('says that it was sent again, and that a refusal of the second request is not the end', () => {
    const lost = expectStatus(answerUnknown(placingOrder(), noon, noon, { heard: 'nothing' }), 'placing');
    const again = expectStatus(placingAgain(lost, { at: noon }, noon), 'placing');
    expect(read(again).words).toContain('<@UAPPROVER>, ');
    expect(read(again).words).toContain('; resubmitted because Bandwidth had no record of it, ');
    expect(read(notTaken(again, 'Bandwidth is busy.', noon, noon, 1)).words).toContain(
      "Bandwidth didn't take the second request. Before I resubmit it, I'll check whether the first one arrived.",
    );
    const { headline, words, buttons } = read(secondRefused(again, { advice: 'No.', faults: [] }, noon));
    expect(headline).toBe('⚠️ Outcome unknown: 2 numbers in 910');
    expect(words).toContain(
      "I sent it twice, and Bandwidth refused the second request. I'm checking whether the first one arrived.",
    );
    expect(buttons).toEqual([]);
  });

  test("shows Bandwidth's refusal in Bandwidth's words", () => {
    const faults = [{ code: '5016', description: 'The SiteId submitted is invalid.', numbers: [] }];
    const { headline, words } = read(
      refused(placingOrder(), { advice: 'Choose another sub-account.', faults }, noon),
    );
    expect(headline).toBe('⛔ Refused by Bandwidth: 2 numbers in 910');
    expect(words).toContain('Nothing was ordered.');
    expect(words).toContain('Choose another sub-account.');
    expect(words).toContain('• 5016: The SiteId submitted is invalid.');
  });

  test('ends with a short id, by which `/numbers orders` finds it', () => {
    const { headline, words, text } = read(placedOrder());
    expect(headline).toBe('📨 Received by Bandwidth: 2 numbers in 910');
    for (const drawn of [words, text]) expect(drawn).toMatch(/\nOrder [\da-f]{8}$/);
    expect(words).not.toContain(carrierOrderId);
  });

  test('distinguishes processing from back-ordered, with what was delivered so far', () => {
    expect(read(afterReport({ status: 'processing' })).headline).toBe(
      '📨 Being processed by Bandwidth: 2 numbers in 910',
    );
    const { headline, words } = read(
      afterReport({ status: 'backordered', completed: numbers('9102414365') }),
    );
    expect(headline).toBe('📦 Back-ordered: 2 numbers in 910');
    expect(words).toContain('*Delivered so far:* 1 of 2: (910) 241-4365');
    expect(words).toContain('*Pending:* 1 number');
    expect(words).toContain('which may take days');
  });

  test('says so when Bandwidth cannot be asked for a long time', () => {
    let order: Order = placedOrder();
    for (let failures = 0; failures < 3; failures += 1) {
      order = notAnswered(expectStatus(order, 'placed'), 'Bandwidth does not answer.', noon, noon);
    }
    expect(read(order).words).toContain('⚠️ Bandwidth does not answer.');
  });

  test('is complete with the delivered numbers', () => {
    const { headline, words, text } = read(
      afterReport({ status: 'complete', completed: numbers('9102414365', '9102414366') }),
    );
    expect(headline).toBe('✅ Complete: 2 of 2 numbers in 910');
    expect(words).toContain('*Delivered:*\n(910) 241-4365\n(910) 241-4366');
    expect(text).toMatch(/^✅ Complete: 2 of 2 numbers in 910\n/);
  });

  test('invents no number that Bandwidth did not list', () => {
    const wanted = { by: 'search', search: search({ areaCode: '910' }, 2) } as const;
    const counted = read(afterReport({ status: 'complete', completedQuantity: 2 }, { wanted }));
    expect(counted.headline).toBe('✅ Complete: 2 of 2 numbers in area code 910');
    expect(counted.words).toContain("Bandwidth didn't list the delivered numbers.");
    const uncounted = read(afterReport({ status: 'complete' }, { wanted }));
    expect(uncounted.headline).toBe('✅ Complete: 2 numbers in area code 910');
  });

  test('is partial with what was delivered, what was not, and why', () => {
    const gone = numbers('9102414366');
    const { headline, words } = read(
      afterReport({
        status: 'partial',
        completed: numbers('9102414365'),
        failed: gone,
        faults: [
          { code: '5005', description: 'The telephone number is unavailable for ordering', numbers: gone },
        ],
      }),
    );
    expect(headline).toBe('🟡 Partial: 1 of 2 numbers in 910');
    expect(words).toContain('*Delivered:* (910) 241-4365');
    expect(words).toContain('• 5005: The telephone number is unavailable for ordering — (910) 241-4366');
    expect(words).not.toContain('Not delivered');
  });

  test('lists what failed even if no error of Bandwidth names it', () => {
    const { headline, words } = read(
      afterReport({
        status: 'failed',
        faults: [{ code: '5018', description: 'No telephone numbers found', numbers: [] }],
      }),
    );
    expect(headline).toBe('❌ Failed: 0 of 2 numbers in 910');
    expect(words).toContain('No number was delivered.');
    expect(words).toContain('*Not delivered:* (910) 241-4365, (910) 241-4366');
    expect(words).toContain('• 5018: No telephone numbers found');
  });

  test('shows an error once, no matter how many numbers it is about', () => {
    const all = manyNumbers(500);
    const { words } = read(
      afterReport(
        {
          status: 'failed',
          failed: all,
          faults: all.map((each) => ({ code: '5005', description: 'Unavailable', numbers: [each] })),
        },
        { wanted: { by: 'numbers', numbers: all } },
      ),
    );
    expect(words.match(/5005/g)).toHaveLength(1);
    expect(words).toContain('(910) 241-4009 and 490 more');
  });

  test('counts the errors it has no room for', () => {
    const faults = Array.from({ length: 12 }, (_, index) => ({
      code: String(5000 + index),
      description: 'Something else',
      numbers: [],
    }));
    expect(read(afterReport({ status: 'failed', faults })).words).toContain(
      "• and 7 more of Bandwidth's error messages",
    );
  });
});

describe('text that people typed', () => {
  const hostile = 'Hi <!channel> <@U123> <https://evil.example|click> & *bold* `code`\n*Approved by:* me';

  test('notifies no one and links nothing, wherever it was typed', () => {
    const order = waiting({
      name: '<!here>',
      reason: hostile,
      site: { id: '<!channel>', name: '<@U123>' },
      location: { id: '1', name: '<#C123>' },
    });
    const { words, text } = read(order);
    for (const drawn of [words, text].map(visible)) {
      expect(drawn.match(/<[^>]*>/g)).toEqual(['<@UREQUESTER>', time, tomorrow]);
      expect(drawn).toContain('&lt;!channel&gt; &lt;@U123&gt;');
    }
  });

  test('cannot pass for one of the app’s lines', () => {
    const claims = read(waiting({ reason: hostile }))
      .words.split('\n')
      .filter((line) => /Approved by/.test(line));
    expect(claims).toHaveLength(1);
    expect(claims[0]).toMatch(/^> /);
    expect(read(waiting({ name: 'x\n*Approved by:* me' })).words).not.toMatch(/^[^:]*Approved by/m);
  });

  test('is cut by characters, never inside one, and the rest is counted', () => {
    const { words, text } = read(waiting({ reason: '🎉'.repeat(5000) }));
    for (const drawn of [words, text]) {
      const shown = [...drawn].filter((character) => character === '🎉').length;
      const more = Number(/… \(([\d,]+) more characters\)/.exec(drawn)?.[1]?.replace(',', ''));
      expect(shown + more).toBe(5000);
      expect(Buffer.from(drawn).toString()).toBe(drawn);
    }
  });

  test('is never cut inside an escaped character', () => {
    const { words } = read(waiting({ reason: '&'.repeat(5000) }));
    expect(words.replaceAll('&amp;', '')).not.toContain('&');
  });
});

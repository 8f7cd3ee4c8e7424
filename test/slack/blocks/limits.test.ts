import { expect, test } from '@jest/globals';
import {
  type Basket,
  linesOfBasket,
  markOf,
  numbersInBasket,
  withPicked,
} from '../../../src/orders/domain/basket.js';
import { dueAnnouncements } from '../../../src/orders/domain/due-announcements.js';
import { PAGE_SIZE } from '../../../src/orders/domain/kept-search.js';
import { edited, newOrder } from '../../../src/orders/domain/transitions.js';
import {
  addedAnswer,
  changedSince,
  fullAnswer,
  pickedAnswer,
} from '../../../src/slack/blocks/answers/picked-numbers.js';
import { searchResults } from '../../../src/slack/blocks/answers/search-results.js';
import { orderCard } from '../../../src/slack/blocks/card/order-card.js';
import { declineForm } from '../../../src/slack/blocks/forms/decline-form.js';
import { orderForm } from '../../../src/slack/blocks/forms/order-form.js';
import { fitsOrderForm } from '../../../src/slack/blocks/forms/order-form-memory.js';
import { pickedAvailability } from '../../../src/slack/blocks/forms/picked-availability.js';
import { limits } from '../../../src/slack/blocks/limits.js';
import { announcement } from '../../../src/slack/blocks/thread/announcements.js';
import {
  anyLines,
  anyOrder,
  anySearch,
  anyText,
  anyWanted,
  someNumbers,
} from '../../support/arbitrary-orders.js';
import { messageProblems, viewProblems } from '../../support/block-limits.js';
import { fc, runs } from '../../support/properties.js';
import { noon, number, requester } from '../../support/sample-orders.js';

const usual = { numRuns: runs(30), endOnFailure: true };

/** Mentions, dates and links: all that Slack would act on. */
const controls = (text: string): string[] => text.match(/<[^>]*>/g) ?? [];
const ours = /^<(?:!subteam\^S0(?:TELECOM|FINANCE)|@[UW][A-Z0-9]+|#C910|!date\^\d+\^[^|]*\|[^<>]*)>$/;

test('no order makes a card, or a sentence in its thread, that Slack would refuse', () => {
  fc.assert(
    fc.property(anyOrder, (order) => {
      const card = orderCard(order);
      expect(messageProblems(card)).toEqual([]);
      expect(card.text.length).toBeLessThanOrEqual(limits.messageText);
      for (const kind of dueAnnouncements(order)) {
        const message = announcement(order, kind);
        expect(messageProblems(message)).toEqual([]);
        expect(message.text.length).toBeLessThanOrEqual(limits.messageText);
      }
      expect(viewProblems(declineForm(order))).toEqual([]);
    }),
    usual,
  );
});

test('no order mentions anyone but the people who requested, decided and can decide', () => {
  fc.assert(
    fc.property(anyOrder, (order) => {
      const card = orderCard(order);
      const texts = [card.text, ...dueAnnouncements(order).map((kind) => announcement(order, kind).text)];
      for (const block of card.blocks) if (block.type === 'section') texts.push(block.text?.text ?? '');
      for (const text of texts) for (const control of controls(text)) expect(control).toMatch(ours);
    }),
    usual,
  );
});

test('no edit makes a sentence that Slack would refuse, or that mentions anyone but the person who edited', () => {
  fc.assert(
    fc.property(anyOrder, anyOrder, ({ request: before, requester }, { request: after }) => {
      fc.pre(before.kind === after.kind);
      const facts = { id: 'o1', requester, channelId: 'C910', now: 0, expiresAt: 86_400_000 };
      const order = edited(newOrder({ ...facts, request: before }), requester, after, 1, 86_400_001);
      const message = announcement(order, 'edited-2');
      expect(messageProblems(message)).toEqual([]);
      expect(message.text.length).toBeLessThanOrEqual(limits.messageText);
      for (const control of controls(message.text)) expect(control).toBe(`<@${requester.userId}>`);
    }),
    usual,
  );
});

test('no request makes an order form that Slack would refuse', () => {
  const place = fc.record({ id: fc.stringMatching(/^[0-9]{1,10}$/), name: anyText });
  const uuid = fc.uuid();
  fc.assert(
    fc.property(
      fc.oneof(
        anyWanted,
        anyLines.map((lines) => ({ by: 'lines', lines }) as const),
      ),
      place,
      place,
      anyText,
      uuid,
      (wanted, site, location, notice, orderId) => {
        fc.pre(fitsOrderForm(wanted));
        const form = orderForm({ orderId, channelId: 'C0123456789', wanted, site, location, notice });
        expect(viewProblems(form)).toEqual([]);
      },
    ),
    usual,
  );
});

test('nothing that people pick makes an answer or a form that Slack would refuse', () => {
  const anyPicked = fc.array(fc.record({ search: anySearch, count: fc.integer({ min: 1, max: 600 }) }), {
    minLength: 1,
    maxLength: 130,
  });
  fc.assert(
    fc.property(anyPicked, fc.nat(5000), (searches, dropped) => {
      let next = 9_192_410_000;
      let basket: Basket = {
        id: 'a6e5f9c0-0000-4000-8000-000000000002',
        person: requester,
        channelId: 'C0123456789',
        addedAt: noon,
        ordered: 0,
        picked: [],
      };
      for (const { search, count } of searches) {
        const numbers = Array.from({ length: count }, () => number(String(next++)));
        const added = withPicked(basket, { place: search.criteria, numbers }, noon);
        if (typeof added === 'string') continue;
        basket = added;
        for (const answer of [
          addedAnswer({ basket, added: count, dropped }, count + 1),
          fullAnswer('too-many-places', basket),
          pickedAnswer(basket),
          changedSince(basket),
        ]) {
          expect(messageProblems(answer)).toEqual([]);
          expect(answer.text.length).toBeLessThanOrEqual(limits.messageText);
          expect(controls(answer.text)).toEqual([]);
        }
      }
      const wanted = { by: 'lines', lines: linesOfBasket(basket) } as const;
      fc.pre(fitsOrderForm(wanted));
      const stock = pickedAvailability({ gone: numbersInBasket(basket), unknown: 5 }, 5);
      const form = { orderId: basket.id, channelId: basket.channelId, wanted, stock, basket: markOf(basket) };
      expect(viewProblems(orderForm(form))).toEqual([]);
    }),
    { ...usual, numRuns: runs(10) },
  );
});

test('no search makes results that Slack would refuse', () => {
  const details = fc.record(
    { city: anyText, state: anyText, rateCenter: anyText, lata: anyText },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(anySearch, fc.option(someNumbers), details, fc.nat(500), (search, numbers, detail, page) => {
      const found = [...new Set(numbers ?? [])].map((number) => ({ number, ...detail }));
      const results = searchResults({
        id: 'a6e5f9c0-0000-4000-8000-000000000002',
        search,
        found,
        askedBy: requester,
        channelId: 'C910',
        at: noon,
        page: Math.min(page, Math.max(0, Math.ceil(found.length / PAGE_SIZE) - 1)),
        picks: { [requester.userId]: found.map(({ number }) => number) },
        drawn: { count: 0, viewer: requester, picks: {} },
      });
      expect(messageProblems(results)).toEqual([]);
      expect(results.text.length).toBeLessThanOrEqual(limits.messageText);
      for (const control of controls(results.text)) expect(control).toBe('<@UREQUESTER>');
    }),
    usual,
  );
});

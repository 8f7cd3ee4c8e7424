import { describe, expect, test } from '@jest/globals';
import type { KnownBlock } from '@slack/types';
import { takesBackOrder, takesProtected, type Wanted } from '../../../../src/orders/domain/request.js';
import { actions } from '../../../../src/slack/blocks/action-ids.js';
import {
  orderForm,
  orderFormForSite,
  orderFormOf,
  readOrderForm,
} from '../../../../src/slack/blocks/forms/order-form.js';
import { orderFields } from '../../../../src/slack/blocks/forms/order-form-fields.js';
import { fitsOrderForm } from '../../../../src/slack/blocks/forms/order-form-memory.js';
import { siteOfLocationField } from '../../../../src/slack/blocks/forms/order-form-place.js';
import { anySearch, anyText, anyWanted } from '../../../support/arbitrary-orders.js';
import { viewProblems } from '../../../support/block-limits.js';
import { chosen, submitted, ticked, typedValue } from '../../../support/form-state.js';
import { fc, runs } from '../../../support/properties.js';
import { manyNumbers, numbers, orderId, request, search } from '../../../support/sample-orders.js';

const main = { id: '1337', name: 'Main office' };
const lobby = { id: '42', name: 'Lobby' };
const twoNumbers: Wanted = { by: 'numbers', numbers: numbers('9102414365', '9102414366') };
const fiveIn910: Wanted = { by: 'search', search: search({ areaCode: '910' }, 5) };

const open = (wanted: Wanted, given: Partial<Parameters<typeof orderForm>[0]> = {}) =>
  orderForm({ orderId, channelId: 'C910', wanted, site: main, ...given });

const reason = { [orderFields.reason]: { [orderFields.reason]: typedValue('A new team') } };
const site = (value: string, text: string) => ({
  'site:1337': { [actions.chooseSite]: chosen(value, text) },
});

const fieldIds = (view: ReturnType<typeof open>) =>
  view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);

describe('the order form', () => {
  test('shows what is to be ordered and suggests a name', () => {
    const view = open(twoNumbers);
    expect(viewProblems(view)).toEqual([]);
    expect(view.blocks[0]).toMatchObject({
      text: { text: '*2 numbers in 910:* (910) 241-4365, (910) 241-4366' },
    });
    expect(view.blocks[1]).toMatchObject({ element: { initial_value: '2 numbers in 910', max_length: 50 } });
  });

  test('asks for a quantity only if Bandwidth chooses the numbers', () => {
    expect(fieldIds(open(twoNumbers))).toEqual(['name', 'site:1337', 'location:1337', 'reason', 'options']);
    expect(fieldIds(open(fiveIn910))).toEqual([
      'name',
      'site:1337',
      'location:1337',
      'quantity',
      'reason',
      'options',
    ]);
  });

  test('offers only the options this order can have', () => {
    const offered = (wanted: Wanted) => {
      const block = (open(wanted).blocks as readonly KnownBlock[]).find(
        (each) => each.block_id === orderFields.options,
      );
      if (block?.type !== 'input' || block.element.type !== 'checkboxes') throw new Error('no options');
      return block.element.options.map(({ value }) => value);
    };
    expect(offered(fiveIn910)).toEqual(['partial', 'back-order', 'protected']);
    expect(offered(twoNumbers)).toEqual(['partial', 'protected']);
    expect(offered({ by: 'search', search: search({ tollFreeVanity: 'NEWCARS' }) })).toEqual(['partial']);
  });

  test('says above its fields why there is nothing to choose from', () => {
    const view = open(twoNumbers, { notice: 'This account has no sub-account yet.' });
    expect(view.blocks[0]).toMatchObject({ elements: [{ text: '⚠️ This account has no sub-account yet.' }] });
  });

  test('starts with the locations of the suggested sub-account', () => {
    const [, , , location] = open(twoNumbers, { location: lobby }).blocks;
    expect(siteOfLocationField(location?.block_id ?? '')).toBe('1337');
    expect(location).toMatchObject({ element: { initial_option: { value: '42', text: { text: 'Lobby' } } } });
    const [, , , unknown] = open(twoNumbers, { site: undefined }).blocks;
    expect(siteOfLocationField(unknown?.block_id ?? '')).toBeUndefined();
  });

  test('empties the location when another sub-account is chosen, and keeps every other field', () => {
    const before = open(fiveIn910, { location: lobby });
    const after = orderFormForSite(submitted(before, site('7', 'Branch')));
    if (after === undefined) throw new Error('not redrawn');
    expect(viewProblems(after)).toEqual([]);
    expect(fieldIds(after)).toEqual(
      fieldIds(before).map((id) => (id === 'location:1337' ? 'location:7' : id)),
    );
    expect(JSON.stringify(after)).not.toContain('Lobby');
    expect(after.private_metadata).toBe(before.private_metadata);
  });
});

describe('a filled-in order form', () => {
  test('is read as the request it shows', () => {
    const view = open(twoNumbers, { location: lobby });
    expect(readOrderForm(submitted(view, reason))).toEqual({
      orderId,
      channelId: 'C910',
      request: {
        kind: 'purchase',
        name: '2 numbers in 910',
        wanted: twoNumbers,
        reason: 'A new team',
        partialAllowed: true,
        backOrder: false,
        protected: false,
      },
      place: { siteId: '1337', peerId: '42' },
      fields: { site: 'site:1337', location: 'location:1337' },
    });
  });

  test('takes the quantity and the options that were chosen', () => {
    const read = readOrderForm(
      submitted(open(fiveIn910), {
        ...reason,
        quantity: { quantity: typedValue('25') },
        options: { options: ticked('back-order', 'protected') },
      }),
    );
    expect(read).toMatchObject({
      request: {
        wanted: { by: 'search', search: { criteria: { areaCode: '910' }, quantity: 25 } },
        partialAllowed: false,
        backOrder: true,
        protected: true,
      },
    });
    expect(read).toMatchObject({ place: { siteId: '1337' } });
    expect(read).not.toHaveProperty('place.peerId');
  });

  test('shows an error at each field that is wrong', () => {
    const view = open(fiveIn910, { site: undefined });
    const blank = {
      name: { name: typedValue('  ') },
      reason: { reason: typedValue('\n') },
      quantity: { quantity: typedValue('0') },
    };
    const read = readOrderForm(submitted(view, blank));
    expect(read).toEqual({
      errors: {
        name: 'Give the order a name.',
        site: 'Choose the sub-account the numbers are for.',
        quantity: 'Enter a whole number from 1 to 5000.',
        reason: 'Say what the numbers are for.',
      },
    });
    // Slack shows an error only at a field the form has.
    if ('errors' in read)
      for (const field of Object.keys(read.errors)) expect(fieldIds(view)).toContain(field);
  });

  test.each(['', '5001', '2.5', '-1', '1e3', 'two'])('does not take %p for a quantity', (text) => {
    const read = readOrderForm(
      submitted(open(fiveIn910), { ...reason, quantity: { quantity: typedValue(text) } }),
    );
    expect(read).toMatchObject({ errors: { quantity: expect.stringContaining('1 to 5000') } });
  });

  test('does not send the numbers to a location of the previously chosen sub-account', () => {
    const view = open(twoNumbers, { location: lobby });
    const read = readOrderForm(submitted(view, { ...reason, ...site('7', 'Branch') }));
    expect(read).toEqual({
      errors: { 'location:1337': "This location isn't in sub-account 7. Choose it again." },
    });
  });

  test('identifies the chosen sub-account by its id alone, whatever name the client sends', () => {
    const read = readOrderForm(submitted(open(twoNumbers), { ...reason, ...site('1337', 'Headquarters') }));
    expect(read).toMatchObject({ place: { siteId: '1337' } });
    expect(JSON.stringify(read)).not.toContain('Headquarters');
  });

  test('is redrawn with the name of its sub-account as it is written, however Slack returns it', () => {
    const again = orderFormForSite(submitted(open(twoNumbers), site('1337', 'Smith &amp; Sons')));
    expect(JSON.stringify(again)).toContain('Smith & Sons');
  });

  test('of an older version is answered, not lost', () => {
    for (const memory of ['', 'null', '{}', '{"orderId":1}', '{"orderId":"a","channelId":"C","wanted":{}}']) {
      const read = readOrderForm({ ...submitted(open(twoNumbers), reason), private_metadata: memory });
      expect(read).toEqual({
        errors: { name: 'This form is out of date. Close it and start again.' },
      });
    }
  });

  test('means what it showed, whatever is ordered', () => {
    fc.assert(
      fc.property(anyWanted, anyText, (wanted, why) => {
        fc.pre(fitsOrderForm(wanted) && why.trim() !== '');
        const read = readOrderForm(submitted(open(wanted), { reason: { reason: typedValue(why) } }));
        expect(read).toMatchObject({ orderId, request: { wanted, reason: why.trim() } });
      }),
      { numRuns: runs(100), endOnFailure: true },
    );
  });
});

describe('the form of an earlier request', () => {
  const memory = { orderId, channelId: 'C910', edition: 3 };
  const changed = (list: string) =>
    readOrderForm(
      submitted(orderFormOf(request(), memory), {
        [orderFields.numbers]: { [orderFields.numbers]: typedValue(list) },
      }),
    );
  const anyRequest = fc
    .record({
      wanted: fc.oneof(
        anySearch.map((search): Wanted => ({ by: 'search', search })),
        fc
          .integer({ min: 1, max: 240 })
          .map((count): Wanted => ({ by: 'numbers', numbers: manyNumbers(count) })),
      ),
      name: fc.stringMatching(/^\S.{0,48}\S$/),
      reason: fc.stringMatching(/^\S[\s\S]{0,200}\S$/),
      location: fc.constantFrom(undefined, lobby),
      options: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    })
    .map(({ location, options: [partialAllowed, backOrder, isProtected], ...given }) =>
      request({
        ...given,
        site: main,
        ...(location === undefined ? {} : { location }),
        partialAllowed,
        backOrder: backOrder && takesBackOrder(given.wanted),
        protected: isProtected && takesProtected(given.wanted),
      }),
    );

  test('means the same request, whatever it is, to submit it again and to edit it', () => {
    fc.assert(
      fc.property(anyRequest, fc.constantFrom(undefined, 1, 7), (asked, edition) => {
        const view = orderFormOf(asked, { orderId, channelId: 'C910', edition });
        expect(viewProblems(view)).toEqual([]);
        const { site, location, ...request } = asked;
        expect(readOrderForm(submitted(view))).toMatchObject({
          orderId,
          channelId: 'C910',
          edition,
          request,
          place: { siteId: site.id, ...(location === undefined ? {} : { peerId: location.id }) },
        });
      }),
    );
  });

  test('lets numbers be removed and added', () => {
    expect(changed('910-241-4366\n(919) 555-0142')).toMatchObject({
      edition: 3,
      request: { wanted: { by: 'numbers', numbers: numbers('9102414366', '9195550142') } },
    });
  });

  test('shows more numbers than the field holds, but leaves them as they are', () => {
    const wanted: Wanted = { by: 'numbers', numbers: manyNumbers(240) };
    const view = orderFormOf(request({ wanted }), memory);
    expect(viewProblems(view)).toEqual([]);
    expect(fieldIds(view)).not.toContain(orderFields.numbers);
    expect(readOrderForm(submitted(view))).toMatchObject({ request: { wanted } });
  });

  test('does not guess at what is no number, nor order nothing', () => {
    expect(changed('910-241-4366 and some')).toEqual({
      errors: { numbers: "“some” isn't a phone number." },
    });
    expect(changed(' , ')).toEqual({ errors: { numbers: 'Enter the numbers to order.' } });
  });
});

test('a form carries 250 picked numbers and refuses more than it can carry', () => {
  const wanted = (quantity: number): Wanted => ({ by: 'numbers', numbers: manyNumbers(quantity) });
  expect(fitsOrderForm(wanted(250))).toBe(true);
  expect(viewProblems(open(wanted(250)))).toEqual([]);
  expect(fitsOrderForm(wanted(300))).toBe(false);
});

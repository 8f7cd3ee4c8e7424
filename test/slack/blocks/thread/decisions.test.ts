import { describe, expect, test } from '@jest/globals';
import { announcement } from '../../../../src/slack/blocks/thread/announcements.js';
import { approvedOrder, cancelledOrder, declinedOrder } from '../../../support/sample-orders.js';

const said = (...given: Parameters<typeof announcement>) => announcement(...given).text;

describe('the thread of an order says', () => {
  test('who approved', () => {
    expect(said(approvedOrder(), 'approved')).toBe('Approved by <@UAPPROVER>.');
  });

  test('who declined and why, to the requester', () => {
    expect(said(declinedOrder('We have <!channel> plenty.'), 'declined')).toBe(
      '<@UREQUESTER> <@UAPPROVER> declined your order of 2 numbers in 910:\n> We have &lt;!channel&gt; plenty.',
    );
  });

  test('who canceled', () => {
    expect(said(cancelledOrder(), 'cancelled')).toBe('Canceled by <@UREQUESTER>. Nothing was ordered.');
  });
});

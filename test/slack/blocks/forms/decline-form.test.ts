import { describe, expect, test } from '@jest/globals';
import { declineForm, readDeclineForm } from '../../../../src/slack/blocks/forms/decline-form.js';
import { viewProblems } from '../../../support/block-limits.js';
import { submitted, typedValue } from '../../../support/form-state.js';
import { orderId, waiting } from '../../../support/sample-orders.js';

describe('declining', () => {
  test('asks why, and returns the order and the reason', () => {
    const view = declineForm(waiting());
    expect(viewProblems(view)).toEqual([]);
    expect(view.blocks[0]).toMatchObject({
      text: { text: '<@UREQUESTER> requested 2 numbers in 910: Front desk' },
    });
    expect(readDeclineForm(submitted(view, { why: { why: typedValue(' We have plenty. ') } }))).toEqual({
      orderId,
      why: 'We have plenty.',
      fromHome: false,
    });
  });

  test('without a reason is not done', () => {
    expect(readDeclineForm(submitted(declineForm(waiting()), { why: { why: typedValue(' ') } }))).toEqual({
      errors: { why: expect.stringContaining('Say why') },
    });
  });
});

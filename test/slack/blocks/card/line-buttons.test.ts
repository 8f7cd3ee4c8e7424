import { expect, test } from '@jest/globals';
import { buttonsFor } from '../../../../src/slack/blocks/card/order-buttons.js';
import { openOffice } from '../../../support/orders/office.js';
import { lines, searched } from '../../../support/orders/people.js';
import { lostOnTheWay, report, taken } from '../../../support/orders/scripted-carrier.js';

test('a button for some lines of an order says how many it applies to, before anyone confirms it', async () => {
  const office = openOffice();
  office.carrier.says(report('backordered'));
  office.carrier.onPlace(taken, lostOnTheWay, taken);
  await office.request('o1', lines(searched('910', 1), searched('919', 2), searched('704', 3)));
  await office.approve('o1');
  await office.live(120_000);
  const texts = Object.fromEntries(
    (buttonsFor(office.order('o1'))?.elements ?? []).flatMap((element) =>
      element.type === 'button' ? [[element.text.text, element.confirm?.text.text]] : [],
    ),
  );
  expect(texts).toEqual({
    'Check again': undefined,
    'Order again': expect.stringMatching(/^This applies to 1 of 3 lines\. I check once more/),
    'Give up': expect.stringMatching(/^This applies to 1 of 3 lines\. The order isn't sent again\./),
    'Close back-order': expect.stringMatching(
      /^This applies to 2 of 3 lines\. Bandwidth stops looking for 4 numbers\./,
    ),
  });
});

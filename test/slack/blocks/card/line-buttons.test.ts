import { expect, test } from '@jest/globals';
import { buttonsFor } from '../../../../src/slack/blocks/card/order-buttons.js';
import { startOrdersApp } from '../../../support/orders/orders-app.js';
import { lines, searched } from '../../../support/orders/people.js';
import { lostOnTheWay, report, taken } from '../../../support/orders/scripted-carrier.js';

test('a button for some lines of an order says how many it applies to, before anyone confirms it', async () => {
  const app = startOrdersApp();
  app.carrier.says(report('backordered'));
  app.carrier.onPlace(taken, lostOnTheWay, taken);
  await app.request('o1', lines(searched('910', 1), searched('919', 2), searched('704', 3)));
  await app.approve('o1');
  await app.live(120_000);
  const texts = Object.fromEntries(
    (buttonsFor(app.order('o1'))?.elements ?? []).flatMap((element) =>
      element.type === 'button' ? [[element.text.text, element.confirm?.text.text]] : [],
    ),
  );
  expect(texts).toEqual({
    'Check again': undefined,
    'Order again': expect.stringMatching(/^This applies to 1 of 3 lines\. I'll check once more/),
    'Give up': expect.stringMatching(/^This applies to 1 of 3 lines\. The order isn't resubmitted\./),
    'Close back-order': expect.stringMatching(
      /^This applies to 2 of 3 lines\. Bandwidth will stop looking for 4 numbers\./,
    ),
  });
});

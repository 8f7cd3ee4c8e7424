import { expect, test } from '@jest/globals';
import { axeFindsNothing, describeInBrowser } from './browser-sandbox.js';

const TIMEOUT_MS = 240_000;

describeInBrowser('In the browser', (start) => {
  test(
    'someone buys a number in the Bandwidth dashboard; Ana finds it in the drift report and explains it',
    async () => {
      const { open, sandbox } = await start();
      const ana = await open('ana');
      await ana.page.getByRole('tab', { name: 'Bandwidth' }).click();
      await ana.page.getByRole('button', { name: 'Somebody buys a number' }).click();
      await ana.sees('in the Bandwidth dashboard');
      await axeFindsNothing(ana.page, 'the Bandwidth tab');
      expect(sandbox.bandwidth.numbersInService()).toHaveLength(1);
      await ana.page.getByRole('tab', { name: 'Slack' }).click();

      // The first question has the account's numbers listed, which takes some seconds.
      const found = ana.page.getByText('Numbers that no order explains: 1').last();
      const asksUntilItIsThere = async () => {
        for (;;) {
          await ana.types('/numbers drift');
          const isThere = await found.waitFor({ timeout: 3_000 }).then(
            () => true,
            () => false,
          );
          if (isThere) return;
        }
      };
      await asksUntilItIsThere();
      await ana.sees('dashboard-admin');
      await axeFindsNothing(ana.page, 'a drift report');

      await ana.presses('This is fine…');
      await ana.fills('Why?', 'Bought for the fair');
      await axeFindsNothing(ana.page, 'the form that explains a drift');
      await ana.pressesInForm('This is fine');
      await ana.formIsGone();
      await ana.sees('Bought for the fair');

      await ana.types('/numbers drift');
      await ana.sees('No drift: every number on the account is explained');
    },
    TIMEOUT_MS,
  );
});

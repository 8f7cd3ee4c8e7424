import { expect, test } from '@jest/globals';
import { axeFindsNothing, describeInBrowser } from './browser-sandbox.js';

const TIMEOUT_MS = 240_000;

describeInBrowser('With a channel for approvals, in the browser', (start) => {
  test(
    'Ana requests in #numbers, Ben is mentioned in #approvals and approves there, and both cards show how it ended',
    async () => {
      const { open, sandbox } = await start();
      const ana = await open('ana');
      await ana.page.getByRole('tab', { name: 'Settings' }).click();
      await ana.page.getByLabel('Second card').selectOption({ label: 'in #approvals' });
      await ana.page.getByRole('button', { name: 'Save and restart' }).click();
      await ana.page.getByText('The app restarted with these settings.').waitFor();
      await ana.page.getByRole('tab', { name: 'Slack' }).click();

      await ana.types('/numbers order 910 x12');
      await ana.chooses('Sub-account', 'Raleigh');
      await ana.fills('Reason', 'A new team');
      await ana.pressesInForm('Submit for approval');
      await ana.sees('waiting for approval');

      const ben = await open('ben');
      await ben.page.getByRole('button', { name: 'approvals' }).click();
      await ben.sees('Requested in');
      await ben.presses('1 reply');
      await ben.sees('please decide by');
      await axeFindsNothing(ben.page, 'a call');
      await ben.presses('Approve & order');
      await ben.sees('Complete: 12 of 12 numbers');

      await ana.sees('Complete: 12 of 12 numbers');
      await ana.sees('and 2 more');
      await ana.presses('3 replies');
      await ana.sees('All 12 delivered numbers:');
      await axeFindsNothing(ana.page, 'a thread with a file');
      expect(await ana.page.getByText('please decide by').count()).toBe(0);
      expect(sandbox.bandwidth.numbersInService()).toHaveLength(12);
    },
    TIMEOUT_MS,
  );
});

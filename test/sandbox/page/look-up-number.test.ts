import { expect, test } from '@jest/globals';
import { axeFindsNothing, describeInBrowser } from './browser-sandbox.js';

const TIMEOUT_MS = 240_000;

describeInBrowser('In the browser', (start) => {
  test(
    'Dan finds out who ordered a number and what is on it, and asks to disconnect it from there',
    async () => {
      const { open } = await start();
      const ana = await open('ana');
      await ana.types('/numbers order 910-241-4365');
      await ana.chooses('Sub-account', 'Raleigh');
      await ana.chooses('Location', 'Contact center');
      await ana.fills('Reason', 'The spring campaign');
      await ana.pressesInForm('Submit for approval');
      const ben = await open('ben');
      await ben.presses('Approve & order');
      await ana.sees('Complete: 1 of 1 number');

      const dan = await open('dan');
      await dan.types('/numbers who 910-241-4365');
      await dan.sees('Only visible to you');
      await dan.sees('is in service on your account.');
      await dan.sees('Contact center (651682)');
      await dan.sees('CB7T2QK, class M; fully provisioned');
      await dan.sees('“The spring campaign”');
      await dan.sees(/Requested by/);
      await dan.sees(/Approved by/);
      await axeFindsNothing(dan.page, 'a number and its history');
      expect(await ana.page.getByText('is in service on your account.').count()).toBe(0);

      await dan.presses('Disconnect…');
      expect(await dan.form.getByRole('textbox', { name: 'Numbers', exact: true }).inputValue()).toBe(
        '910-241-4365',
      );
      await dan.fills('Reason', 'The campaign is over');
      await dan.fills('Confirmation', '4365');
      await dan.pressesInForm('Submit for approval');
      await dan.formIsGone();
      await ana.sees('Disconnect: 1 number — waiting for approval');
    },
    TIMEOUT_MS,
  );
});

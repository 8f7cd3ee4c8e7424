import { expect, test } from '@jest/globals';
import { people } from '../../../sandbox/sample-workspace.js';
import { axeFindsNothing, describeInBrowser } from './browser-sandbox.js';

const TIMEOUT_MS = 240_000;

describeInBrowser('The Home tab in the browser', (start) => {
  test(
    'Ana orders on hers, Ben approves on his, and each sees their own',
    async () => {
      const { open, sandbox } = await start();
      const ana = await open('ana');
      await ana.opensHome();
      await ana.sees('You have no orders.');
      await ana.pressesOnHome('Order numbers');
      await ana.chooses('Channel', '#numbers');
      await ana.pressesInForm('Next');
      await ana.fills('Area code', '910');
      await ana.pressesInForm('Next');
      await ana.chooses('Sub-account', 'Raleigh');
      await ana.fills('Reason', 'A new desk');
      await ana.pressesInForm('Submit for approval');
      await ana.formIsGone();
      await ana.sees(/Order: 1 number in area code 910 — waiting for approval/);

      const ben = await open('ben');
      await ben.opensHome();
      await ben.sees('A new desk');
      await axeFindsNothing(ben.page, 'a Home tab with an order');
      await ben.pressesOnHome('Approve & order');
      await ben.sees('You approved the order of 1 number in area code 910 for');
      await ben.sees('Nothing is waiting for your approval.');
      await sandbox.slack.until(() => sandbox.bandwidth.numbersInService().length === 1);

      await ben.page.getByRole('button', { name: 'Messages', exact: true }).click();
      await ben.sees('Sending messages to this app has been turned off.');
      await ben.page.getByLabel('Act as').selectOption(people.dan.id);
      await ben.sees('You have no orders.');
      expect(await ben.page.getByText('You approved').count()).toBe(0);
    },
    TIMEOUT_MS,
  );
});

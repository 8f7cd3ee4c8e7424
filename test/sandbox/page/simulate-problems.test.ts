import { expect, test } from '@jest/globals';
import type { PageUser } from '../../../sandbox/page-user.js';
import { axeFindsNothing, describeInBrowser } from './browser-sandbox.js';

const TIMEOUT_MS = 240_000;

async function asks(ana: PageUser, words: string): Promise<void> {
  await ana.types(`/numbers order ${words}`);
  await ana.chooses('Sub-account', 'Raleigh');
  await ana.fills('Reason', 'New desk');
  await ana.pressesInForm('Submit for approval');
  await ana.formIsGone();
  await ana.sees('waiting for approval');
}

describeInBrowser('With simulated problems', (start) => {
  test(
    'the next order fails, and the one after it waits for numbers until someone finishes it',
    async () => {
      const { open, sandbox } = await start();
      const [ana, ben, carrier] = [await open('ana'), await open('ben'), await open('cleo')];
      await carrier.page.getByRole('tab', { name: 'Bandwidth' }).click();
      await carrier.page.getByRole('button', { name: 'FAILED' }).click();
      await carrier.page.getByRole('button', { name: 'BACKORDERED' }).click();
      await carrier.sees('Planned: FAILED, then BACKORDERED.');

      await asks(ana, '910 x2');
      await ben.presses('Approve & order');
      await ana.sees(/Failed/);
      await asks(ana, '919 x2');
      await ben.presses('Approve & order');
      await carrier.page.locator('.status.backordered').waitFor();
      await axeFindsNothing(carrier.page, 'the Bandwidth tab with orders');
      await ana.sees('back-ordered');
      await carrier.page.getByRole('button', { name: /^Finish/ }).click();
      await carrier.page.locator('.status.complete').waitFor();
      expect(sandbox.bandwidth.orders().map(({ status }) => status)).toEqual(['FAILED', 'COMPLETE']);
    },
    TIMEOUT_MS,
  );

  test(
    'an answer is lost after Bandwidth accepted the order: it is found again, and not ordered twice',
    async () => {
      const { open, sandbox } = await start();
      const [ana, ben, carrier] = [await open('ana'), await open('ben'), await open('cleo')];
      await asks(ana, '910 x2');
      await carrier.page.getByRole('tab', { name: 'Bandwidth' }).click();
      await carrier.page.getByRole('button', { name: 'Lose the next answer' }).click();
      await carrier.sees('Answers that will be lost: 1.');
      await ben.presses('Approve & order');
      await carrier.page.getByRole('cell', { name: 'lost', exact: true }).waitFor();
      await carrier.page.getByText('Answers that will be lost').waitFor({ state: 'hidden' });
      expect(sandbox.bandwidth.orders()).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  test(
    'during an outage a search says so, and works afterwards; another customer can buy a number only once',
    async () => {
      const { open } = await start();
      const { page, ...me } = await open('ana');
      const bandwidth = page.getByRole('tab', { name: 'Bandwidth' });
      const slack = page.getByRole('tab', { name: 'Slack' });
      await bandwidth.click();
      await page.getByRole('switch', { name: /Outage/ }).check();
      await slack.click();
      await me.types('/numbers search 910');
      await me.sees(/Try again/);
      expect(await page.locator('button', { hasText: 'Order selected…' }).count()).toBe(0);

      await bandwidth.click();
      await page.getByRole('switch', { name: /Outage/ }).uncheck();
      for (const said of ['Another customer bought 9102414365.', "9102414365 isn't available"]) {
        await page.getByLabel('Number another customer buys').fill('(910) 241-4365');
        await page.getByRole('button', { name: 'Buy', exact: true }).click();
        await me.sees(said);
      }
      await slack.click();
      await me.types('/numbers search 910');
      await me.sees('(910) 317-4992');
      expect(await page.getByText('(910) 241-4365').count()).toBe(0);
    },
    TIMEOUT_MS,
  );
});

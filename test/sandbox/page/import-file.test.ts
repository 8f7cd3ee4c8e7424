import { expect, test } from '@jest/globals';
import { axeFindsNothing, describeInBrowser } from './browser-sandbox.js';

const TIMEOUT_MS = 240_000;

const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

describeInBrowser('With a CSV file', (start) => {
  test(
    'Ana chooses it in the form, leaves out its invalid row, and the order form is filled in',
    async () => {
      const { open } = await start();
      const ana = await open('ana');
      await ana.types('/numbers import');
      const chooser = ana.form.getByLabel('CSV file');
      await chooser.waitFor();
      await axeFindsNothing(ana.page, 'the form for a file');
      await chooser.setInputFiles(
        csv('places.csv', 'area code,quantity,reason\n910,2,Sales\n911,1,Sales\n110,1,Sales\n'),
      );
      await ana.form.getByText('📄 places.csv').waitFor();
      await ana.pressesInForm('Next');
      await ana.sees("Row 3: 911 isn't an area code");
      expect(await ana.form.innerText()).toMatch(/\nRow 3: 911 isn.*\nRow 4: 110 isn/);
      await axeFindsNothing(ana.page, 'the wrong rows');
      await ana.pressesInForm('Without these');
      await ana.form.getByLabel('Quantity').waitFor();
      expect(await ana.form.getByLabel('Quantity').inputValue()).toBe('2');
      await ana.chooses('Sub-account', 'Raleigh');
      await ana.pressesInForm('Submit for approval');
      await ana.formIsGone();
      await ana.sees('waiting for approval');
    },
    TIMEOUT_MS,
  );

  test(
    'Dan shares one, and Ana orders from it in the menu of his message',
    async () => {
      const { open } = await start();
      const dan = await open('dan');
      const [chosen] = await Promise.all([
        dan.page.waitForEvent('filechooser'),
        dan.page.getByRole('button', { name: 'Share a file' }).click(),
      ]);
      await chosen.setFiles(csv('ours.csv', 'area code\n919\n'));
      await dan.sees('ours.csv');
      await axeFindsNothing(dan.page, 'a message with a file');
      const ana = await open('ana');
      await ana.sees('ours.csv');
      await ana.page.locator('.message').last().hover();
      await ana.page
        .getByRole('combobox', { name: 'More actions' })
        .last()
        .selectOption('Order from this file');
      await ana.form.getByText('area code 919').waitFor();
      const [download] = await Promise.all([
        ana.page.waitForEvent('download'),
        ana.page.keyboard
          .press('Escape')
          .then(() => ana.page.getByRole('link', { name: 'ours.csv' }).click()),
      ]);
      expect(download.suggestedFilename()).toBe('ours.csv');
    },
    TIMEOUT_MS,
  );
});

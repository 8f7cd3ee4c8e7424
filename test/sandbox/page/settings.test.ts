import { expect, test } from '@jest/globals';
import type { PageUser } from '../../../sandbox/page-user.js';
import { people } from '../../../sandbox/sample-workspace.js';
import { axeFindsNothing, describeInBrowser } from './browser-sandbox.js';

const TIMEOUT_MS = 240_000;

async function asks(who: PageUser, words: string): Promise<void> {
  await who.types(`/numbers order ${words}`);
  await who.chooses('Sub-account', 'Raleigh');
  await who.fills('Reason', 'New desk');
  await who.pressesInForm('Submit for approval');
  await who.formIsGone();
}

async function opensSettings({ page }: PageUser): Promise<void> {
  await page.getByRole('tab', { name: 'Settings' }).click();
}

async function saves({ page }: PageUser): Promise<void> {
  await page.getByRole('button', { name: 'Save and restart' }).click();
  await page.getByText('The app restarted with these settings.').waitFor();
  await page.getByRole('tab', { name: 'Slack' }).click();
}

describeInBrowser('On the Settings tab', (start) => {
  test(
    'two approvals and a limit are set, and apply to the next orders',
    async () => {
      const { open } = await start();
      const ana = await open('ana');
      await opensSettings(ana);
      await ana.page.getByLabel('Approvals required').fill('2');
      await ana.page.getByLabel('Maximum numbers per order').fill('3');
      await axeFindsNothing(ana.page, 'the Settings tab');
      await saves(ana);

      await ana.types('/numbers policy test @ana order 4');
      await ana.sees(/at most 3 numbers/);
      await asks(ana, '910 x2');
      await ana.sees('waiting for approval');
      const ben = await open('ben');
      await ben.presses('Approve');
      await ana.sees(/1 of 2 approvals/);
      const cleo = await open('cleo');
      await cleo.presses('Approve');
      await ana.sees('Complete: 2 of 2 numbers');
      expect(await ben.page.getByLabel('Approvals required').inputValue()).toBe('2');
    },
    TIMEOUT_MS,
  );

  test(
    'the app’s refusal is shown in its own words, nothing changes, and the app keeps running',
    async () => {
      const { open, sandbox } = await start();
      const ana = await open('ana');
      await opensSettings(ana);
      await ana.page.getByLabel('Approvals required').fill('many');
      await ana.page.getByLabel('Policy file').fill('rules:\n  - nome: Large orders');
      await ana.page.getByLabel('Policy file').press('Control+Enter');
      const refusal = ana.page.getByRole('alert').filter({ hasText: 'APPROVALS_REQUIRED' });
      await refusal.waitFor();
      const said = await refusal.innerText();
      expect(said).toMatch(/POLICY_FILE .*line 2/);
      await axeFindsNothing(ana.page, 'settings that were refused');
      await sandbox.slack.until(() => sandbox.slack.connections > 0);
      await ana.page.getByRole('tab', { name: 'Slack' }).click();
      await ana.types('/numbers search 910');
      await ana.sees('(910) 241-4365');
    },
    TIMEOUT_MS,
  );

  test(
    'a policy file is typed in, and one of its rules applies at once',
    async () => {
      const { open, sandbox } = await start();
      const ana = await open('ana');
      await opensSettings(ana);
      const text = 'rules:\n  - name: Small orders\n    kinds: [purchase]\n    auto_approve_up_to: 2';
      await ana.page.getByLabel('Policy file').fill(text);
      await saves(ana);
      await asks(ana, '910 x2');
      await ana.sees('Complete: 2 of 2 numbers');
      expect(sandbox.bandwidth.numbersInService()).toHaveLength(2);
    },
    TIMEOUT_MS,
  );

  test(
    'Dan becomes a guest, then someone from another company, and each time is told that he cannot order',
    async () => {
      const { open, sandbox } = await start();
      const dan = await open('dan');
      await opensSettings(dan);
      await dan.page.getByLabel('dan (Sales) is').selectOption('guest');
      await saves(dan);
      await dan.page.getByRole('option', { name: 'dan (Sales, guest)' }).waitFor({ state: 'attached' });
      await dan.types('/numbers order 910');
      await dan.sees(/guest/i);
      expect(await dan.form.count()).toBe(0);

      await opensSettings(dan);
      await dan.page.getByLabel('dan (Sales) is').selectOption('outsider');
      await saves(dan);
      await dan.types('/numbers order 910');
      await dan.sees(/not_a_command/);
      expect(sandbox.slack.workspace.channels.get('C0NUMBERS')?.sharedWith).toBe('company');
      await dan.page.getByLabel('Act as').selectOption(people.ana.id);
      await dan.types('/numbers order 910');
      await dan.sees(/shared with another company/);
    },
    TIMEOUT_MS,
  );

  test(
    'a slow Bandwidth is switched on, and the page shows what is being worked on until there is an answer',
    async () => {
      const { open } = await start();
      const ana = await open('ana');
      await ana.page.getByRole('tab', { name: 'Bandwidth' }).click();
      await ana.page.getByRole('switch', { name: /^Slow/ }).check();
      await ana.page.getByRole('tab', { name: 'Slack' }).click();
      await ana.types('/numbers search 910');
      const work = ana.page.getByText('Working on /numbers search 910…');
      await work.waitFor();
      await axeFindsNothing(ana.page, 'a command that is being worked on');
      await ana.sees('(910) 241-4365');
      await work.waitFor({ state: 'hidden' });
    },
    TIMEOUT_MS,
  );
});

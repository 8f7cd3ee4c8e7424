import { expect, test } from '@jest/globals';
import { asPlainText } from '../../../sandbox/local-slack/local-slack.js';
import { people } from '../../../sandbox/sample-workspace.js';
import { axeFindsNothing, describeInBrowser } from './browser-sandbox.js';

const TIMEOUT_MS = 240_000;

describeInBrowser('In the browser', (start) => {
  test(
    'Ana searches, picks and requests; Ben approves; the card shows all of it without reloading, and axe finds no problem',
    async () => {
      const { open, sandbox } = await start();
      const ana = await open('ana');
      await axeFindsNothing(ana.page, 'an empty channel');
      await ana.types('/numbers search 910');
      await ana.ticks('(910) 241-4365');
      await ana.ticks('(910) 317-4992');
      await ana.presses('Add to order');
      await ana.sees('2 picked so far');
      await axeFindsNothing(ana.page, 'search results and what is picked');

      await ana.presses('Order selected…');
      await ana.fills('Name', 'Support line');
      await ana.chooses('Sub-account', 'Raleigh');
      await ana.fills('Reason', 'A new team');
      await axeFindsNothing(ana.page, 'the order form');
      await ana.pressesInForm('Submit for approval');
      await ana.formIsGone();
      await ana.sees('waiting for approval');
      await axeFindsNothing(ana.page, 'a card');
      expect(sandbox.bandwidth.orders()).toEqual([]);

      const ben = await open('ben');
      await ben.presses('Approve & order');
      await ana.sees('Complete: 2 of 2 numbers');
      expect(await ana.page.locator('.message button', { hasText: 'Approve' }).count()).toBe(0);
      await ana.presses('3 replies');
      await ana.sees('your 2 numbers are active');
      await axeFindsNothing(ana.page, 'a thread');
      expect(sandbox.bandwidth.numbersInService()).toEqual(['9102414365', '9103174992']);

      await ben.page.getByRole('tab', { name: 'Bandwidth' }).click();
      await ben.sees('COMPLETE');
      await axeFindsNothing(ben.page, 'the Bandwidth tab');
    },
    TIMEOUT_MS,
  );

  test(
    'One window is enough: Ana becomes Ben, declines with a reason, and becomes Ana again',
    async () => {
      const { open } = await start();
      const { page, ...me } = await open('ana');
      await me.types('/numbers order tollfree 833');
      await me.chooses('Sub-account', 'Raleigh');
      await me.fills('Reason', 'Just because');
      await me.pressesInForm('Submit for approval');
      await me.sees('waiting for approval');

      // What Ben sees comes late: until then there is nothing to press, least of all as Ana.
      let asked = () => {};
      const isAsked = new Promise<void>((resolve) => {
        asked = resolve;
      });
      let answer = () => {};
      const isAnswered = new Promise<void>((resolve) => {
        answer = resolve;
      });
      await page.route(/api\/live/, async (route) => {
        asked();
        await isAnswered;
        await route.continue();
      });
      await page.getByLabel('Act as').selectOption(people.ben.id);
      await isAsked;
      expect(await page.locator('#slack[inert]').count()).toBe(1);
      answer();
      await me.presses('Decline…');
      await axeFindsNothing(page, 'the decline form');
      await me.form.getByRole('textbox').fill('Too expensive <b>now</b> :tada:');
      await me.form.locator('button[type=submit]').click();
      await me.sees(/Declined/);
      await me.sees('Too expensive <b>now</b>');

      await page.getByLabel('Act as').selectOption(people.ana.id);
      await me.sees(/Declined/);
      expect(await page.locator('button', { hasText: 'Decline…' }).count()).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    'Dan, who can’t approve, is told so, and nobody else sees it',
    async () => {
      const { open } = await start();
      const ana = await open('ana');
      await ana.types('/numbers order 910 x2');
      await ana.chooses('Sub-account', 'Raleigh');
      await ana.fills('Reason', 'New desk');
      await ana.pressesInForm('Submit for approval');
      const dan = await open('dan');
      await dan.presses('Approve & order');
      await dan.sees('Only visible to you');
      await axeFindsNothing(dan.page, 'a message for one');
      expect(await ana.page.getByText('Only visible to you').count()).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    'A form says under the field what is missing and puts the cursor there; Escape closes it and returns to the message box',
    async () => {
      const { open } = await start();
      const ana = await open('ana');
      await ana.types('/numbers search 910');
      await ana.ticks('(910) 241-4365');
      await ana.presses('Order selected…');
      await ana.pressesInForm('Submit for approval');
      await ana.sees('Please complete this required field.');
      const wrong = ana.form.locator('[aria-invalid=true]');
      expect(await wrong.count()).toBeGreaterThan(0);
      expect(await ana.page.evaluate("document.activeElement.getAttribute('aria-invalid')")).toBe('true');
      await axeFindsNothing(ana.page, 'a form with errors');

      for (let step = 0; step < 30; step += 1) {
        await ana.page.keyboard.press('Tab');
        const where = await ana.page.evaluate(
          "document.activeElement === document.body || document.activeElement.closest('dialog') !== null",
        );
        expect(where).toBe(true);
      }
      await ana.page.keyboard.press('Escape');
      await ana.formIsGone();
      expect(await ana.page.evaluate('document.activeElement.textContent')).toBe('Order selected…');
    },
    TIMEOUT_MS,
  );

  test.each(['a key', 'the mouse'])(
    'A press with %s that is going on while the page is redrawn is not lost',
    async (way) => {
      const { open } = await start();
      const ana = await open('ana');
      await ana.types('/numbers search 910');
      const { page } = ana;
      const box = (number: string) => page.getByRole('checkbox', { name: number });
      await box('(910) 317-4992').focus();
      // Notes what Ana is shown after this, once the page has had its turn.
      await page.evaluate(`new Promise((resolve) => {
        const source = new EventSource('/api/live?as=${people.ana.id}');
        source.addEventListener('slack', () => {
          resolve();
          source.addEventListener('slack', () => setTimeout(() => { document.body.dataset.redrawn = '' }));
        }, { once: true });
      })`);
      const isKey = way === 'a key';
      if (!isKey) await box('(910) 317-4992').hover();
      await (isKey ? page.keyboard.down('Space') : page.mouse.down());
      await box('(910) 241-4365').dispatchEvent('click');
      await page.locator('body[data-redrawn]').waitFor();
      await (isKey ? page.keyboard.up('Space') : page.mouse.up());
      for (const number of ['(910) 241-4365', '(910) 317-4992']) {
        await page.getByRole('checkbox', { name: number, checked: true }).waitFor();
      }
      expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(2);
    },
    TIMEOUT_MS,
  );

  test(
    'The keyboard is enough: a command is completed, numbers are ticked and a menu is used',
    async () => {
      const { open } = await start();
      const ana = await open('ana');
      const { keyboard } = ana.page;
      await ana.page.getByRole('textbox', { name: 'Message #numbers' }).focus();
      await keyboard.type('/num');
      await ana.sees('Search, order and disconnect phone numbers');
      await keyboard.press('Tab');
      await keyboard.type('search 910');
      await keyboard.press('Enter');
      const ticked = (number: string) =>
        ana.page.getByRole('checkbox', { name: number, checked: true }).waitFor();
      await ana.page.getByRole('checkbox', { name: '(910) 241-4365' }).focus();
      await keyboard.press('Space');
      await ticked('(910) 241-4365');
      await keyboard.press('Tab');
      await keyboard.press('Space');
      await ticked('(910) 317-4992');
      await ana.page.locator('button', { hasText: 'Order selected…' }).focus();
      await keyboard.press('Enter');
      await ana.sees('2 numbers in 910');
      await ana.form.getByRole('combobox', { name: 'Sub-account' }).focus();
      await keyboard.press('ArrowDown');
      await ana.form.getByRole('option').first().waitFor();
      await keyboard.press('ArrowDown');
      await keyboard.press('Escape');
      expect(await ana.form.isVisible()).toBe(true);
      await keyboard.press('ArrowDown');
      await ana.form.getByRole('option').first().waitFor();
      await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
      await expect(ana.form.getByRole('combobox', { name: 'Sub-account' }).inputValue()).resolves.toMatch(
        /office/,
      );
    },
    TIMEOUT_MS,
  );

  test(
    'Typed text is never markup',
    async () => {
      const { open, sandbox } = await start();
      const ana = await open('ana');
      await ana.types('<img src=x onerror="document.title=1"> & <!channel> *bold* @ben');
      await ana.sees('<!channel>');
      const said = ana.page.locator('.message').last();
      expect(await said.locator('strong', { hasText: 'bold' }).count()).toBe(1);
      expect(await said.locator('.content').innerText()).toContain(
        '<img src=x onerror="document.title=1"> &',
      );
      expect(await said.locator('.mention').allInnerTexts()).toEqual(['@ben']);
      const [message] = sandbox.slack.messages('C0NUMBERS');
      expect(message && asPlainText(message)).toContain('<!channel> *bold* @ben');
    },
    TIMEOUT_MS,
  );

  test(
    'At 400 pixels nothing overflows, and everything can be reached',
    async () => {
      const { open } = await start();
      const ana = await open('ana', { width: 400, height: 800 });
      await ana.types('/numbers search 910');
      await ana.ticks('(910) 241-4365');
      const sticksOut = `document.documentElement.scrollWidth > 400 ||
        [...document.querySelectorAll('.top :is(button, select)')]
          .some((each) => each.getBoundingClientRect().right > 400)`;
      expect(await ana.page.evaluate(sticksOut)).toBe(false);
      await ana.presses('Order selected…');
      await ana.sees('1 number in 910');
      expect(await ana.page.evaluate(sticksOut)).toBe(false);
      await axeFindsNothing(ana.page, 'a form in a narrow window');
      await ana.page.keyboard.press('Escape');
      await ana.page.getByRole('tab', { name: 'Bandwidth' }).click();
      expect(await ana.page.evaluate(sticksOut)).toBe(false);
      await axeFindsNothing(ana.page, 'the Bandwidth tab in a narrow window');
      await ana.page.getByRole('tab', { name: 'Settings' }).click();
      expect(await ana.page.evaluate(sticksOut)).toBe(false);
      await axeFindsNothing(ana.page, 'the Settings tab in a narrow window');
    },
    TIMEOUT_MS,
  );
});

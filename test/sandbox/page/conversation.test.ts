import { expect, test } from '@jest/globals';
import type { PageUser } from '../../../sandbox/page-user.js';
import { axeFindsNothing, describeInBrowser } from './browser-sandbox.js';

const TIMEOUT_MS = 240_000;

const composer = ({ page }: PageUser) => page.getByRole('textbox', { name: 'Message #numbers' });

async function opensForm(who: PageUser): Promise<void> {
  await who.types('/numbers order 910');
  await who.form.waitFor();
}

describeInBrowser('In a conversation', (start) => {
  test(
    'what is typed right after closing a form with the mouse is in the message box',
    async () => {
      const { open } = await start();
      const ana = await open('ana');
      await ana.types('/numbers search 910');
      await ana.ticks('(910) 241-4365');
      for (const closes of ['header button', 'footer button:not([type=submit])']) {
        await ana.presses('Order selected…');
        await ana.form.locator(closes).click();
        await ana.page.keyboard.type('next');
        await ana.formIsGone();
        expect(await composer(ana).inputValue()).toBe('next');
        await composer(ana).fill('');
      }
      await ana.presses('Order selected…');
      await ana.chooses('Sub-account', 'Raleigh');
      await ana.fills('Reason', 'New desk');
      await ana.pressesInForm('Submit for approval');
      await ana.formIsGone();
      await ana.page.keyboard.type('done');
      expect(await composer(ana).inputValue()).toBe('done');
    },
    TIMEOUT_MS,
  );

  test(
    'Ctrl+Enter submits a form, also from a field with several lines',
    async () => {
      const { open } = await start();
      const ana = await open('ana');
      await opensForm(ana);
      await ana.chooses('Sub-account', 'Raleigh');
      await ana.fills('Reason', 'New desk');
      await ana.form.getByLabel('Reason').press('Control+Enter');
      await ana.formIsGone();
      await ana.sees('waiting for approval');
      await expect(composer(ana).count()).resolves.toBe(1);
    },
    TIMEOUT_MS,
  );

  test(
    'an empty channel says what to type; consecutive messages by one author share a byline, and another author gets a new one',
    async () => {
      const { open } = await start();
      const ana = await open('ana');
      await ana.sees('There are no messages here yet. Type /numbers search 910 or /numbers help.');
      await axeFindsNothing(ana.page, 'an empty channel');
      for (const words of ['First', 'Second', 'Third']) await ana.types(words);
      await ana.sees('Third');
      expect(await ana.page.getByText('There are no messages here yet.').count()).toBe(1);
      expect(await ana.page.getByText('There are no messages here yet.').isVisible()).toBe(false);
      const authors = ana.page.locator('.message .byline strong');
      expect(await authors.allInnerTexts()).toEqual(['ana']);
      expect(await ana.page.locator('.message article').count()).toBe(3);

      const ben = await open('ben');
      await ben.types('Fourth');
      await ana.sees('Fourth');
      await ana.types('Fifth');
      await ben.sees('Fifth');
      expect(await authors.allInnerTexts()).toEqual(['ana', 'ben', 'ana']);
      await axeFindsNothing(ana.page, 'messages in a row');
    },
    TIMEOUT_MS,
  );

  test(
    'a notice covers no button, on the page or in a form',
    async () => {
      const { open, sandbox } = await start();
      const ana = await open('ana', { width: 400, height: 800 });
      await ana.types('/unknown');
      await ana.sees('/unknown is not a valid command.');
      await axeFindsNothing(ana.page, 'a notice');
      expect(await coveredButtons(ana)).toEqual([]);
      await composer(ana).fill('');

      await opensForm(ana);
      await ana.chooses('Sub-account', 'Raleigh');
      await ana.fills('Reason', 'New desk');
      sandbox.slack.disconnectSockets('link_disabled');
      await sandbox.app.stop();
      await ana.pressesInForm('Submit for approval');
      await ana.sees(/We had some trouble connecting/);
      expect(await coveredButtons(ana)).toEqual([]);
      await ana.page.keyboard.press('Escape');
      await ana.formIsGone();
      await ana.sees(/We had some trouble connecting/);
    },
    TIMEOUT_MS,
  );

  test(
    'Dan and Ben see where they are mentioned until they read it, Ana and Cleo do not; only approvers have #approvals',
    async () => {
      const { open } = await start();
      const [ana, ben, cleo, dan] = [
        await open('ana'),
        await open('ben'),
        await open('cleo'),
        await open('dan'),
      ];
      const approvals = ({ page }: PageUser) => page.getByRole('button', { name: 'approvals' });
      const badge = ({ page }: PageUser) => page.getByRole('button', { name: /1 mention of you/ });
      await approvals(ben).click();
      await dan.page.getByRole('button', { name: 'Numbers', exact: true }).click();

      await ana.types('Is 910 right, @ben? Dan asked, @dan wants it');
      await ana.page.locator('.message').last().getByRole('button', { name: 'Reply in thread' }).focus();
      await ana.page.keyboard.press('Enter');
      const reply = ana.page.getByRole('textbox', { name: 'Reply…' });
      await reply.fill('@ben, it is urgent');
      await reply.press('Enter');

      await badge(dan).waitFor();
      await axeFindsNothing(dan.page, 'a mention that is not read');
      await badge(dan).click();
      await dan.sees('Dan asked');
      expect(await dan.page.locator('.message .mention.me').allInnerTexts()).toEqual(['@dan']);
      await badge(dan).waitFor({ state: 'detached' });
      expect(await approvals(dan).count()).toBe(0);

      await ben.page.getByRole('button', { name: /2 mentions of you/ }).click();
      await ben.page.locator('.replies', { hasText: '1 mention of you' }).waitFor();
      await axeFindsNothing(ben.page, 'a thread with a mention');
      await ben.presses('1 reply');
      await ben.sees('it is urgent');
      await badge(ben).first().waitFor({ state: 'detached' });
      expect(await ben.page.locator('.thread .mention.me').allInnerTexts()).toEqual(['@ben', '@ben']);

      await cleo.sees('Dan asked');
      expect(await approvals(cleo).count()).toBe(1);
      for (const who of [ana, cleo]) {
        expect(await who.page.locator('.mention.me').count()).toBe(0);
        expect(await badge(who).count()).toBe(0);
      }
      expect(await approvals(ana).count()).toBe(0);
    },
    TIMEOUT_MS,
  );
});

/** The names of visible buttons and fields under the notice. */
function coveredButtons({ page }: PageUser): Promise<unknown> {
  return page.evaluate(`(() => {
    const notice = document.getElementById('notice').getBoundingClientRect();
    if (notice.height === 0) return ['the notice is not shown'];
    const overlaps = (box) =>
      box.width > 0 && box.top < notice.bottom - 1 && box.bottom > notice.top + 1 &&
      box.left < notice.right && box.right > notice.left;
    const dialog = document.querySelector('dialog[open]');
    return [...(dialog ?? document).querySelectorAll('button, input, select, textarea')]
      .filter((each) => overlaps(each.getBoundingClientRect()))
      .map((each) => each.textContent || each.getAttribute('aria-label'));
  })()`);
}

import type { Page } from 'playwright-core';

/** How long a menu may take to show what was typed, and how often it is opened again. */
const MENU_MS = 10_000;
const MAX_ATTEMPTS = 6;

/** What people do on the sandbox's page, by visible words. */
export function pageUser(page: Page) {
  const form = page.getByRole('dialog');
  return {
    page,
    form,
    async types(line: string): Promise<void> {
      const box = page.getByRole('textbox', { name: 'Message #numbers' });
      await box.fill(line);
      await box.press('Enter');
    },
    /** Presses it in the newest message with such a button. */
    async presses(words: string): Promise<void> {
      await page.locator('.message button', { hasText: words }).last().click();
    },
    /** Opens the app's own place, at its Home tab. */
    async opensHome(): Promise<void> {
      await page.getByRole('button', { name: /^Numbers/ }).click();
      await page.locator('.home').waitFor();
    },
    async pressesOnHome(words: string): Promise<void> {
      await page.locator('.home').getByRole('button', { name: words }).first().click();
    },
    async ticks(words: string): Promise<void> {
      await page.getByRole('checkbox', { name: words }).last().check();
    },
    async sees(words: string | RegExp): Promise<void> {
      await page.getByText(words).filter({ visible: true }).last().waitFor();
    },
    async fills(label: string, words: string): Promise<void> {
      await form.getByLabel(label).fill(words);
    },
    async chooses(label: string, words: string): Promise<void> {
      const option = form.getByRole('option', { name: words }).first();
      // A form that is redrawn at that moment closes its menus.
      for (let attempts = 1; ; attempts++) {
        await form.getByRole('combobox', { name: label }).first().fill(words);
        try {
          return await option.click({ timeout: MENU_MS });
        } catch (error) {
          if (attempts === MAX_ATTEMPTS) throw error;
        }
      }
    },
    async pressesInForm(words: string): Promise<void> {
      await form.getByRole('button', { name: words, exact: true }).click();
    },
    async formIsGone(): Promise<void> {
      await form.waitFor({ state: 'hidden' });
    },
  };
}

export type PageUser = ReturnType<typeof pageUser>;

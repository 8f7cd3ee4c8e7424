import type { Page } from 'playwright-core';

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
      await form.getByRole('combobox', { name: label }).first().fill(words);
      await form.getByRole('option', { name: words }).first().click();
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

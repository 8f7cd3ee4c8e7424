import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { type Browser, CHROMIUM, hasBrowser, type Look, startBrowser } from '../../../sandbox/browser.js';
import { type PageUser, pageUser } from '../../../sandbox/page-user.js';
import { people } from '../../../sandbox/sample-workspace.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../sandbox/start-sandbox.js';
import { compileSource } from '../../support/compiled.js';

type Name = keyof typeof people;

export interface BrowserSandbox {
  readonly sandbox: Sandbox;
  /** Somebody sits down before the sandbox, in a window of their own. */
  open(who: Name, look?: Look): Promise<PageUser>;
}

/** A browser for all tests of a file, and for each test a sandbox of its own: `start()` starts it. */
export function describeInBrowser(
  name: string,
  tests: (start: (given?: Partial<SandboxOptions>) => Promise<BrowserSandbox>) => void,
): void {
  if (!hasBrowser() && process.env.CI === 'true') {
    describe(name, () => {
      test('needs a browser', () => expect(`Chromium at ${CHROMIUM}`).toBe('there'));
    });
    return;
  }
  const suite = hasBrowser() ? describe : describe.skip;
  suite(hasBrowser() ? name : `${name} (skipped: there is no Chromium at ${CHROMIUM})`, () => {
    let browser: Browser;
    let compiled: string;
    const closing: (() => unknown)[] = [];

    beforeAll(async () => {
      compiled = mkdtempSync(join(tmpdir(), 'numbers-compiled-'));
      compileSource(compiled);
      browser = await startBrowser();
    });
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close();
    });
    afterAll(async () => {
      await browser.close();
      rmSync(compiled, { recursive: true, force: true });
    });

    tests(async (given = {}) => {
      const data = mkdtempSync(join(tmpdir(), 'numbers-sandbox-'));
      closing.push(() => rmSync(data, { recursive: true, force: true }));
      const sandbox = await startSandbox({
        port: 0,
        data,
        program: join(compiled, 'src', 'main.js'),
        assets: 'sandbox/page/assets',
        manifest: 'manifest.yml',
        orderDelayMs: 300,
        ...given,
      });
      closing.push(sandbox.close);
      return {
        sandbox,
        async open(who, look = {}) {
          const page = await browser.open(sandbox.url, { as: people[who].id, ...look });
          page.setDefaultTimeout(60_000);
          closing.push(() => page.close());
          return pageUser(page);
        },
      };
    });
  });
}

/** Everything axe finds wrong with the page as it stands, light and dark. */
export async function axeFindsNothing(page: Page, screen: string): Promise<void> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  // Only the colours are others in the dark.
  for (const [colorScheme, options] of [
    ['light', {}],
    ['dark', { runOnly: ['color-contrast'] }],
  ] as const) {
    // What is just fading in is no colour anybody has to read.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(
      'Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {})))',
    );
    const { violations } = (await page.evaluate(
      `axe.run(document, ${JSON.stringify(options)})`,
    )) as axe.AxeResults;
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}\n${failureSummary}`),
    );
    expect({ screen, colorScheme, found }).toEqual({ screen, colorScheme, found: [] });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

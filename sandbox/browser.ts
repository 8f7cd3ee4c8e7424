import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** Debian's path. */
export const CHROMIUM = '/usr/bin/chromium';

/** Keeps Chromium from connecting to the internet. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Browser {
  /** Opens a new window on the sandbox. */
  open(url: string, look?: Look): Promise<Page>;
  close(): Promise<void>;
}

export interface Look {
  /** A person's id. */
  readonly as?: string;
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

export function hasBrowser(): boolean {
  return existsSync(CHROMIUM);
}

/** Starts Chromium with a temporary profile. */
export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'numbers-chromium-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: flags,
    locale: 'en-US',
    timezoneId: 'America/New_York',
    viewport: null,
  });
  return {
    async open(url, look = {}) {
      const page = await context.newPage();
      await page.setViewportSize({ width: look.width ?? 1200, height: look.height ?? 800 });
      await page.emulateMedia({ colorScheme: look.dark === true ? 'dark' : 'light' });
      await page.goto(look.as === undefined ? url : `${url}/?as=${look.as}`);
      return page;
    },
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

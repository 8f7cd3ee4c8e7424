import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHROMIUM, hasBrowser, startBrowser } from './browser.js';
import { type PageUser, pageUser } from './page-user.js';
import { people } from './sample-workspace.js';
import { startSandbox } from './start-sandbox.js';

/** Plays an order in a browser and writes screenshots of the main screens to docs/. */
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const docs = here('../../../docs');

if (!hasBrowser()) {
  process.stderr.write(`Screenshots need Chromium, which isn't at ${CHROMIUM}.\n`);
  process.exit(1);
}
const data = mkdtempSync(join(tmpdir(), 'numbers-screenshots-'));
const sandbox = await startSandbox({
  port: 0,
  data,
  program: here('../src/main.js'),
  assets: here('../../../sandbox/page/assets'),
  manifest: here('../../../manifest.yml'),
});
const browser = await startBrowser();
mkdirSync(docs, { recursive: true });

async function shoot({ page }: PageUser, name: string): Promise<void> {
  const path = join(docs, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  process.stdout.write(`${path}\n`);
}

try {
  const ana = pageUser(await browser.open(sandbox.url, { as: people.ana.id }));
  const ben = pageUser(await browser.open(sandbox.url, { as: people.ben.id }));
  await ana.types('/numbers search 910');
  for (const number of ['(910) 241-4365', '(910) 317-4992']) await ana.ticks(number);
  await shoot(ana, 'search');

  await ana.presses('Order selected…');
  await ana.fills('Name', 'Support line');
  await ana.chooses('Sub-account', 'Raleigh');
  await ana.fills('Reason', 'The new support team starts on Monday');
  await shoot(ana, 'order-form');
  await ana.pressesInForm('Submit for approval');
  await ana.sees('waiting for approval');

  await ben.presses('Approve & order');
  await ana.sees('Complete: 2 of 2 numbers');
  await ana.presses('replies');
  await ana.sees('are active');
  await shoot(ana, 'complete');
  await ana.page.emulateMedia({ colorScheme: 'dark' });
  await shoot(ana, 'complete-dark');
  await ana.page.setViewportSize({ width: 400, height: 800 });
  await ana.page.getByRole('button', { name: 'Close thread' }).click();
  await shoot(ana, 'narrow');

  sandbox.bandwidth.set({ orderDelayMs: 'manual' });
  await ana.types('/numbers order tollfree 833 x3');
  await ana.fills('Name', 'Spring campaign');
  await ana.chooses('Sub-account', 'Boston');
  await ana.fills('Reason', 'One number for each poster');
  await ana.pressesInForm('Submit for approval');
  await ben.sees('Spring campaign');
  await ben.presses('Approve & order');
  await ben.page.getByRole('tab', { name: 'Bandwidth' }).click();
  await ben.sees(/^(RECEIVED|PROCESSING)$/);
  await ben.page.getByRole('button', { name: 'PARTIAL' }).click();
  await ben.sees('Planned: PARTIAL.');
  await ben.page.mouse.move(0, 0);
  await shoot(ben, 'bandwidth');
} finally {
  await browser.close();
  await sandbox.close();
  rmSync(data, { recursive: true, force: true });
}

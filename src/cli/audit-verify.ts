import { existsSync } from 'node:fs';
import { EXIT_FAILED, endWith, loadOrExit } from '../config/load-or-exit.js';
import { makeLog } from '../log.js';
import { makeMask } from '../mask.js';
import { verifyJournal } from '../orders/journal/verify-journal.js';
import { verifyLedger } from '../orders/journal/verify-ledger.js';
import { StoreError } from '../orders/ports/store-errors.js';
import { openStore } from '../store/open-store.js';
import { readStoreUrl } from '../store/store-url.js';
import { auditReport, isSound } from './audit-report.js';

/*
 * The program behind `npm run audit:verify`, which changes nothing. Exits with 0 when all is well, 1 when something is
 * wrong or nothing could be checked, and 78 when the settings are wrong.
 */

const { storeUrl, secrets } = loadOrExit();
const mask = makeMask(secrets);
const address = readStoreUrl(storeUrl);
// Opening it would create an empty database.
if ('path' in address && !existsSync(address.path)) {
  endWith(`There is no database at ${address.path}. Is STORE_URL right?`, EXIT_FAILED);
}
const log = makeLog({
  level: 'error',
  secrets,
  destination: { write: (line: string) => process.stderr.write(line) },
});
try {
  const store = await openStore(storeUrl, log, 'reader');
  try {
    const journal = await verifyJournal(store);
    const found = { ...journal, problems: [...journal.problems, ...(await verifyLedger(store))] };
    for (const line of auditReport(found)) process.stdout.write(`${line}\n`);
    process.exitCode = isSound(found) ? 0 : EXIT_FAILED;
  } finally {
    await store.close();
  }
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  endWith(mask(error.message), EXIT_FAILED);
}

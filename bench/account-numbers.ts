import { type LocalBandwidth, startLocalBandwidth } from '../sandbox/local-bandwidth/local-bandwidth.js';
import type { InventoryNumber } from '../src/orders/domain/number-record.js';
import { parsePhoneNumber } from '../src/orders/domain/phone-number.js';
import { changeRecords } from '../src/orders/inventory/change-records.js';
import { systemClock } from '../src/orders/system-clock.js';
import { openStore } from '../src/store/open-store.js';
import { silentLog } from './silent-log.js';

const AREA_CODES = ['910', '919', '704', '828', '336'];
const PATTERN = '9102420000';

/** Ten digits each, in five area codes. */
export const accountNumbers = (count: number): readonly string[] =>
  Array.from(
    { length: count },
    (_, index) =>
      `${AREA_CODES[index % AREA_CODES.length]}${2_000_000 + Math.floor(index / AREA_CODES.length)}`,
  );

/** Starts a Bandwidth with so many numbers in service on the account, in all its locations. */
export async function bandwidthWithNumbers(count: number): Promise<LocalBandwidth> {
  const first = await startLocalBandwidth({ inService: { ours: [PATTERN] } });
  const remembered = first.remember();
  await first.close();
  const pattern = remembered.numbers.find(({ fullNumber }) => fullNumber === PATTERN);
  if (pattern?.account === undefined) throw new Error('the pattern of all numbers is not in service');
  const { account } = pattern;
  const places = [
    { siteId: '461', peerId: '651681' },
    { siteId: '461', peerId: '651682' },
    { siteId: '743', peerId: '303716' },
  ];
  const numbers = accountNumbers(count).map((fullNumber, index) => ({
    ...pattern,
    fullNumber,
    account: { ...account, ...places[index % places.length] },
  }));
  return startLocalBandwidth({ remembered: { ...remembered, numbers } });
}

/** Puts so many numbers on record, as if the account had just been read. */
export async function putInventory(storeUrl: string, count: number): Promise<void> {
  const store = await openStore(storeUrl, silentLog);
  const added = accountNumbers(count).map((digits, index): InventoryNumber => {
    const number = parsePhoneNumber(digits);
    if (number === undefined) throw new Error(`${digits} isn't a number`);
    return {
      number,
      city: 'CARY',
      state: 'NC',
      rateCenter: 'CARY',
      status: 'Inservice',
      site: { id: '461', name: 'Raleigh office' },
      location: { id: '651681', name: 'Main SIP trunk' },
      inServiceSince: 1_700_000_000_000 + index * 1000,
      lastModified: 1_700_000_000_000 + index * 1000,
      bought: 'unexplained',
    };
  });
  await changeRecords({ store: store.inventory, clock: systemClock, log: silentLog }, { added, removed: [] });
  const index = await store.inventory.index();
  if (index !== undefined) await store.inventory.replaceIndex(index, { ...index, asOf: Date.now() });
  await store.close();
}

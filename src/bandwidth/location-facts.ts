import pMap from 'p-map';
import type { PhoneNumber } from '../orders/domain/phone-number.js';
import type { NumberInService } from '../orders/domain/request.js';
import { type Carrier, CarrierError } from '../orders/ports/carrier.js';
import type { Log } from '../orders/ports/log.js';
import type { WriteNumber } from './api-version.js';
import { type Calls, saysThereIsNone } from './calls.js';
import { element, one, text } from './schema.js';

const CONCURRENCY = 4;
/** What Bandwidth calls a number whose calls aren't forwarded, if it doesn't leave it out. */
const NOT_FORWARDED = /^(?:systemdefault|none)?$/i;

const numberSchema = element({ sippeertelephonenumber: one({ callforward: text }) });

/**
 * What Bandwidth says about a location and its numbers. Nothing rejects, because credentials may lack the role for it.
 */
export function makeLocationFacts(deps: {
  readonly account: string;
  readonly calls: Pick<Calls, 'ask' | 'expect'>;
  readonly writeNumber: WriteNumber;
  readonly log: Log;
}): Pick<Carrier, 'takesMessages' | 'forwarded'> {
  const { account, calls, writeNumber, log } = deps;
  const { ask, expect } = calls;
  const pathOf = (siteId: string, peerId: string) =>
    `${account}/sites/${encodeURIComponent(siteId)}/sippeers/${encodeURIComponent(peerId)}`;

  async function ifKnown<Fact>(read: () => Promise<Fact>): Promise<Fact | undefined> {
    try {
      return await read();
    } catch (err) {
      if (!(err instanceof CarrierError)) throw err;
      log.warn({ err }, 'bandwidth location could not be read');
      return undefined;
    }
  }

  async function isForwarded({ number, site, location }: NumberInService): Promise<boolean | undefined> {
    if (site === undefined || location === undefined) return undefined;
    const asked = 'the options of this number';
    const answer = await ask(
      `${pathOf(site.id, location.id)}/tns/${encodeURIComponent(writeNumber(number))}`,
      asked,
    );
    const { content } = await expect(answer, asked, 'sippeertelephonenumberresponse');
    const { callforward = '' } = numberSchema.parse(content).sippeertelephonenumber;
    return !NOT_FORWARDED.test(callforward);
  }

  return {
    takesMessages: (siteId, peerId) =>
      ifKnown(async () => {
        const asked = 'the messaging feature of this location';
        const answer = await ask(`${pathOf(siteId, peerId)}/products/messaging/features/sms`, asked);
        if (saysThereIsNone(answer)) return false;
        await expect(answer, asked, 'sippeersmsfeatureresponse');
        return true;
      }),
    async forwarded(records) {
      const known = new Map<PhoneNumber, boolean>();
      await pMap(
        records,
        async (record) => {
          const forwarded = await ifKnown(() => isForwarded(record));
          if (forwarded !== undefined) known.set(record.number, forwarded);
        },
        { concurrency: CONCURRENCY },
      );
      return known;
    },
  };
}

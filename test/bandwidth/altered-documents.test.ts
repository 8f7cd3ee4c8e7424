import { describe, expect, test } from '@jest/globals';
import { decodeReport, decodeSearch } from '../../src/bandwidth/decode/decode.js';
import { decodeDisconnectReport } from '../../src/bandwidth/decode/decode-disconnect.js';
import { answeredPlacement } from '../../src/bandwidth/placement.js';
import { parseXml } from '../../src/bandwidth/xml.js';
import {
  type CarrierReport,
  deliveredQuantity,
  isFinalReport,
} from '../../src/orders/domain/carrier-report.js';
import { alterations } from '../support/altered-documents.js';
import { fixture, NOW, recordingLog } from './support.js';

/*
 * One element of a whole document is taken out, or has another name. What is said then may be less, never something else.
 */

const log = recordingLog();
const complete = `<OrderResponse><CompletedQuantity>2</CompletedQuantity><CreatedByUser>jane</CreatedByUser>
  <OrderCompleteDate>2026-03-02T10:00:05Z</OrderCompleteDate>
  <Order><OrderCreateDate>2026-03-02T10:00:00Z</OrderCreateDate><PeerId>1</PeerId><SiteId>461</SiteId></Order>
  <OrderStatus>COMPLETE</OrderStatus>
  <CompletedNumbers><TelephoneNumber><FullNumber>9105550123</FullNumber></TelephoneNumber><TelephoneNumber><FullNumber>9105550124</FullNumber></TelephoneNumber></CompletedNumbers>
  <Summary>2 numbers ordered in (910)</Summary><FailedQuantity>0</FailedQuantity></OrderResponse>`;

describe('A report', () => {
  const reports = [
    ['of a complete order', complete, decodeReport],
    ['of a partial order', fixture('report-partial.xml'), decodeReport],
    ['of a partial disconnect', fixture('disconnect-partial.xml'), decodeDisconnectReport],
  ] as const;

  test.each(reports)(
    '%s never reports a different end, no number at all, or a number that was not there',
    async (_what, xml, decode) => {
      const whole = decode(await parseXml(xml), log);
      if (whole === undefined) throw new Error('the whole document is a report');
      const wrong: string[] = [];
      for (const { how, body } of alterations(xml)) {
        const said = decode(await parseXml(body), log);
        if (said !== undefined) wrong.push(...invented(whole, said).map((what) => `${what}: ${how}`));
      }
      expect(wrong).toEqual([]);
    },
  );

  function invented(whole: CarrierReport, said: CarrierReport): string[] {
    const { status } = said;
    const quantity = isFinalReport(status) ? deliveredQuantity(status, said) : undefined;
    return [
      ...(isFinalReport(status) && status !== whole.status ? [`ends as ${status}`] : []),
      ...(quantity === 0 ? ['no number came'] : []),
      ...said.completed.filter((number) => !whole.completed.includes(number)),
      ...said.failed.filter((number) => whole.completed.includes(number)),
    ];
  }
});

test.each(['search-plain.xml', 'search-detail.xml'])(
  'A search answered with an altered %s is never called empty',
  async (name) => {
    const wrong: string[] = [];
    for (const { how, body } of alterations(fixture(name))) {
      const found = await decodeSearch(await parseXml(body), log);
      if (found.length === 0 && found.unread === undefined) wrong.push(how);
    }
    expect(wrong).toEqual([]);
  },
);

test.each([
  ['taken.xml', 'orderresponse'],
  ['disconnect-taken.xml', 'disconnecttelephonenumberorderresponse'],
])(
  'An order or disconnect answered with an altered %s is never refused, nor recorded under another id',
  async (name, root) => {
    const xml = fixture(name);
    const placing = { asked: 'this order', root, now: NOW, log };
    const whole = await answeredPlacement(placing, { status: 201, headers: {}, body: xml });
    const seen = new Set<string>();
    for (const { body } of alterations(xml)) {
      seen.add(JSON.stringify(await answeredPlacement(placing, { status: 201, headers: {}, body })));
    }
    const others = [...seen].filter((each) => each !== JSON.stringify(whole));
    expect(others.filter((each) => !each.includes('"outcome":"unknown"'))).toEqual([]);
  },
);

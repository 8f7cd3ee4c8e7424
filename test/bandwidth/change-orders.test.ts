import { describe, expect, test } from '@jest/globals';
import { decodeChangeList } from '../../src/bandwidth/decode/decode-change-list.js';
import { decodeMoveReport } from '../../src/bandwidth/decode/decode-move.js';
import { decodeCampaigns, decodeOptionsReport } from '../../src/bandwidth/decode/decode-options.js';
import { encodeMessaging, encodeMove } from '../../src/bandwidth/encode.js';
import { findChange } from '../../src/bandwidth/find/find-change.js';
import { parseXml } from '../../src/bandwidth/xml.js';
import type { MessagingChange, MessagingRequest, MoveRequest } from '../../src/orders/domain/request.js';
import { noon, numbers, orderId } from '../support/sample-orders.js';

const [first, second] = numbers('9102414365', '9102414366');
const log = { debug() {}, info() {}, warn() {}, error() {} };
const inService = numbers('9102414365', '9102414366').map((number) => ({ number }));
const move: MoveRequest = {
  kind: 'move',
  name: 'Move',
  inService,
  site: { id: '461', name: 'Raleigh office' },
  location: { id: '651682', name: 'Contact center' },
  reason: 'calls',
};
const messaging = (change: MessagingChange): MessagingRequest => ({
  kind: 'messaging',
  name: 'Texts',
  inService,
  change,
  reason: 'texts',
});
const tight = (xml: string): string => xml.replace(/>\s+</g, '><').trim();
const tns = (...digits: string[]) =>
  digits.map((each) => `<TelephoneNumber>${each}</TelephoneNumber>`).join('');

describe('What is sent', () => {
  test('for a move names the location, and no other account', () => {
    expect(tight(encodeMove(orderId, move))).toContain(
      `<MoveTnsOrder><CustomerOrderId>${orderId}</CustomerOrderId><SiteId>461</SiteId><SipPeerId>651682</SipPeerId><TelephoneNumbers>${tns('9102414365', '9102414366')}</TelephoneNumbers></MoveTnsOrder>`,
    );
  });

  test.each([
    [{ to: 'on' }, '<Sms>on</Sms><TelephoneNumbers>'],
    [{ to: 'off' }, '<Sms>off</Sms><TelephoneNumbers>'],
    [
      { to: 'campaign', campaign: { id: 'CA1B2C3', messageClass: 'F' } },
      '<Sms>on</Sms><A2pSettings><MessageClass>F</MessageClass><CampaignId>CA1B2C3</CampaignId><Action>asSpecified</Action></A2pSettings><TelephoneNumbers>',
    ],
  ] as const)('for a messaging change to %j changes nothing else', (change, said) => {
    const sent = tight(encodeMessaging(orderId, messaging(change), (number) => number));
    expect(sent).toContain(`<TnOptionGroups><TnOptionGroup>${said}${tns('+19102414365')}`);
    expect(sent).not.toMatch(/PortOut|Protected|CallForward/);
  });
});

describe('A report', () => {
  test('on a partial move says which numbers moved, why others did not, and what Bandwidth warns about', async () => {
    const xml = `<MoveTnsOrder><OrderId>m1</OrderId><ProcessingStatus>PARTIAL</ProcessingStatus><TelephoneNumbers>${tns('9102414365')}</TelephoneNumbers><Errors><Error><Code>13676</Code><Description>No SMS</Description><TelephoneNumbers>${tns('9102414366')}</TelephoneNumbers></Error></Errors><Warnings><Warning><Description>Skipped</Description></Warning></Warnings></MoveTnsOrder>`;
    expect(decodeMoveReport(await parseXml(xml), log)).toEqual({
      status: 'partial',
      completed: [first],
      failed: [second],
      faults: [
        { code: '13676', description: 'No SMS', numbers: [second] },
        { code: '', description: 'Skipped', numbers: [] },
      ],
    });
  });

  test.each(['RECEIVED', 'PROCESSING', 'FAILED'])(
    'on a move that is %s counts none of the numbers it repeats as moved',
    async (status) => {
      const xml = `<MoveTnsOrder><OrderId>m1</OrderId><ProcessingStatus>${status}</ProcessingStatus><TelephoneNumbers>${tns('+19102414365')}</TelephoneNumbers></MoveTnsOrder>`;
      expect(decodeMoveReport(await parseXml(xml), log)).toMatchObject({ completed: [] });
    },
  );

  test('with an unknown status leaves the order open', async () => {
    const xml =
      '<MoveTnsOrder><OrderId>m1</OrderId><ProcessingStatus>PAUSED</ProcessingStatus></MoveTnsOrder>';
    expect(decodeMoveReport(await parseXml(xml), log)).toMatchObject({
      status: 'processing',
      unknownStatus: 'PAUSED',
    });
    expect(decodeMoveReport(await parseXml('<MoveTnsOrder/>'), log)).toBeUndefined();
  });

  test('on a partial change of options that names no number leaves it open which were changed', async () => {
    const groups = `<TnOptionGroups><TnOptionGroup><TelephoneNumbers>${tns('9102414365', '9102414366')}</TelephoneNumbers></TnOptionGroup></TnOptionGroups>`;
    const report = async (inside: string) =>
      decodeOptionsReport(
        await parseXml(
          `<TnOptionOrder><ProcessingStatus>PARTIAL</ProcessingStatus>${groups}${inside}</TnOptionOrder>`,
        ),
        log,
      );
    expect(await report('')).toMatchObject({ status: 'partial', completed: [] });
    const error = `<ErrorList><Error><Code>5166</Code><Description>No SMS</Description>${tns('9102414366')}</Error></ErrorList>`;
    expect(await report(error)).toMatchObject({ completed: [first], failed: [second] });
  });
});

describe('A lost move', () => {
  const sent = { id: orderId, request: move, sentAt: noon };
  const listed = (rows: string) => `<MoveTnsOrders><TotalCount>1</TotalCount>${rows}</MoveTnsOrders>`;
  const row = (inside: string) => `<MoveTnsOrderSummary><OrderId>m1</OrderId>${inside}</MoveTnsOrderSummary>`;
  const find = async (
    rows: string,
    identity: Awaited<ReturnType<Parameters<typeof findChange>[1]['open']>>,
  ) =>
    findChange(sent, {
      asked: 'the list of moves',
      readPage: async () =>
        decodeChangeList(await parseXml(listed(rows)), 'movetnsorders', 'movetnsordersummary'),
      open: async () => identity,
    });

  test('is found by its id in the list, in the order, or by its numbers alone', async () => {
    const named = row(`<CustomerOrderId>${orderId.toUpperCase()}</CustomerOrderId>`);
    expect(await find(named, { numbers: [] })).toEqual({ ours: ['m1'], sameNumbers: [] });
    expect(await find(row(''), { customerOrderId: orderId, numbers: [] })).toMatchObject({ ours: ['m1'] });
    expect(await find(row(''), { numbers: inService.map(({ number }) => number) })).toEqual({
      ours: [],
      sameNumbers: ['m1'],
    });
  });

  test('isn’t someone else’s, nor one of other numbers; and one that says nothing decides nothing', async () => {
    const none = { ours: [], sameNumbers: [] };
    expect(await find(row('<CustomerOrderId>another</CustomerOrderId>'), { numbers: [] })).toEqual(none);
    expect(await find(row(''), { numbers: numbers('9102414365') })).toEqual(none);
    await expect(find(row(''), { numbers: [] })).rejects.toThrow('names neither its order nor its numbers');
    await expect(find('<Stranger>1</Stranger>', { numbers: [] })).rejects.toThrow('not all were listed');
  });
});

test('Campaigns are read whatever element contains the list', async () => {
  const campaign =
    '<MessagingA2pCampaign><CampaignId>CA1B2C3</CampaignId><Description>Reminders</Description><MessageClass>F</MessageClass></MessagingA2pCampaign>';
  const read = [{ id: 'CA1B2C3', description: 'Reminders', messageClass: 'F' }];
  expect([...decodeCampaigns(await parseXml(`<A><B>${campaign}</B></A>`))]).toEqual(read);
  expect(decodeCampaigns(await parseXml('<A><MessagingA2pCampaign/></A>'))).toHaveLength(0);
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type LocalBandwidth, startLocalBandwidth } from '../../sandbox/local-bandwidth/local-bandwidth.js';
import { makeBandwidth } from '../../src/bandwidth/client.js';
import { basicCredentials } from '../../src/bandwidth/credentials.js';
import type { Carrier } from '../../src/orders/ports/carrier.js';
import { aDisconnect, ORDER_ID, phone, recordingLog } from './support.js';

let local: LocalBandwidth;
let bandwidth: Carrier & { close(): void };

beforeEach(async () => {
  local = await startLocalBandwidth({
    orderDelayMs: 'manual',
    inService: { ours: ['9102414365', '9103174992'], strangers: ['7034343704'] },
  });
  bandwidth = makeBandwidth({
    accountId: local.accountId,
    apiUrl: local.apiUrl,
    credentials: basicCredentials(local, { clock: Date }),
    clock: { now: Date.now },
    log: recordingLog(),
  });
});

afterEach(async () => {
  bandwidth.close();
  await local.close();
});

const two = aDisconnect({
  inService: [{ number: phone('9102414365') }, { number: phone('9103174992') }],
});
const sent = () => ({ id: ORDER_ID, request: two, sentAt: Date.now() });

describe('Against the local Bandwidth', () => {
  test('numbers are looked up, disconnected, and no longer in service', async () => {
    local.attach('9102414365', { messaging: true });
    const asked = ['7034343704', '9102414365', '2125550100'].map(phone);
    expect(await bandwidth.lookUpNumbers(asked)).toMatchObject([
      { standing: 'not-ours' },
      {
        standing: 'in-service',
        record: {
          site: { name: 'Raleigh office' },
          location: { name: 'Main SIP trunk' },
          byOrder: expect.any(String),
          hanging: { e911: false, messaging: true },
        },
      },
      { standing: 'not-ours' },
    ]);
    local.leaves('9103174992');
    const placement = await bandwidth.place(ORDER_ID, two);
    const id = local.disconnects()[0]?.id ?? '';
    expect(placement).toEqual({ outcome: 'taken', carrierOrderId: id });
    expect(await bandwidth.report('disconnect', id)).toMatchObject({ status: 'received' });
    local.finish(id);
    expect(await bandwidth.report('disconnect', id)).toMatchObject({
      status: 'partial',
      completed: [phone('9102414365')],
      failed: [phone('9103174992')],
      faults: [{ code: '5006' }],
    });
    expect(await bandwidth.lookUpNumbers([phone('9102414365')])).toEqual([
      { standing: 'not-in-service', number: phone('9102414365'), status: 'Aging' },
    ]);
  });

  test('more than a hundred numbers are looked up in one list', async () => {
    const strangers = Array.from({ length: 100 }, (_, at) => phone(`212555${String(at).padStart(4, '0')}`));
    const standings = await bandwidth.lookUpNumbers([...strangers, phone('9102414365')]);
    expect(standings.map(({ standing }) => standing)).toEqual([
      ...strangers.map(() => 'not-ours'),
      'in-service',
    ]);
    expect(local.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/tns']);
  });

  test.each([
    ['opened', {}],
    ['named in the list', { disconnectListNamesOrders: true }],
    ['found by its number, not listed yet', { listOmitsReceived: true }],
  ])('a disconnect whose answer was cut off is %s', async (how, switches) => {
    local.set(switches);
    expect(await bandwidth.find(sent())).toEqual([]);
    local.fail({ method: 'POST', path: /disconnects$/, how: 'reset-after-accept' });
    expect(await bandwidth.place(ORDER_ID, two)).toMatchObject({ outcome: 'unknown' });
    const id = local.disconnects()[0]?.id ?? '';
    if (how.endsWith('not listed yet')) {
      expect(await bandwidth.find(sent())).toEqual([]);
      local.finish(id);
      local.fail({ method: 'GET', path: /disconnects$/, how: 503 });
    }
    expect(await bandwidth.find(sent())).toEqual([id]);
    expect(local.disconnects()).toHaveLength(1);
  });
});

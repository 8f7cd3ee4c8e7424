import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import { asPlainText, type LocalSlack } from '../../sandbox/local-slack/local-slack.js';
import { people } from '../../sandbox/sample-workspace.js';
import { makeBandwidth } from '../../src/bandwidth/client.js';
import { basicCredentials } from '../../src/bandwidth/credentials.js';
import { CHANNEL, type MeasuredApp, startMeasuredApp } from '../app-to-measure.js';
import { purchase } from '../placed-orders.js';
import type { Row } from '../row.js';
import { silentLog } from '../silent-log.js';

const LINES = 100;
/** How many lines the app sends at once. */
const CONCURRENCY = 8;
/** What the app sends in a minute unless `BW_ORDERS_PER_MINUTE` says otherwise. */
const ORDERS_A_MINUTE = 90;

export const lines: Row = {
  name: 'lines',
  about: 'an order of 100 lines, from the last approval until all are placed at Bandwidth',
  async run({ times }) {
    const count = Math.min(LINES, times * 10);
    const measured = await startMeasuredApp({
      settings: { MAX_NUMBERS_PER_ORDER: String(count), BW_ORDERS_PER_MINUTE: String(ORDERS_A_MINUTE) },
    });
    try {
      await requested(measured, count);
      const alone = await sentAlone(measured, count);
      const before = measured.bandwidth.requests.length;
      const took = await approvedToPlaced(measured, count);
      const lookups = measured.bandwidth.requests
        .slice(before)
        .filter(({ method }) => method === 'GET').length;
      const floor = (count / ORDERS_A_MINUTE) * 60_000;
      return [
        {
          what: `order of ${count} lines: approved → all placed`,
          unit: 's',
          median: took / 1000,
          floor: floor / 1000,
          ratio: took / floor,
          goal: '≤ 1 ×',
          met: took <= floor,
          note: `floor: what ${ORDERS_A_MINUTE} orders a minute allow; the client alone sends them in ${(alone / 1000).toFixed(1)} s, ${CONCURRENCY} at once; ${lookups} lookups until then`,
        },
      ];
    } finally {
      await measured.close();
    }
  },
};

async function requested({ slack }: MeasuredApp, count: number): Promise<void> {
  const ana = slack.person(people.ana.id);
  await ana.types(CHANNEL, `/numbers order ${Array.from({ length: count }, () => '910 x1').join(', ')}`);
  const form = await ana.form();
  await form.choose('Sub-account', 'Raleigh office');
  await form.fill('Reason', 'To be measured');
  const submitted = await form.submit();
  if (submitted !== 'closed') throw new Error(`the form was not taken: ${JSON.stringify(form.errors)}`);
  await slack.until(() => card(slack) !== undefined, { describe: 'the card' });
}

const card = (slack: LocalSlack) =>
  slack.messages(CHANNEL).findLast((each) => asPlainText(each).includes('[Approve & order]'));

async function sentAlone({ bandwidth }: MeasuredApp, count: number): Promise<number> {
  const client = makeBandwidth({
    accountId: bandwidth.accountId,
    apiUrl: bandwidth.apiUrl,
    credentials: basicCredentials(bandwidth, { clock: Date }),
    clock: Date,
    log: silentLog,
  });
  const began = performance.now();
  await pMap(Array.from({ length: count }), () => client.place(randomUUID(), purchase), {
    concurrency: CONCURRENCY,
  });
  client.close();
  return performance.now() - began;
}

async function approvedToPlaced({ slack, bandwidth }: MeasuredApp, count: number): Promise<number> {
  const waiting = card(slack);
  if (waiting === undefined) throw new Error('there is no card to approve');
  const ours = () =>
    bandwidth.orders().filter(({ customerOrderId }) => customerOrderId?.includes('x')).length;
  const began = performance.now();
  await slack.person(people.ben.id).presses(waiting, 'Approve & order');
  await slack.until(() => ours() === count, { describe: `${count} orders at Bandwidth`, timeoutMs: 120_000 });
  return performance.now() - began;
}

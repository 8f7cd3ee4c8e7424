import { setTimeout as pause } from 'node:timers/promises';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { people } from '../../sandbox/sample-workspace.js';
import { CALLBACK_SECRET, CHANNEL, type MeasuredApp, startMeasuredApp } from '../app-to-measure.js';
import { median, quantile } from '../figures.js';
import type { Finding, Row } from '../row.js';

const GOAL_MS = { polling: 600, callback: 50 };
/** "Most orders end within a second": the carrier takes between these times. */
const CARRIER_MS = { least: 100, most: 1_500 };

export const card: Row = {
  name: 'card',
  about: 'one order: from done at the carrier to the card that says so',
  async run({ times }) {
    // With the default limit, this many orders in a minute would use up the lookups and wait for the next minute.
    const measured = await startMeasuredApp({ settings: { BW_LOOKUPS_PER_MINUTE: '1000' } });
    try {
      const floor = median(await floorTimes(measured, times));
      const findings: Finding[] = [];
      for (const way of ['polling', 'callback'] as const) {
        if (way === 'callback') {
          measured.bandwidth.subscribeJson({ url: measured.callbackUrl, secret: CALLBACK_SECRET });
        }
        const took: number[] = [];
        for (let i = 0; i < times; i++) took.push(await doneToCard(measured, (i + 0.5) / times));
        findings.push({
          what: `carrier done → card, ${way}`,
          unit: 'ms',
          median: median(took),
          p99: quantile(took, 0.99),
          floor,
          ratio: median(took) / floor,
          goal: `median ≤ ${GOAL_MS[way]} ms`,
          met: median(took) <= GOAL_MS[way],
          note: `the carrier takes ${CARRIER_MS.least} to ${CARRIER_MS.most} ms; floor: one lookup and one update, nothing else`,
        });
      }
      return findings;
    } finally {
      await measured.close();
    }
  },
};

/** @param share where this order is between the carrier's shortest and longest time. */
async function doneToCard({ slack, bandwidth }: MeasuredApp, share: number): Promise<number> {
  const placed = await approvedOrder(slack);
  const until = (words: string) =>
    slack.until(() => asPlainText(placed).includes(words), { timeoutMs: 15_000, describe: words });
  await slack.until(() => bandwidth.orders().at(-1)?.status === 'RECEIVED', { describe: 'the order' });
  await pause(CARRIER_MS.least + share * (CARRIER_MS.most - CARRIER_MS.least));
  const id = bandwidth.orders().at(-1)?.id ?? '';
  const began = performance.now();
  bandwidth.finish(id);
  await until('Complete');
  const took = performance.now() - began;
  await slack.until(() => placed.replies.some((each) => asPlainText(each).includes('active')), {
    describe: 'the announcement',
  });
  return took;
}

async function approvedOrder(slack: MeasuredApp['slack']): Promise<Message> {
  const before = new Set(slack.messages(CHANNEL).map(({ ts }) => ts));
  const ana = slack.person(people.ana.id);
  await ana.types(CHANNEL, '/numbers order 919');
  const form = await ana.form();
  await form.choose('Sub-account', 'Raleigh office');
  await form.fill('Reason', 'To be measured');
  await form.submit();
  const card = await slack.until(
    () =>
      slack
        .messages(CHANNEL)
        .find((each) => !before.has(each.ts) && asPlainText(each).includes('waiting for approval')),
    { describe: 'the card' },
  );
  await slack.person(people.ben.id).presses(card, 'Approve & order');
  return card;
}

/** Measures the minimum work: one call to Bandwidth, one to Slack. */
async function floorTimes({ slack, bandwidth }: MeasuredApp, times: number): Promise<readonly number[]> {
  const call = async (url: string, headers: Record<string, string>, body?: URLSearchParams) => {
    const answer = await fetch(url, body === undefined ? { headers } : { method: 'POST', headers, body });
    return answer.text();
  };
  const bot = { authorization: `Bearer ${slack.botToken}` };
  const basic = Buffer.from(`${bandwidth.username}:${bandwidth.password}`).toString('base64');
  const posted = await call(
    `${slack.apiUrl}chat.postMessage`,
    bot,
    new URLSearchParams({ channel: CHANNEL, text: 'floor' }),
  );
  const { ts } = JSON.parse(posted) as { ts: string };
  const taken: number[] = [];
  for (let i = 0; i < times + 5; i++) {
    const began = performance.now();
    await call(`${bandwidth.apiUrl}/accounts/${bandwidth.accountId}/sites`, {
      authorization: `Basic ${basic}`,
    });
    await call(
      `${slack.apiUrl}chat.update`,
      bot,
      new URLSearchParams({ channel: CHANNEL, ts, text: `floor ${i}` }),
    );
    if (i >= 5) taken.push(performance.now() - began);
  }
  return taken;
}

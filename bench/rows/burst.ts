import { setTimeout as pause } from 'node:timers/promises';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { people } from '../../sandbox/sample-workspace.js';
import { CALLBACK_SECRET, CHANNEL, openSlack, startMeasuredApp } from '../app-to-measure.js';
import { bandwidthWith, putPlacedOrders } from '../placed-orders.js';
import type { Row } from '../row.js';

const ORDERS = 1_000;
/** Slack gives the wait in whole seconds, so a faster clock than this would waste its allowance. */
const SPEED = 5;
const UPDATES_PER_MINUTE = 50;
const UPDATES_AT_ONCE = 50;
const LOOKUPS_PER_MINUTE = 90;
const MAX_TIMES_THE_LIMIT = 1.1;
const MAX_ACK_MS = 1_000;

export const burst: Row = {
  name: 'burst',
  about: 'a thousand orders that end in the same second, while Slack limits updates',
  async run({ sizes }) {
    const count = Math.min(ORDERS, Math.max(...sizes));
    const { bandwidth, orders } = await bandwidthWith(count);
    const slack = await openSlack();
    const cards: { id: string; carrierOrderId: string; ts: string }[] = [];
    for (const order of orders) cards.push({ ...order, ts: await postCard(slack) });
    const measured = await startMeasuredApp({
      bandwidth,
      slack,
      settings: { BW_LOOKUPS_PER_MINUTE: String(LOOKUPS_PER_MINUTE * SPEED) },
      prepare: (storeUrl) => putPlacedOrders(storeUrl, cards, Date.now() - 60_000),
    });
    try {
      bandwidth.subscribeJson({ url: measured.callbackUrl, secret: CALLBACK_SECRET });
      // Waits for the lookups at startup to finish.
      await pause(5_000);
      bandwidth.limitRate({ perMinute: LOOKUPS_PER_MINUTE * SPEED });
      slack.limitRates(SPEED);
      const limitS =
        Math.max(
          (count - UPDATES_AT_ONCE) / (UPDATES_PER_MINUTE / 60),
          Math.max(0, count - LOOKUPS_PER_MINUTE) / (LOOKUPS_PER_MINUTE / 60),
        ) / SPEED;
      const allowedS = Math.max(limitS, 5);

      const acks: number[] = [];
      let over = false;
      const commands = (async () => {
        while (!over) {
          const began = performance.now();
          await slack.person(people.ana.id).types(CHANNEL, '/numbers help');
          acks.push(performance.now() - began);
          await pause(1_000);
        }
      })();
      const began = performance.now();
      for (const { carrierOrderId } of orders) bandwidth.finish(carrierOrderId);
      const byTs = new Map(slack.messages(CHANNEL).map((message) => [message.ts, message]));
      const right = () =>
        cards.filter(({ ts }) => {
          const message = byTs.get(ts) ?? slack.messages(CHANNEL).find((each) => each.ts === ts);
          return message !== undefined && /^\S* ?(?:Complete|Failed)/.test(asPlainText(message));
        }).length;
      const giveUpAt = began + allowedS * 3_000;
      while (right() < count && performance.now() < giveUpAt) await pause(250);
      const tookS = (performance.now() - began) / 1000;
      over = true;
      await commands;
      const done = right();
      return [
        {
          what: `${count} orders end at once: all cards right`,
          unit: 's',
          median: tookS,
          floor: limitS,
          ratio: tookS / limitS,
          ...(count === ORDERS
            ? {
                goal: `≤ ${MAX_TIMES_THE_LIMIT} × what the slower limit allows, none lost, commands acked within 1 s`,
                met:
                  done === count && tookS <= limitS * MAX_TIMES_THE_LIMIT && Math.max(...acks) <= MAX_ACK_MS,
              }
            : {}),
          note: `${done} of ${count} right; both limits ${SPEED} times as fast; longest ack ${Math.max(...acks).toFixed(0)} ms of ${acks.length}`,
        },
      ];
    } finally {
      await measured.close();
    }
  },
};

async function postCard(slack: Awaited<ReturnType<typeof openSlack>>): Promise<string> {
  const answer = await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.botToken}` },
    body: new URLSearchParams({ channel: CHANNEL, text: 'Received by Bandwidth' }),
  });
  const { ts } = (await answer.json()) as { ts: string };
  return ts;
}

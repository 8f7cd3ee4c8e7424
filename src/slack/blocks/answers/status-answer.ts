import type { ServiceStatus, StatusCounts, Working } from '../../../orders/use-cases/report-status.js';
import { COMMAND } from '../../commands/command.js';
import { context, section } from '../elements.js';
import { count, figure, moment } from '../format.js';
import type { Answer } from './problems.js';

/** A private answer: what works, what doesn't, and what waits. */
export function statusAnswer(status: ServiceStatus): Answer {
  const parts = [status.posting, status.bandwidth, status.database];
  const title = parts.some(({ works }) => works === 'no')
    ? "Something doesn't work right now."
    : parts.some(({ works }) => works === 'not-known')
      ? "I don't know if everything works right now."
      : 'Everything works.';
  const services = [
    `*Slack:* ${slackWords(status.posting)}`,
    `*Bandwidth:* ${bandwidthWords(status.bandwidth)}`,
    `*Database:* ${databaseWords(status.database)}`,
  ];
  const waiting = orderLines(status);
  const notes = [
    'Only you see this.',
    ...(status.onlyOwn ? ['Only your own requests are counted.'] : []),
  ].join(' ');
  return {
    text: [title, ...services, ...waiting].join('\n'),
    blocks: [section([`*${title}*`, ...services].join('\n')), section(waiting.join('\n')), context(notes)],
  };
}

const since = (working: Extract<Working, { works: 'no' }>): string =>
  working.since === undefined ? "I don't know since when" : `since ${moment(working.since)}`;

function slackWords(posting: Working): string {
  if (posting.works !== 'no') return 'works. Your command reached me.';
  return `your command reached me, but I can't post messages, ${since(posting)}. Cards are posted as soon as I can.`;
}

function bandwidthWords(bandwidth: Working): string {
  if (bandwidth.works === 'yes') return 'works.';
  if (bandwidth.works === 'not-known') {
    return "status unknown: it didn't answer in time. Approved orders wait until it does.";
  }
  switch (bandwidth.trouble) {
    case 'credentials':
      return "doesn't accept my credentials, so nothing can be searched or ordered. An admin has to fix that.";
    case 'forbidden':
    case 'missing':
    case 'refused':
      return "doesn't let me read the account. An admin has to check the credentials.";
    case 'throttled':
      return 'gets too many requests from this account right now. Orders take longer.';
    default:
      return `doesn't answer properly, ${since(bandwidth)}. Approved orders wait until it does.`;
  }
}

function databaseWords(database: Working): string {
  if (database.works === 'yes') return 'works.';
  return database.works === 'no'
    ? "can't be reached, so nothing can be requested or approved. An admin has to fix that."
    : "status unknown: it didn't answer in time.";
}

function orderLines({ orders }: ServiceStatus): readonly string[] {
  if (orders === undefined) return ["I don't know how many orders are waiting: I couldn't read them."];
  const { waiting, sending, placed, untraced, unreadable, isPart } = orders;
  const none = waiting.count + sending + placed + untraced + unreadable === 0;
  if (none) return ['No orders are open.'];
  return [
    waitingWords(waiting),
    ...(untraced === 0
      ? []
      : [
          `${orderCount(untraced)} sent, but Bandwidth has no record of ${untraced === 1 ? 'it' : 'them'} or I can't check. Someone has to decide on the card: \`${COMMAND} orders open\``,
        ]),
    ...(sending === 0 ? [] : [`${orderCount(sending)} approved and on the way to Bandwidth.`]),
    ...(placed === 0
      ? []
      : [`${orderCount(placed)} placed; Bandwidth is working on ${placed === 1 ? 'it' : 'them'}.`]),
    ...(unreadable === 0
      ? []
      : [`${count(unreadable, 'order')} can't be read. An admin has to look at my log.`]),
    ...(isPart === true ? ['There are more; I counted the newest 500.'] : []),
  ];
}

function waitingWords({ count: quantity, oldest }: StatusCounts['waiting']): string {
  if (quantity === 0 || oldest === undefined) return 'No orders are waiting for approval.';
  return quantity === 1
    ? `1 order is waiting for approval, since ${moment(oldest)}: \`${COMMAND} orders waiting\``
    : `${figure(quantity)} orders are waiting for approval, the oldest since ${moment(oldest)}: \`${COMMAND} orders waiting\``;
}

const orderCount = (quantity: number): string =>
  `${count(quantity, 'order')} ${quantity === 1 ? 'was' : 'were'}`;

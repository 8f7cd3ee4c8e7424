import type { LocalBandwidth } from '../local-bandwidth/local-bandwidth.js';
import type { LocalSlack } from '../local-slack/local-slack.js';
import { numbersChannel } from '../sample-workspace.js';

interface Neighbors {
  readonly slack: LocalSlack;
  readonly bandwidth: LocalBandwidth;
}

/** Something that goes wrong outside the app. */
export interface Trouble {
  readonly name: string;
  /** Set when it can delay everything for tens of seconds. */
  readonly slow?: boolean;
  begin(neighbors: Neighbors): void;
}

const atBandwidth = (
  name: string,
  fault: Parameters<LocalBandwidth['fail']>[0],
  more: { slow?: boolean } = {},
): Trouble => ({ name: `Bandwidth: ${name}`, ...more, begin: ({ bandwidth }) => void bandwidth.fail(fault) });

const atSlack = (
  method: string,
  name: string,
  fault: Parameters<LocalSlack['fail']>[1],
  more: { slow?: boolean } = {},
): Trouble => ({
  name: `Slack: ${method} ${name}`,
  ...more,
  begin: ({ slack }) => slack.fail(method, fault),
});

const order = { method: 'POST', path: /\/orders$/ };
const lookUp = { method: 'GET', path: /\/orders$/ };
const report = { method: 'GET', path: /\/orders\/./ };
const token = { method: 'POST', path: /\/oauth2\/token$/ };

/** Affect the next orders, lookups, reports or tokens. */
const bandwidthTroubles: readonly Trouble[] = [
  atBandwidth('429 to the order, reset in a second', { ...order, how: 429, resetSeconds: 1 }),
  atBandwidth('503 to the order, which was not accepted', { ...order, how: 503 }),
  atBandwidth('500 to the order, which was accepted', { ...order, how: 500, accepted: true }),
  atBandwidth('connection reset before the order was read', { ...order, how: 'reset-before-read' }),
  atBandwidth('connection reset after the order was accepted', { ...order, how: 'reset-after-accept' }),
  atBandwidth('no answer to the order, which was accepted', { ...order, how: 'hang-after-accept' }),
  atBandwidth('no answer to the order, which was not accepted', { ...order, how: 'hang' }),
  atBandwidth('the answer to the order arrives slowly', { ...order, how: 'drip', everyMs: 2 }),
  atBandwidth('the answer to the order is cut off', { ...order, how: 'cut' }),
  atBandwidth('half a document as the answer to the order', { ...order, how: 'truncated' }),
  atBandwidth("a gateway's page as the answer to the order, which was accepted", {
    ...order,
    how: 'html',
    accepted: true,
  }),
  atBandwidth('empty 403 to two lookups', { ...lookUp, how: 403, times: 2 }),
  atBandwidth('429 to a lookup, reset in two seconds', { ...lookUp, how: 429, resetSeconds: 2 }),
  atBandwidth('500 to a lookup', { ...lookUp, how: 500 }),
  atBandwidth('connection reset during two lookups', { ...lookUp, how: 'reset-before-read', times: 2 }),
  atBandwidth('429 to a report, reset in a second', { ...report, how: 429, resetSeconds: 1 }),
  atBandwidth('503 to three reports', { ...report, how: 503, times: 3 }),
  atBandwidth('empty 403 to a report', { ...report, how: 403 }),
  atBandwidth('a report is cut off', { ...report, how: 'cut' }),
  atBandwidth('a report arrives slowly', { ...report, how: 'drip', everyMs: 2 }),
  atBandwidth("a gateway's page instead of a report", { ...report, how: 'html' }),
  atBandwidth('no answer to a report', { ...report, how: 'hang' }, { slow: true }),
  atBandwidth('500 to a token', { ...token, how: 500 }),
  {
    name: 'Bandwidth: the list leaves out orders still received',
    begin: ({ bandwidth }) => bandwidth.set({ listOmitsReceived: true }),
  },
  {
    name: 'Bandwidth: 201 without a status',
    begin: ({ bandwidth }) => bandwidth.set({ omitOrderStatus: true }),
  },
  {
    name: 'Bandwidth: no orders are a 404',
    begin: ({ bandwidth }) => bandwidth.set({ emptyOrderList: 404 }),
  },
];

const slackTroubles: readonly Trouble[] = ['chat.postMessage', 'chat.update'].flatMap((method) => [
  atSlack(method, '429, Retry-After 1', { retryAfter: 1 }),
  atSlack(method, '500', { status: 500 }),
  atSlack(method, '500 three times', { status: 500, times: 3 }),
  atSlack(method, '500, but done', { status: 500, carriedOut: true }),
  atSlack(method, 'never answered, but done', { hang: true, carriedOut: true }, { slow: true }),
  atSlack(method, 'never answered', { hang: true }, { slow: true }),
]);

const slackForPeople: readonly Trouble[] = [
  atSlack('views.open', '500', { status: 500 }),
  atSlack('usergroups.users.list', '500', { status: 500 }),
  atSlack('usergroups.users.list', '429, Retry-After 1', { retryAfter: 1 }),
  atSlack('auth.test', '500', { status: 500, times: 2 }),
  atSlack('apps.connections.open', '500', { status: 500, times: 2 }),
  atSlack('apps.connections.open', '429, Retry-After 1', { retryAfter: 1 }),
];

/** Set up at the beginning, waiting for the call they affect. */
export const presetTroubles: readonly Trouble[] = [...bandwidthTroubles, ...slackTroubles, ...slackForPeople];

/** Start in the middle of a run. */
export const suddenTroubles: readonly Trouble[] = [
  {
    name: 'Slack refreshes the sockets',
    begin: ({ slack }) => slack.disconnectSockets('refresh_requested'),
  },
  { name: 'the sockets are cut', begin: ({ slack }) => slack.loseSockets('cut') },
  {
    name: 'the sockets fall silent',
    slow: true,
    begin: ({ slack }) => slack.loseSockets('silent'),
  },
  { name: 'three deliveries come twice', begin: ({ slack }) => slack.deliverTwice(3) },
  { name: 'a person deletes the card of an active order', begin: ({ slack }) => deleteCard(slack) },
];

/**
 * Deletes only the first card of an active order: nothing would redraw the card of an order that is finished or waits
 * for people.
 */
function deleteCard(slack: LocalSlack): void {
  const look = () => {
    const card = slack
      .messages(numbersChannel.id)
      .find(({ metadata, text }) => metadata !== undefined && /^(?:🔄|📨|📦|⚠️)/u.test(text));
    if (card === undefined) return;
    slack.off('change', look);
    slack.workspace.remove(card);
  };
  slack.on('change', look);
  look();
}

import {
  isDuplicate,
  type OrderType,
  orderTypes,
  type Subscribing,
  type Subscription,
  type Subscriptions,
} from '../bandwidth/subscriptions.js';
import type { Callbacks } from '../config/callback-settings.js';

export const commandVerbs = ['list', 'create', 'renew', 'remove'] as const;
export type CommandVerb = (typeof commandVerbs)[number];

/**
 * Runs `npm run callbacks -- list | create | renew | remove`. Touches only our own subscriptions: the ones with our
 * address. Returns false when some of it failed; the printed lines say what. Throws CarrierError.
 *
 * @param deps.print takes one line.
 */
export async function runCallbacksCommand(
  verb: CommandVerb,
  deps: { callbacks: Callbacks; subscriptions: Subscriptions; print: (line: string) => void },
): Promise<boolean> {
  const { callbacks, subscriptions, print } = deps;
  const isOurs = (each: Subscription) => each.url === callbacks.url && each.orderId === undefined;
  const ours = (all: readonly Subscription[], type: OrderType) =>
    all.find((each) => isOurs(each) && each.orderType === type);

  async function subscribe(orderType: OrderType, basic: Subscribing['basic']): Promise<boolean> {
    const wanted = { orderType, url: callbacks.url, basic };
    const there = ours(await subscriptions.list(), orderType);
    if (there !== undefined) {
      await subscriptions.renew(there.id, wanted);
      const already = verb === 'create' ? 'already subscribed; ' : '';
      print(`${orderType}: ${already}renewed with the current user name and password.`);
      return true;
    }
    if (verb === 'renew') {
      print(`${orderType}: not subscribed. Run: npm run callbacks -- create`);
      return false;
    }
    try {
      await subscriptions.create(wanted);
      print(`${orderType}: subscribed.`);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Another run was faster, or Bandwidth spells our address differently.
      const duplicate = ours(await subscriptions.list(), orderType);
      if (duplicate === undefined) {
        print(
          `${orderType}: Bandwidth says this subscription exists (16008), but doesn't list it with this address. Remove it in the Bandwidth App, then run this again.`,
        );
        return false;
      }
      await subscriptions.renew(duplicate.id, wanted);
      print(`${orderType}: already subscribed (16008); renewed.`);
    }
    return true;
  }

  /** Subscribes to each type separately, so a failure says which type it was and doesn't undo the others. */
  async function subscribeAll(basic: Subscribing['basic']): Promise<boolean> {
    let all = true;
    for (const type of orderTypes) {
      try {
        all = (await subscribe(type, basic)) && all;
      } catch (error) {
        print(`${type}: not ${verb === 'renew' ? 'renewed' : 'subscribed'}.`);
        throw error;
      }
    }
    return all;
  }

  async function list(): Promise<void> {
    const all = await subscriptions.list();
    for (const type of orderTypes) {
      const found = ours(all, type);
      print(found === undefined ? `${type}: not subscribed.` : `${type}: ${describe(found)}`);
    }
    const others = all.filter((each) => !isOurs(each)).length;
    if (others > 0) print(`${others} more on this account, with other addresses, were left alone.`);
  }

  async function remove(): Promise<void> {
    const all = await subscriptions.list();
    for (const type of orderTypes) {
      const found = all.filter((each) => isOurs(each) && each.orderType === type);
      for (const { id } of found) await subscriptions.remove(id);
      print(found.length === 0 ? `${type}: not subscribed.` : `${type}: removed.`);
    }
  }

  print(`XML notices (subscriptions v1) to ${callbacks.url}`);
  let done = true;
  if (verb === 'list' || verb === 'create') for (const line of announcement) print(line);
  if (verb === 'list') await list();
  else if (verb === 'remove') await remove();
  else if (callbacks.basic === undefined) {
    print("These need CALLBACK_USERNAME and CALLBACK_PASSWORD, which aren't set.");
  } else {
    done = await subscribeAll(callbacks.basic);
  }
  for (const line of jsonAdvice(verb, callbacks)) print(line);
  return done;
}

/** What is documented about subscriptions v1, and when it was read. */
const announcement: readonly string[] = [
  'Bandwidth recommends subscriptions v2 instead: v1 "will be decommissioned in the future", without a date; both work for now',
  '(read on November 29, 2026: https://www.bandwidth.com/support/en/articles/15120409). There are none for moves.',
];

const DAY_S = 86_400;
const YEAR_DAYS = 366;
/** A subscription that ends this soon gets a warning. */
const SOON_S = 30 * DAY_S;

function describe({ username, secondsLeft, lastDelivery }: Subscription): string {
  const soon = secondsLeft !== undefined && secondsLeft < SOON_S ? '. Run: npm run callbacks -- renew' : '';
  return [
    username === undefined ? 'subscribed, but without credentials' : `subscribed as ${username}`,
    ...(secondsLeft === undefined ? [] : [`ends in ${timeLeft(secondsLeft)}${soon}`]),
    `last delivery: ${lastDelivery?.slice(0, 200) ?? 'not known'}`,
  ].join('; ');
}

/** Rounds down, so people renew too early rather than too late. */
function timeLeft(seconds: number): string {
  const days = Math.floor(seconds / DAY_S);
  if (days < 1) return 'less than a day';
  if (days === 1) return '1 day';
  return days < 2 * YEAR_DAYS ? `${days} days` : `${Math.floor(days / YEAR_DAYS)} years`;
}

/** Bandwidth documents no reliable way to create JSON subscriptions, so a person does it. */
function jsonAdvice(verb: CommandVerb, { url, secret }: Callbacks): readonly string[] {
  if (verb === 'renew') return [];
  const heading = ['', 'JSON notices (subscriptions v2)'];
  if (verb === 'list') return [...heading, "Look in the Bandwidth App: this command can't see them."];
  if (verb === 'remove') return [...heading, "Remove them in the Bandwidth App: this command can't."];
  if (secret === undefined) return [...heading, "Not accepted, because CALLBACK_SECRET isn't set."];
  return [
    ...heading,
    "This command can't create them. In the Bandwidth App, create a subscription:",
    '  definition       Bandwidth_App_Order_Update',
    `  webhook          ${url}`,
    '  HMAC secret      the value of CALLBACK_SECRET',
    '  filters          eventType: order_change; no orderType, so that moves and messaging are included',
    "They don't expire.",
  ];
}

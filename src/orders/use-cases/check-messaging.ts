import { nationalDigits, type PhoneNumber } from '../domain/phone-number.js';
import type { ListedCampaign, MessagingChange, NumberInService, OrderId } from '../domain/request.js';
import { isTollFreePrefix } from '../domain/search/criteria.js';
import { type Carrier, CarrierError } from '../ports/carrier.js';
import type { Log } from '../ports/log.js';
import type { CheckNumbers, NumberProblem } from './check-numbers.js';

/** What a messaging change needs, or why it can't be requested. */
export type CheckedMessaging =
  | { readonly inService: readonly NumberInService[]; readonly change: MessagingChange }
  | { readonly problems: readonly NumberProblem[] }
  /** It isn't among the account's campaigns. */
  | { readonly campaign: 'not-ours' };

export type CheckMessaging = (
  asked: { readonly numbers: readonly PhoneNumber[]; readonly change: MessagingChange },
  orderId: OrderId,
) => Promise<CheckedMessaging>;

/**
 * Looks up every number, the campaign and the locations before anyone is asked to approve. What can't be found out about
 * a campaign or a location, for which the credentials may lack the role, is left to Bandwidth. Throws CarrierError or
 * StoreError.
 */
export function makeCheckMessaging(deps: {
  checkNumbers: CheckNumbers;
  carrier: Pick<Carrier, 'campaigns' | 'takesMessages'>;
  log: Pick<Log, 'warn'>;
}): CheckMessaging {
  const { checkNumbers, carrier, log } = deps;

  /** The campaign with what Bandwidth lists about it, or as requested if the list can't be read or isn't complete. */
  async function listed(asked: ListedCampaign): Promise<ListedCampaign | undefined> {
    try {
      const campaigns = await carrier.campaigns();
      const found = campaigns.find(({ id }) => id.toLowerCase() === asked.id.toLowerCase());
      return found ?? (campaigns.unread === undefined ? undefined : asked);
    } catch (err) {
      if (!(err instanceof CarrierError)) throw err;
      log.warn({ err }, 'campaigns could not be read');
      return asked;
    }
  }

  /** Numbers whose location has no messaging. Each location is looked up once. */
  async function unable(inService: readonly NumberInService[]): Promise<readonly NumberProblem[]> {
    const places = new Map(
      inService.flatMap(({ site, location }) =>
        site === undefined || location === undefined
          ? []
          : [[`${site.id}/${location.id}`, { site, location }]],
      ),
    );
    const without = new Set<string>();
    for (const [key, { site, location }] of places) {
      if ((await carrier.takesMessages(site.id, location.id)) === false) without.add(key);
    }
    return inService
      .filter(({ site, location }) => without.has(`${site?.id}/${location?.id}`))
      .map(({ number }) => ({ number, why: 'no-messaging-here' }));
  }

  return async ({ numbers, change: asked }, orderId) => {
    const [checked, campaign] = await Promise.all([
      checkNumbers(numbers, orderId),
      asked.to === 'campaign' ? listed(asked.campaign) : undefined,
    ]);
    if (asked.to === 'campaign' && campaign === undefined) return { campaign: 'not-ours' };
    const change: MessagingChange = campaign === undefined ? asked : { to: 'campaign', campaign };
    if ('problems' in checked) return checked;
    const { inService } = checked;
    const problems = inService.flatMap((record) => problemOf(record, change) ?? []);
    if (problems.length > 0) return { problems };
    const lacking = change.to === 'off' ? [] : await unable(inService);
    return lacking.length > 0 ? { problems: lacking } : { inService, change };
  };
}

function problemOf({ number, hanging }: NumberInService, change: MessagingChange): NumberProblem | undefined {
  const isOff = hanging !== undefined && !hanging.messaging;
  if (change.to === 'off') return isOff ? { number, why: 'already-so' } : undefined;
  if (change.to !== 'campaign') return undefined;
  if (isTollFreePrefix(nationalDigits(number).slice(0, 3))) return { number, why: 'takes-no-campaign' };
  return hanging?.campaign === change.campaign.id ? { number, why: 'already-so' } : undefined;
}

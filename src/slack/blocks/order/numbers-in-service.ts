import { showPhoneNumber } from '../../../orders/domain/phone-number.js';
import type { NumberInService } from '../../../orders/domain/request.js';
import { escapeText } from '../../text/escape.js';
import { cityName } from '../city-name.js';
import { count, figure } from '../format.js';

/** One line about a number that would be disconnected or changed, for its approver. Each part has at most `words` characters. */
export function numberLine(record: NumberInService, words: number, history: boolean): string {
  const { number, city, state, site, location, since, byOrder } = record;
  const short = (text: string, most = words) => escapeText(text.replace(/\s+/g, ' '), most);
  const place = [
    ...(city === undefined ? [] : [short(cityName(city))]),
    ...(state === undefined ? [] : [short(state, 10)]),
  ];
  const put = [
    ...(since === undefined ? [] : [`since ${short(dayOf(since), 30)}`]),
    ...(byOrder === undefined ? [] : [`by order ${short(byOrder, 40)}`]),
  ];
  const facts = [
    ...(place.length === 0 ? [] : [place.join(', ')]),
    ...(site === undefined ? [] : [named(site, short)]),
    ...(location === undefined ? [] : [named(location, short)]),
    ...(history && put.length > 0 ? [put.join(' ')] : []),
    enabledServicesText(record),
  ];
  return `• ${showPhoneNumber(number)} — ${facts.join(' · ')}`;
}

const named = (
  { id, name }: { readonly id: string; readonly name: string },
  short: (text: string, most?: number) => string,
): string => (name.trim() === '' ? short(id) : `${short(name)} (${short(id, 15)})`);

/** Returns only the day. Other formats of Bandwidth's are left unchanged. */
const dayOf = (since: string): string => /^\d{4}-\d{2}-\d{2}(?=T)/.exec(since)?.[0] ?? since;

function enabledServicesText({ hanging, forwarded }: NumberInService): string {
  if (hanging === undefined) return 'E911 and messaging not looked up';
  const campaign = hanging.campaign === undefined ? '' : ` (campaign ${escapeText(hanging.campaign, 20)})`;
  const cut = [
    ...(hanging.e911 ? ['E911'] : []),
    ...(hanging.messaging ? [`messaging${campaign}`] : []),
    ...(forwarded === true ? ['forwarding'] : []),
  ];
  const none = forwarded === false ? 'no E911, no messaging, no forwarding' : 'no E911, no messaging';
  return cut.length === 0 ? none : `⚠️ ${cut.join(' and ')}`;
}

const SITES_SHOWN = 5;

/**
 * Summarizes the numbers of a request when there are too many to list: how many per sub-account, and which services
 * are on them.
 */
export function summaryLines(inService: readonly NumberInService[], words: number): string[] {
  const e911 = inService.filter(({ hanging }) => hanging?.e911 === true).length;
  const messaging = inService.filter(({ hanging }) => hanging?.messaging === true).length;
  const unseen = inService.filter(({ hanging }) => hanging === undefined).length;
  const warning = e911 + messaging > 0 ? '⚠️ ' : '';
  return [
    ...sitesOf(inService, words),
    unseen === inService.length
      ? '• E911 and messaging not looked up'
      : `• ${warning}E911 on ${figure(e911)}, messaging on ${figure(messaging)}${unseen === 0 ? '' : `; ${figure(unseen)} not looked up`}`,
  ];
}

function sitesOf(inService: readonly NumberInService[], words: number): string[] {
  const bySite = new Map<string, { name: string; quantity: number }>();
  for (const { site } of inService) {
    const id = site?.id ?? '';
    const name = site === undefined ? 'sub-account unknown' : `${site.name} (${site.id})`;
    bySite.set(id, { name, quantity: (bySite.get(id)?.quantity ?? 0) + 1 });
  }
  const largest = [...bySite.values()].sort((one, other) => other.quantity - one.quantity);
  const shown = largest.slice(0, SITES_SHOWN);
  const others = largest.slice(SITES_SHOWN);
  const rest = others.reduce((sum, { quantity }) => sum + quantity, 0);
  return [
    ...shown.map(
      ({ name, quantity }) =>
        `• ${escapeText(name.replace(/\s+/g, ' '), words)}: ${count(quantity, 'number')}`,
    ),
    ...(others.length === 0
      ? []
      : [`• ${count(others.length, 'more sub-account')}: ${count(rest, 'number')}`]),
  ];
}

import type { PlainTextOption } from '@slack/types';
import type { ListedCampaign, MessagingChange } from '../../../orders/domain/request.js';
import type { Target } from '../../../orders/use-cases/find-locations.js';
import { plainText } from '../../text/escape.js';
import { limits } from '../limits.js';

// What people choose in the form of a change: a location, or what happens to messaging.

/** The locations in a menu. */
export const locationChoices = (targets: readonly Target[]): { options: PlainTextOption[] } => ({
  options: targets.slice(0, limits.optionsPerSelect).map(locationChoice),
});

export const locationChoice = ({ site, location }: Target): PlainTextOption => ({
  value: `${site.id}/${location.id}`,
  text: plainText(location.name.trim() === '' ? location.id : location.name, limits.optionText),
  description: plainText(`${site.name} · location ${location.id}`, limits.optionText),
});

/** Only ids: the names in a Slack form come from the client. */
export function readLocationChoice(
  value: string,
): { readonly siteId: string; readonly locationId: string } | undefined {
  const [, siteId, locationId] = /^([^/]+)\/([^/]+)$/.exec(value) ?? [];
  return siteId === undefined || locationId === undefined ? undefined : { siteId, locationId };
}

const CAMPAIGN = 'campaign:';

/** What can be done with messaging, and the campaigns that fit the typed text. */
export function messagingChoices(
  campaigns: readonly ListedCampaign[],
  typed: string,
): { options: PlainTextOption[] } {
  const sought = typed.trim().toLowerCase();
  const all: readonly MessagingChange[] = [
    { to: 'on' },
    { to: 'off' },
    ...campaigns.map((campaign) => ({ to: 'campaign' as const, campaign })),
  ];
  const options = all.map(messagingChoice);
  const fits = ({ text, description }: PlainTextOption) =>
    `${text.text} ${description?.text ?? ''}`.toLowerCase().includes(sought);
  return { options: options.filter(fits).slice(0, limits.optionsPerSelect) };
}

export function messagingChoice(change: MessagingChange): PlainTextOption {
  if (change.to !== 'campaign') return { value: change.to, text: plainText(`Turn ${change.to}`) };
  const { id, description } = change.campaign;
  return {
    value: `${CAMPAIGN}${id}`,
    text: plainText(`Campaign ${id}`, limits.optionText),
    ...(description === undefined ? {} : { description: plainText(description, limits.optionText) }),
  };
}

export function readMessagingChoice(value: string): MessagingChange | undefined {
  if (value === 'on' || value === 'off') return { to: value };
  const id = value.startsWith(CAMPAIGN) ? value.slice(CAMPAIGN.length) : '';
  return id === '' ? undefined : { to: 'campaign', campaign: { id } };
}

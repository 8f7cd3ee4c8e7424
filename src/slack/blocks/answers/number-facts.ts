import type {
  Campaign,
  Known,
  NumberDetails,
  NumberServices,
} from '../../../orders/domain/number-details.js';
import { nationalDigits, type PhoneNumber } from '../../../orders/domain/phone-number.js';
import { isTollFreePrefix } from '../../../orders/domain/search/criteria.js';
import { type ServiceStates, serviceNames } from '../../../orders/domain/service-states.js';
import { codeSpan, cut } from '../../text/escape.js';
import { cityName } from '../city-name.js';
import { typed } from '../format.js';
import { stateInWords } from '../order/service-words.js';

// What Bandwidth says about one number.

const isOnAccount = ({ whereabouts }: NumberDetails): boolean =>
  whereabouts === 'in-service' || whereabouts === 'not-in-service';

/** Where it is and since when, a line each. */
export function factLines(details: NumberDetails, siteExists: Known): string[] {
  const { rateCenter, inServiceSince, lastOrder } = details;
  const place = placeOf(details);
  const site = siteOf(details, siteExists);
  const location = locationOf(details);
  const ours = isOnAccount(details);
  return [
    ...(place === undefined
      ? []
      : [`*Place:* ${place}${rateCenter === undefined ? '' : ` · rate center ${typed(rateCenter, 60)}`}`]),
    ...(site === undefined ? [] : [`*Sub-account:* ${site}`]),
    ...(location === undefined ? [] : [`*Location:* ${location}`]),
    ...(ours && inServiceSince !== undefined ? [`*In service since:* ${day(inServiceSince)}`] : []),
    ...(ours && lastOrder !== undefined ? [`*Bandwidth order:* ${lastOrderWords(lastOrder)}`] : []),
  ];
}

function lastOrderWords({ id, type, createdAt }: NonNullable<NumberDetails['lastOrder']>): string {
  const more = [
    ...(type === undefined ? [] : [typed(orderType(type), 60)]),
    ...(createdAt === undefined ? [] : [day(createdAt)]),
  ];
  return `${codeSpan(cut(id, 60))}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}

/** Bandwidth's NEW_NUMBER_ORDER as people would say it. */
const orderType = (type: string): string =>
  /^[A-Z_]+$/.test(type) ? type.toLowerCase().replaceAll('_', ' ') : type;

/** Its place, sub-account and location, as far as they are known. */
export const whereItIs = (details: NumberDetails, siteExists: Known): string[] =>
  [placeOf(details), siteOf(details, siteExists), locationOf(details)].filter((each) => each !== undefined);

function placeOf({ city, state }: NumberDetails): string | undefined {
  const parts = [
    ...(city === undefined ? [] : [typed(cityName(city), 60)]),
    ...(state === undefined ? [] : [typed(state, 10)]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

function siteOf({ site }: NumberDetails, exists: Known): string | undefined {
  if (site === undefined) return undefined;
  return exists === 'no' ? `${typed(site.id, 40)} (no longer on the account)` : named(site);
}

const locationOf = ({ location }: NumberDetails): string | undefined =>
  location === undefined ? undefined : named(location);

const named = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === id || name.trim() === '' ? typed(id, 40) : `${typed(name, 100)} (${typed(id, 40)})`;

/** Only the day of Bandwidth's dates, whose time zones aren't documented; another format is left as it is. */
const day = (date: string): string => typed(/^\d{4}-\d{2}-\d{2}(?=[T ])/.exec(date)?.[0] ?? date, 40);

const answers: Readonly<Record<Known, string>> = {
  yes: 'yes',
  no: 'no',
  'not-known': "not known (Bandwidth doesn't say)",
};

/** What works on it, a line each; none if it isn't on the account. */
export function numberServiceLines(details: NumberDetails, number: PhoneNumber): string[] {
  if (!isOnAccount(details)) return [];
  const { services, activation } = details;
  const activated = activation === undefined ? [] : activationLines(activation);
  if (services === undefined)
    return [...activated, "*E911, messaging and campaign:* not known (they couldn't be looked up)"];
  const { hosted } = services;
  return [
    ...activated,
    `*E911:* ${e911Words(services)}`,
    `*Messaging:* ${answers[services.messaging]}`,
    ...campaignLines(services, number),
    ...(services.voice === 'no' ? ['*Voice:* no'] : []),
    ...(services.protected === 'yes' ? ['*Protected:* yes'] : []),
    ...(hosted.length === 0 ? [] : [`*Another account runs on it:* ${hosted.join(' and ')}`]),
  ];
}

/** What Bandwidth's activation checker says at this moment. */
const activationLines = (states: ServiceStates): string[] => [
  `*Service activation:* ${serviceNames.map((service) => `${service} ${stateInWords(states[service])}`).join(' · ')}`,
];

function e911Words({ e911, e911Outcome }: NumberServices): string {
  const outcome =
    e911Outcome === undefined || /^success$/i.test(e911Outcome)
      ? ''
      : `; the last E911 order ended with ${typed(e911Outcome, 40)}`;
  return `${answers[e911]}${outcome}`;
}

function campaignLines({ messaging, campaign }: NumberServices, number: PhoneNumber): string[] {
  if (isTollFreePrefix(nationalDigits(number).slice(0, 3))) {
    return messaging === 'no'
      ? []
      : ["*Campaign:* none for toll-free numbers; their verification isn't looked up"];
  }
  // Without messaging, only an assigned campaign is worth a line.
  return messaging === 'no' && campaign.state !== 'assigned'
    ? []
    : [`*Campaign:* ${campaignWords(campaign)}`];
}

function campaignWords(campaign: Campaign): string {
  switch (campaign.state) {
    case 'assigned': {
      const { id, messageClass, provisioned } = campaign;
      const more = messageClass === undefined ? '' : `, class ${typed(messageClass.trim(), 40)}`;
      return `${typed(id, 80)}${more}; ${provisionedWords[provisioned]}`;
    }
    case 'location-default':
      return 'the default of its location';
    case 'not-known':
      return answers['not-known'];
  }
}

const provisionedWords: Readonly<Record<Known, string>> = {
  yes: 'fully provisioned',
  no: 'not fully provisioned yet',
  'not-known': "Bandwidth doesn't say whether it's provisioned",
};

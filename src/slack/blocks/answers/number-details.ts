import type { Button, KnownBlock, SectionBlock } from '@slack/types';
import { isTollFreePrefix } from '../../../orders/domain/criteria.js';
import type {
  Campaign,
  Known,
  NumberDetails,
  NumberServices,
} from '../../../orders/domain/number-details.js';
import { fateOf } from '../../../orders/domain/number-fate.js';
import { nationalDigits, type PhoneNumber, showPhoneNumber } from '../../../orders/domain/phone-number.js';
import { type ServiceStates, serviceNames } from '../../../orders/domain/service-states.js';
import { MOST_LOOKED_UP, type NumberLookup } from '../../../orders/use-cases/look-up-number.js';
import { COMMAND } from '../../commands/command.js';
import { codeSpan, cut, escapeText } from '../../escape.js';
import { actions } from '../action-ids.js';
import { cityName } from '../city-name.js';
import { limits } from '../limits.js';
import { writeNumberPress } from '../number-press.js';
import { stateInWords } from '../service-words.js';
import { button, context, figure, row, section, typed } from '../vocabulary.js';
import { wrongNumberSentence } from '../wrong-numbers.js';
import { historyLine, historySections } from './number-history.js';
import type { Answer } from './problems.js';

// What people see who look a number up.

/** Where the answer is shown, and what comes with it. */
export interface NumberAnswerContext {
  /** The channel in which cards of forms opened from here appear. */
  readonly channelId: string;
  /** A sentence before it all. */
  readonly lead?: string;
}

const EXAMPLE = `${COMMAND} who 910-241-4365`;

/** For words that aren't whole numbers; `wrong` is empty if nothing was typed. */
export function whichNumberAnswer(wrong: readonly string[]): Answer {
  const problem = wrong.length === 0 ? 'Which number?' : escapeText(wrongNumberSentence(wrong));
  return plainAnswer(`${problem} Type the whole number, such as ${codeSpan(EXAMPLE)}.`);
}

export const tooManyNumbersAnswer = (quantity: number): Answer =>
  plainAnswer(
    `I look up ${MOST_LOOKED_UP} numbers at a time, and these are ${figure(quantity)}. Type fewer, such as ${codeSpan(EXAMPLE)}.`,
  );

/** Before the details of numbers that somebody wanted to order. */
export const alreadyOursLead = (quantity: number): string =>
  quantity === 1
    ? 'This number is already on your account. Nothing was ordered.'
    : 'These numbers are already on your account. Nothing was ordered.';

/** Everything about one number, or the essentials of several. */
export function numberDetailsAnswer(lookups: readonly NumberLookup[], shown: NumberAnswerContext): Answer {
  const [only] = lookups;
  const lead = shown.lead === undefined ? [] : [section(shown.lead)];
  const blocks: KnownBlock[] = [
    ...lead,
    ...(lookups.length === 1 && only !== undefined
      ? wholeStory(only, shown)
      : lookups.map((lookup) => shortStory(lookup, shown))),
  ];
  return { text: textOf(blocks), blocks };
}

function wholeStory(lookup: NumberLookup, shown: NumberAnswerContext): KnownBlock[] {
  const { details, number } = lookup;
  const pressable = numberButton(lookup, shown.channelId);
  const read = 'advice' in details ? undefined : details;
  const facts = read === undefined ? [] : factLines(read, lookup.siteExists);
  const services = read === undefined ? [] : serviceLines(read, number);
  return [
    section(headSentence(lookup)),
    ...[facts, services].filter((lines) => lines.length > 0).map((lines) => section(lines.join('\n'))),
    ...(read === undefined || read.notRead.length === 0
      ? []
      : [
          context(
            `Not everything could be looked up. ${read.notRead.map((each) => typed(each, 400)).join(' ')}`,
          ),
        ]),
    ...historySections(lookup),
    ...(pressable === undefined ? [] : [row([pressable])]),
  ];
}

function shortStory(lookup: NumberLookup, shown: NumberAnswerContext): SectionBlock {
  const { details, number } = lookup;
  const pressable = numberButton(lookup, shown.channelId);
  const read = 'advice' in details ? undefined : details;
  const facts = read === undefined ? [] : [placeOf(read), siteOf(read, lookup.siteExists), locationOf(read)];
  const lines = [
    headSentence(lookup),
    facts.filter((each) => each !== undefined).join(' · '),
    ...(read === undefined || !isOnAccount(read)
      ? []
      : [
          serviceLines(read, number)
            .map((line) => line.replaceAll('*', ''))
            .join(' · '),
        ]),
    ...(read?.notRead ?? []).map((each) => typed(each, 300)),
    historyLine(lookup),
  ];
  return {
    ...section(lines.filter((line) => line !== '').join('\n')),
    ...(pressable === undefined ? {} : { accessory: pressable }),
  };
}

/** Where the number is, in one or two sentences. */
function headSentence({ number, details, offered }: NumberLookup): string {
  const name = `*${showPhoneNumber(number)}*`;
  if ('advice' in details) return `I couldn't look up ${name} at Bandwidth. ${typed(details.advice, 600)}`;
  const status = details.status === undefined ? undefined : typed(details.status, 40);
  const says = status === undefined ? '' : ` Bandwidth's status for it is ${status}.`;
  switch (details.whereabouts) {
    case 'in-service':
      return /^in[^a-z]*account$/i.test(status ?? '')
        ? `${name} is on your account, but Bandwidth doesn't route calls to it yet.${says}`
        : `${name} is in service on your account.`;
    case 'not-in-service':
      return `${name} is on your account, but not in service.${says}${/aging/i.test(status ?? '') ? ' A released number can usually be reordered for about 30 days.' : ''}`;
    case 'not-in-service-here':
      return `${name} isn't in service on your account. Whether it's on another one isn't known.`;
    case 'other-account':
      return `${name} is on another Bandwidth account, so you can't order or disconnect it.`;
    case 'unassigned':
      return `${name} isn't on your account.${says} ${offerWords[offered]}`;
    case 'no-record':
      return `${name} isn't on your account, and Bandwidth has no record of it. ${offerWords[offered]}`;
    case 'not-known':
      return `I couldn't find out whether ${name} is on your account.${says}`;
  }
}

const offerWords: Readonly<Record<Known, string>> = {
  yes: 'Bandwidth offers it: you can order it.',
  no: "Bandwidth doesn't offer it right now.",
  'not-known': "I couldn't find out whether it can be ordered.",
};

const isOnAccount = ({ whereabouts }: NumberDetails): boolean =>
  whereabouts === 'in-service' || whereabouts === 'not-in-service';

function factLines(details: NumberDetails, siteExists: Known): string[] {
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

function serviceLines(details: NumberDetails, number: PhoneNumber): string[] {
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

/** What can be done with the number, if anything: Disconnect… or Order… */
function numberButton(lookup: NumberLookup, channelId: string): Button | undefined {
  const { number, details, offered, history } = lookup;
  const value = writeNumberPress({ number, channelId });
  const spoken = showPhoneNumber(number);
  const isUnderWay = history?.orders.some((order) => fateOf(order, number) === 'pending') ?? false;
  if ('advice' in details || isUnderWay) return undefined;
  if (details.whereabouts === 'in-service') {
    return button({
      label: 'Disconnect…',
      action: actions.disconnectNumber,
      value,
      spoken: `Disconnect ${spoken}`,
    });
  }
  return offered === 'yes'
    ? button({ label: 'Order…', action: actions.orderNumber, value, spoken: `Order ${spoken}` })
    : undefined;
}

/** The same in plain words, for notifications; whole lines, as many as fit. */
function textOf(blocks: readonly KnownBlock[]): string {
  const lines = blocks.flatMap((block) => {
    if (block.type === 'section') return (block.text?.text ?? '').split('\n');
    if (block.type === 'context')
      return block.elements.flatMap((each) => ('text' in each ? [each.text] : []));
    return [];
  });
  let text = '';
  for (const line of lines) {
    if (text.length + line.length + 1 > limits.messageText) break;
    text += `${text === '' ? '' : '\n'}${line}`;
  }
  return text;
}

const plainAnswer = (text: string): Answer => ({ text, blocks: [section(text)] });

import type { ViewOutput } from '@slack/bolt';
import type { InputBlock } from '@slack/types';
import type { Location, Site } from '../../../orders/domain/request.js';
import { cut, plainText } from '../../text/escape.js';
import { actions } from '../action-ids.js';
import { locationOption, siteOption } from './place-options.js';

// Renders and reads the fields of the order form for where the numbers go: a sub-account and one of its locations.

/** The sub-account's block id while the field is empty; see {@link siteField}. */
const SITE = 'site';
/** The location's block id contains the sub-account, so that choosing another one clears the field. */
const LOCATION = 'location:';

/**
 * Slack keeps a field's value, even an empty one, when the form is redrawn with the same block id. So a sub-account
 * that we fill in gets its own block id, and one that a person chose keeps its id.
 */
export const siteField = (site: Site | undefined, chosenIn: string | undefined): InputBlock => ({
  type: 'input',
  block_id: chosenIn ?? (site === undefined ? SITE : `${SITE}:${site.id}`),
  label: plainText('Sub-account'),
  dispatch_action: true,
  element: {
    type: 'external_select',
    action_id: actions.chooseSite,
    min_query_length: 0,
    placeholder: plainText('Choose a sub-account'),
    ...(site === undefined ? {} : { initial_option: siteOption(site) }),
  },
});

export const locationField = (site: Site | undefined, location: Location | undefined): InputBlock => ({
  type: 'input',
  block_id: `${LOCATION}${site?.id ?? ''}`,
  label: plainText('Location'),
  optional: true,
  hint: plainText("If empty, the sub-account's default location is used."),
  element: {
    type: 'external_select',
    action_id: actions.chooseLocation,
    min_query_length: 0,
    placeholder: plainText(site === undefined ? 'Choose a sub-account first' : 'Default location'),
    ...(location === undefined ? {} : { initial_option: locationOption(location) }),
  },
});

type State = ViewOutput['state'];

/** Returns the block id of the sub-account field in a form. */
export function siteFieldIn(state: State): string {
  const fields = Object.entries(state.values);
  return fields.find(([, elements]) => actions.chooseSite in elements)?.[0] ?? SITE;
}

/** Returns the chosen sub-account, with the name that the client sent: use it only to redraw the same person's form. */
export function chosenSite(state: State): Site | undefined {
  const chosen = state.values[siteFieldIn(state)]?.[actions.chooseSite]?.selected_option;
  return chosen ? { id: chosen.value, name: unescapeText(chosen.text.text) } : undefined;
}

/** Returns the chosen location and the sub-account whose locations its field offered. */
export function chosenLocation(
  state: State,
): { id: string; siteId: string | undefined; blockId: string } | undefined {
  for (const [blockId, elements] of Object.entries(state.values)) {
    const chosen = elements[actions.chooseLocation]?.selected_option;
    if (chosen) {
      const siteId = siteOfLocationField(blockId);
      return { id: chosen.value, siteId, blockId };
    }
  }
  return undefined;
}

/** Returns the sub-account whose locations this field offers; undefined while none is chosen. */
export function siteOfLocationField(blockId: string): string | undefined {
  return blockId.startsWith(LOCATION) ? blockId.slice(LOCATION.length) || undefined : undefined;
}

/** Returns what is missing or doesn't go together, by field. */
export function placeErrors(state: State): Record<string, string> {
  const site = chosenSite(state);
  const location = chosenLocation(state);
  if (site === undefined) return { [siteFieldIn(state)]: 'Choose the sub-account the numbers are for.' };
  return location === undefined || location.siteId === site.id
    ? {}
    : { [location.blockId]: `This location isn't in sub-account ${cut(site.id, 40)}. Choose it again.` };
}

/** Slack may return an option's text with its three entities escaped. */
const unescapeText = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Says above the fields why there is no place to suggest. */
export const placeNotice = (
  place: { readonly problem: keyof typeof placeNotices } | { readonly advice: string },
): string =>
  'problem' in place ? placeNotices[place.problem] : `I couldn't read the sub-accounts. ${place.advice}`;

const placeNotices = {
  'no-sites': 'This account has no sub-accounts yet. An admin can create one in the Bandwidth dashboard.',
  'no-such-site':
    "The sub-account in BW_SITE_ID isn't on this account. Choose another one and tell an admin of this app.",
  'no-such-location':
    "The location in BW_PEER_ID isn't in its sub-account. Choose another one and tell an admin of this app.",
  unreadable:
    "I couldn't read the sub-accounts. Some entries of Bandwidth's list can't be read, and the configured one isn't among the others.",
} as const;

/** Errors under the field of a place that isn't on the account. */
export const placeProblems = {
  'no-such-site': "This sub-account isn't on your Bandwidth account. Choose it again.",
  'no-such-location': "This location isn't in that sub-account. Choose it again.",
} as const;

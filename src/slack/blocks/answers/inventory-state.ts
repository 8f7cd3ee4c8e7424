import type { InventoryFilter } from '../../../orders/domain/inventory-filter.js';
import type { InventoryState } from '../../../orders/ports/inventory.js';
import { count, figure, moment } from '../format.js';

/** How recent and how complete the list is. */
export function listStateWords(state: InventoryState): string[] {
  const { asOf, unread } = state;
  return [
    ...(asOf === undefined ? gatheringWords(state) : [`As of ${moment(asOf)}, and orders here since.`]),
    ...(unread > 0
      ? [`Bandwidth lists ${unread === 1 ? '1 more row' : `${figure(unread)} more rows`} that I can't read.`]
      : []),
    ...missingRoleWords(state),
  ];
}

/** What to say until the whole account has been read once: an incomplete list mustn't look like a complete one. */
export function gatheringWords({ walking, trouble }: InventoryState): string[] {
  const total = walking?.total;
  const read =
    walking === undefined
      ? ''
      : ` ${figure(walking.read)}${total === undefined ? '' : ` of ${figure(total)}`} so far.`;
  return [
    `I'm still reading the account's numbers from Bandwidth.${read} The list isn't complete until then; try again in a few minutes.`,
    ...(trouble === undefined ? [] : [trouble]),
  ];
}

/** Why nothing can be said before the whole account has been read. */
export function incompleteWords(state: InventoryState): string[] {
  const roles = missingRoleWords(state);
  return state.walking === undefined && roles.length > 0 ? roles : gatheringWords(state);
}

/** Says how many more numbers may match, and what isn't known about them. */
export function undecidedWords(filter: InventoryFilter, undecided: number): string[] {
  if (undecided === 0) return [];
  const one = undecided === 1;
  const unknown =
    filter.by === 'place'
      ? `where ${one ? 'it is' : 'they are'}`
      : filter.by === 'name'
        ? `enough about ${one ? 'its place' : 'their places'}, sub-account${one ? '' : 's'} and location${one ? '' : 's'}`
        : `who ordered ${one ? 'it' : 'them'}`;
  return [`${count(undecided, 'more number')} may match: I don't know ${unknown} yet.`];
}

/** Which role would show more. */
export function missingRoleWords({ missingRoles }: InventoryState): string[] {
  const lacks = (role: InventoryState['missingRoles'][number]) => missingRoles.includes(role);
  if (lacks('numbers') && lacks('in-service-numbers') && lacks('locations')) {
    return [
      "Bandwidth doesn't let me list the account's numbers. An admin can give my credentials the role Numbers in the Bandwidth App.",
    ];
  }
  return [
    ...(lacks('numbers')
      ? [
          "I don't know places and dates: my Bandwidth credentials lack the role Numbers. An admin can add it in the Bandwidth App.",
        ]
      : []),
    ...(lacks('locations')
      ? [
          "I don't know every number's sub-account and location: my Bandwidth credentials can't read the locations' numbers.",
        ]
      : []),
  ];
}

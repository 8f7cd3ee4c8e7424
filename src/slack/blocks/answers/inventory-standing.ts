import type { DriftReport } from '../../../orders/ports/drift.js';
import type { MissingRole } from '../../../orders/ports/inventory.js';
import { count, figure, moment } from '../format.js';

/** Says what the report knows, and what it doesn't. */
export function inventoryWords({
  inventory,
  unlistedOrders,
  unreadableOrders,
  unverified,
}: Pick<DriftReport, 'inventory' | 'unlistedOrders' | 'unreadableOrders' | 'unverified'>): string {
  const sentences: string[] = [];
  switch (inventory.standing) {
    case 'complete':
      sentences.push(
        `The account's numbers as of ${moment(inventory.asOf)}; what changed since may be missing.`,
      );
      if (inventory.unread > 0) {
        sentences.push(
          `${count(inventory.unread, 'row')} of Bandwidth's list couldn't be read, so some numbers may be missing here.`,
        );
      }
      sentences.push(...inventory.missingRoles.map((role) => roleSentences[role]));
      break;
    case 'incomplete':
      sentences.push(
        "I haven't listed all of the account's numbers yet, so this says nothing about numbers.",
        ...(inventory.trouble === undefined ? [] : [inventory.trouble]),
        ...inventory.missingRoles.map((role) => roleSentences[role]),
      );
      break;
    case 'too-old':
      sentences.push(
        `I last listed the account's numbers on ${moment(inventory.asOf)}. That is too long ago, so this says nothing about numbers.`,
        ...(inventory.trouble === undefined ? [] : [inventory.trouble]),
      );
  }
  if (unverified !== undefined) {
    const { count: quantity, advice } = unverified;
    sentences.push(
      quantity === 1
        ? "One of our numbers isn't in Bandwidth's list, and Bandwidth didn't say what became of it, so it isn't reported as gone."
        : `${figure(quantity)} of our numbers aren't in Bandwidth's list, and Bandwidth didn't say what became of them, so they aren't reported as gone.`,
      ...(advice === undefined ? [] : [advice]),
    );
  }
  if (unlistedOrders > 0) {
    sentences.push(
      `I don't know which numbers ${count(unlistedOrders, 'order')} delivered, so a number that looks unexplained may be theirs.`,
    );
  }
  if (unreadableOrders > 0) {
    sentences.push(
      `${count(unreadableOrders, 'order')} on record can't be read (my log names ${unreadableOrders === 1 ? 'it' : figure(unreadableOrders)}), so a number that looks unexplained may be theirs.`,
    );
  }
  return sentences.join(' ');
}

const roleSentences: Readonly<Record<MissingRole, string>> = {
  numbers:
    "My Bandwidth credentials lack the role Numbers, so I can't see sub-accounts or what became of single numbers.",
  'in-service-numbers': 'My Bandwidth credentials lack the role for in-service numbers.',
  locations:
    "My Bandwidth credentials can't list sub-accounts or locations, so I can't tell whether a number was moved.",
};

import type { Offered } from '../../../orders/use-cases/check-offered.js';
import { count, listNumbers } from '../format.js';

// What the order form says above the numbers that a person picked from several searches; in mrkdwn.

const ROWS =
  'What you picked, one row for each place. Remove what you no longer want. One approval covers all of them.';

export const CHECKING_PICKED = `${ROWS}\nChecking what is still available…`;

const NUMBERS_SHOWN = 100;

/** @param quantity how many numbers were picked. */
export function pickedAvailability({ gone, unknown }: Offered, quantity: number): string {
  const them = gone.length === 1 ? 'it' : 'them';
  const sentences = [
    ...(gone.length === 0
      ? []
      : [`⚠️ *No longer available:* ${listNumbers(gone, NUMBERS_SHOWN)}. Remove ${them} before you submit.`]),
    ...(unknown === 0
      ? []
      : [
          `I couldn't find out whether ${count(unknown, 'number')} ${unknown === 1 ? 'is' : 'are'} still available.`,
        ]),
  ];
  if (sentences.length > 0) return [ROWS, ...sentences].join('\n');
  return `${ROWS}\n✅ ${quantity === 1 ? 'It is' : 'All of them are'} still available.`;
}

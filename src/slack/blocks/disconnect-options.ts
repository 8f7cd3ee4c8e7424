import type { DisconnectMode, ProtectedChange } from '../../orders/domain/request.js';

/** A choice for a disconnect in plain text. The meaning is an option's description (75 characters). */
interface Choice {
  readonly label: string;
  readonly meaning: string;
}

/** Soft-remove and purge require privileges that Bandwidth grants per account (5085). */
export const modeWords: Readonly<Record<DisconnectMode, Choice>> = {
  normal: { label: 'Normal', meaning: 'Can be reordered for about 30 days; then anybody may get it.' },
  'soft-remove': {
    label: 'Soft-remove',
    meaning: 'Takes it out of your inventory too. Your account needs the privilege.',
  },
  purge: {
    label: 'Purge',
    meaning: 'Leaves no trace of it: no way back. Your account needs the privilege.',
  },
};

export const protectedWords: Readonly<Record<ProtectedChange, Choice>> = {
  UNCHANGED: { label: 'Unchanged', meaning: 'A number that is protected stays so.' },
  TRUE: { label: 'Protected', meaning: 'Marks the numbers as protected.' },
  FALSE: { label: 'Not protected', meaning: 'Removes the mark.' },
};

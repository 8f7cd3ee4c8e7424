import type { DisconnectMode, ProtectedChange } from '../../orders/domain/request.js';

/** A choice for a disconnect in plain text. The meaning is an option's description (75 characters). */
interface Choice {
  readonly label: string;
  readonly meaning: string;
}

/** Soft-remove and purge require privileges that Bandwidth grants per account (5085). */
export const modeWords: Readonly<Record<DisconnectMode, Choice>> = {
  normal: { label: 'Normal', meaning: 'Can be reordered for about 30 days; then anyone may get it.' },
  'soft-remove': {
    label: 'Soft-remove',
    meaning: 'Also removes it from your inventory. Your account needs the privilege.',
  },
  purge: {
    label: 'Purge',
    meaning: "Removes every trace and can't be undone. Your account needs the privilege.",
  },
};

export const protectedWords: Readonly<Record<ProtectedChange, Choice>> = {
  UNCHANGED: { label: 'Unchanged', meaning: 'Protected numbers stay protected.' },
  TRUE: { label: 'Protected', meaning: 'Marks the numbers as protected.' },
  FALSE: { label: 'Not protected', meaning: 'Removes the mark.' },
};

import {
  OutcomeUnknown,
  type Saving,
  type StoreError,
  type StoreTrouble,
} from '../../orders/ports/store-errors.js';

// What people read when the database failed them.

const saved: Readonly<Record<Saving, string>> = {
  requested: 'your request',
  edited: 'your edit',
  'approval-given': 'your approval',
  approved: 'your approval',
  declined: 'your decision to decline',
  cancelled: 'your cancellation',
  'wanted-again': 'your decision to resubmit it',
  'given-up': 'your decision to give it up',
  'close-wanted': 'your request to close the back-order',
  'check-again': 'your request to check again',
  delegation: 'your delegation',
};

const nameOf = (saving: Saving | undefined): string => (saving === undefined ? 'that' : saved[saving]);

const troubles: Readonly<Record<Exclude<StoreTrouble, 'outcome-unknown'>, string>> = {
  unreachable: "I can't reach my database right now, so nothing was changed. Try again in a minute.",
  unreadable:
    "What I have on record about this can't be read, so nothing was changed. Trying again won't help: an admin has to look at my log.",
  'basket-outcome-unknown':
    "I don't know whether that was saved: my database didn't confirm it. Try again in a minute; no number is added twice.",
  'inventory-incomplete':
    "A part of my list of numbers is missing. It's repaired tonight, when the account is read again.",
  'walk-incomplete': "A part of what I read from Bandwidth is missing. I'm reading it again.",
};

/** Says what the database's failure means for the person, and what to do. */
export function storeFailure(error: StoreError): string {
  const { trouble } = error;
  return trouble === 'outcome-unknown'
    ? `I don't know whether ${nameOf(error instanceof OutcomeUnknown ? error.saving : undefined)} was saved: my database didn't confirm it. Don't press again. I'll check.`
    : troubles[trouble];
}

/** Says what became of a write whose outcome wasn't known at first. */
export function lateOutcome(saving: Saving | undefined, written: boolean): string {
  const name = nameOf(saving);
  const subject = name.slice(0, 1).toUpperCase() + name.slice(1);
  return written
    ? `${subject} was saved after all. The card shows the current state.`
    : `${subject} wasn't saved, so nothing changed. Try again.`;
}

import { describe, expect, test } from '@jest/globals';
import { OutcomeUnknown, type Saving, StoreError } from '../../../src/orders/ports/store-errors.js';
import { lateOutcome, storeFailure } from '../../../src/slack/blocks/store-failures.js';
import { UnreadableEntry } from '../../../src/store/namespace.js';

const savings: ReadonlyArray<readonly [Saving | undefined, string]> = [
  ['requested', 'your request'],
  ['edited', 'your edit'],
  ['approved', 'your approval'],
  ['approval-given', 'your approval'],
  ['declined', 'your decision to decline'],
  ['cancelled', 'your cancellation'],
  ['wanted-again', 'your decision to resubmit it'],
  ['given-up', 'your decision to give it up'],
  ['close-wanted', 'your request to close the back-order'],
  ['check-again', 'your request to check again'],
  ['delegation', 'your delegation'],
  [undefined, 'that'],
];

describe('When the database fails, a person reads', () => {
  test('that nothing was changed, if it could not be reached', () => {
    expect(storeFailure(new StoreError('locked'))).toBe(
      "I can't reach my database right now, so nothing was changed. Try again in a minute.",
    );
  });

  test("that an admin has to look, if what is stored can't be read", () => {
    const sentence = storeFailure(new UnreadableEntry('damaged'));
    expect(sentence).toContain('nothing was changed');
    expect(sentence).toContain("Trying again won't help: an admin has to look at my log.");
  });

  test.each(savings)('what may not have been saved: %s', (saving, words) => {
    const error = new OutcomeUnknown('no answer', saving === undefined ? {} : { saving });
    expect(storeFailure(error)).toBe(
      `I don't know whether ${words} was saved: my database didn't confirm it. Don't press again. I'll check.`,
    );
  });

  test('what became of it, later', () => {
    expect(lateOutcome('requested', true)).toBe(
      'Your request was saved after all. The card shows the current state.',
    );
    expect(lateOutcome(undefined, false)).toBe("That wasn't saved, so nothing changed. Try again.");
  });
});

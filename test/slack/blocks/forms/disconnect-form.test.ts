import { describe, expect, test } from '@jest/globals';
import type { KnownBlock, ModalView } from '@slack/types';
import { nationalDigits, type PhoneNumber } from '../../../../src/orders/domain/phone-number.js';
import { isAreaCode } from '../../../../src/orders/domain/search/criteria.js';
import type { NumberProblem } from '../../../../src/orders/use-cases/check-numbers.js';
import { numberProblemsSentence } from '../../../../src/slack/blocks/answers/number-problems.js';
import {
  askedForApproval,
  confirmationOf,
  disconnectFormAgain,
  lookingUp,
  newDisconnectForm,
  type RequestedDisconnect,
  readDisconnectForm,
  withMoreRoom,
} from '../../../../src/slack/blocks/forms/disconnect-form.js';
import { numberProblemErrors } from '../../../../src/slack/blocks/forms/numbers-fields.js';
import { anyText, someNumbers } from '../../../support/arbitrary-orders.js';
import { viewProblems } from '../../../support/block-limits.js';
import { chosen, submitted, typedValue } from '../../../support/form-state.js';
import { fc, runs } from '../../../support/properties.js';
import { manyNumbers, numbers, orderId } from '../../../support/sample-orders.js';

const two = numbers('9102414365', '9102414366');
const open = (given: readonly PhoneNumber[]) =>
  newDisconnectForm({ orderId, channelId: 'C910', numbers: given });

const fill = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).map(([id, text]) => [id, { [id]: typedValue(text) }]));

const blocksOf = (view: ModalView) => view.blocks as readonly KnownBlock[];
const fieldIds = (view: ModalView) =>
  blocksOf(view).flatMap((block) => (block.type === 'input' ? [block.block_id ?? ''] : []));

function readWhole(view: ModalView, texts: Readonly<Record<string, string>>): RequestedDisconnect {
  const read = readDisconnectForm(submitted(view, fill(texts)));
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read;
}

function errorsIn(view: ModalView, texts: Readonly<Record<string, string>>): Record<string, string> {
  const read = readDisconnectForm(submitted(view, fill(texts)));
  if (!('errors' in read)) throw new Error('no errors');
  // Slack shows an error only at a field the form has, and only so much of it.
  for (const [field, words] of Object.entries(read.errors)) {
    expect(fieldIds(view)).toContain(field);
    expect(words.length).toBeLessThanOrEqual(150);
  }
  return read.errors;
}

describe('the disconnect form', () => {
  test('asks for numbers, name, reason, mode, protected and a confirmation', () => {
    const view = open([]);
    expect(viewProblems(view)).toEqual([]);
    expect(fieldIds(view)).toEqual(['numbers-1', 'confirmation', 'name', 'reason', 'mode', 'protected']);
    const initial = submitted(view).state.values;
    expect(initial.mode?.mode?.selected_option?.value).toBe('normal');
    expect(initial.protected?.protected?.selected_option?.value).toBe('UNCHANGED');
  });

  test('opens with the numbers that were typed, one per line, and a name for them', () => {
    const { values } = submitted(open(two)).state;
    expect(values['numbers-1']?.['numbers-1']?.value).toBe('910-241-4365\n910-241-4366');
    expect(values.name?.name?.value).toBe('Disconnect 2 numbers in 910');
    expect(values.confirmation?.confirmation?.value).toBeNull();
  });

  test('spreads 5,000 numbers over as many fields as they need', () => {
    const many = manyNumbers(5000);
    const view = open(many);
    expect(viewProblems(view)).toEqual([]);
    expect(fieldIds(view).filter((id) => id.startsWith('numbers-'))).toHaveLength(22);
    expect(readWhole(view, { reason: 'Closed', confirmation: '5,000' }).numbers).toEqual(many);
  });

  test('gets more fields, one at a time up to a limit, and loses nothing', () => {
    let view = open(two);
    for (let fields = 2; fields <= 32; fields += 1) {
      const more = withMoreRoom(submitted(view, fill({ reason: 'Closed', confirmation: '2' })));
      if (more === undefined) throw new Error(`no room for field ${fields}`);
      expect(viewProblems(more)).toEqual([]);
      view = more;
    }
    expect(JSON.stringify(view)).not.toContain('Add another field');
    expect(withMoreRoom(submitted(view))).toBeUndefined();
    expect(readWhole(view, { 'numbers-32': '7034343704', confirmation: '3' })).toMatchObject({
      orderId,
      numbers: numbers('9102414365', '9102414366', '7034343704'),
      request: { reason: 'Closed' },
    });
  });

  test('has room for 5,000 numbers in the longest usual spelling', () => {
    const inAField = Math.floor(3000 / '+1 (910) 241-4365, '.length);
    expect(32 * inAField).toBeGreaterThanOrEqual(5000);
  });

  test('gets more fields no matter what it contains', () => {
    const full = Array.from({ length: 31 }, (_, index) => [`numbers-${index + 1}`, '\u0001'.repeat(3000)]);
    const more = withMoreRoom(submitted(open([]), fill(Object.fromEntries(full))));
    expect(more && viewProblems(more)).toEqual([]);
    expect(more && fieldIds(more)).toContain('numbers-32');
  });
});

describe('a filled-in disconnect form', () => {
  test('is read as the request it shows', () => {
    expect(readWhole(open(two), { reason: ' Closed ', confirmation: ' 2 ' })).toEqual({
      orderId,
      channelId: 'C910',
      offeredName: 'Disconnect 2 numbers in 910',
      numbers: two,
      request: {
        kind: 'disconnect',
        name: 'Disconnect 2 numbers in 910',
        reason: 'Closed',
        mode: 'normal',
        protected: 'UNCHANGED',
      },
    });
  });

  test('takes what was chosen', () => {
    const values = {
      ...fill({ reason: 'Closed', confirmation: '2', name: 'Old shop' }),
      mode: { mode: chosen('soft-remove', 'Soft-remove') },
      protected: { protected: chosen('FALSE', 'Not protected') },
    };
    expect(readDisconnectForm(submitted(open(two), values))).toMatchObject({
      request: { name: 'Old shop', mode: 'soft-remove', protected: 'FALSE' },
    });
  });

  test('is named after its numbers if nobody named it', () => {
    const texts = { 'numbers-1': '9102414365', reason: 'Closed', confirmation: '4365' };
    expect(readWhole(open([]), texts).request.name).toBe('Disconnect 1 number in 910');
    // The name offered for two numbers would be a lie of one.
    expect(readWhole(open(two), texts).request.name).toBe('Disconnect 1 number in 910');
  });

  test('counts a number named twice once', () => {
    const texts = { 'numbers-1': '9102414365, +1 910 241 4365', reason: 'Closed', confirmation: '4365' };
    expect(readWhole(open([]), texts).numbers).toEqual(numbers('9102414365'));
  });

  test.each([
    ['9102414365', '4366'],
    ['9102414365', '1'],
    ['9102414365', '9102414365'],
    ['9102410365', '365'],
  ])('of %s is not confirmed by %s', (number, confirmation) => {
    expect(errorsIn(open([]), { 'numbers-1': number, reason: 'Closed', confirmation })).toEqual({
      confirmation: "These aren't the last four digits of the number.",
    });
  });

  test.each(['3', '4365', '', 'two'])('of two numbers is not confirmed by %j', (confirmation) => {
    expect(errorsIn(open(two), { reason: 'Closed', confirmation })).toEqual({
      confirmation: 'These are 2 different numbers. If you mean all of them, type 2.',
    });
  });

  test('keeps the zeros of the last four digits', () => {
    const texts = { 'numbers-1': '9102410065', reason: 'Closed', confirmation: '0065' };
    expect(readWhole(open([]), texts).numbers).toHaveLength(1);
  });

  test('with nothing but a wrong number says which one, not that there is none', () => {
    const errors = errorsIn(open([]), { 'numbers-1': '910-241-436', reason: 'x', confirmation: '1' });
    expect(Object.keys(errors)).toEqual(['numbers-1']);
    expect(errors['numbers-1']).toContain('910-241-436');
  });

  test('shows an error at each field that is wrong', () => {
    const view = withMoreRoom(submitted(open([])));
    if (view === undefined) throw new Error('no room');
    expect(
      errorsIn(view, {
        'numbers-1': '9102414365',
        'numbers-2': '910241',
        name: 'x'.repeat(51),
        reason: '\n',
        confirmation: '1',
      }),
    ).toEqual({
      'numbers-2': '“910241” is only part of a number: I need all ten digits of each.',
      name: 'A name has at most 50 characters.',
      reason: 'Say why the numbers are no longer needed.',
    });
    expect(errorsIn(view, { reason: 'Closed', confirmation: '0' })).toEqual({
      'numbers-1': 'Enter the numbers to disconnect.',
    });
  });

  test('of an older version is answered, not lost', () => {
    for (const memory of ['', 'null', '{}', '{"orderId":1}']) {
      const view = { ...submitted(open(two)), private_metadata: memory };
      expect(readDisconnectForm(view)).toEqual({
        errors: { 'numbers-1': 'This form is out of date. Close it and start again.' },
      });
      expect(withMoreRoom(view)).toBeUndefined();
    }
  });

  test('means what it showed, even if it comes back with a notice', () => {
    fc.assert(
      fc.property(someNumbers, anyText, anyText, (some, why, notice) => {
        fc.pre(why.trim() !== '' && why.length <= 3000);
        // Not every three digits are an area code.
        const each = [...new Set(some)].filter((number) => isAreaCode(nationalDigits(number).slice(0, 3)));
        fc.pre(each.length > 0);
        const read = readWhole(open(each), { reason: why, confirmation: confirmationOf(each) });
        expect(read).toMatchObject({ orderId, numbers: each, request: { reason: why.trim() } });
        const again = disconnectFormAgain(read, notice);
        expect(viewProblems(again)).toEqual([]);
        expect(readDisconnectForm(submitted(again))).toEqual(read);
        expect(viewProblems(lookingUp(read))).toEqual([]);
        expect(viewProblems(askedForApproval(read))).toEqual([]);
      }),
      { numRuns: runs(30), endOnFailure: true },
    );
  });
});

describe('numbers that cannot be disconnected', () => {
  const problems: readonly NumberProblem[] = [
    ...manyNumbers(9).map((number) => ({ number, why: 'not-ours' as const })),
    ...numbers('9102414400').map((number) => ({ number, why: 'not-in-service' as const, status: 'Aging' })),
    ...numbers('9102414401').map((number) => ({ number, why: 'in-another-order' as const, orderId: 'x' })),
  ];

  test('are named with the reason', () => {
    expect(numberProblemsSentence(problems.slice(8), 1500)).toBe(
      'Not on your Bandwidth account: (910) 241-4008. Not in service (Bandwidth says Aging): (910) 241-4400. Already in another open order: (910) 241-4401.',
    );
  });

  test('are cut to fit: the first few, and how many more', () => {
    const short = numberProblemsSentence(problems.slice(0, 9), 150);
    expect(short).toContain('(910) 241-4000, (910) 241-4001');
    expect(short).toMatch(/and \d more\.$/);
    expect(short.length).toBeLessThanOrEqual(150);
    expect(numberProblemsSentence(problems, 150).length).toBeLessThanOrEqual(150);
  });

  test('are named at the field that has them', () => {
    const view = withMoreRoom(submitted(open(two)));
    if (view === undefined) throw new Error('no room');
    const sent = submitted(view, fill({ 'numbers-2': '7034343704' }));
    expect(
      numberProblemErrors(
        sent,
        numbers('7034343704').map((number) => ({ number, why: 'not-ours' })),
      ),
    ).toEqual({ 'numbers-2': 'Not on your Bandwidth account: (703) 434-3704.' });
  });

  test('never take more words than fit, whatever Bandwidth calls their state', () => {
    fc.assert(
      fc.property(someNumbers, anyText, (some, status) => {
        const all = some.map((number) => ({ number, why: 'not-in-service' as const, status }));
        expect(numberProblemsSentence(all, 150).length).toBeLessThanOrEqual(150);
      }),
      { numRuns: runs(12) },
    );
  });
});

import type { ViewOutput } from '@slack/bolt';
import type { InputBlock } from '@slack/types';
import { nationalDigits, type PhoneNumber } from '../../../orders/domain/phone-number.js';
import { MAX_QUANTITY } from '../../../orders/domain/search/search.js';
import type { NumberProblem } from '../../../orders/use-cases/check-numbers.js';
import { cut } from '../../text/escape.js';
import { readNumberList } from '../../text/number-list.js';
import { dashed } from '../../text/typed-digits.js';
import { numberProblemsSentence } from '../answers/number-problems.js';
import { figure } from '../format.js';
import { limits } from '../limits.js';
import { wrongNumberSentence } from '../wrong-numbers.js';
import { textInput } from './text-input.js';

// Renders and reads the fields that list the numbers to disconnect, move or change.

/** The block id of the first, second … field for numbers. */
export const numbersFieldId = (index: number): string => `numbers-${index + 1}`;

/** A field takes 3,000 characters, so this leaves room for 5,000 numbers of 19 characters, `+1 (910) 241-4365, `. */
export const MAX_FIELDS = 32;
/** `910-241-4365` and the line break. */
const NUMBERS_IN_A_FIELD = Math.floor((limits.inputValue + 1) / 13);

/** One field for each text. */
export const numbersInputs = (texts: readonly string[]): InputBlock[] =>
  texts.map((text, index) =>
    textInput({
      id: numbersFieldId(index),
      label: index === 0 ? 'Numbers' : `Numbers, part ${index + 1}`,
      ...(index === 0 ? { hint: 'Full phone numbers in any usual format, also one per line.' } : {}),
      value: text,
      multiline: true,
      // One of several may be empty. Reading the form reports when all are.
      optional: texts.length > 1,
    }),
  );

/** Splits numbers into the contents of the fields for them. */
export function spelledOut(numbers: readonly PhoneNumber[]): string[] {
  const texts: string[] = [];
  for (let at = 0; at < numbers.length; at += NUMBERS_IN_A_FIELD) {
    const some = numbers.slice(at, at + NUMBERS_IN_A_FIELD);
    texts.push(some.map((number) => dashed(nationalDigits(number))).join('\n'));
  }
  return texts.length === 0 ? [''] : texts;
}

type State = ViewOutput['state'];

/** Returns the contents of the fields for numbers, first to last. */
export function numberFieldTexts(state: State): string[] {
  const texts: string[] = [];
  for (let index = 0; numbersFieldId(index) in state.values; index += 1) {
    const id = numbersFieldId(index);
    texts.push(state.values[id]?.[id]?.value ?? '');
  }
  return texts;
}

/** Returns the numbers, each once, and what is wrong with any field. `missing` is the error if there are none at all. */
export function readNumbersFields(
  state: State,
  missing: string,
): {
  readonly numbers: readonly PhoneNumber[];
  readonly errors: Record<string, string>;
} {
  const lists = numberFieldTexts(state).map(readNumberList);
  const wrong = lists.flatMap((list, index) =>
    list.wrong.length === 0
      ? []
      : [[numbersFieldId(index), cut(wrongNumberSentence(list.wrong), limits.fieldError)]],
  );
  const numbers = [...new Set(lists.flatMap((list) => list.numbers))];
  const isEmpty = numbers.length === 0 && wrong.length === 0;
  return { numbers, errors: isEmpty ? { [numbersFieldId(0)]: missing } : Object.fromEntries(wrong) };
}

/** Returns an error if one request can't have so many numbers; otherwise nothing. */
export const tooManyNumbers = ({ length }: readonly PhoneNumber[]): Record<string, string> =>
  length > MAX_QUANTITY
    ? { [numbersFieldId(0)]: `${figure(length)} numbers are too many: at most ${figure(MAX_QUANTITY)}.` }
    : {};

/** Assigns the problems of numbers to the fields that name them. */
export function numberProblemErrors(
  view: Pick<ViewOutput, 'state'>,
  problems: readonly NumberProblem[],
): Record<string, string> {
  const errors = numberFieldTexts(view.state).flatMap((text, index) => {
    const named = new Set(readNumberList(text).numbers);
    const here = problems.filter(({ number }) => named.has(number));
    return here.length === 0
      ? []
      : [[numbersFieldId(index), numberProblemsSentence(here, limits.fieldError)]];
  });
  return Object.fromEntries(errors);
}

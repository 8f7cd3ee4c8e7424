import { nationalDigits, type PhoneNumber } from '../phone-number.js';

/** Returns the area code that all these numbers have in common, which may be a toll-free one. */
export function areaCodeOf(numbers: readonly PhoneNumber[]): string | undefined {
  const codes = new Set(
    numbers.map((number) => (number.startsWith('+1') ? nationalDigits(number).slice(0, 3) : undefined)),
  );
  const [only] = codes;
  return codes.size === 1 ? only : undefined;
}

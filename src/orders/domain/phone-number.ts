import { plainSpelling } from './search/plain-text.js';

declare const e164: unique symbol;

/** A telephone number in E.164, e.g. `+19102414365`. Only {@link parsePhoneNumber} makes one. */
export type PhoneNumber = string & { readonly [e164]: true };

const NANP = /^[2-9]\d{2}[2-9]\d{6}$/;
const INTERNATIONAL = /^[1-9]\d{6,14}$/;
/**
 * Ten digits with separators only in the usual places: `27623-34567` is a mistyped ZIP code, and could match a
 * stranger's number.
 */
const SPELLED = /^(?:\+?1[\s.\-/]*)?\(?\d{3}\)?[\s.\-/]*\d{3}[\s.\-/]*\d{4}$/;

/**
 * Parses one number in any usual spelling: `9102414365`, `+1 (910) 241-4365`, `910.241.4365`, `tel:+1910…`. Ten digits
 * are taken as North American. Returns undefined for anything but exactly one whole number, because a partial number
 * must never match a stranger's.
 */
export function parsePhoneNumber(text: string): PhoneNumber | undefined {
  // The spelling in Bandwidth's long lists.
  if (NANP.test(text)) return `+1${text}` as PhoneNumber;
  const bare = plainSpelling(text).trim().replace(/^tel:/i, '');
  if (!/^\+?[\d\s().\-/]+$/.test(bare)) return undefined;
  const digits = bare.replace(/\D/g, '');
  if (bare.startsWith('+') && !digits.startsWith('1')) {
    return INTERNATIONAL.test(digits) ? (`+${digits}` as PhoneNumber) : undefined;
  }
  if (!SPELLED.test(bare)) return undefined;
  const national = digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
  return NANP.test(national) ? (`+1${national}` as PhoneNumber) : undefined;
}

/** Returns the ten digits of a North American number, or all digits of any other. */
export function nationalDigits(number: PhoneNumber): string {
  return number.startsWith('+1') ? number.slice(2) : number.slice(1);
}

/** Formats it for people: `(910) 241-4365`. */
export function showPhoneNumber(number: PhoneNumber): string {
  const digits = nationalDigits(number);
  return number.startsWith('+1')
    ? `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`
    : number;
}

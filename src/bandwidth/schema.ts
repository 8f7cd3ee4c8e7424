import { z } from 'zod';
import { type PhoneNumber, parsePhoneNumber } from '../orders/domain/phone-number.js';
import type { Log } from '../orders/ports/log.js';
import { textOf, type XmlDocument } from './xml.js';

/*
 * Building blocks for schemas of Bandwidth's documents. Each schema picks the fields we use and ignores the rest. An
 * element may be missing, empty, single or repeated: `one` and `many` handle that for everything below them. Names are
 * in lower case (see parseXml).
 */

export const listOf = (elements: unknown): readonly unknown[] =>
  Array.isArray(elements) ? elements : elements === undefined ? [] : [elements];

const firstOf = (elements: unknown): unknown => (Array.isArray(elements) ? elements[0] : elements);

/**
 * Returns an element's children by these names; each name is present even without children, so that the schema sees it.
 */
const childrenOf = (element: unknown, names: readonly string[]): Record<string, unknown> => {
  const children: Record<string, unknown> = {};
  for (const name of names) children[name] = childOf(element, name);
  return children;
};

/** Returns the elements with that name in an element; undefined when there are none. */
export const childOf = (element: unknown, name: string): unknown =>
  typeof element === 'object' && element !== null && Object.hasOwn(element, name)
    ? (element as Record<string, unknown>)[name]
    : undefined;

/** The first element's text; undefined when missing or blank. */
export const text = z.unknown().transform((elements) => textOf(firstOf(elements)));

/** An element's own children. */
export const element = <Shape extends z.ZodRawShape>(shape: Shape) => {
  const names = Object.keys(shape);
  return z
    .unknown()
    .transform((given) => childrenOf(given, names))
    .pipe(z.object(shape));
};

/** The first element; a missing one has no children. */
export const one = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.unknown().transform(firstOf).pipe(element(shape));

/** All elements. */
export const many = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .unknown()
    .transform(listOf)
    .pipe(z.array(element(shape)));

/** All elements unparsed, for lists of thousands, where a schema per row would take longer than the parsing. */
export const rows = z.unknown().transform(listOf);

export type Texts<Name extends string> = { readonly [Each in Name]?: string };

/** Returns a row's first text for each of these names, like `one` with `text`. */
export function textsIn<Name extends string>(row: unknown, names: readonly Name[]): Texts<Name> {
  const found: { [Each in Name]?: string } = {};
  for (const name of names) {
    const value = textOf(firstOf(childOf(row, name)));
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** All elements that aren't empty. */
export const manyFilled = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .unknown()
    .transform((elements) => listOf(elements).filter(isFilled))
    .pipe(z.array(element(shape)));

/** Whether any of the elements has content. */
export const filled = z.unknown().transform((elements) => listOf(elements).some(isFilled));

function isFilled(given: unknown): boolean {
  return textOf(given) !== undefined || (typeof given === 'object' && given !== null);
}

/** The texts of all elements that have one. */
export const texts = z
  .unknown()
  .transform((elements) => listOf(elements).flatMap((each) => textOf(each) ?? []));

const numberNames = ['fullnumber', 'telephonenumber'];

/** The texts of numbers: plain, under FullNumber, or under TelephoneNumber and FullNumber. */
export const numberStringsIn = (elements: unknown): readonly string[] =>
  listOf(elements).flatMap((each) => numbersIn(each, 2));

export const phoneNumberTexts = z.unknown().transform(numberStringsIn);

/** An element with content under unexpected names counts as one unreadable number. */
function numbersIn(number: unknown, depth: number): readonly string[] {
  const text = textOf(number);
  if (text !== undefined) return [text];
  if (depth === 0) return holdsText(number) ? [''] : [];
  const found = Object.values(childrenOf(number, numberNames)).flatMap((inner) =>
    listOf(inner).flatMap((each) => numbersIn(each, depth - 1)),
  );
  return found.length === 0 && holdsText(number) ? [''] : found;
}

/** The counters that stand next to the numbers of a list. */
const counts: readonly string[] = ['count', 'totalcount'];

/** Bandwidth's deepest nesting. */
const DEEPEST = 8;

function holdsText(element: unknown, depth = 0): boolean {
  if (textOf(element) !== undefined) return true;
  if (typeof element !== 'object' || element === null || depth > DEEPEST) return false;
  return Object.entries(element).some(
    ([name, inner]) => !counts.includes(name) && listOf(inner).some((each) => holdsText(each, depth + 1)),
  );
}

/** Whether an element has content under other names than these, which we can't read. */
export function holdsMore(element: unknown, names: readonly string[]): boolean {
  if (typeof element !== 'object' || element === null) return textOf(element) !== undefined;
  return Object.entries(element).some(
    ([name, inner]) => !names.includes(name) && listOf(inner).some((each) => holdsText(each)),
  );
}

/** All elements of a document by name, its root included; those nearest to the root first. */
export function* elementsIn({ root, content }: XmlDocument): Iterable<readonly [string, unknown]> {
  const found: (readonly [string, unknown])[] = [[root, content]];
  // The loop also meets what is added while it runs.
  for (const [name, elements] of found) {
    for (const each of listOf(elements)) {
      yield [name, each];
      if (typeof each === 'object' && each !== null) {
        for (const child of Object.entries(each)) found.push(child);
      }
    }
  }
}

/** The numbers that can be read, and how many can't. A guess might be someone else's number. */
export interface ReadNumbers {
  readonly numbers: readonly PhoneNumber[];
  readonly unread: number;
}

export function readAllNumbers(texts: readonly string[], log: Log): ReadNumbers {
  const numbers = new Set<PhoneNumber>();
  const unread: string[] = [];
  for (const each of texts) {
    const number = parsePhoneNumber(each);
    if (number === undefined) unread.push(each);
    else numbers.add(number);
  }
  complainOfUnread(unread, log);
  return { numbers: [...numbers], unread: unread.length };
}

/** Returns the readable numbers, where unreadable ones don't matter. */
export function readNumbers(texts: readonly string[], log: Log): readonly PhoneNumber[] {
  return readAllNumbers(texts, log).numbers;
}

export function complainOfUnread(unread: readonly string[], log: Log): void {
  if (unread.length === 0) return;
  log.warn(
    { count: unread.length, first: unread.slice(0, 3).map((each) => each.slice(0, 40)) },
    'unreadable telephone numbers from bandwidth',
  );
}

export function readCount(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

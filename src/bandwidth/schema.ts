import { z } from 'zod';
import { type PhoneNumber, parsePhoneNumber } from '../orders/domain/phone-number.js';
import type { Log } from '../orders/ports.js';
import { textOf, type XmlDocument } from './xml.js';

/*
 * What the schemas of Bandwidth's documents are made of. Each schema picks the fields we know; everything else is left
 * where it is. An element may be missing, empty, there once or many times: `one` and `many` settle that, and nothing
 * below them has to. Names are in lower case (see parseXml).
 */

export const listOf = (elements: unknown): readonly unknown[] =>
  Array.isArray(elements) ? elements : elements === undefined ? [] : [elements];

const firstOf = (elements: unknown): unknown => (Array.isArray(elements) ? elements[0] : elements);

/** The children of one element, of those names; a name without any is there all the same, for the schema to see. */
const childrenOf = (element: unknown, names: readonly string[]): Record<string, unknown> => {
  const children: Record<string, unknown> = {};
  for (const name of names) children[name] = childOf(element, name);
  return children;
};

/** The elements of that name in an element; undefined when there is none. */
export const childOf = (element: unknown, name: string): unknown =>
  typeof element === 'object' && element !== null && Object.hasOwn(element, name)
    ? (element as Record<string, unknown>)[name]
    : undefined;

/** The first element's text; undefined when missing or blank. */
export const text = z.unknown().transform((elements) => textOf(firstOf(elements)));

/** One element's own children. */
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

/** All elements, however many. */
export const many = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .unknown()
    .transform(listOf)
    .pipe(z.array(element(shape)));

/** All elements as they are, for lists of thousands: a schema for each row would take longer than the reading. */
export const rows = z.unknown().transform(listOf);

export type Texts<Name extends string> = { readonly [Each in Name]?: string };

/** Of one row the first text by each of these names: what `one` with `text` gives. */
export function textsIn<Name extends string>(row: unknown, names: readonly Name[]): Texts<Name> {
  const found: { [Each in Name]?: string } = {};
  for (const name of names) {
    const value = textOf(firstOf(childOf(row, name)));
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** All elements that hold anything at all. */
export const manyFilled = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .unknown()
    .transform((elements) => listOf(elements).filter(isFilled))
    .pipe(z.array(element(shape)));

/** Whether any such element holds anything. */
export const filled = z.unknown().transform((elements) => listOf(elements).some(isFilled));

function isFilled(given: unknown): boolean {
  return textOf(given) !== undefined || (typeof given === 'object' && given !== null);
}

/** The texts of all elements that have any. */
export const texts = z
  .unknown()
  .transform((elements) => listOf(elements).flatMap((each) => textOf(each) ?? []));

const numberNames = ['fullnumber', 'telephonenumber'];

/** The texts of numbers: plain, under FullNumber, or under TelephoneNumber and FullNumber. */
export const numbersOf = (elements: unknown): readonly string[] =>
  listOf(elements).flatMap((each) => numbersIn(each, 2));

export const numberTexts = z.unknown().transform(numbersOf);

/** Where there is something, but nothing under the names that a number has, one that can't be read stands for it. */
function numbersIn(number: unknown, depth: number): readonly string[] {
  const text = textOf(number);
  if (text !== undefined) return [text];
  if (depth === 0) return holdsText(number) ? [''] : [];
  const found = Object.values(childrenOf(number, numberNames)).flatMap((inner) =>
    listOf(inner).flatMap((each) => numbersIn(each, depth - 1)),
  );
  return found.length === 0 && holdsText(number) ? [''] : found;
}

/** Beside the numbers of a list stands how many there are. */
const counts: readonly string[] = ['count', 'totalcount'];

/** Bandwidth nests no deeper. */
const DEEPEST = 8;

function holdsText(element: unknown, depth = 0): boolean {
  if (textOf(element) !== undefined) return true;
  if (typeof element !== 'object' || element === null || depth > DEEPEST) return false;
  return Object.entries(element).some(
    ([name, inner]) => !counts.includes(name) && listOf(inner).some((each) => holdsText(each, depth + 1)),
  );
}

/** Whether an element holds anything under other names than these: something that we can't read. */
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

/** Numbers as numbers, and how many more there are that can't be read. A guess might be a stranger's. */
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

/** The same where those that can't be read change nothing. */
export function readNumbers(texts: readonly string[], log: Log): readonly PhoneNumber[] {
  return readAllNumbers(texts, log).numbers;
}

export function complainOfUnread(unread: readonly string[], log: Log): void {
  if (unread.length === 0) return;
  log.warn(
    { count: unread.length, first: unread.slice(0, 3).map((each) => each.slice(0, 40)) },
    'Bandwidth names telephone numbers that cannot be read',
  );
}

export function readCount(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

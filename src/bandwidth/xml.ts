import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { Builder, Parser } from 'xml2js';

/** A parsed document. Element names are in lower case and without prefix; `content` is for a schema to pick from. */
export interface XmlDocument {
  readonly root: string;
  /** Text, or an object of child elements by name; an array where one occurs more than once. */
  readonly content: unknown;
}

/** Where the text of an element stands that also has children. No element can be called this. */
const TEXT_KEY = '#text';

/**
 * Of the names met before, so that a list of 5,000 numbers does not make each again. A hostile document has no end of
 * them; in an LRU cache they would drive out those that are met all the time.
 */
const plainNames = new Map<string, string>();
const NAMES_REMEMBERED = 500;

/** In lower case, without its prefix. */
function plainName(name: string): string {
  const known = plainNames.get(name);
  if (known !== undefined) return known;
  const plain = name.replace(/^.*:/, '').toLowerCase();
  if (plainNames.size < NAMES_REMEMBERED) plainNames.set(name, plain);
  return plain;
}

/** What came is not an XML document: nothing, half of one, a web page, JSON. */
export class MalformedXml extends Error {
  override readonly name = 'MalformedXml';
  /** It may well have been a document, of which something is lost. */
  readonly isBroken: boolean;

  constructor(message: string, given: { isBroken?: boolean } = {}) {
    super(message);
    this.isBroken = given.isBroken ?? false;
  }
}

/** How many characters are read before others get their turn. */
const CHUNK = 10_000;

/**
 * Reads a document strictly: no entities of its own, nothing cut short, nothing coerced (`07030` stays text).
 * Attributes are left out: Bandwidth says nothing with them (`xsi:type`).
 *
 * @throws MalformedXml
 */
export async function parseXml(text: string): Promise<XmlDocument> {
  if (text.trim() === '') throw new MalformedXml('the document is empty');
  // A parser serves one document: a shared one mixes up two that arrive together. Chunks keep the process awake
  // while 5,000 numbers are read.
  const parser = new Parser({
    async: true,
    chunkSize: CHUNK,
    // A list for each element that occurs once would be most of what is made of 5,000 numbers.
    explicitArray: false,
    ignoreAttrs: true,
    trim: true,
    emptyTag: '',
    // The default key `_` may be an element's name too, and then the parser never answers.
    charkey: TEXT_KEY,
    // Bandwidth spells orderId and OrderId, LATA and Lata, name and Name.
    tagNameProcessors: [plainName],
  });
  let parsed: unknown;
  try {
    parsed = await parser.parseStringPromise(text);
  } catch {
    throw malformed(text);
  }
  // Whatever is made of a long document shall not add to the last chunk of reading it.
  if (text.length > CHUNK) await yieldToEventLoop();
  const [only] = Object.entries(parsed ?? {});
  if (only === undefined || only[0] === 'html') throw malformed(text);
  return { root: only[0], content: only[1] };
}

/** Where a web page has said that it is one. */
const START = 1_000;

function malformed(text: string): MalformedXml {
  if (/^\s*<!doctype\s+html|<html\b/i.test(text.slice(0, START)))
    return new MalformedXml('the document is a web page');
  if (/^\s*[[{"]/.test(text)) return new MalformedXml('the document is JSON');
  return /^\s*</.test(text)
    ? new MalformedXml('the document is broken XML or cut short', { isBroken: true })
    : new MalformedXml('the document is not XML');
}

/** The text of one element, whether or not it has children too; undefined when blank. */
export function textOf(element: unknown): string | undefined {
  const text =
    typeof element === 'object' && element !== null && TEXT_KEY in element ? element[TEXT_KEY] : element;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** What an element holds: text, elements by name, or many elements of one name. Undefined ones are left out. */
export type XmlContent = string | readonly string[] | { readonly [name: string]: XmlContent | undefined };

/**
 * Writes a document. Characters XML cannot hold (control characters, half an emoji) are left out, because a pasted
 * name with an invisible character in it should not keep anybody from ordering; line breaks and tabs become spaces.
 */
export function buildXml(root: string, content: XmlContent): string {
  const builder = new Builder({
    xmldec: { version: '1.0', encoding: 'UTF-8' },
    renderOpts: { pretty: true, indent: '  ', newline: '\n' },
  });
  return `${builder.buildObject({ [root]: legal(content) })}\n`;
}

function legal(content: XmlContent): XmlContent {
  if (typeof content === 'string') return legalText(content);
  if (isList(content)) return content.map(legalText);
  return Object.fromEntries(
    Object.entries(content).flatMap(([name, child]) => (child === undefined ? [] : [[name, legal(child)]])),
  );
}

function isList(content: XmlContent): content is readonly string[] {
  return Array.isArray(content);
}

/** What XML 1.0 allows in text (https://www.w3.org/TR/xml/#charsets), on one line. */
export function legalText(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '');
}

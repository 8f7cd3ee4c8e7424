import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { Builder, Parser } from 'xml2js';

/** A parsed document. Element names are in lower case and without prefix; schemas read `content`. */
export interface XmlDocument {
  readonly root: string;
  /** Text, or an object of child elements by name; an array for repeated elements. */
  readonly content: unknown;
}

/** The key for the text of an element that also has children. No element can have this name. */
const TEXT_KEY = '#text';

/**
 * Caches normalized names, so that a list of 5,000 numbers doesn't create each again. It stops growing instead of
 * evicting, because a hostile document's names would evict the common ones.
 */
const plainNames = new Map<string, string>();
const NAMES_REMEMBERED = 500;

/** Returns the name in lower case, without its prefix. */
function plainName(name: string): string {
  const known = plainNames.get(name);
  if (known !== undefined) return known;
  const plain = name.replace(/^.*:/, '').toLowerCase();
  if (plainNames.size < NAMES_REMEMBERED) plainNames.set(name, plain);
  return plain;
}

/** The text is not an XML document: empty, cut off, a web page, JSON. */
export class MalformedXml extends Error {
  override readonly name = 'MalformedXml';
  /** True when it may have been a document that was cut off or damaged. */
  readonly isBroken: boolean;

  constructor(message: string, given: { isBroken?: boolean } = {}) {
    super(message);
    this.isBroken = given.isBroken ?? false;
  }
}

/** How many characters are parsed before yielding to the event loop. */
const CHUNK = 10_000;

/**
 * Parses a document strictly: no custom entities, nothing cut off, no type coercion (`07030` stays text). Attributes
 * are ignored, because Bandwidth's carry no data (`xsi:type`).
 *
 * @throws MalformedXml
 */
export async function parseXml(text: string): Promise<XmlDocument> {
  if (text.trim() === '') throw new MalformedXml('the document is empty');
  // Each document needs its own parser: a shared one mixes up two that arrive together. Parsing in chunks keeps the
  // process responsive while 5,000 numbers are read.
  const parser = new Parser({
    async: true,
    chunkSize: CHUNK,
    // Arrays for elements that occur once would be most of the memory for 5,000 numbers.
    explicitArray: false,
    ignoreAttrs: true,
    trim: true,
    emptyTag: '',
    // The default key `_` may be an element's name too, and then the parser never finishes.
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
  // Work on a long document must not extend the last chunk of parsing.
  if (text.length > CHUNK) await yieldToEventLoop();
  const [only] = Object.entries(parsed ?? {});
  if (only === undefined || only[0] === 'html') throw malformed(text);
  return { root: only[0], content: only[1] };
}

/** How many characters of a web page to check for its doctype. */
const START = 1_000;

function malformed(text: string): MalformedXml {
  if (/^\s*<!doctype\s+html|<html\b/i.test(text.slice(0, START)))
    return new MalformedXml('the document is a web page');
  if (/^\s*[[{"]/.test(text)) return new MalformedXml('the document is JSON');
  return /^\s*</.test(text)
    ? new MalformedXml('the document is broken XML or cut short', { isBroken: true })
    : new MalformedXml('the document is not XML');
}

/** Returns the text of one element, even if it also has children; undefined when blank. */
export function textOf(element: unknown): string | undefined {
  const text =
    typeof element === 'object' && element !== null && TEXT_KEY in element ? element[TEXT_KEY] : element;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** An element's content: text, elements by name, or repeated elements with one name. Undefined ones are omitted. */
export type XmlContent = string | readonly string[] | { readonly [name: string]: XmlContent | undefined };

/**
 * Builds a document. Characters XML can't hold (control characters, half an emoji) are removed, so that an invisible
 * character in a pasted name doesn't stop anyone from ordering. Line breaks and tabs become spaces.
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

/** Returns only the text XML 1.0 allows (https://www.w3.org/TR/xml/#charsets), on one line. */
export function legalText(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '');
}

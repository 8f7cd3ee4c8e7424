import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { Builder } from 'xml2js';
import { startTree, TEXT_KEY, type XmlDocument } from './xml-tree.js';

export type { XmlDocument };

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

/** How many characters are parsed before yielding to the event loop: about two milliseconds of work. */
const CHUNK = 20_000;

/**
 * Parses a document strictly: no custom entities, nothing cut off, no type coercion (`07030` stays text). Attributes
 * are ignored, because Bandwidth's carry no data (`xsi:type`).
 *
 * @throws MalformedXml
 */
export async function parseXml(text: string): Promise<XmlDocument> {
  if (text.trim() === '') throw new MalformedXml('the document is empty');
  const tree = startTree();
  // Parsing in chunks keeps the process responsive while 5,000 numbers are read.
  for (let at = 0; at < text.length; at += CHUNK) {
    try {
      tree.write(text.slice(at, at + CHUNK));
    } catch {
      throw malformed(text);
    }
    // After the last chunk too, so that the caller's work on a long document doesn't extend the blocking.
    if (text.length > CHUNK) await yieldToEventLoop();
  }
  const document = tree.end();
  if (document === undefined || document.root === 'html') throw malformed(text);
  return document;
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

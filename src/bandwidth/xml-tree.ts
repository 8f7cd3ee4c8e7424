import { Parser } from 'xml2js';

/** A parsed document. Element names are in lower case and without prefix; schemas read `content`. */
export interface XmlDocument {
  readonly root: string;
  /** Text, or an object of child elements by name; an array for repeated elements. */
  readonly content: unknown;
}

/** The key for the text of an element that also has children. No element can have this name. */
export const TEXT_KEY = '#text';

/** The parser of tags inside xml2js, which its types leave out. */
interface TagParser {
  onopentag(tag: { readonly name: string }): void;
  onclosetag(): void;
  ontext(text: string): void;
  oncdata(text: string): void;
  onerror(error: Error): void;
  write(text: string): unknown;
  close(): unknown;
}

/** A document that is being read. Each needs its own: a shared parser mixes up two that arrive together. */
export interface XmlTree {
  /** Throws when the text can't go on like this. */
  write(text: string): void;
  /** Returns undefined if the document isn't complete. */
  end(): XmlDocument | undefined;
}

/** An element that hasn't ended yet. */
interface OpenElement {
  readonly name: string;
  text: string;
  children: Record<string, unknown> | undefined;
}

/**
 * Builds a document from the events of xml2js's parser. For 5,000 numbers, xml2js spends more time on its own objects
 * than on the text: 290 ms, where this takes 120 ms (`npm run bench -- --row search` compares both).
 */
export function startTree(): XmlTree {
  const { saxParser } = new Parser() as Parser & { readonly saxParser: TagParser };
  const open: OpenElement[] = [];
  let document: XmlDocument | undefined;

  saxParser.onopentag = ({ name }) => {
    open.push({ name: plainName(name), text: '', children: undefined });
  };
  saxParser.onclosetag = () => {
    const element = open.pop();
    if (element === undefined) return;
    const content = contentOf(element);
    const parent = open.at(-1);
    if (parent === undefined) document = { root: element.name, content };
    else addChild(parent, element.name, content);
  };
  saxParser.ontext = (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  };
  saxParser.oncdata = saxParser.ontext;
  saxParser.onerror = (error) => {
    throw error;
  };
  return {
    write: (text) => void saxParser.write(text),
    end() {
      try {
        saxParser.close();
      } catch {
        return undefined;
      }
      return document;
    },
  };
}

function contentOf({ text, children }: OpenElement): unknown {
  const trimmed = text.trim();
  if (children === undefined) return trimmed;
  if (trimmed !== '') children[TEXT_KEY] = trimmed;
  return children;
}

/** Elements that occur once aren't in arrays, which would be most of the memory for 5,000 numbers. */
function addChild(parent: OpenElement, name: string, content: unknown): void {
  // A hostile document's element; as a key it would set the prototype.
  if (name === '__proto__') return;
  parent.children ??= {};
  const { children } = parent;
  if (!Object.hasOwn(children, name)) children[name] = content;
  else if (Array.isArray(children[name])) children[name].push(content);
  else children[name] = [children[name], content];
}

/**
 * Caches normalized names, so that a list of 5,000 numbers doesn't create each again. It stops growing instead of
 * evicting, because a hostile document's names would evict the common ones.
 */
const plainNames = new Map<string, string>();
const NAMES_REMEMBERED = 500;

/** Returns the name in lower case, without its prefix: Bandwidth spells orderId and OrderId, LATA and Lata. */
function plainName(name: string): string {
  const known = plainNames.get(name);
  if (known !== undefined) return known;
  const plain = name.replace(/^.*:/, '').toLowerCase();
  if (plainNames.size < NAMES_REMEMBERED) plainNames.set(name, plain);
  return plain;
}

import { Parser } from 'xml2js';

/** One element as it was sent: no coercion, no merging, order kept. */
export interface XmlElement {
  readonly name: string;
  /** The text directly inside, trimmed. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Undefined for anything but one well-formed document. */
export async function readXml(text: string): Promise<XmlElement | undefined> {
  try {
    const parser = new Parser({
      explicitChildren: true,
      preserveChildrenOrder: true,
      explicitRoot: false,
      includeWhiteChars: false,
    });
    return element(await parser.parseStringPromise(text));
  } catch {
    return undefined;
  }
}

function element(node: unknown): XmlElement | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const name = '#name' in node && typeof node['#name'] === 'string' ? node['#name'] : '';
  const text = '_' in node && typeof node._ === 'string' ? node._.trim() : '';
  const below = '$$' in node && Array.isArray(node.$$) ? node.$$ : [];
  return {
    name,
    text,
    children: below.flatMap((inside) => element(inside) ?? []),
  };
}

export function child(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent?.children.find((each) => each.name === name);
}

export function children(parent: XmlElement | undefined, name: string): readonly XmlElement[] {
  return parent?.children.filter((each) => each.name === name) ?? [];
}

/** Returns the text of a child; undefined when the child is absent (an empty child has an empty text). */
export function childText(parent: XmlElement | undefined, name: string): string | undefined {
  return child(parent, name)?.text;
}

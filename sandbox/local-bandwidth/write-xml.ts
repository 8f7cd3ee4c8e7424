import type { XmlElement } from './read-xml.js';

const prolog = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

export function document(root: string): string {
  return `${prolog}${root}`;
}

/** `tag('A', x, y)` wraps pieces of XML in an element; without any, `<A/>`. */
export function tag(name: string, ...inside: readonly string[]): string {
  const content = inside.join('');
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

/** An element with plain text; empty when there is no text. */
export function field(name: string, text: string | number | boolean | undefined): string {
  return text === undefined ? '' : tag(name, escapeXml(String(text)));
}

/** Writes an element that was read. */
export function again(element: XmlElement): string {
  return tag(
    element.name,
    ...(element.children.length > 0 ? element.children.map(again) : [escapeXml(element.text)]),
  );
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export interface CarrierFault {
  readonly code: string;
  readonly description: string;
  readonly telephoneNumber?: string;
}

export function errorList(faults: readonly CarrierFault[]): string {
  return tag(
    'ErrorList',
    ...faults.map((fault) =>
      tag(
        'Error',
        field('Code', fault.code),
        field('Description', fault.description),
        field('TelephoneNumber', fault.telephoneNumber),
      ),
    ),
  );
}

/** The body of variant c: a code and a sentence inside ResponseStatus. */
export function responseStatus(root: string, code: string | undefined, description: string): string {
  return document(
    tag(root, tag('ResponseStatus', field('ErrorCode', code), field('Description', description))),
  );
}

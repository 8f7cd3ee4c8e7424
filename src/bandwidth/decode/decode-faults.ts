import type { CarrierFault } from '../../orders/domain/carrier-report.js';
import type { Log } from '../../orders/ports/log.js';
import type { HttpAnswer } from '../http.js';
import { parsedJson } from '../json.js';
import { childOf, listOf, numberStringsIn, readNumbers } from '../schema.js';
import { MalformedXml, parseXml, textOf, type XmlDocument } from '../xml.js';

/** The errors an answer reports. */
export interface Complaints {
  /** Bandwidth's own codes and words; one fault for all the numbers it affects. */
  readonly faults: readonly CarrierFault[];
  /** True when Bandwidth says the order is pending, which proves that it exists. Never listed as a fault. */
  readonly pending: boolean;
}

interface Complaint {
  readonly code: string;
  readonly description: string;
  /** As written. */
  readonly numbers: readonly string[];
}

/** Returns the errors in a document, whatever its root is called. */
export function complaintsIn(document: XmlDocument, log: Log): Complaints {
  return grouped(complaintsUnder(document.root, document.content, 0), log);
}

export function decodeFaults(document: XmlDocument, log: Log): readonly CarrierFault[] {
  return complaintsIn(document, log).faults;
}

/** Returns the errors in an answer that may not be a document: JSON, a gateway's page or a line of text. */
export async function complaintsOf(
  answer: Pick<HttpAnswer, 'body' | 'unreadable'>,
  log: Log,
): Promise<Complaints> {
  const { body, unreadable } = answer;
  if (unreadable !== undefined || body.trim() === '') return { faults: [], pending: false };
  try {
    return complaintsIn(await parseXml(body), log);
  } catch (error) {
    if (!(error instanceof MalformedXml)) throw error;
    return grouped(complaintsInText(body), log);
  }
}

/** "Order is pending": listed among the errors, but isn't one. */
const PENDING = '5019';

/**
 * Some answers leave the code out, so this message from Bandwidth's documentation is the only way to recognize it.
 * Nothing else is recognized by its message.
 */
function isPending({ code, description }: Complaint): boolean {
  return code === PENDING || (code === '' && /^order is pending\b/i.test(description));
}

function grouped(complaints: readonly Complaint[], log: Log): Complaints {
  const groups = new Map<string, { code: string; description: string; numbers: string[] }>();
  let pending = false;
  for (const complaint of complaints) {
    const { code, description, numbers } = complaint;
    if (isPending(complaint)) {
      pending = true;
      continue;
    }
    const key = JSON.stringify([code, description]);
    const group = groups.get(key) ?? { code, description, numbers: [] };
    group.numbers.push(...numbers);
    groups.set(key, group);
  }
  const faults = [...groups.values()].map((group) => ({
    ...group,
    numbers: readNumbers(group.numbers, log),
  }));
  return { faults, pending };
}

// ---- Documents ----

/** Elements that report an error, by their name or by their content. */
const complaining: readonly string[] = [
  'error',
  'errors',
  'responsestatus',
  'irisstatus',
  'fault',
  'exception',
];
/** Root elements that report an error when nothing else is wrapped around it. */
const complainingRoots: readonly string[] = ['response', 'errorresponse', 'errorlist'];
/** Whether a root's name says that something is wrong. */
export function isComplaintRoot(root: string): boolean {
  return complaining.includes(root) || complainingRoots.includes(root);
}

const codeNames = ['code', 'errorcode', 'resultcode'] as const;
const wordNames = [
  'description',
  'errordescription',
  'errormessage',
  'message',
  'resultmessage',
  'detail',
] as const;
/** The deepest level at which errors appear. */
const DEEPEST = 5;

function complaintsUnder(name: string, elements: unknown, depth: number): Complaint[] {
  if (depth > DEEPEST) return [];
  return listOf(elements).flatMap((element) => {
    const own = complaintIn(name, element, depth === 0);
    const children = isObject(element) ? Object.entries(element) : [];
    return [
      ...(own === undefined ? [] : [own]),
      ...children.flatMap(([child, inner]) =>
        // Inside an error, an element with this name holds its message, which is already read.
        (wordNames as readonly string[]).includes(child) ? [] : complaintsUnder(child, inner, depth + 1),
      ),
    ];
  });
}

function complaintIn(name: string, element: unknown, isRoot: boolean): Complaint | undefined {
  const complains = complaining.includes(name) || (isRoot && complainingRoots.includes(name));
  const first = (names: readonly string[]) =>
    names.map((each) => textOf(listOf(childOf(element, each))[0])).find((text) => text !== undefined);
  // Any root may carry these two; a plain Code or Description may describe anything.
  const code = first(complains ? codeNames : isRoot ? ['errorcode', 'resultcode'] : []);
  const description =
    first(complains || code !== undefined ? wordNames : []) ?? (complains ? textOf(element) : '');
  if (code === undefined && (description ?? '') === '') return undefined;
  const numbers = [
    ...numberStringsIn(childOf(element, 'telephonenumber')),
    ...numberStringsIn(childOf(element, 'telephonenumbers')),
  ];
  return { code: code ?? '', description: description ?? '', numbers };
}

// ---- JSON, pages and lines of text ----

function complaintsInText(body: string): readonly Complaint[] {
  const text = body.trim();
  if (/^[[{]/.test(text)) return complaintsInJson(parsedJson(text), true, 0);
  const words = text.startsWith('<') ? pageWords(text) : text;
  return words === '' ? [] : [{ code: '', description: inShort(words), numbers: [] }];
}

/** `errors[]`, `{"error":{…}}`, `{"type","description"}`, `{"error","error_description"}`, `{"message"}` … */
function complaintsInJson(value: unknown, complains: boolean, depth: number): Complaint[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((each) => complaintsInJson(each, complains, depth + 1));
  if (typeof value === 'string')
    return complains ? [{ code: '', description: inShort(value), numbers: [] }] : [];
  if (!isObject(value)) return [];
  const fields = new Map(
    Object.entries(value).map(([name, field]) => [name.toLowerCase().replaceAll('_', ''), field]),
  );
  const first = (names: readonly string[]) =>
    names.map((name) => jsonText(fields.get(name))).find((text) => text !== undefined);
  const code = complains ? first([...codeNames, 'type', 'error']) : undefined;
  const description = complains ? first([...wordNames, 'title']) : undefined;
  const numbers = ['telephonenumber', 'telephonenumbers', 'phonenumber', 'phonenumbers'].flatMap((name) =>
    listOf(fields.get(name)).flatMap((each) => jsonText(each) ?? []),
  );
  const own =
    code === undefined && description === undefined
      ? []
      : [{ code: inShort(code ?? ''), description: inShort(description ?? ''), numbers }];
  const inner = [...fields].flatMap(([name, field]) =>
    typeof field === 'object' && field !== null
      ? complaintsInJson(field, complaining.includes(name), depth + 1)
      : [],
  );
  return [...own, ...inner];
}

function jsonText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** Returns the title or first heading of a web page. Truncated XML has neither. */
function pageWords(page: string): string {
  if (!/<html\b/i.test(page)) return '';
  const found =
    /<title\b[^>]*>([^<]*)</i.exec(page)?.[1]?.trim() || /<h1\b[^>]*>(.*?)<\/h1>/is.exec(page)?.[1];
  return (found ?? '').replace(/<[^>]*>/g, ' ').replace(/&(amp|lt|gt|quot|nbsp|#\d+);/gi, entity);
}

function entity(whole: string, name: string): string {
  const known: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };
  return known[name.toLowerCase()] ?? whole;
}

/** In characters: it is shown on a card. */
const WORDS = 300;

function inShort(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, WORDS);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

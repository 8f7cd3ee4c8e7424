import { TextDecoder } from 'node:util';

/** The text of a body; or, where its character set is one we don't know, the name of that set. */
export type DecodedBody =
  /** `garbled`: some bytes aren't of any declared character set, and each reads as U+FFFD. */
  { readonly text: string; readonly garbled: boolean } | { readonly unknownCharset: string };

/**
 * Reads a body as its byte order mark, its Content-Type or its XML declaration says, in this order (RFC 7303). Where the
 * first of them turns out wrong, the next one counts: servers add `charset=utf-8` without looking. JSON is UTF-8
 * whatever is said of it (RFC 8259). An ASCII text reads the same in all of them, so a garbled name never hides a number.
 */
export function decodeBody(bytes: Uint8Array, contentType = ''): DecodedBody {
  const marked = charsetOfMark(bytes);
  if (marked !== undefined) return decodeAs(bytes, [marked]);
  if (/^[^;]*\bjson\b/i.test(contentType)) return decodeAs(bytes, ['utf-8']);
  const declared = [charsetOfType(contentType), charsetOfDeclaration(bytes)];
  return decodeAs(bytes, [...declared.filter((charset) => charset !== undefined), 'utf-8']);
}

function decodeAs(bytes: Uint8Array, charsets: readonly string[]): DecodedBody {
  let unknown: string | undefined;
  for (const charset of charsets) {
    const decoder = decoderFor(charset);
    if (decoder === undefined) {
      unknown ??= charset;
      continue;
    }
    const text = decoded(bytes, decoder);
    // A set that we don't know may spell ASCII in its own way, so that nobody can tell whether UTF-8 is what was meant.
    if (text !== undefined && (unknown === undefined || charset !== 'utf-8')) return { text, garbled: false };
  }
  if (unknown !== undefined) return { unknownCharset: unknown.slice(0, 40) };
  return { text: new TextDecoder('utf-8').decode(bytes), garbled: true };
}

/** Undefined for a character set that isn't known here, which is the only thing a TextDecoder can object to. */
function decoderFor(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    return undefined;
  }
}

/** Undefined when these bytes can't be of this character set. */
function decoded(bytes: Uint8Array, decoder: TextDecoder): string | undefined {
  try {
    const text = decoder.decode(bytes);
    // Node 20 reads Windows-1252, and ISO-8859-1 with it, as if these bytes were control characters.
    return decoder.encoding === 'windows-1252'
      ? text.replace(/[\x80-\x9f]/g, (each) => WINDOWS_1252[each.charCodeAt(0) - 0x80] ?? each)
      : text;
  } catch {
    return undefined;
  }
}

/** What the bytes 80 to 9F stand for; a space where nothing does. */
const WINDOWS_1252 = [...'€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'];

const marks: readonly (readonly [charset: string, mark: readonly number[]])[] = [
  ['utf-32be', [0x00, 0x00, 0xfe, 0xff]],
  ['utf-32le', [0xff, 0xfe, 0x00, 0x00]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16be', [0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  // `<` and the next character, without a mark.
  ['utf-16be', [0x00, 0x3c, 0x00]],
  ['utf-16le', [0x3c, 0x00]],
];

function charsetOfMark(bytes: Uint8Array): string | undefined {
  return marks.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];
}

function charsetOfType(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s"';,]+)/i.exec(contentType)?.[1];
}

/** Enough of a document for its declaration. */
const DECLARATION_BYTES = 200;

function charsetOfDeclaration(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, DECLARATION_BYTES));
  return /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'>]+)["']/.exec(start)?.[1];
}

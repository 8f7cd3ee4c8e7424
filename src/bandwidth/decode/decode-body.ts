import { TextDecoder } from 'node:util';

/** The text of a body, or the name of its character set when that isn't supported. */
export type DecodedBody =
  /** `garbled`: some bytes don't fit any declared character set and read as U+FFFD. */
  { readonly text: string; readonly garbled: boolean } | { readonly unknownCharset: string };

/**
 * Decodes a body using its byte order mark, its Content-Type or its XML declaration, in this order (RFC 7303). When one
 * of them doesn't fit, the next is tried, because servers often add `charset=utf-8` without checking. JSON is always
 * UTF-8 (RFC 8259). ASCII reads the same in all of them, so a garbled name never hides a number.
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
    // An unsupported character set may encode ASCII differently, so UTF-8 is only a guess then.
    if (text !== undefined && (unknown === undefined || charset !== 'utf-8')) return { text, garbled: false };
  }
  if (unknown !== undefined) return { unknownCharset: unknown.slice(0, 40) };
  return { text: new TextDecoder('utf-8').decode(bytes), garbled: true };
}

/** Returns undefined for an unsupported character set, the only thing TextDecoder throws for here. */
function decoderFor(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    return undefined;
  }
}

/** Returns undefined when the bytes don't fit this character set. */
function decoded(bytes: Uint8Array, decoder: TextDecoder): string | undefined {
  try {
    const text = decoder.decode(bytes);
    // Node 20 decodes these bytes of Windows-1252 and ISO-8859-1 as control characters.
    return decoder.encoding === 'windows-1252'
      ? text.replace(/[\x80-\x9f]/g, (each) => WINDOWS_1252[each.charCodeAt(0) - 0x80] ?? each)
      : text;
  } catch {
    return undefined;
  }
}

/** The characters for bytes 80 to 9F; a space where none is assigned. */
const WINDOWS_1252 = [...'€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'];

const marks: readonly (readonly [charset: string, mark: readonly number[]])[] = [
  ['utf-32be', [0x00, 0x00, 0xfe, 0xff]],
  ['utf-32le', [0xff, 0xfe, 0x00, 0x00]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16be', [0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  // `<` and the next character, without a byte order mark.
  ['utf-16be', [0x00, 0x3c, 0x00]],
  ['utf-16le', [0x3c, 0x00]],
];

function charsetOfMark(bytes: Uint8Array): string | undefined {
  return marks.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];
}

function charsetOfType(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s"';,]+)/i.exec(contentType)?.[1];
}

/** Long enough to include the XML declaration. */
const DECLARATION_BYTES = 200;

function charsetOfDeclaration(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, DECLARATION_BYTES));
  return /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'>]+)["']/.exec(start)?.[1];
}

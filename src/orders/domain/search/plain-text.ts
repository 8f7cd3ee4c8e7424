/**
 * Normalizes text to what a keyboard types: full-width digits, non-breaking spaces, curly quotes, every kind of hyphen
 * and dash, and the invisible direction marks that are copied along with a number from a contact.
 */
export function plainSpelling(text: string): string {
  // Nothing in it changes, and long lists are full of it.
  if (/^\p{ASCII}*$/u.test(text)) return text;
  return (
    text
      // A soft hyphen in a word marks a possible break; between digits it was meant as a hyphen.
      .replace(/(?<=\d)\u00AD+(?=\d)/gu, '-')
      .replace(/\p{Cf}/gu, '')
      // NFKC would turn this into a space and a combining accent.
      .replace(/\u00B4/gu, "'")
      .normalize('NFKC')
      .replace(/[\p{Pd}\u2212\u2043\u02D7\u2796]/gu, '-')
      .replace(/[‘’‛′\u02BB\u02BC\u02B9]/gu, "'")
      .replace(/[“”„‟«»]/gu, '"')
      .replace(/\u2217/gu, '*')
      .replace(/\u223C/gu, '~')
  );
}

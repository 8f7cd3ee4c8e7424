/**
 * The same text in plain characters: full-width digits, non-breaking spaces, curly quotes, every kind of hyphen and dash,
 * and the invisible direction marks that come along when a number is copied from a contact, all become what a keyboard
 * types.
 */
export function plainSpelling(text: string): string {
  return (
    text
      // A soft hyphen in a word shows where it may break; between digits, somebody meant a hyphen.
      .replace(/(?<=\d)\u00AD+(?=\d)/gu, '-')
      .replace(/\p{Cf}/gu, '')
      // NFKC would make a space and a loose accent of this one.
      .replace(/\u00B4/gu, "'")
      .normalize('NFKC')
      .replace(/[\p{Pd}\u2212\u2043\u02D7\u2796]/gu, '-')
      .replace(/[‘’‛′\u02BB\u02BC\u02B9]/gu, "'")
      .replace(/[“”„‟«»]/gu, '"')
      .replace(/\u2217/gu, '*')
      .replace(/\u223C/gu, '~')
  );
}

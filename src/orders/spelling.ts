/**
 * The same text in plain characters: full-width digits, non-breaking spaces, curly quotes, long dashes and the invisible
 * direction marks that come along when a number is copied from a contact, all become what a keyboard types.
 */
export function plainSpelling(text: string): string {
  return text
    .replace(/\p{Cf}/gu, '')
    .normalize('NFKC')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/[‘’‛′]/gu, "'")
    .replace(/[“”„‟«»]/gu, '"');
}

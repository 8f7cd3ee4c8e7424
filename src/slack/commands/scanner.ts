/** A text that is read from left to right. Patterns must be sticky: they match only where reading has got to. */
export interface Scanner {
  readonly text: string;
  /** Where reading has got to. */
  at: number;
  /** Reads what the pattern matches here; undefined if that is nothing. */
  take(pattern: RegExp): RegExpExecArray | undefined;
  /** Whether the pattern matches here. Its `lastIndex` is then the end of the match. */
  sees(pattern: RegExp): boolean;
}

export function makeScanner(text: string): Scanner {
  const scanner: Scanner = {
    text,
    at: 0,
    take(pattern) {
      pattern.lastIndex = scanner.at;
      const found = pattern.exec(text);
      if (found === null || found[0] === '') return undefined;
      scanner.at = pattern.lastIndex;
      return found;
    },
    sees(pattern) {
      pattern.lastIndex = scanner.at;
      return pattern.test(text);
    },
  };
  return scanner;
}

const COUNT_WORDS = 'one|two|three|four|five|six|seven|eight|nine|ten|twenty|dozen';
const WORD_END = String.raw`(?![\p{L}\p{N}'*#-])`;
const WORD_START = String.raw`(?<![\p{L}\p{N}'*#+(./-])`;
const NUMBERS = String.raw`(?:phone\s+)?(?:numbers?|nums?|lines?|dids?|tns?)`;
const words = (list: string): string => `${WORD_START}(?:${list})${WORD_END}`;

/** `can I get …`, `… please`, `5 numbers …`, `5 in …`: a sentence instead of a command. */
const SENTENCE = new RegExp(
  [
    `^${words("please|pls|plz|can|could|may|i|i'd|we|we'd|need|want|give|get|find|show|search|look|order|buy")}`,
    `${words('please|pls|plz|thanks')}[\\s.]*$`,
    `${WORD_START}(?:\\d{1,2}|${COUNT_WORDS})\\s+(?:new\\s+|local\\s+)?${NUMBERS}${WORD_END}`,
    `^(?:\\d{1,2}|${COUNT_WORDS})\\s+(?:in|from|for)${WORD_END}`,
  ].join('|'),
  'iu',
);
/** Words in a sentence that don't say which numbers. */
const POLITE = new RegExp(
  words(
    `please|pls|plz|thanks|thank|can|could|may|you|i|i'd|we|we'd|need|want|would|like(?!\\s+[(+]?\\d)|to|get|give|find|show|search|look|order|buy|me|us|some|any|available|new|for|of|an?(?!\\s+row)|${NUMBERS}`,
  ),
  'giu',
);
/** Doesn't match the 5 of `5 in a row`, which says what to search for. */
const COUNT = new RegExp(
  String.raw`${WORD_START}(\d{1,2}|${COUNT_WORDS})${WORD_END}(?!\s+(?:numbers\s+)?in\s+a\s+row)`,
  'iu',
);
const figures: ReadonlyMap<string, number> = new Map([
  ...['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].map(
    (word, at): [string, number] => [word, at + 1],
  ),
  ['dozen', 12],
  ['twenty', 20],
]);

/** Returns what a sentence asks for, without polite words; undefined if it isn't a sentence. */
export function requestInSentence(
  text: string,
): { readonly words: string; readonly quantity: number | undefined } | undefined {
  const sentence = text.replace(/[?!]+/g, ' ').trim();
  if (sentence.length > 200 || /["*]/.test(sentence) || !SENTENCE.test(sentence)) return undefined;
  const [, count] = COUNT.exec(sentence) ?? [];
  const quantity = count === undefined ? undefined : (figures.get(count.toLowerCase()) ?? Number(count));
  const counted = count === undefined ? sentence : sentence.replace(COUNT, ' ');
  const request = counted.replace(POLITE, ' ').replace(/\s+/g, ' ').trim();
  return request === text.trim() || quantity === 0 ? undefined : { words: request, quantity };
}

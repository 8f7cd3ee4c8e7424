import { piecesOfEach, QUANTITY, quantityIn, typedPlaces } from './line-pieces.js';

/** Longer text is read only if it follows the grammar. */
const MAX_TEXT_LENGTH = 300;

const POLITE =
  /^(?:(?:please|can|could|i|we|you|need|want|would|like|to|get|give|me|us|order|buy)\s+)+|[\s,]+(?:please|thanks|thank you)$/giu;
const BETWEEN = /[,;\n|]+|\s(?:and|&|or|plus|then|\+|\/)\s|(?<=[\p{L}\p{N})]\s?[x×]\s?\d{1,4})\s+(?=\d{3})/iu;
/** Bullets, bold type, quotation marks and emoji. */
const ORNAMENT = /[•·*_"“”]|\p{Extended_Pictographic}|^\s*-\s|^\s*\d+[.)]\s/gu;

/** How a place and its quantity are typed together, likeliest first. */
const patterns = [
  String.raw`^(?:x\s*)?(?<quantity>${QUANTITY})\s+(?:numbers?\s+)?(?<each>each\s+)?(?:in|from|of|for)\s+(?<place>.+)$`,
  String.raw`^(?<quantity>\d{1,4})\s*[x×]\s+(?<place>.+)$`,
  String.raw`^[x×]\s*(?<quantity>\d{1,4})\s+(?<place>.+)$`,
  '^(?<place>.+)$',
  String.raw`^(?<place>.+?)\s*(?:[x×:=]|qty|quantity|\()?\s*(?<!\d)(?<quantity>${QUANTITY})\)?(?:\s+(?:each|numbers?))?$`,
].map((pattern) => new RegExp(pattern, 'iu'));

/**
 * Returns what words may have meant as a list of places with quantities: `2 in 910, 3 in 919` and the like. The result
 * is only a suggestion, because a quantity might have been meant for all places together. Undefined if the words aren't
 * such a list.
 *
 * @param isPlace whether words say where, without a quantity.
 */
export function suggestLines(text: string, isPlace: (words: string) => boolean): string | undefined {
  if (text.length > MAX_TEXT_LENGTH) return undefined;
  const plain = text
    .replace(POLITE, '')
    .replace(/[.!]+$/u, '')
    .replace(/^each\s+(?:in|of)\s+/iu, '1 each in ');
  const each = piecesOfEach(plain, isPlace);
  if (each?.every((piece) => isPlace(piece.replace(/ x\d+$/u, '')))) return each.join(', ');
  const items = plain
    .split(BETWEEN)
    .map((item) => item.replace(ORNAMENT, ' ').replace(/\s+/gu, ' ').trim())
    .filter((item) => item !== '');
  const lines = typedPlaces(items.join(','), (item) => itemIn(item, isPlace) !== undefined).map((item) =>
    itemIn(item, isPlace),
  );
  const understood = lines.filter((line) => line !== undefined);
  if (lines.length < 2 || understood.length < lines.length) return undefined;
  let inEach = 1;
  return understood
    .map(({ place, quantity, isEach }) => {
      if (isEach && quantity !== undefined) inEach = quantity;
      return `${place} x${quantity ?? inEach}`;
    })
    .join(', ');
}

interface Item {
  readonly place: string;
  readonly quantity?: number;
  /** `2 each in 910, 919`: the quantity also applies to the places that follow. */
  readonly isEach: boolean;
}

function itemIn(item: string, isPlace: (words: string) => boolean): Item | undefined {
  for (const pattern of patterns) {
    const { place = '', quantity, each } = pattern.exec(item)?.groups ?? {};
    if (isPlace(place)) {
      return {
        place,
        isEach: each !== undefined,
        ...(quantity === undefined ? {} : { quantity: quantityIn(quantity) }),
      };
    }
  }
  return undefined;
}

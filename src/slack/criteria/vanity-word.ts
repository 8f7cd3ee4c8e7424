import type { Rephrase } from './criterion.js';

/** What local and toll-free vanity words have in common. */

export function malformedWord(shown: string, value: string): string {
  if (!/^[a-z0-9]*$/i.test(value))
    return `${shown} can't be spelled on a phone: use the letters A to Z and digits only.`;
  const length = value.length < 4 ? 'short' : 'long';
  return `${shown} is too ${length}: a vanity word has 4 to 7 letters or digits, such as PIZZA.`;
}

export function wordRemedies(
  field: 'localVanity' | 'tollFreeVanity',
  value: string,
  { criteria: { city = '' }, instead }: Rephrase,
): readonly string[] {
  const bare = (text: string) => text.replace(/[^a-z0-9]/gi, '').toUpperCase();
  return [
    // `vanity PIZ ZA`
    instead({ city: undefined, [field]: bare(value + city) }),
    instead({ [field]: bare(value) }),
    instead({ [field]: bare(value).slice(0, 7) }),
    instead({ [field]: 'PIZZA' }),
  ];
}

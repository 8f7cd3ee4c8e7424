/**
 * Formats a city the way people write it. Bandwidth uses capitals: "WINSTON-SALEM", "O'FALLON", "MARTHA'S VINEYARD".
 */
export function cityName(city: string): string {
  if (city !== city.toUpperCase()) return city;
  return city
    .toLowerCase()
    .replace(/\p{L}[\p{L}'’]*/gu, (word) =>
      word.replace(/^(?:[od]['’])?\p{L}/u, (start) => start.toUpperCase()),
    );
}

/** Bandwidth's answer to a search with details, with the requested quantity. */
export function searchDocument(quantity: number): string {
  const details = Array.from({ length: quantity }, (_, index) => {
    const number = String(9_102_000_000 + index * 7);
    return `<TelephoneNumberDetail><City>FAYETTEVILLE</City><LATA>949</LATA><RateCenter>FAYETTEVL</RateCenter><State>NC</State><Tier>0</Tier><FullNumber>${number}</FullNumber></TelephoneNumberDetail>`;
  });
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><SearchResult><ResultCount>${quantity}</ResultCount><TelephoneNumberDetailList>${details.join('')}</TelephoneNumberDetailList></SearchResult>`;
}

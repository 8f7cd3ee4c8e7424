import { type Answer, type Call, empty } from './call.js';
import { isOurs } from './disconnects.js';
import { numberDetailsDocument, numberDocument, numberListDocument } from './number-documents.js';
import { children } from './read-xml.js';
import { searchAnswer, searchRefused } from './search.js';
import { responseStatus } from './write-xml.js';

// The calls that look for numbers, or look one up.

export function searchNumbers({ carrier, query, version }: Call): Answer {
  const country = query.get('countryCodeA3');
  const wantsCountry = query.has('areaCode') || query.has('city');
  const { countryCodes } = carrier.switches();
  const isWrong = countryCodes === 'refused' ? country !== null : wantsCountry && country === null;
  if (version.e164 && countryCodes !== 'optional' && isWrong) {
    return { status: 400, body: searchRefused('5002', 'The combination of search criteria is unsupported.') };
  }
  return searchAnswer(query, version.among(carrier.numbers.all(), country));
}

export function checkInService({ carrier, id }: Call): Answer {
  return empty(isOurs(id, carrier.numbers, carrier.accountId) ? 200 : 404);
}

export function showNumber({ carrier, id }: Call): Answer {
  const number = carrier.numbers.get(id);
  return number === undefined ? empty(404) : { status: 200, body: numberDocument(number) };
}

/** "The count of Telephone numbers in POST body exceeds the maximum size": 15607. */
const mostListed = 2500;

export function listNumbers({ carrier, xml }: Call): Answer {
  const refuse = (code: string, description: string): Answer => ({
    status: 400,
    body: responseStatus('TelephoneNumbersResponse', code, description),
  });
  const asked = [...new Set(children(xml, 'Tn').map((each) => each.text))];
  if (xml?.name !== 'TnList' || asked.length === 0) return refuse('1003', 'TnList is required');
  if (asked.length > mostListed) {
    return refuse(
      '15607',
      `The count of Telephone numbers in POST body exceeds the maximum size of ${mostListed}`,
    );
  }
  const valid = asked.filter(isTelephoneNumber);
  const invalid = asked.filter((each) => !isTelephoneNumber(each));
  const found = valid.flatMap((each) => carrier.numbers.get(each) ?? []);
  const unassigned = valid.filter((each) => carrier.numbers.get(each) === undefined);
  return { status: 200, body: numberListDocument(found, unassigned, invalid) };
}

function isTelephoneNumber(text: string): boolean {
  return /^[2-9]\d{9}$/.test(text);
}

export function showNumberDetails({ carrier, id }: Call): Answer {
  if (!isTelephoneNumber(id)) {
    return {
      status: 400,
      body: responseStatus('TelephoneNumberResponse', '12512', `Telephone number '${id}' is not valid`),
    };
  }
  const number = carrier.numbers.get(id);
  return number === undefined
    ? empty(404)
    : { status: 200, body: numberDetailsDocument(number, carrier.sites) };
}

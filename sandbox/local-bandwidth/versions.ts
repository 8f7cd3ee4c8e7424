import type { TelephoneNumber } from './numbers.js';
import type { XmlElement } from './read-xml.js';
import { responseStatus } from './write-xml.js';

/**
 * The two versions of the API. Everything behind them writes ten digits, as version 1 does. Version 2 takes nothing but
 * E.164, so a client that mixes them up is found out, although the real one is said to be more forgiving.
 */
export interface Version {
  readonly base: '/api' | '/api/v2';
  /** Returns what was sent with ten digits; undefined when a number is written in another way. */
  readPath(path: string): string | undefined;
  readQuery(query: string): URLSearchParams | undefined;
  readXml(xml: XmlElement | undefined): XmlElement | undefined | 'wrong numbers';
  /** Returns an answer as this version writes it. */
  write(body: string): string;
  /** The numbers that a search in this country looks at. */
  among(numbers: readonly TelephoneNumber[], country: string | null): readonly TelephoneNumber[];
  readonly e164: boolean;
}

const one: Version = {
  base: '/api',
  readPath: (path) => path,
  readQuery: (query) => new URLSearchParams(query),
  readXml: (xml) => xml,
  write: (body) => body,
  among: (numbers) => numbers,
  e164: false,
};

const two: Version = {
  base: '/api/v2',
  readPath(path) {
    const [, before, number, after = ''] = /^(.*\/(?:tns|inserviceNumbers)\/)([^/]+)(.*)$/.exec(path) ?? [];
    if (before === undefined || number === undefined || number === 'totals') return path;
    const digits = digitsOf(decodeURIComponent(number));
    return digits === undefined ? undefined : before + digits + after;
  },
  readQuery(query) {
    const read = new URLSearchParams(query);
    const page = read.get('page');
    // An unencoded plus is a space by now, as at any server.
    if (page === null || !/^[+\s]?\d{10,}$/.test(page)) return read;
    const digits = digitsOf(page);
    if (digits === undefined) return undefined;
    read.set('page', digits);
    return read;
  },
  readXml(xml) {
    if (xml === undefined) return undefined;
    const read = withDigits(xml);
    return read ?? 'wrong numbers';
  },
  write: (body) =>
    body
      .replace(/<(FullNumber|TelephoneNumber|ReservedTn|ReservedTN)>(\d{10})</g, '<$1>+1$2<')
      .replace(/<Description>[^<]*/g, (words) => words.replace(/\b[2-9]\d{9}\b/g, '+1$&'))
      // The plus isn't encoded, which is how Bandwidth's own examples are.
      .replace(/([?&]|&amp;)page=(\d{10})\b/g, '$1page=+1$2')
      .replace(/<TelephoneNumberDetail>(.*?)<\/TelephoneNumberDetail>/gs, (row, inside: string) => {
        const state = /<State>(\w+)</.exec(inside)?.[1] ?? '';
        return row.replace(
          '<FullNumber>',
          `<CountryCodeA3>${countryOf(state)}</CountryCodeA3><PhoneNumberType>GEOGRAPHIC</PhoneNumberType><FullNumber>`,
        );
      }),
  among: (numbers, country) =>
    country === null ? numbers : numbers.filter(({ state }) => countryOf(state) === country),
  e164: true,
};

/** Returns the version spoken at a path. */
export const versionAt = (path: string): Version => (path.startsWith('/api/v2/') ? two : one);

export const wrongNumbers = {
  status: 400,
  body: responseStatus(
    'ErrorResponse',
    '5070',
    'Telephone number is invalid. Retry request with all E.164 formatted phone numbers',
  ),
};

const digitsOf = (text: string): string | undefined => /^\+1(\d{10})$/.exec(text)?.[1];

const numberElements: readonly string[] = ['TelephoneNumber', 'Tn', 'ReservedTn'];

function withDigits(element: XmlElement): XmlElement | undefined {
  const isNumber = numberElements.includes(element.name) && element.children.length === 0;
  const text = isNumber ? digitsOf(element.text) : element.text;
  const children = element.children.flatMap((each) => withDigits(each) ?? []);
  return text === undefined || children.length < element.children.length
    ? undefined
    : { ...element, text, children };
}

const provinces: readonly string[] = 'AB BC MB NB NL NS NT NU ON PE QC SK YT'.split(' ');
const countryOf = (state: string): 'USA' | 'CAN' => (provinces.includes(state) ? 'CAN' : 'USA');

/** Ways in which answers have been seen to say less, or the same in other words. */
export interface Spelling {
  /** Orders, disconnects and their lists don't say which CustomerOrderId they have. */
  readonly omitCustomerOrderIds: boolean;
  /** Dates have dashes in their time: `2026-03-02T10-00-00.000Z`. */
  readonly dashedDates: boolean;
  /** Lists have an empty Links. */
  readonly emptyLinks: boolean;
}

export function spelled(body: string, { omitCustomerOrderIds, dashedDates, emptyLinks }: Spelling): string {
  const named = omitCustomerOrderIds ? body.replace(/<CustomerOrderId>[^<]*<\/CustomerOrderId>/g, '') : body;
  const dated = dashedDates ? named.replace(/T(\d\d):(\d\d):(\d\d)/g, 'T$1-$2-$3') : named;
  return emptyLinks ? dated.replace(/<Links>.*?<\/Links>/gs, '<Links/>') : dated;
}
